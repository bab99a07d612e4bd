"""The pictures of complaints: asked for once a complaint is known, fetched source by source in child processes.

What becomes of a picture is decided in crawler.evidence. Minutes pass here while a site is asked politely, so this is
no step of the quick turn.
"""

from __future__ import annotations

from datetime import datetime
from threading import Event

import structlog

from crawler import schedule
from crawler.run import crawl
from flow.desk import Desk

log = structlog.get_logger()

BATCH = 200  # complaints whose pictures are asked for in one transaction
LONGEST = 900.0  # seconds for the pictures of one source
MOST = 1000  # pictures looked at where a source is no longer known
GONE = "这个来源已不在 sources.toml 中, 不再取它的图片"


def fetch(desk: Desk, now: datetime, ending: Event | None = None) -> int:
    """Fetch what is due, one source after the other; returns how many pictures were kept."""
    while desk.store.evidence.want(BATCH, now):
        continue
    kept = 0
    for key in desk.store.evidence.waiting(now):
        if (ending is None or not ending.is_set()) and may_visit(desk, key, now):
            report = crawl(key, desk.config.path, timeout=LONGEST, ending=ending, evidence=True)
            log.info("evidence", source=key, kept=report.new, refused=report.rejects)
            kept += report.new
    return kept


def may_visit(desk: Desk, key: str, now: datetime) -> bool:
    """Whether anything may be asked for a source now; of one that is gone nothing is wanted any more."""
    source = desk.bureau.source(key)
    if source is None:
        for one in desk.store.evidence.due(now, MOST, source=key):
            desk.store.evidence.refuse(one.id, GONE, now)
        return False
    return key not in desk.store.sources.paused() and not schedule.is_quiet(source, now)
