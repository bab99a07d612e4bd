"""The bulletin as PDF/A-2a and PDF/UA-1, set by Typst with the packaged fonts only: the same bulletin gives the same bytes.

The sheet travels as JSON input; no text of a post ever becomes Typst code.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Final
from typing import Literal

import typst

from bulletins import charts
from bulletins.glyphs import FOLDER
from bulletins.glyphs import printable
from bulletins.layout import lay_out
from huanyu.types import Bulletin

TEMPLATE = Path(__file__).parent / "templates" / "bulletin.typ"
ZERO_WIDTH = "\u200b"
_RUN = re.compile("[!-~]{17,}")  # longer than a case number
_JOINT = re.compile("[!-~]{1,11}?[/?&=._-]|[!-~]{12}")
Standard = Literal["a-2a", "ua-1"]
#: archival, and tagged so that a screen reader can follow it
STANDARDS: Final[tuple[Standard, ...]] = ("a-2a", "ua-1")


def render(bulletin: Bulletin) -> bytes:
    """The bulletin as a PDF file."""
    sheet = lay_out(bulletin)
    pictures = [charts.svg(part.picture).decode() if part.picture else "" for part in sheet.blocks]
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=fonts(),
        sys_inputs={"sheet": in_json(in_print(asdict(sheet))), "charts": in_json(pictures)},
        pdf_standards=list(STANDARDS),
        timestamp=int(bulletin.issued_at.timestamp()),
    )


@cache
def fonts() -> typst.Fonts:
    """The packaged fonts and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


def in_json(value: object) -> str:
    """A value as Typst reads it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def in_print(value: object) -> object:
    """The same structure with every text reduced to what the fonts can print; addresses stay as they are."""
    if isinstance(value, str):
        return _breakable(printable(value))
    if isinstance(value, dict):
        return {key: part if key == "href" else in_print(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [in_print(part) for part in value]
    return value


def _breakable(text: str) -> str:
    """The text with a place to break inside every run of letters too long for a table cell: addresses first of all."""
    return _RUN.sub(lambda run: _JOINT.sub(lambda part: part[0] + ZERO_WIDTH, run[0]), text)
