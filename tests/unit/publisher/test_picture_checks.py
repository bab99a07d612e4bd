"""Pictures: names in file names, where they were taken, captions and credits."""

from __future__ import annotations

import struct

from huanyu.types import Picture
from publisher.picture_checks import problems
from publisher.picture_checks import where_taken


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def exif(tag: int) -> bytes:
    entry = struct.pack("<HHII", tag, 4, 1, 26)
    return b"Exif\0\0II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 0)


def jpeg(*app1: bytes) -> bytes:
    """The shape of a JPEG: headers, a scan, the end."""
    head = b"".join(segment(0xE1, one) for one in app1)
    tables = segment(0xDB, bytes(65)) + segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0")
    return b"\xff\xd8" + head + tables + segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12" + b"\xff\xd9"


def found(**told: object) -> list[tuple[str, int]]:
    values = {"caption": "3月5日，徒骇河岸边清理垃圾", "credit": "岳明 摄", "name": "清理.jpg"} | told
    picture = Picture(digest="d", media="image/jpeg", **values)
    return [(one.kind, one.start) for one in problems((picture,), names=("张建国",))]


def test_a_picture_with_caption_and_credit_and_nothing_else_passes() -> None:
    assert found(body=jpeg()) == []


def test_caption_and_credit_are_demanded() -> None:
    assert found(caption=" ", credit="") == [("caption", 1), ("credit", 1)]


def test_a_file_name_with_a_telephone_a_name_or_an_identity_number_is_found() -> None:
    for name in ("13800000000现场.jpg", "张建国家门口.jpg", "371502199001010018.png"):
        assert ("file_name", 1) in found(name=name)


def test_names_that_cameras_give_are_no_finding() -> None:
    for name in ("IMG_20260305_101112.jpg", "DSC00012.jpg", "2026-03-05 徒骇河.jpg"):
        assert found(name=name) == []


def test_where_a_picture_was_taken_is_found() -> None:
    assert where_taken(jpeg(exif(0x8825)))
    assert not where_taken(jpeg(exif(0x0110)))
    assert found(body=jpeg(exif(0x8825))) == [("metadata", 1)]


def test_a_caption_is_checked_like_any_text() -> None:
    assert ("phone", 1) in found(caption="图为徒骇河，联系13800000000")


def test_the_position_is_the_pictures_number() -> None:
    good = Picture(digest="d", media="image/jpeg", name="一.jpg", caption="徒骇河", credit="岳明 摄")
    bad = Picture(digest="e", media="image/jpeg", name="二.jpg", caption="徒骇河")
    assert [(one.kind, one.start, one.end) for one in problems((good, bad))] == [("credit", 2, 2)]
