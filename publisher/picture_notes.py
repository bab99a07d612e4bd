"""What a camera wrote into a picture: when, where, with what. Read for the file of the case, never for the public.

Pure, and forgiving: a block that cannot be read says nothing. Knows Exif in JPEG; other formats carry none here.
"""

from __future__ import annotations

import struct
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import datetime
from datetime import tzinfo
from typing import Final

_EXIF: Final = b"Exif\x00\x00"
_SOS: Final = 0xDA
_SUB, _GPS = 0x8769, 0x8825  # pointers to the two blocks behind the first
_TEXT, _RATIO = 2, 5
_SIZE: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_FIRST: Final = {0x010F: "厂商", 0x0110: "型号", 0x0132: "修改时间", 0x0131: "软件"}
_SHOT: Final = {0x9003: "拍摄时间", 0x9004: "数字化时间"}
_PLACE: Final = {1: "北南", 2: "纬度", 3: "东西", 4: "经度", 6: "海拔"}
_MOST: Final = 200  # characters of one note
_PARTS: Final = 24  # bytes of degrees, minutes and seconds
_FIRST_YEAR: Final = 1990  # of digital cameras; an earlier moment is a clock nobody set
_ENTRIES: Final = 500  # of one block


def notes(body: bytes) -> dict[str, str]:
    """What stands in the picture, by Chinese names; empty where it is no JPEG or says nothing."""
    tiff = _block(body)
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return {}
    try:
        return _read(tiff, order)
    except (struct.error, IndexError, ZeroDivisionError):
        return {}


def taken_at(found: Mapping[str, str], zone: tzinfo) -> datetime | None:
    """When the picture was taken by the camera's own clock."""
    for name in ("拍摄时间", "数字化时间"):
        try:
            moment = datetime.strptime(found.get(name, ""), "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
        except ValueError:
            continue
        if moment.year >= _FIRST_YEAR:
            return moment
    return None


def _block(body: bytes) -> bytes:
    """The Exif block of a JPEG, b"" where there is none."""
    at = 2
    while (
        body.startswith(b"\xff\xd8\xff") and at + 4 <= len(body) and body[at] == 0xFF and body[at + 1] != _SOS
    ):
        if body[at + 1] == 0xFF:
            at += 1
            continue
        size = int.from_bytes(body[at + 2 : at + 4], "big")
        content = body[at + 4 : at + 2 + size]
        if body[at + 1] == 0xE1 and content.startswith(_EXIF):
            return content[len(_EXIF) :]
        at += 2 + max(size, 2)
    return b""


def _read(tiff: bytes, order: str) -> dict[str, str]:
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    first = dict(_entries(tiff, order, start, {*_FIRST, _SUB, _GPS}))
    told = _named(first, _FIRST)
    for pointer, names in ((_SUB, _SHOT), (_GPS, _PLACE)):
        if (at := first.get(pointer, "")).isdecimal() and int(at) < len(tiff):
            told |= _named(dict(_entries(tiff, order, int(at), names)), names)
    return _placed(told)


def _named(found: Mapping[int, str], names: Mapping[int, str]) -> dict[str, str]:
    return {name: found[tag] for tag, name in names.items() if found.get(tag)}


def _placed(told: dict[str, str]) -> dict[str, str]:
    """The place as one note: 36.4561N 115.9802E."""
    north, east = told.pop("纬度", ""), told.pop("经度", "")
    sides = told.pop("北南", "N"), told.pop("东西", "E")
    return told | ({"拍摄位置": f"{north}{sides[0]} {east}{sides[1]}"} if north and east else {})


def _entries(tiff: bytes, order: str, start: int, wanted: Collection[int]) -> Iterator[tuple[int, str]]:
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for number in range(min(count, _ENTRIES)):
        at = start + 2 + 12 * number
        tag, kind, many = struct.unpack_from(f"{order}HHI", tiff, at)
        size = _SIZE.get(kind, 0) * many
        if tag not in wanted or not size or size > len(tiff):
            continue
        place = at + 8 if size <= 4 else int(struct.unpack_from(f"{order}I", tiff, at + 8)[0])
        yield tag, _value(tiff[place : place + size], order, kind)


def _value(raw: bytes, order: str, kind: int) -> str:
    if kind == _TEXT:
        return raw.split(b"\x00")[0].decode("utf-8", "replace").strip()[:_MOST]
    if kind == _RATIO:
        parts = [
            top / under if under else 0.0 for top, under in struct.iter_unpack(f"{order}II", raw[:_PARTS])
        ]
        return f"{sum(part / 60**place for place, part in enumerate(parts)):.5f}"
    if kind in {3, 4}:
        return str(struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", raw)[0])
    return ""
