"""Cells of an export as values of a post: times however they are counted, ids that are ids, the way it came in.

Pure; a cell that is none raises BadInput with a sentence for the person who handed the file in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from datetime import timedelta

from crawler import dates
from crawler import event_time
from crawler.import_columns import FIELDS
from crawler.import_sheets import ROUNDED
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.redact import mask
from huanyu.text import shorten
from huanyu.types import SourceKind

OLDEST = datetime(2000, 1, 1, tzinfo=SHANGHAI)  # nobody complained on the net before; 0001-01-01 means "none"
AHEAD = timedelta(days=1)  # another system's clock, or its time zone, may be off
MOST = 2**63 - 1  # what the store's counters hold
DIGITS = len(str(MOST))
CLOCK = re.compile(
    r"(?:上午|下午|晚上|凌晨|中午|早上)?\s*\d{1,2}\s*[:\uff1a时点]\s*\d{1,2}(?:\s*[:\uff1a分]\s*\d{0,2}秒?)?"
)
SERIAL = re.compile(r"[3-6]\d{4}(?:\.\d+)?")  # days since 1899-12-30, as Excel counts
EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
EXCEL_ZERO = datetime(1899, 12, 30, tzinfo=SHANGHAI)
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d+", re.I)  # what Excel makes of a long number in a CSV
MONITORS = ("platform", "监测平台", "监控平台", "舆情平台")
#: Words in the source column -> kind; what is not here is the kind of the source itself.
KINDS: tuple[tuple[SourceKind, tuple[str, ...]], ...] = (
    (SourceKind.WEIBO, ("weibo", "微博")),
    (SourceKind.WECHAT, ("wechat", "微信", "公众号")),
    (SourceKind.HOTLINE, ("hotline", "热线", "12345", "12369", "81890", "电话", "来电")),
    (SourceKind.LETTER, ("letter", "来信", "信访", "信件", "邮件", "留言", "领导信箱", "市长信箱")),
    (SourceKind.REPORT, ("report", "随手拍", "来访", "现场")),
    (SourceKind.FORUM, ("forum", "论坛", "贴吧")),
    (SourceKind.NEWS, ("news", "新闻", "网媒", "媒体", "报纸")),
)


def moment(text: str, now: datetime) -> tuple[datetime, bool] | None:
    """The time of a row and whether its year was inferred; raises BadInput for what is no time."""
    if not text:
        return None
    found = counted(text) or dates.parse(text, now)
    if found is None:
        raise BadInput(f"时间 {told(text)} 无法识别")
    if not OLDEST <= found[0] <= now + AHEAD:
        raise BadInput(f"时间 {told(text)} 不在 {OLDEST.year} 年到今天之间")
    return found


def counted(text: str) -> tuple[datetime, bool] | None:
    """A time as Excel or a database counts it: days since 1900, seconds or milliseconds since 1970."""
    if SERIAL.fullmatch(text):
        return EXCEL_ZERO + timedelta(seconds=round(float(text) * 86400)), False
    if EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI), False
    return None


def day_and_clock(values: Sequence[str]) -> str:
    """A log book has the day in one column and the time of day in another; else the best column alone."""
    clock = next((value for value in values if CLOCK.fullmatch(value)), "")
    day = next((value for value in values if not CLOCK.fullmatch(value)), "")
    if not day:
        raise BadInput(f"时间 {told(clock)} 只有钟点, 没有日期")
    return f"{day} {clock}" if clock and not re.search(r"\d\s*[:\uff1a时点]", day) else day


def happened(
    cell: str, text: str, when: tuple[datetime, bool] | None, now: datetime
) -> tuple[datetime | None, str]:
    """When it happened, by its own column or by the text; never with a year that somebody had to infer."""
    column = (counted(cell) or dates.parse(cell, now)) if cell else None
    if column and not column[1] and column[0] <= now:
        return column[0], cell
    return event_time.find(text, when[0] if when and not when[1] else None)


def told(cell: str) -> str:
    """A cell in a sentence; in a row that has slipped sideways it may be somebody's telephone."""
    return f"“{shorten(mask(cell), 40)}”"


def native_id(told: Mapping[str, str]) -> str:
    """The export's own number, else a digest of what was said: the same row imported twice stays one post.

    A number that Excel has rounded names many rows at once, so it is none.
    """
    number = told.get("native_id", "")
    if number and not is_damaged(number):
        return number
    said = "\n".join(
        (told.get("url", ""), told.get("posted_at", ""), told.get("text", "") or told.get("title", ""))
    )
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def is_damaged(number: str) -> bool:
    """Whether Excel has rounded an id away."""
    return number.startswith(ROUNDED) or bool(SCIENTIFIC.fullmatch(number))


def kind(text: str, source: SourceKind) -> SourceKind:
    """The way an item came in: a hotline's list is hotline throughout, whichever app a citizen called it from.

    Only what a monitor handed over is told row by row, and a row of any list that names the monitor is the monitor's.
    """
    wanted = "".join(text.split()).lower()
    if any(word in wanted for word in MONITORS):
        return SourceKind.PLATFORM
    if source is not SourceKind.PLATFORM:
        return source
    return next((kind for kind, words in KINDS if any(word in wanted for word in words)), source)


def whole(told: Mapping[str, str], name: str) -> int | None:
    """A counter of the platform; None for a dash or a word."""
    text = told.get(name, "").replace(",", "")
    if not text.isdecimal():
        return None
    if len(text) > DIGITS or int(text) > MOST:
        raise BadInput(f"{FIELDS[name]} {text[:DIGITS]}… 太大, 不是真实的数字")
    return int(text)
