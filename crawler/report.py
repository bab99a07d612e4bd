"""What a crawl tells whoever started it, and how that crosses from the child process.

Knows neither Scrapy nor the store.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from dataclasses import dataclass

MARK = "huanyu-crawl-report "  #: the line of standard output that carries the report


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """One visit to one source."""

    source: str
    state: str  #: as in SourceState
    sentence: str  #: Chinese
    new: int = 0
    seen: int = 0
    changed: int = 0
    rejects: int = 0
    pages: int = 0
    seconds: float = 0.0
    finished: bool = False  #: read to the end and stored; the cursor has moved
    crashed: bool = False  #: the process died before it could say or store anything of the visit


def to_line(report: CrawlReport) -> str:
    return MARK + json.dumps(asdict(report), ensure_ascii=False)


def from_output(output: str) -> CrawlReport | None:
    """The last report printed, None when the process died before."""
    for line in reversed(output.splitlines()):
        if line.startswith(MARK):
            return CrawlReport(**json.loads(line.removeprefix(MARK)))
    return None
