"""Which characters the packaged fonts can print, so that no page ever shows an empty box.

Reads the fonts' character maps; knows nothing of bulletins.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from functools import cache
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path
from pylopdf_fonts_zh_cn import serif_path

FOLDER: Path = sans_path().parent
_SEGMENTED_COVERAGE = 12  # cmap subtable format with full Unicode range
#: joiners, variation selectors, keycaps, arrows and dingbats, pictographs, tags
_PICTURE = (
    "\u200d\ufe00-\ufe0f\u20e3\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff"
    "\U0001f000-\U0001faff\U000e0000-\U000e007f"
)
_PICTURES = re.compile(f"[{_PICTURE}]+")
_BLANKS = "\n\t "


def printable(text: str) -> str:
    """The text with every character the fonts lack made visible: pictures as 〔表情〕, others as 〔U+20BB7〕."""
    return "".join(char if _covered(char) else f"〔U+{ord(char):04X}〕" for char in pictureless(text))


def pictureless(text: str) -> str:
    """The text with pictures as 〔表情〕: an office machine may have no font for them."""
    return _PICTURES.sub(lambda run: run[0] if all(map(_covered, run[0])) else "〔表情〕", text)


def _covered(char: str) -> bool:
    return char in _BLANKS or any(_within(ord(char), ranges) for ranges in _coverage())


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    place = bisect_right(ranges, (code, 0x110000)) - 1
    return place >= 0 and ranges[place][0] <= code <= ranges[place][1]


@cache
def _coverage() -> tuple[tuple[tuple[int, int], ...], ...]:
    return tuple(_ranges(path.read_bytes()) for path in (serif_path(), sans_path()))


def _ranges(font: bytes) -> tuple[tuple[int, int], ...]:
    """First and last code points of every group in the font's full-range character map, ascending."""
    table = _table(font, b"cmap")
    (records,) = struct.unpack_from(">H", font, table + 2)
    for record in range(records):
        (offset,) = struct.unpack_from(">I", font, table + 4 + 8 * record + 4)
        start = table + offset
        (shape,) = struct.unpack_from(">H", font, start)
        if shape == _SEGMENTED_COVERAGE:
            (groups,) = struct.unpack_from(">I", font, start + 12)
            return tuple(struct.unpack_from(">II", font, start + 16 + 12 * group) for group in range(groups))
    raise ValueError("the font has no full-range character map")


def _table(font: bytes, name: bytes) -> int:
    (tables,) = struct.unpack_from(">H", font, 4)
    for table in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * table)
        if tag == name:
            return int(offset)
    raise ValueError(f"the font has no {name.decode()} table")


def has_fonts() -> bool:
    """Whether the files of both typefaces are there: without them no paper can be drawn."""
    return Path(sans_path()).is_file() and Path(serif_path()).is_file()
