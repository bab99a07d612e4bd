"""Where a text ends and its signature begins: whose it is and its day stand below, and are no sentences.

Pure.
"""

from __future__ import annotations

from typing import Final

STOPS: Final = ("。", "！", "？", "；", "：", "”", "）")


def split(text: str) -> tuple[list[str], list[str]]:
    """The paragraphs of a text, and the lines of its signature; a text without a sentence has none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = len(lines)
    while said and not lines[said - 1].endswith(STOPS):
        said -= 1
    return (lines[:said], lines[said:]) if said else (lines, [])
