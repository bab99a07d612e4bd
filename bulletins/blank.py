"""The empty Word file every issue begins with, made once: its page, its styles, its page numbers.

Dresses paragraphs by the styles' ids: python-docx looks each name up in all styles, which was half of an issue's time.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from docx import Document
from docx.document import Document as File
from docx.oxml.table import CT_Tbl
from docx.table import Table
from docx.text.paragraph import Paragraph

from bulletins import word


def file() -> File:
    """A fresh copy of the empty file."""
    return Document(io.BytesIO(_bytes()))


def line(target: File, style: str, text: str = "") -> Paragraph:
    """A new paragraph at the end of the file."""
    return dress(target.add_paragraph(text), style)


def dress(paragraph: Paragraph, style: str) -> Paragraph:
    """The paragraph in the style of that name."""
    paragraph._p.style = _ids()[style]
    return paragraph


def table(target: File, rows: int, columns: int, style: str) -> Table:
    """A new table at the end of the file, in the style of that name."""
    made: Table = target.add_table(rows, columns)
    markup: CT_Tbl = made._tbl
    markup.tblStyle_val = _ids()[style]
    return made


@cache
def _bytes() -> bytes:
    made, kept = Document(), io.BytesIO()
    word.set_page(made)
    word.define_styles(made)
    word.number_pages(made)
    made.save(kept)
    return kept.getvalue()


@cache
def _ids() -> Mapping[str, str]:
    return MappingProxyType({style.name: style.style_id for style in file().styles if style.name})
