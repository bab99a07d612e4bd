"""Pictures go out without what was written beside them, and show the same."""

from __future__ import annotations

import struct
import zlib

import pytest

from huanyu.errors import BadInput
from publisher import pictures
from tests import photos

MADE = {
    "image/jpeg": photos.jpeg(),
    "image/png": photos.png(),
    "image/gif": photos.gif(),
    "image/webp": photos.webp(),
}


@pytest.mark.parametrize("media", MADE)
def test_nothing_is_left_of_place_time_camera_and_author(media: str) -> None:
    assert any(secret in MADE[media] for secret in photos.SECRETS)
    made = pictures.cleaned(photos.photo(MADE[media], media="application/octet-stream"))
    assert [secret for secret in photos.SECRETS if secret in made.body] == []
    assert made.media == media


@pytest.mark.parametrize("media", MADE)
def test_cleaning_again_changes_nothing(media: str) -> None:
    once = pictures.cleaned(photos.photo(MADE[media])).body
    assert pictures.cleaned(photos.photo(once)).body == once
    assert pictures.media_of(once) == media


def test_the_name_tells_nothing_but_the_content() -> None:
    assert pictures.cleaned(photos.photo(name="王师傅家.JPG")).name == f"{'ab' * 8}.jpg"


def test_what_the_picture_shows_stays_byte_for_byte() -> None:
    whole = photos.jpeg(telling=False)
    assert pictures.cleaned(photos.photo()).body == whole
    ends = MADE["image/png"]
    made = pictures.cleaned(photos.photo(ends)).body
    at = made.index(b"IDAT")
    (size,) = struct.unpack(">I", made[at - 4 : at])
    assert zlib.decompress(made[at + 4 : at + 4 + size]) == b"\x00\x10\x20\x00\x30\x40"
    assert b"pHYs" in made


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_telephone_held_upright_gives_an_upright_picture(orientation: int) -> None:
    body = pictures.cleaned(photos.photo(photos.jpeg(orientation))).body
    at = body.index(b"Exif\x00\x00") + 6
    order, start = body[at : at + 2], struct.unpack_from(">I", body, at + 4)[0]
    count, tag, _, _, value = struct.unpack_from(">HHHIH", body, at + start)
    assert (order, count, tag, value) == (b"MM", 1, pictures.ORIENTATION, orientation)
    assert photos.GPS not in body
    assert pictures.cleaned(photos.photo(body)).body == body


def test_a_colour_profile_stays() -> None:
    assert b"ICC_PROFILE" in pictures.cleaned(photos.photo(photos.jpeg(padding=100))).body


def test_an_animation_keeps_moving() -> None:
    body = pictures.cleaned(photos.photo(MADE["image/gif"])).body
    assert b"NETSCAPE2.0" in body
    assert body.endswith(b"\x3b")


def test_the_flags_of_a_webp_promise_no_exif() -> None:
    body = pictures.cleaned(photos.photo(MADE["image/webp"])).body
    assert body[body.index(b"VP8X") + 8] == 0
    assert struct.unpack_from("<I", body, 4)[0] == len(body) - 8


@pytest.mark.parametrize("body", [b"", b"<svg onload=alert(1)>", b"%PDF-1.7", b"BM" + b"\x00" * 40])
def test_what_is_no_picture_does_not_pass(body: bytes) -> None:
    with pytest.raises(BadInput, match="不是"):
        pictures.cleaned(photos.photo(body))


@pytest.mark.parametrize("media", MADE)
def test_a_picture_cut_short_is_refused_in_words(media: str) -> None:
    whole = MADE[media]
    cut = len(whole) * 2 // 5
    with pytest.raises(BadInput, match="损坏"):
        pictures.cleaned(photos.photo(whole[:cut]))


def test_a_thumbnail_beside_the_picture_does_not_go_out() -> None:
    small = b"\x02\x01" + b"was cut out of the picture"[:6]
    head = b"JFIF\x00\x01\x02\x01\x00\x48\x00\x48"
    more = photos.segment(0xE0, b"JFXX\x00\x13" + photos.AUTHOR)
    bare = photos.jpeg(telling=False)
    start = bare.index(b"JFIF") - 4
    told = bare[:start] + photos.segment(0xE0, head + small) + more + bare[start + 18 :]
    made = pictures.cleaned(photos.photo(told)).body
    assert made == bare[:start] + photos.segment(0xE0, head + b"\x00\x00") + bare[start + 18 :]
    assert pictures.cleaned(photos.photo(made)).body == made


def test_chunks_that_nobody_knows_do_not_go_out_in_a_webp_nor_in_its_frames() -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) % 2)

    still = chunk(b"VP8L", b"\x2f\x00\x00\x00\x00\x88\x88\x08")
    head = chunk(b"VP8X", bytes([2, 0, 0, 0]) + b"\x00" * 6) + chunk(b"ANIM", b"\x00" * 6)
    frame = b"\x00" * 16 + still
    clean = head + chunk(b"ANMF", frame)
    told = head + chunk(b"XTRA", photos.GPS) + chunk(b"ANMF", frame + chunk(b"MINE", photos.AUTHOR))
    whole = [b"RIFF" + struct.pack("<I", 4 + len(one)) + b"WEBP" + one for one in (told, clean)]
    assert pictures.cleaned(photos.photo(whole[0])).body == whole[1]
