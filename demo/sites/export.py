"""The hotline's export as a clerk would save it from Excel: CSV in GBK, one row damaged, callers named in some."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from demo.sites import dating
from demo.sites.content import Dated
from demo.sites.content import Row

HEAD = ("编号", "来源", "时间", "区县", "类别", "内容", "来电人", "联系电话")


def write(rows: Sequence[Row], path: Path, now: datetime) -> Path:
    """Write the export to `path`, dated from `now`; the damaged row stands where it stands."""
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for row in rows:
            writer.writerow(row.broken.split(",") if row.broken else _cells(row, now))
    return path


def _cells(row: Row, now: datetime) -> tuple[str, ...]:
    at = dating.moment(Dated(day_offset=row.day_offset, time=row.time), now)
    return (
        row.number,
        row.channel,
        dating.plain(at),
        row.county,
        row.category,
        row.text,
        row.caller,
        row.phone,
    )
