"""The bulletin as PDF/A, set by Typst with the packaged fonts only: the same bulletin gives the same bytes.

The sheet travels as JSON input; no text of a post ever becomes Typst code.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Final

import typst

from bulletins import charts
from bulletins.glyphs import FOLDER
from bulletins.glyphs import printable
from bulletins.layout import lay_out
from huanyu.types import Bulletin

TEMPLATE = Path(__file__).parent / "templates" / "bulletin.typ"
STANDARD: Final = "a-2b"  # archival, and allows the links that 2a's tagging rules make costly


def render(bulletin: Bulletin) -> bytes:
    """The bulletin as a PDF file."""
    sheet = _printable(asdict(lay_out(bulletin)))
    pictures = {
        part.chart: charts.svg(bulletin, part.chart).decode() for part in bulletin.sections if part.chart
    }
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"sheet": _json(sheet), "charts": _json(pictures)},
        pdf_standards=STANDARD,
        timestamp=int(bulletin.issued_at.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _printable(value: object) -> object:
    """The same structure with every text reduced to what the fonts can print; addresses stay as they are."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: part if key == "href" else _printable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(part) for part in value]
    return value
