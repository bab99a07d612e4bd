"""What a camera wrote into a picture is read for the file of the case, and the copy for the public has none of it."""

from __future__ import annotations

import struct

import pytest

from huanyu.clock import SHANGHAI
from huanyu.types import Picture
from publisher.picture_notes import notes
from publisher.picture_notes import taken_at
from publisher.pictures import cleaned
from tests.photos import jpeg
from tests.photos import png
from tests.photos import segment


def block(order: str, model: bytes = b"Shuicheng X1\x00") -> bytes:
    """A camera's name, a moment and a place."""
    texts = 8 + 42 + 18 + 54
    rows = struct.pack(f"{order}H", 3)
    rows += struct.pack(f"{order}HHII", 0x0110, 2, len(model), texts)
    rows += (
        struct.pack(f"{order}HHII", 0x8769, 4, 1, 50)
        + struct.pack(f"{order}HHII", 0x8825, 4, 1, 68)
        + bytes(4)
    )
    rows += struct.pack(f"{order}HHHII", 1, 0x9003, 2, 20, texts + len(model)) + bytes(4)
    ratios = texts + len(model) + 20
    rows += struct.pack(f"{order}H", 4)
    rows += struct.pack(f"{order}HHI4s", 1, 2, 2, b"N\x00\x00\x00") + struct.pack(
        f"{order}HHII", 2, 5, 3, ratios
    )
    rows += struct.pack(f"{order}HHI4s", 3, 2, 2, b"E\x00\x00\x00") + struct.pack(
        f"{order}HHII", 4, 5, 3, ratios + 24
    )
    rows += bytes(4)
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    places = struct.pack(f"{order}6I", 36, 1, 27, 1, 216, 10) + struct.pack(
        f"{order}6I", 115, 1, 58, 1, 48, 1
    )
    return head + rows + model + b"2026:03:05 09:48:00\x00" + places


def shot(order: str = "<", content: bytes | None = None) -> bytes:
    told = block(order) if content is None else content
    return b"\xff\xd8" + segment(0xE1, b"Exif\x00\x00" + told) + jpeg(telling=False)[2:]


@pytest.mark.parametrize("order", ["<", ">"])
def test_camera_moment_and_place_are_read_in_both_byte_orders(order):
    found = notes(shot(order))
    assert found["型号"] == "Shuicheng X1"
    assert found["拍摄位置"] == "36.45600N 115.98000E"
    moment = taken_at(found, SHANGHAI)
    assert moment is not None
    assert moment.isoformat() == "2026-03-05T09:48:00+08:00"


def test_the_clean_copy_says_nothing_and_the_original_everything():
    body = shot()
    clean = cleaned(Picture(digest="", name="a.jpg", media="image/jpeg", body=body)).body
    assert notes(body)
    assert notes(clean) == {}
    assert b"Shuicheng" in body
    assert b"Shuicheng" not in clean
    assert b"2026:03:05" not in clean


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xd8\xff", png(), jpeg(telling=False), shot(content=b"II\x2a\x00\xff\xff\xff\xff")]
)
def test_what_cannot_be_read_says_nothing(body):
    assert notes(body) == {}


def test_a_block_cut_anywhere_is_no_error():
    whole = block("<")
    for end in range(len(whole)):
        assert isinstance(notes(shot(content=whole[:end])), dict)


def rows(*entries: bytes, tail: bytes = b"") -> bytes:
    head = b"II" + struct.pack("<HIH", 42, 8, len(entries))
    return head + b"".join(entries) + bytes(4) + tail


@pytest.mark.parametrize(
    "content",
    [
        rows(struct.pack("<HHI4s", 0x8769, 2, 4, b"abc\x00")),
        rows(struct.pack("<HHIi", 0x8825, 9, 1, -1)),
        rows(struct.pack("<HHII", 0x8769, 2, 60, 26), tail=b"9" * 60),
        rows(struct.pack("<HHII", 0x8825, 4, 1, 26), tail=rows()[8:] + bytes(8)),
        rows(struct.pack("<HHII", 0x010F, 5, 1000, 26), tail=struct.pack("<2I", 1, 1) * 1000),
    ],
    ids=[
        "a pointer of letters",
        "a pointer below zero",
        "a pointer of many digits",
        "an empty place",
        "parts",
    ],
)
def test_a_block_made_to_break_the_reader_is_no_error(content):
    assert set(notes(shot(content=content))) <= {"厂商"}


@pytest.mark.parametrize("said", ["", "0000:00:00 00:00:00", "0001:01:01 00:00:00", "yesterday"])
def test_a_moment_that_is_none_is_left_out(said):
    assert taken_at({"拍摄时间": said}, SHANGHAI) is None
