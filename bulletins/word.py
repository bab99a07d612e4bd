"""What python-docx has no words for: Chinese fonts, page geometry, rules, repeated headers, page numbers, links.

Knows Word's markup; knows nothing of bulletins.
"""

from __future__ import annotations

from types import MappingProxyType

from docx.document import Document as File
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer as Footer
from docx.shape import InlineShape
from docx.shared import Mm
from docx.shared import Pt
from docx.shared import RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.table import _Row as Row
from docx.text.paragraph import Paragraph

RED_HEX = "C00000"
RED = RGBColor.from_string(RED_HEX)
GREY = RGBColor.from_string("5C6066")
BLACK = RGBColor(0, 0, 0)
FANGSONG, HEI, BIAOSONG = "仿宋", "黑体", "方正小标宋简体"
SUBSTITUTES = MappingProxyType(  # named, never embedded: these fonts are licensed, or absent outside Windows
    {
        FANGSONG: "仿宋_GB2312,FangSong,STFangsong,Noto Serif SC,Noto Serif CJK SC",
        HEI: "SimHei,STHeiti,Noto Sans SC,Noto Sans CJK SC",
        BIAOSONG: "FZXiaoBiaoSong-B05S,STZhongsong,宋体,Noto Serif SC,Noto Serif CJK SC",
    }
)
MARK, MASTHEAD, SERIES, CENTRED, FLUSH = "密级标志", "报头", "报头系列", "居中", "顶格"
NOTE, FACTS, SMALL, TABLE_HEAD, TABLE_TEXT = "编者按", "要素", "小四正文", "表头", "表格文字"
IMPRINT, GAP = "版记", "表后空行"
PITCH = Pt(29)  # 22 lines on 225 mm, GB/T 9704-2012


def set_page(file: File) -> None:
    """A4 with the margins of GB/T 9704-2012."""
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.footer_distance = Mm(23)  # the number stands 7 mm below the type area


def define_styles(file: File) -> None:
    """Set the built-in styles to official fonts and add our own beside them."""
    _style(file, "Normal", FANGSONG, 16, pitch=PITCH)
    _style(file, "Body Text", FANGSONG, 16, pitch=PITCH).paragraph_format.first_line_indent = Pt(32)
    _style(file, "Title", BIAOSONG, 22, centred=True)
    _style(file, "Heading 1", HEI, 16, indent=32).paragraph_format.keep_with_next = True
    _style(file, "Heading 2", HEI, 14).paragraph_format.keep_with_next = True
    _style(file, "Quote", FANGSONG, 12, pitch=Pt(20), indent=12)
    _style(file, "Caption", FANGSONG, 10.5, colour=GREY, centred=True)
    _style(file, MARK, HEI, 16)
    _style(file, MASTHEAD, BIAOSONG, 42, colour=RED, centred=True)
    _style(file, SERIES, FANGSONG, 18, colour=RED, centred=True)
    _style(file, CENTRED, FANGSONG, 16, centred=True)
    _style(file, FLUSH, FANGSONG, 16)
    _style(file, NOTE, FANGSONG, 14, colour=RED)
    _style(file, FACTS, FANGSONG, 10.5, colour=GREY)
    _style(file, SMALL, FANGSONG, 12)
    _style(file, TABLE_HEAD, HEI, 10.5)
    _style(file, TABLE_TEXT, FANGSONG, 10.5)
    _style(file, IMPRINT, FANGSONG, 14, indent=14)
    _style(file, GAP, FANGSONG, 6)
    _substitute(file)


def _style(
    file: File,
    name: str,
    font: str,
    size: float,
    *,
    colour: RGBColor = BLACK,
    pitch: Pt | None = None,
    centred: bool = False,
    indent: int = 0,
) -> ParagraphStyle:
    known = {style.name for style in file.styles}
    style = file.styles[name] if name in known else file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no paragraph style")
    style.font.size, style.font.bold, style.font.italic, style.font.color.rgb = Pt(size), False, False, colour
    _fonts(style, font)
    lines = style.paragraph_format
    lines.space_before = lines.space_after = Pt(2 if size < PITCH.pt / 2 else 0)
    lines.left_indent, lines.first_line_indent = Pt(indent), Pt(0)
    lines.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else None
    lines.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if pitch is not None:
        lines.line_spacing = pitch
    _drop(style.element.get_or_add_pPr(), "w:pBdr")
    return style


def _fonts(style: ParagraphStyle, font: str) -> None:
    properties = style.element.get_or_add_rPr()
    _drop(properties, "w:rFonts")
    named = _new("w:rFonts", **{f"w:{script}": font for script in ("ascii", "hAnsi", "eastAsia", "cs")})
    properties.insert(0, named)


def _substitute(file: File) -> None:
    """Name stand-ins in the font table for machines without the official fonts."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in SUBSTITUTES.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{space}">{fonts}</w:fonts>'
    file.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = xml.encode()


def number_pages(file: File) -> None:
    """Page numbers as — 1 —, outside: right on odd pages, left on even ones."""
    file.settings.odd_and_even_pages_header_footer = True
    page = file.sections[0]
    _number(page.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _number(footer: Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    line = footer.paragraphs[0]
    line.alignment = side
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
    for part in ("— ", None, " —"):
        run = line.add_run(part or "")
        run.font.size = Pt(14)
        if part is None:
            run._r.extend(_field("PAGE"))


def _field(code: str) -> list[BaseOxmlElement]:
    asked = _new("w:instrText")
    asked.text = code
    begin, end = (_new("w:fldChar", **{"w:fldCharType": kind}) for kind in ("begin", "end"))
    return [begin, asked, end]


def rule_below(paragraph: Paragraph, eighths: int, colour: str = "000000") -> None:
    """A line under the paragraph, `eighths` of a point thick."""
    _border(paragraph, "w:bottom", eighths, colour)


def rule_above(paragraph: Paragraph, eighths: int, colour: str = "000000") -> None:
    """A line over the paragraph, `eighths` of a point thick."""
    _border(paragraph, "w:top", eighths, colour)


def _border(paragraph: Paragraph, side: str, eighths: int, colour: str) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = _new("w:pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    line = _line(side, eighths, colour)
    borders.insert(0, line) if side == "w:top" else borders.append(line)


#: what may follow w:pBdr in w:pPr; Word refuses a file with another order
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _line(side: str, eighths: int, colour: str) -> BaseOxmlElement:
    return _new(side, **{"w:val": "single", "w:sz": str(eighths), "w:space": "1", "w:color": colour})


def rule_only_across(table: Table) -> None:
    """Three-line table: firm rules above and below, hairlines between rows, none down the sides."""
    properties = table._tbl.tblPr
    _drop(properties, "w:tblBorders")
    borders = _new("w:tblBorders")
    borders.extend(
        [
            _line("w:top", 8, "000000"),
            _new("w:left", **{"w:val": "nil"}),
            _line("w:bottom", 8, "000000"),
            _new("w:right", **{"w:val": "nil"}),
            _line("w:insideH", 4, "BFBFBF"),
            _new("w:insideV", **{"w:val": "nil"}),
        ]
    )
    properties.insert_element_before(borders, *_AFTER_TABLE_BORDERS)


_AFTER_TABLE_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def repeat_as_header(row: Row) -> None:
    """Repeat the row at the top of every page the table runs over to."""
    keep_whole(row)
    row._tr.get_or_add_trPr().append(_new("w:tblHeader"))


def keep_whole(row: Row) -> None:
    """Never break the row across pages."""
    row._tr.get_or_add_trPr().append(_new("w:cantSplit"))


def describe(shape: InlineShape, text: str) -> None:
    """Alternative text for readers who cannot see the picture."""
    shape._inline.docPr.set("descr", text)


def add_link(paragraph: Paragraph, text: str, address: str) -> None:
    """Append a hyperlink."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = _new("w:hyperlink", **{"r:id": relation})
    run = paragraph.add_run(text)
    run.font.color.rgb = RGBColor.from_string("1A3F7A")
    link.append(run._r)
    paragraph._p.append(link)


def _new(name: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _drop(parent: BaseOxmlElement, name: str) -> None:
    for element in parent.findall(qn(name)):
        parent.remove(element)
