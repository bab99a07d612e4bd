"""Whether a packed body came whole: Scrapy unpacks half a page without a word, and half a page looks like a short one.

Pure; works on the bytes as they came. Encodings that cannot be asked are taken to be whole.
"""

from __future__ import annotations

import zlib
from typing import Final

_GZIP: Final = frozenset({b"gzip", b"x-gzip"})
_MOST: Final = 1 << 25  # bytes unpacked at all: what is larger is refused for its size, not for its end
_STEP: Final = 1 << 16  # bytes unpacked at a time, and thrown away


def is_cut(encoding: bytes, body: bytes) -> bool:
    """Whether a body packed by gzip ends in the middle; what is no gzip at all is somebody else's question."""
    if encoding.strip().lower() not in _GZIP or not body:
        return False
    unpacking = zlib.decompressobj(wbits=31)
    rest, seen = body, 0
    try:
        while rest and not unpacking.eof and seen <= _MOST:
            seen += len(unpacking.decompress(rest, _STEP))
            rest = unpacking.unconsumed_tail
    except zlib.error:
        return False
    return not unpacking.eof and seen <= _MOST
