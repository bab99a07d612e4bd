"""An official paper as PDF/A-2a and PDF/UA-1, set by Typst with the packaged fonts; the same sheet gives the same bytes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import typst

from bulletins import titles
from bulletins.official import OfficialSheet
from bulletins.render_pdf import STANDARDS
from bulletins.render_pdf import fonts
from bulletins.render_pdf import in_json
from bulletins.render_pdf import in_print

TEMPLATE = Path(__file__).parent / "templates" / "official.typ"


def render(sheet: OfficialSheet, at: datetime) -> bytes:
    """The paper as a PDF file dated `at`."""
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=fonts(),
        sys_inputs={"sheet": in_json(in_print(asdict(sheet) | {"heading": titles.broken(sheet.title)}))},
        pdf_standards=list(STANDARDS),
        timestamp=int(at.timestamp()),
    )
