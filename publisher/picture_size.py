"""How much a picture unfolds to, by what its file declares: a small file that fills a viewer's memory is refused.

Pure; nothing is unpacked to find out, but a colour profile, and that only as far as the bound.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Final

from huanyu.errors import BadInput
from publisher.pictures import media_of

MEGA: Final = 1_000_000
LONGEST_SIDE: Final = 32_767
SCANS: Final = 100  # of one JPEG: each is a walk over the whole picture
PROFILE: Final = 4 << 20  # bytes of an unfolded colour profile
_NO_FRAME: Final = frozenset({0xC4, 0xC8, 0xCC})  # DHT, JPG, DAC stand among the frame headers
_BROKEN: Final = (struct.error, IndexError, ValueError, zlib.error)


def demand(name: str, body: bytes, megapixels: int) -> None:
    """Raise BadInput for a picture that unfolds to more, all its frames together, or that does not say to how much."""
    try:
        frames = [*_FRAMES[media_of(body)](body)]
        if not frames or any(not 0 < side <= LONGEST_SIDE for frame in frames for side in frame):
            raise ValueError("no size")
    except (*_BROKEN, KeyError) as problem:
        raise BadInput(f"图片“{name}”已损坏，读不完整") from problem
    if sum(wide * high for wide, high in frames) > megapixels * MEGA:
        raise BadInput(f"图片“{name}”展开后超过 {megapixels}00 万像素，请缩小后再上传")


def _jpeg(body: bytes) -> Iterator[tuple[int, int]]:
    at, scans = 2, 0
    while body[at] == 0xFF and (marker := body[at + 1]) != 0xD9:
        if marker == 0xFF:
            at += 1
            continue
        size = int(struct.unpack_from(">H", body, at + 2)[0])
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            high, wide = struct.unpack_from(">HH", body, at + 5)
            yield wide, high
        at += 2 + size
        if marker == 0xDA:
            scans += 1
            at = _after_scan(body, at)
        if scans > SCANS:
            raise ValueError("too many scans")


def _after_scan(body: bytes, at: int) -> int:
    """The next marker that is neither a stuffed byte nor a restart."""
    while True:
        at = body.index(b"\xff", at)
        if body[at + 1] not in {0x00, 0xFF, *range(0xD0, 0xD8)}:
            return at
        at += 1 if body[at + 1] == 0xFF else 2


def _png(body: bytes) -> Iterator[tuple[int, int]]:
    wide, high = struct.unpack_from(">II", body, 16)
    yield wide, high
    at = 8
    while at < len(body):
        size, name = struct.unpack_from(">I4s", body, at)
        if name == b"fcTL":
            yield struct.unpack_from(">II", body, at + 12)
        if name == b"iCCP":
            _demand_small(body[at + 8 : at + 8 + size].split(b"\x00", 1)[-1][1:])
        if name == b"IEND":
            return
        at += 12 + size


def _demand_small(packed: bytes) -> None:
    if len(zlib.decompressobj().decompress(packed, PROFILE + 1)) > PROFILE:
        raise ValueError("profile")


def _gif(body: bytes) -> Iterator[tuple[int, int]]:
    yield struct.unpack_from("<HH", body, 6)
    at = 13 + _colours(body[10])
    while body[at] != 0x3B:
        if body[at] == 0x2C:
            yield struct.unpack_from("<HH", body, at + 5)
            at = _after_blocks(body, at + 11 + _colours(body[at + 9]))
        else:
            at = _after_blocks(body, at + 2)


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(body: bytes, at: int) -> int:
    while size := body[at]:
        at += size + 1
    return at + 1


def _webp(body: bytes) -> Iterator[tuple[int, int]]:
    at, end = 12, min(len(body), 8 + int(struct.unpack_from("<I", body, 4)[0]))
    while at + 8 <= end:
        name, size = struct.unpack_from("<4sI", body, at)
        content = body[at + 8 : at + 8 + size]
        if name == b"VP8X":
            yield _three(content, 4) + 1, _three(content, 7) + 1
        elif name == b"ANMF":
            yield _three(content, 6) + 1, _three(content, 9) + 1
        elif name == b"VP8L":
            bits = int(struct.unpack_from("<I", content, 1)[0])
            yield (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif name == b"VP8 ":
            wide, high = struct.unpack_from("<HH", content, 6)
            yield wide & 0x3FFF, high & 0x3FFF
        at += 8 + size + (size & 1)


def _three(content: bytes, at: int) -> int:
    """24 bits, the low ones first."""
    if len(content) < at + 3:
        raise ValueError("cut short")
    return int.from_bytes(content[at : at + 3], "little")


_FRAMES: Final[Mapping[str, Callable[[bytes], Iterator[tuple[int, int]]]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
}
