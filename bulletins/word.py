"""What python-docx has no words for: Chinese fonts, page geometry, rules, repeated headers, page numbers, links.

Knows Word's markup; knows nothing of bulletins.
"""

from __future__ import annotations

from types import MappingProxyType

from docx.document import Document as File
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
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
from docx.table import _Cell as Cell
from docx.table import _Row as Row
from docx.text.paragraph import Paragraph

RED_HEX = "C00000"
RED = RGBColor.from_string(RED_HEX)
GREY = RGBColor.from_string("5C6066")
BLACK = RGBColor(0, 0, 0)
FANGSONG, HEI, BIAOSONG = "仿宋", "黑体", "方正小标宋简体"
DIGITS = "Times New Roman"  # known everywhere; without it a machine sets digits in whatever it has, and wider
SUBSTITUTES = MappingProxyType(  # named, never embedded: these fonts are licensed, or absent outside Windows
    {
        FANGSONG: ("roman", "仿宋_GB2312,FangSong,STFangsong,Noto Serif SC,Noto Serif CJK SC"),
        HEI: ("swiss", "SimHei,STHeiti,Noto Sans SC,Noto Sans CJK SC"),
        BIAOSONG: ("roman", "FZXiaoBiaoSong-B05S,STZhongsong,宋体,Noto Serif SC,Noto Serif CJK SC"),
    }
)
MARK, MASTHEAD, SERIES, CENTRED, FLUSH = "密级标志", "报头", "报头系列", "居中", "顶格"
NOTE, CONTENTS, FACTS, STANDING = "编者按", "本期要目", "要素", "办理情况"
TABLE_HEAD, TABLE_TEXT, SMALL_HEAD, SMALL_TEXT = "表头", "表格文字", "表头小字", "表格小字"
IMPRINT, COPIES, SMALLEST, GAP, RULED = "版记", "印数", "审计链首", "表后空行", "三线表"
PITCH = Pt(28.95)  # 22 lines on 225 mm, GB/T 9704-2012
TRACKING = -5  # twentieths of a point: 28 characters of 16 pt are wider than 156 mm
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def set_page(file: File) -> None:
    """A4 with the margins of GB/T 9704-2012."""
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.footer_distance = Mm(23)  # the number stands 7 mm below the type area
    _drop(page._sectPr, "w:docGrid")  # the pitch is exact; a grid beside it would move the lines
    for relation in [one for one in file.part.package.rels.values() if one.reltype.endswith("/thumbnail")]:
        del file.part.package.rels[relation.rId]  # it shows another document


def define_styles(file: File) -> None:
    """Set the built-in styles to official fonts and add our own beside them."""
    _speak_chinese(file)
    _style(file, "Normal", FANGSONG, 16, pitch=PITCH)
    body = _style(file, "Body Text", FANGSONG, 16, pitch=PITCH)
    body.paragraph_format.first_line_indent = Pt(31.5)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _track(body, TRACKING)
    _style(file, "Title", BIAOSONG, 22, pitch=Pt(30), around=(12, 10), centred=True)
    _style(file, "Heading 1", HEI, 16, pitch=PITCH, around=(6, 0), indent=32)
    _style(file, "Heading 2", HEI, 15, pitch=Pt(22), around=(10, 0))
    _style(file, "Quote", FANGSONG, 14, pitch=Pt(22), around=(2, 2), indent=10)
    _style(file, "Caption", FANGSONG, 10.5, pitch=Pt(15), around=(2, 10), colour=GREY, centred=True)
    _style(file, FACTS, FANGSONG, 10.5, pitch=Pt(16), around=(0, 2), colour=GREY)
    _style(file, STANDING, FANGSONG, 14, pitch=Pt(22))
    _style(file, NOTE, FANGSONG, 14, pitch=Pt(22), around=(0, 6), colour=RED)
    _style(file, CONTENTS, FANGSONG, 14, pitch=Pt(21))
    _head_styles(file)
    _table_styles(file)
    for name in ("Heading 1", "Heading 2", FACTS):
        file.styles[name].paragraph_format.keep_with_next = True
    _substitute(file)


def _head_styles(file: File) -> None:
    _style(file, MARK, HEI, 16, pitch=Pt(24))
    masthead = _style(file, MASTHEAD, BIAOSONG, 40, pitch=Pt(56), around=(10, 0), colour=RED, centred=True)
    _track(masthead, 96)
    _style(file, SERIES, FANGSONG, 18, pitch=Pt(26), colour=RED, centred=True)
    _style(file, CENTRED, FANGSONG, 16, pitch=Pt(24), centred=True)
    _style(file, FLUSH, FANGSONG, 16, pitch=Pt(24), around=(8, 0))
    imprint = _style(file, IMPRINT, FANGSONG, 14, pitch=Pt(23), indent=14).paragraph_format
    imprint.right_indent = Pt(14)
    copies = _style(file, COPIES, FANGSONG, 14, pitch=Pt(23)).paragraph_format
    copies.alignment, copies.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(14)
    _style(file, SMALLEST, FANGSONG, 8, pitch=Pt(12), colour=GREY)


def hang(line: Paragraph, characters: int) -> None:
    """Begin every further line of the imprint so many characters behind the first."""
    shape = line.paragraph_format
    shape.left_indent, shape.first_line_indent = Pt(14 * (characters + 1)), Pt(-14 * characters)


def _table_styles(file: File) -> None:
    for head, text, size in ((TABLE_HEAD, TABLE_TEXT, 12), (SMALL_HEAD, SMALL_TEXT, 10.5)):
        _style(file, head, HEI, size, pitch=Pt(size + 5), around=(3, 3))
        _style(file, text, FANGSONG, size, pitch=Pt(size + 5), around=(3, 3))
    _style(file, GAP, FANGSONG, 6, pitch=Pt(8))
    ruled = file.styles.add_style(RULED, WD_STYLE_TYPE.TABLE)
    ruled.element.append(_three_lines())


def _speak_chinese(file: File) -> None:
    """The language decides line breaking and fonts; and the file is one of today's Word, not a compatible one."""
    defaults = file.styles.element.find(qn("w:docDefaults"))
    language = defaults.find(f".//{qn('w:lang')}")
    language.set(qn("w:val"), "en-US")  # of digits and Latin words: as Chinese they would be broken anywhere
    language.set(qn("w:eastAsia"), "zh-CN")
    for setting in file.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _style(
    file: File,
    name: str,
    font: str,
    size: float,
    *,
    pitch: Pt,
    around: tuple[float, float] = (0, 0),
    colour: RGBColor = BLACK,
    centred: bool = False,
    indent: int = 0,
) -> ParagraphStyle:
    known = {style.name for style in file.styles}
    style = file.styles[name] if name in known else file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no paragraph style")
    style.font.size, style.font.bold, style.font.italic, style.font.color.rgb = Pt(size), False, False, colour
    style.quick_style, style.hidden = True, False
    _fonts(style, font)
    _drop(style.element.get_or_add_rPr(), "w:spacing")
    lines = style.paragraph_format
    lines.space_before, lines.space_after = Pt(around[0]), Pt(around[1])
    lines.left_indent, lines.first_line_indent = Pt(indent), Pt(0)
    lines.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else None
    lines.line_spacing = pitch
    _drop(style.element.get_or_add_pPr(), "w:pBdr")
    _break_lines(style)
    return style


def _break_lines(style: ParagraphStyle) -> None:
    """No mark at a line's start, none outside the type area, no blank between characters and digits."""
    properties = style.element.get_or_add_pPr()
    switches = {"w:kinsoku": "1", "w:overflowPunct": "0", "w:autoSpaceDE": "0", "w:autoSpaceDN": "0"}
    for name, value in switches.items():
        _drop(properties, name)
        properties.insert_element_before(
            _new(name, **{"w:val": value}), "w:spacing", "w:ind", "w:jc", "w:rPr"
        )


def _track(style: ParagraphStyle, twentieths: int) -> None:
    """Set the characters wider or closer."""
    spacing = _new("w:spacing", **{"w:val": str(twentieths)})
    style.element.get_or_add_rPr().insert_element_before(spacing, *_AFTER_TRACKING)


def _fonts(style: ParagraphStyle, font: str) -> None:
    properties = style.element.get_or_add_rPr()
    _drop(properties, "w:rFonts")
    named = _new("w:rFonts", **{f"w:{script}": DIGITS for script in ("ascii", "hAnsi", "cs")})
    named.set(qn("w:eastAsia"), font)
    properties.insert(0, named)


def _substitute(file: File) -> None:
    """Name stand-ins in the font table for machines without the official fonts."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, (family, others) in SUBSTITUTES.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{_SPACE}">{fonts}</w:fonts>'
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


def _border(paragraph: Paragraph, side: str, eighths: int, colour: str, space: int = 1) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = _new("w:pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    line = _line(side, eighths, colour, space)
    borders.insert(0, line) if side == "w:top" else borders.append(line)


#: what may follow w:pBdr in w:pPr; Word refuses a file with another order
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")
_AFTER_TRACKING = ("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang")


def _line(side: str, eighths: int, colour: str, space: int = 0) -> BaseOxmlElement:
    return _new(side, **{"w:val": "single", "w:sz": str(eighths), "w:space": str(space), "w:color": colour})


def _three_lines() -> BaseOxmlElement:
    """Firm rules above and below, hairlines between rows, none down the sides."""
    borders = _new("w:tblBorders")
    borders.extend(
        [
            _line("w:top", 8, "000000"),
            _new("w:left", **{"w:val": "nil"}),
            _line("w:bottom", 8, "000000"),
            _new("w:right", **{"w:val": "nil"}),
            _line("w:insideH", 4, "969696"),
            _new("w:insideV", **{"w:val": "nil"}),
        ]
    )
    properties = _new("w:tblPr")
    properties.extend([borders, _cell_margins("80")])
    return properties


def _cell_margins(twips: str) -> BaseOxmlElement:
    margins = _new("w:tblCellMar")
    margins.extend(_new(f"w:{side}", **{"w:w": twips, "w:type": "dxa"}) for side in ("left", "right"))
    return margins


def rule_on_left(paragraph: Paragraph) -> None:
    """The bar that marks somebody else's words."""
    _border(paragraph, "w:left", 16, "AAAAAA", space=8)


def stand_at_bottom(table: Table) -> None:
    """Let the table stand at the foot of the page it falls on, across the type area."""
    place = _new(
        "w:tblpPr",
        **{
            "w:leftFromText": "0",
            "w:rightFromText": "0",
            "w:vertAnchor": "margin",
            "w:horzAnchor": "page",  # LibreOffice lets only such a table stand
            "w:tblpX": str(Mm(28).twips),
            "w:tblpYSpec": "bottom",
        },
    )
    table._tbl.tblPr.insert_element_before(
        place, "w:tblOverlap", "w:tblW", "w:jc", "w:tblLayout", "w:tblLook"
    )
    table._tbl.tblPr.insert_element_before(_cell_margins("0"), "w:tblLook")


def rule_cell(cell: Cell, above: int, below: int) -> None:
    """Lines over and under a cell, in eighths of a point; 0 draws none."""
    borders = _new("w:tcBorders")
    sides = {"w:top": above, "w:bottom": below}
    borders.extend(_line(side, thick, "000000") for side, thick in sides.items() if thick)
    cell._tc.get_or_add_tcPr().append(borders)


def box(table: Table) -> None:
    """Rule every cell of the table alike."""
    borders = _new("w:tblBorders")
    sides = ("w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV")
    borders.extend(_line(side, 6, "000000") for side in sides)
    _drop(table._tbl.tblPr, "w:tblBorders")
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def repeat_as_header(row: Row) -> None:
    """Repeat the row at the top of every page the table runs over to."""
    keep_whole(row)
    row._tr.get_or_add_trPr().append(_new("w:tblHeader"))


def keep_whole(row: Row) -> None:
    """Never break the row across pages."""
    row._tr.get_or_add_trPr().append(_new("w:cantSplit"))


def describe(shape: InlineShape, text: str) -> None:
    """Alternative text for readers who cannot see the picture; and no blank round it, which would push it out."""
    shape._inline.docPr.set("descr", text)
    for side in "TBLR":
        shape._inline.set(f"dist{side}", "0")


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
