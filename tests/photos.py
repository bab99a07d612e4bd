"""Small pictures that say too much: where they were taken, when, with what, by whom."""

from __future__ import annotations

import struct
import zlib

from huanyu.types import Picture

GPS = b"GPS-36.4567-115.9854"
CAMERA = b"demo-camera-serial-0042"
AUTHOR = b"somebody's name"
SECRETS = (GPS, CAMERA, AUTHOR, b"Exif", b"2026:03:12")


def exif(orientation: int = 1) -> bytes:
    """A TIFF block with an orientation, a GPS pointer and the words above."""
    entries = [
        struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0),
        struct.pack("<HHII", 0x8825, 4, 1, 38),
        struct.pack("<HHII", 0x9003, 2, 20, 60),
    ]
    return (
        b"II\x2a\x00" + struct.pack("<IH", 8, len(entries)) + b"".join(entries) + GPS + CAMERA + b"2026:03:12"
    )


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg(orientation: int = 1, padding: int = 0, *, telling: bool = True) -> bytes:
    """An 8x8 grey square, after which a second picture hangs as telephones append it."""
    tables = (
        segment(0xDB, b"\x00" + b"\x01" * 64)
        + segment(0xC0, struct.pack(">BHHBBBB", 8, 8, 8, 1, 1, 0x11, 0))
        + segment(0xC4, b"\x00\x01" + b"\x00" * 15 + b"\x00")
        + segment(0xC4, b"\x10\x01" + b"\x00" * 15 + b"\x00")
    )
    told = segment(0xE1, b"Exif\x00\x00" + exif(orientation)) + segment(0xFE, AUTHOR) if telling else b""
    head = b"\xff\xd8" + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00") + told
    profile = segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + b"p" * min(padding, 60_000)) if padding else b""
    more = b"".join(
        segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + b"p" * 60_000) for _ in range(padding // 60_000)
    )
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f"
    return head + profile + more + tables + scan + b"\xff\xd9" + (b"\xff\xd8" + AUTHOR if telling else b"")


def png() -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + crc

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
        + chunk(b"eXIf", exif())
        + chunk(b"tEXt", b"Author\x00" + AUTHOR)
        + chunk(b"pHYs", struct.pack(">IIB", 2835, 2835, 1))
        + chunk(b"IDAT", zlib.compress(b"\x00\x10\x20\x00\x30\x40"))
        + chunk(b"IEND", b"")
        + AUTHOR
    )


def gif() -> bytes:
    image = b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    comment = b"\x21\xfe" + bytes([len(AUTHOR)]) + AUTHOR + b"\x00"
    loop = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
    packet = b"\x21\xff\x0bXMP DataXMP" + bytes([len(GPS)]) + GPS + b"\x00"
    head = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    return head + loop + comment + packet + image + b"\x3b" + AUTHOR


def webp() -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) % 2)

    parts = (
        chunk(b"VP8X", bytes([0x0C, 0, 0, 0]) + b"\x00" * 6)
        + chunk(b"VP8L", b"\x2f\x00\x00\x00\x00\x88\x88\x08")
        + chunk(b"EXIF", exif())
        + chunk(b"XMP ", AUTHOR)
    )
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts


def photo(body: bytes | None = None, **more: str) -> Picture:
    """A picture of a message, called as its camera called it."""
    values = {
        "digest": "ab" * 32,
        "name": "IMG_20260312_王师傅家.jpg",
        "media": "image/jpeg",
        "caption": "整改后的清洗区",
        "credit": "岳明 摄",
    }
    return Picture(**(values | more), body=jpeg() if body is None else body)
