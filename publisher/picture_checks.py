"""What stands against a picture: whose name is in its file name, where it was taken, who took it, what it shows.

Pure. The position of a finding is the picture's number, counted from 1.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Final

from huanyu.bureau import WordRow
from huanyu.errors import BadInput
from huanyu.redact import spans
from huanyu.types import Finding
from huanyu.types import Picture
from publisher.checks import PRIVATE
from publisher.checks import check
from publisher.pictures import cleaned

KINDS: Final = ("file_name", "metadata", "caption", "credit")
_EXIF: Final = b"Exif\x00\x00"
_GPS: Final = 0x8825  # Exif 2.3, IFD0: pointer to the GPS attributes
_CAMERA: Final = re.compile(
    r"(?:IMG|DSC|MVIMG|VID|PXL|Screenshot|mmexport|wx_camera|微信图片)[\d_\-]*|20\d\d-?[01]\d-?[0-3]\d(?:[_\-]?\d{0,9})"
)


def problems(
    pictures: Sequence[Picture],
    words: Sequence[WordRow] = (),
    allow_phones: Iterable[str] = (),
    names: Iterable[str] = (),
) -> tuple[Finding, ...]:
    """Everything that keeps these pictures back."""
    phones, people = tuple(allow_phones), tuple(names)
    return tuple(
        finding
        for number, picture in enumerate(pictures, start=1)
        for finding in (
            *_name(number, picture, people),
            *_inside(number, picture),
            *_words(number, picture, words, phones, people),
        )
    )


def where_taken(body: bytes) -> bool:
    """Whether a JPEG, PNG or WebP file says where it was taken."""
    at = body.find(_EXIF)
    tiff = body[at + len(_EXIF) :] if at >= 0 else body[body.find(b"eXIf") + 4 :] if b"eXIf" in body else b""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return False
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        tags = [struct.unpack_from(f"{order}H", tiff, first + 2 + 12 * entry)[0] for entry in range(count)]
    except struct.error:
        return False
    return _GPS in tags


def _name(number: int, picture: Picture, names: Sequence[str]) -> Iterator[Finding]:
    stem = picture.name.rpartition(".")[0] or picture.name
    if _CAMERA.fullmatch(stem):
        return
    for span in spans(stem.replace("_", " "), names):
        if span.kind in PRIVATE:
            reason = f"第{number}张图片的文件名：{PRIVATE[span.kind][1]}"
            yield _finding("file_name", number, stem[span.start : span.end], reason, "改文件名后重新上传")


def _inside(number: int, picture: Picture) -> Iterator[Finding]:
    if not picture.body:
        return
    try:
        clean = cleaned(picture).body == picture.body
    except BadInput as problem:
        yield _finding("metadata", number, picture.name, str(problem.args[0]), "换一张图片")
        return
    if where_taken(picture.body):
        yield _finding("metadata", number, picture.name, f"第{number}张图片带有拍摄位置", "去除后重新上传")
    elif not clean:
        yield _finding(
            "metadata", number, picture.name, f"第{number}张图片带有拍摄时间、设备等信息", "去除后重新上传"
        )


def _words(
    number: int, picture: Picture, words: Sequence[WordRow], phones: Sequence[str], names: Sequence[str]
) -> Iterator[Finding]:
    if not picture.caption.strip():
        yield _finding("caption", number, picture.name, f"第{number}张图片没有说明", "写明图中是何时何地何事")
    if not picture.credit.strip():
        yield _finding("credit", number, picture.name, f"第{number}张图片没有署名", "写明拍摄者或来源")
    for one in check(picture.caption, words, phones, names):
        reason = f"第{number}张图片的说明：{one.reason}"
        yield _finding(one.kind, number, one.text, reason, one.suggestion)


def _finding(kind: str, number: int, text: str, reason: str, suggestion: str) -> Finding:
    return Finding(kind=kind, start=number, end=number, text=text, reason=reason, suggestion=suggestion)
