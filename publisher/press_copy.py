"""The approved text as a Word file for newspapers: title, body, pictures with caption and credit, whom to ask.

Pure, and the same bytes for the same text every time. Knows Word; must not know where the file goes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Final

from docx import Document
from docx.document import Document as File
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.exceptions import InvalidImageStreamError
from docx.image.exceptions import UnexpectedEndOfFileError
from docx.image.exceptions import UnrecognizedImageError
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.shared import Mm
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from huanyu.errors import BadInput
from huanyu.types import Picture
from publisher import signature

EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip can hold
FANGSONG, HEI, BIAOSONG = "仿宋", "黑体", "方正小标宋简体"
PITCH: Final = Pt(28.95)  # 22 lines on 225 mm, GB/T 9704-2012
WIDEST, TALLEST = Mm(140), Mm(180)
APART: Final = Pt(14)  # half a line
IN_WORD: Final = frozenset({"image/jpeg", "image/png", "image/gif"})  # Word has no WebP
_BROKEN: Final = (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
    ZeroDivisionError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a newspaper gets."""

    title: str
    text: str
    source: str  #: 聊城市生态环境局
    contact: str  #: 宣教科 0635-8000000
    at: datetime
    pictures: Sequence[Picture] = ()


def document(copy: Copy) -> bytes:
    """The Word file; raises BadInput for a picture that Word cannot show."""
    file = Document()
    _page(file)
    _stamp(file, copy)
    _line(file, copy.title, BIAOSONG, 22, centred=True)
    _line(file, f"供稿：{copy.source}", FANGSONG, 14, centred=True).paragraph_format.space_after = APART
    _body(file, copy.text)
    for picture in copy.pictures:
        _picture(file, picture)
    _line(file, f"联系：{copy.contact}", HEI, 14).paragraph_format.space_before = APART
    return _fixed(file)


def _body(file: File, text: str) -> None:
    """Paragraphs, and on the right whose text it is and its day."""
    said, signed = signature.split(text)
    for paragraph in said:
        _line(file, paragraph, FANGSONG, 16, indent=True)
    for line in signed:
        _line(file, line, FANGSONG, 16).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _page(file: File) -> None:
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    for relation in [one for one in file.part.package.rels.values() if one.reltype.endswith("/thumbnail")]:
        del file.part.package.rels[relation.rId]  # it shows another document


def _stamp(file: File, copy: Copy) -> None:
    core = file.core_properties
    core.created = core.modified = copy.at.astimezone(UTC).replace(tzinfo=None)
    core.title, core.author, core.last_modified_by = copy.title, copy.source, copy.source
    core.language, core.comments, core.revision = "zh-CN", "", 1


def _line(
    file: File, text: str, font: str, size: float, *, centred: bool = False, indent: bool = False
) -> Paragraph:
    made = file.add_paragraph()
    run = made.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)  # python-docx sets the Latin font only
    shape = made.paragraph_format
    shape.line_spacing = PITCH
    shape.space_before = shape.space_after = Pt(0)
    if centred:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        shape.first_line_indent, shape.alignment = Pt(size * 2), WD_ALIGN_PARAGRAPH.JUSTIFY
    return made


def _picture(file: File, picture: Picture) -> None:
    if picture.media in IN_WORD:
        try:
            shown = file.add_picture(io.BytesIO(picture.body))
            scale = min(1.0, WIDEST / shown.width, TALLEST / shown.height)
            shown.width, shown.height = Emu(int(shown.width * scale)), Emu(int(shown.height * scale))
        except _BROKEN as problem:
            raise BadInput(f"图片“{picture.name}”已损坏，读不完整") from problem
        file.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape = file.paragraphs[-1].paragraph_format
        shape.space_before, shape.keep_with_next = APART, True  # a picture and its caption are never parted
    told = "　".join(part for part in (picture.caption, picture.credit) if part)
    if told:
        _line(file, told, FANGSONG, 12, centred=True)


def _fixed(file: File) -> bytes:
    """The file with every zip entry dated alike."""
    loose, firm = io.BytesIO(), io.BytesIO()
    file.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(firm, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(info, source.read(entry))
    return firm.getvalue()
