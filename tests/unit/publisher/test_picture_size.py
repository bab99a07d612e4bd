"""A small file that would fill a viewer's memory is refused by what it declares; an ordinary one is let through."""

from __future__ import annotations

import struct
import zlib

import pytest

from huanyu.errors import BadInput
from publisher import picture_size
from tests import photos

MOST = 64


def png(wide: int, high: int, *more: tuple[bytes, bytes]) -> bytes:
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)),
        *more,
        (b"IDAT", b""),
        (b"IEND", b""),
    ]
    told = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + told


def jpeg(wide: int, high: int, scans: int = 1) -> bytes:
    frame = photos.segment(0xC2, struct.pack(">BHHBBBB", 8, high, wide, 1, 1, 0x11, 0))
    return b"\xff\xd8" + frame + photos.segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") * scans + b"\xff\xd9"


def gif(wide: int, high: int, frames: int = 1) -> bytes:
    image = b"\x2c\x00\x00\x00\x00" + struct.pack("<HH", wide, high) + b"\x00\x02\x01\x44\x00"
    return b"GIF89a" + struct.pack("<HH", wide, high) + b"\x00\x00\x00" + image * frames + b"\x3b"


def webp(wide: int, high: int) -> bytes:
    size = (wide - 1).to_bytes(3, "little") + (high - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x00" * 4 + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("body", [photos.jpeg(), photos.png(), photos.gif(), photos.webp()])
def test_ordinary_pictures_pass(body: bytes) -> None:
    picture_size.demand("a", body, MOST)


@pytest.mark.parametrize("make", [png, jpeg, gif, webp])
def test_the_bound_is_on_the_pixels_whatever_the_format(make) -> None:
    picture_size.demand("a.png", make(8000, 4000 if make is gif else 8000), MOST)
    with pytest.raises(BadInput, match="6400 万像素"):
        picture_size.demand("a.png", make(30_000, 30_000), MOST)


def test_many_small_frames_count_together() -> None:
    picture_size.demand("a.gif", gif(1000, 1000, frames=20), MOST)
    with pytest.raises(BadInput, match="万像素"):
        picture_size.demand("a.gif", gif(1000, 1000, frames=80), MOST)


@pytest.mark.parametrize(
    "body",
    [
        png(0, 10),
        png(10, 100_000),
        jpeg(10, 0),  # its height told later, or never
        jpeg(4000, 4000, scans=500),
        png(10, 10, (b"iCCP", b"x\x00\x00" + zlib.compress(b"\x00" * (8 << 20)))),
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"RIFF\xff\xff\xff\xffWEBP",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_does_not_say_how_large_it_is_or_lies_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput, match=r"损坏|万像素"):
        picture_size.demand("a", body, MOST)
