"""The cover of the demo's WeChat articles: a plain green picture, made of nothing but numbers."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 900, 383  # what WeChat shows above an article, 2.35 to 1
GREEN = (23, 97, 63)


def png() -> bytes:
    """The picture as a PNG file."""
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    rows = (b"\x00" + bytes(GREEN) * WIDTH) * HEIGHT
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
