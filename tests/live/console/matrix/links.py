"""console.pages.links asks for no log-in: whoever holds a link is let in, see test_link_page."""

from __future__ import annotations

from matrix.entry import Entry

MATRIX: dict[tuple[str, str], Entry] = {}
