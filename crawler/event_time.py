"""事件时间: when a text says that it happened, apart from when it was posted and when we saw it.

Pure. A day that the text does not name is worked out from the post's own time or not at all; a year is never inferred.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from crawler import dates
from huanyu import fold
from huanyu.clock import SHANGHAI
from huanyu.types import RawPost

READ = 2000  # characters: who says when it happened says so early
NIGHT = frozenset({"晚上", "夜里", "夜间", "深夜", "半夜", "晚间", "晚", "夜", "午夜"})
AFTERNOON = frozenset({"下午", "午后", "傍晚"})
MORNING = frozenset({"凌晨", "清晨", "早晨", "早上", "上午", "晨", "早", "一早", "一大早"})
SMALL_HOURS = 6  # 昨晚两点 is today's or yesterday's: nobody can tell

CN = "〇零一二两三四五六七八九十"
PART = "|".join(sorted(NIGHT | AFTERNOON | MORNING | {"中午"}, key=len, reverse=True))
HOUR = (
    rf"(?P<h>\d{{1,2}}|[{CN}]{{1,3}})\s?(?P<sign>[点时:])(?!间|候|常|不时)\s?"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<m>\d{{1,2}}|[{CN}]{{1,3}})\s?分?)?\s?(?:钟|整|许|左右|多|前后)*"
)
WHEN = rf"(?:的)?\s?(?P<part>{PART})?\s?(?:{HOUR})?(?:时分)?"

FULL = re.compile(
    rf"(?<!\d)(?P<Y>20\d{{2}})\s?[年./-]\s?(?P<M>\d{{1,2}})\s?[月./-]\s?(?P<D>\d{{1,2}})(?!\d)\s?[日号]?{WHEN}"
)
MONTH_DAY = re.compile(
    rf"(?<![\d年/.-])(?P<M>\d{{1,2}}|[{CN}]{{1,3}})月(?P<D>\d{{1,2}}|[{CN}]{{1,3}})[日号]{WHEN}"
)
DAY = re.compile(rf"(?P<day>大前|今|昨|前)(?:[天日]|儿个?|(?=[晚夜早晨])){WHEN}")
WEEKDAY = re.compile(
    rf"(?<!每)(?<!每个)(?<!逢)(?:(?P<last>上+)个?|(?P<this>[本这])个?)?(?:周|星期|礼拜)(?P<w>[一二三四五六日天])(?![年期边围]){WHEN}"
)
AGO = re.compile(rf"(?P<n>\d{{1,3}}|[半{CN}]{{1,3}})\s?个?(?P<unit>小时|钟头|天|星期|周)(?:之|以)?前")
OFTEN = re.compile(
    rf"(?:这几[天日晚]|这两[天日晚]|这些天|这段时间|这阵子?|前几天|前两天|前段时间|前一阵|最近|近日|近期|近来|日前|连日来|刚才|刚刚"
    rf"|(?:每个?(?:周|星期|礼拜)[一二三四五六日天末]|每[天日到晚夜周]|天天|夜夜|整[天夜晚]|连续.{{1,4}}[天晚夜]){WHEN}"
    rf"|(?:近|最近)?[半{CN}\d]{{1,3}}(?:个多?月|年|天|周)(?:多)?(?:以)?来)"
)
CLOCK = re.compile(rf"(?P<part>{PART})\s?(?:{HOUR})")

#: 新华社北京3月5日电, 本报3月5日讯; laws with their dates; what is still to come.
NOT_BEFORE = re.compile(r"(?:截至|截止|将于|拟于|定于|计划于|预计|改期至|有效期至|期限[为至])\s?(?:到)?$")
NOT_AFTER = re.compile(
    r"\s?(?:[电讯](?![线力梯视话信动缆费])|(?:起|正式)?(?:施行|实施|修订|修正|生效)|[以之]?前(?:完成|整改|办结|提交|报送))"
)

Day = Callable[[re.Match[str], datetime | None], datetime | None]


def find(text: str, posted_at: datetime | None) -> tuple[datetime | None, str]:
    """The first phrase that says when it happened: the moment (midnight where no hour is sure) and its words.

    Words about a stretch of time, and a month and day without a year, give no moment; neither do 昨晚 and the like
    where the post's own time is unknown. ("" where the text does not say.)
    """
    folded = fold.plain(text[:READ])
    posted = posted_at.astimezone(SHANGHAI) if posted_at else None
    for match, day in phrases(folded.text):
        moment = resolved(match, day, posted)
        if moment is not None and posted is not None and moment > posted:
            continue  # a meeting announced, a limit set: nothing that has happened
        begin, end = folded.origin(*match.span())
        return moment, text[begin:end].strip()
    return None, ""


def placed(raw: RawPost) -> RawPost:
    """The item with its 事件时间 as its text tells it; what the source itself gave stays."""
    if raw.event_at is not None or raw.event_words:
        return raw
    moment, words = find(raw.text, None if raw.year_inferred else raw.posted_at)
    return replace(raw, event_at=moment, event_words=words) if words else raw


def phrases(text: str) -> Iterator[tuple[re.Match[str], Day]]:
    """Every phrase of time in reading order with the way to find its day; of overlapping ones the first, longest."""
    found = [(match, day) for pattern, day in GRAMMAR for match in pattern.finditer(text)]
    found.sort(key=lambda one: (one[0].start(), -one[0].end()))
    last = 0
    for match, day in found:
        if match.start() < last:
            continue
        last = match.end()
        if not (NOT_BEFORE.search(text, 0, match.start()) or NOT_AFTER.match(text, match.end())):
            yield match, day


def resolved(match: re.Match[str], day: Day, posted: datetime | None) -> datetime | None:
    """The moment of a phrase, None where it cannot be known."""
    try:
        start = day(match, posted)
        return None if start is None else at_hour(match, start)
    except (ValueError, KeyError, OverflowError):  # 31 February, 25点, 昨晚两点
        return None


def at_hour(match: re.Match[str], day: datetime) -> datetime:
    """The day at the hour told, the bare day where none is told or it may be one of two; ValueError at 昨晚两点."""
    parts = match.groupdict()
    if parts.get("h") is None:
        return day
    hour, part = int(dates.number(parts["h"])), parts.get("part") or ""
    if part in NIGHT and (hour < SMALL_HOURS or hour == 12):
        raise ValueError(match[0])
    if not part and parts["sign"] == "点" and hour <= 12:
        return day
    if part in MORNING and hour > 12:
        raise ValueError(match[0])
    late = part in NIGHT | AFTERNOON and hour < 12
    return day.replace(hour=dates.of_day(hour + 12 if late else hour, part), minute=minutes(parts))


def minutes(parts: dict[str, str | None]) -> int:
    if parts["half"]:
        return 30
    if parts["quarter"]:
        return 15 * int(dates.number(parts["quarter"]))
    return int(dates.number(parts["m"])) if parts["m"] else 0


def midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def full(match: re.Match[str], _: datetime | None) -> datetime | None:
    return datetime(int(match["Y"]), int(match["M"]), int(match["D"]), tzinfo=SHANGHAI)


def day_word(match: re.Match[str], posted: datetime | None) -> datetime | None:
    back = {"今": 0, "昨": 1, "前": 2, "大前": 3}[match["day"]]
    return midnight(posted) - timedelta(days=back) if posted else None


def weekday(match: re.Match[str], posted: datetime | None) -> datetime | None:
    """上周五 counts weeks from Monday; 周五 alone is the last one that is not ahead."""
    if posted is None:
        return None
    behind = posted.weekday() - dates.WEEKDAYS[match["w"]]
    back = behind + 7 * len(match["last"]) if match["last"] else behind if match["this"] else behind % 7
    return midnight(posted) - timedelta(days=back)


def ago(match: re.Match[str], posted: datetime | None) -> datetime | None:
    """三天前 is a day, 两小时前 a moment."""
    if posted is None:
        return None
    number, unit = dates.number(match["n"]), match["unit"]
    if unit in {"小时", "钟头"}:
        return posted - timedelta(hours=number)
    return midnight(posted - timedelta(days=number * (1 if unit == "天" else 7)))


def unknown(_: re.Match[str], __: datetime | None) -> None:
    """A phrase whose day nobody can name."""


GRAMMAR: tuple[tuple[re.Pattern[str], Day], ...] = (
    (FULL, full),
    (MONTH_DAY, unknown),
    (DAY, day_word),
    (WEEKDAY, weekday),
    (AGO, ago),
    (OFTEN, unknown),
    (CLOCK, unknown),
)
