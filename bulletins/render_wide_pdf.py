"""A wide table as PDF/A-2a and PDF/UA-1 on its side, set by Typst with the packaged fonts; the same sheet, the same bytes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import typst

from bulletins.render_pdf import STANDARDS
from bulletins.render_pdf import fonts
from bulletins.render_pdf import in_json
from bulletins.render_pdf import in_print
from bulletins.wide import WideTable

TEMPLATE = Path(__file__).parent / "templates" / "wide.typ"


def render(sheet: WideTable, at: datetime) -> bytes:
    """The table as a PDF file dated `at`."""
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=fonts(),
        sys_inputs={"sheet": in_json(in_print({**asdict(sheet), "breaks": sheet.breaks()}))},
        pdf_standards=list(STANDARDS),
        timestamp=int(at.timestamp()),
    )
