"""Read the times that Chinese sites print, from 刚刚 to RFC 822.

A grammar, not a guesser: what it does not know is None, never a wrong day. It knows no clock; `now` is handed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from email.utils import parsedate_to_datetime

from huanyu.clock import SHANGHAI

SKEW = timedelta(minutes=10)  # a site's clock may be this far ahead of ours before "11:20" means yesterday
LEAP_SEARCH = 9  # years back to a 29 February that exists (1896–1904 was the longest gap)

Found = tuple[datetime, bool]
Rule = Callable[[re.Match[str], datetime], Found]

PREFIX = re.compile(r"^(?:最后)?(?:发表|发布|编辑|更新|回复|时间|日期)(?:时间|日期)?(?:于|在)?\s*[:：]?\s*")
SUFFIX = re.compile(r"\s*(?:来自|来源|发布|发表|编辑|北京时间).*$")
DIGITS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"两": 2}
UNITS = {"秒": "seconds", "分": "minutes", "时": "hours", "天": "days", "日": "days", "周": "weeks"}
DAYS_BACK = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "大前天": 3}
LATE = frozenset({"下午", "晚上", "傍晚", "PM"})
EARLY = frozenset({"上午", "凌晨", "AM"})
WEEKDAYS = {
    name: day
    for day, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7"))
    for name in names
}

N = r"(?P<n>\d+|[半一二两三四五六七八九十]+)"
TIME = (
    r"(?:(?P<half>上午|下午|晚上|傍晚|凌晨|清晨|中午|早上)\s*)?(?P<h>\d{1,2})[:时点](?P<m>\d{1,2})分?"
    r"(?::?(?P<s>\d{1,2})(?:\.\d+)?秒?)?(?:\s*(?P<ampm>[AaPp][Mm]))?"
)
DATE = r"(?P<Y>\d{4})\s*[-/.年]\s*(?P<M>\d{1,2})\s*[-/.月]\s*(?P<D>\d{1,2})\s*[日号]?"
MONTH_DAY = r"(?P<M>\d{1,2})\s*[-/月]\s*(?P<D>\d{1,2})\s*[日号]?"
WEEKDAY = r"(?:周|星期|礼拜)(?P<w>[一二三四五六日天1-7])"


def parse(text: str, now: datetime) -> Found | None:
    """Return the moment in Asia/Shanghai and whether its year was inferred; None when the text is no time we know.

    A month and day without a year is the latest such day that is not in the future. A day without a time is
    its midnight. `now` must be aware.
    """
    here = now.astimezone(SHANGHAI)
    wanted = tidy(text)
    for pattern, rule in RULES:
        if match := pattern.fullmatch(wanted):
            try:
                return rule(match, here)
            except (ValueError, OverflowError):  # 31 February, 25:00, year 9999 plus a zone
                return None
    return None


def tidy(text: str) -> str:
    """One blank between the parts, half-width digits, no 发表于 before and no 来自 … behind."""
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("&nbsp;", " ").split())
    return SUFFIX.sub("", PREFIX.sub("", plain)).strip()


def number(text: str) -> float:
    """半, 3, 十五, 二十三; ValueError for what is none of these."""
    if text == "半":
        return 0.5
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS[text] if text in DIGITS else float(text)
    if {tens, ones} - {"", *DIGITS}:
        raise ValueError(text)
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)


def clock_time(match: re.Match[str], day: datetime) -> datetime:
    """Set the time that `match` names, midnight where it names none, on `day`."""
    parts = match.groupdict()
    if parts.get("h") is None:
        return day.replace(hour=0, minute=0, second=0, microsecond=0)
    hour = of_day(int(parts["h"]), parts.get("half") or (parts.get("ampm") or "").upper())
    return day.replace(hour=hour, minute=int(parts["m"]), second=int(parts["s"] or 0), microsecond=0)


def of_day(hour: int, half: str) -> int:
    """The hour of 24 that "下午 3" means; ValueError for 晚上 12, which is another day's."""
    if half == "晚上" and hour == 12:
        raise ValueError(half)
    if (half in LATE and hour < 12) or (half == "中午" and hour < 3):
        return hour + 12
    return 0 if half in EARLY and hour == 12 else hour


def just_now(_: re.Match[str], now: datetime) -> Found:
    return now.replace(microsecond=0), False


def ago(match: re.Match[str], now: datetime) -> Found:
    span = timedelta(**{UNITS[match["unit"]]: number(match["n"])})
    return (now - span).replace(microsecond=0), False


def months_ago(match: re.Match[str], now: datetime) -> Found:
    """The same day of an earlier month, or the month's last day: 1个月前 of 31 March is 28 or 29 February."""
    months = number(match["n"]) * (12 if match["unit"] == "年" else 1)
    if months < 1:  # 半个月
        return (now - timedelta(days=15)).replace(microsecond=0), False
    back = int(months)
    year, month = divmod(now.year * 12 + now.month - 1 - back, 12)
    for day in range(now.day, 27, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day, microsecond=0), False
        except ValueError:
            continue
    return now.replace(year=year, month=month + 1, day=min(now.day, 28), microsecond=0), False


def day_word(match: re.Match[str], now: datetime) -> Found:
    """今天 23:58 read at 00:00 comes from a page made before midnight: it is yesterday's."""
    moment = clock_time(match, now - timedelta(days=DAYS_BACK[match["word"]]))
    return (moment if moment <= now + SKEW else moment - timedelta(days=1)), False


def weekday(match: re.Match[str], now: datetime) -> Found:
    """上周五 is the Friday of the week before (Monday first); 周五 alone the last one that is not ahead."""
    behind = now.weekday() - WEEKDAYS[match["w"]]
    back = behind + 7 * len(match["last"]) if match["last"] else behind % 7
    if match["this"] and behind < 0:
        raise ValueError(match.string)
    moment = clock_time(match, now - timedelta(days=back))
    if match["last"] or match["this"] or moment <= now + SKEW:
        return moment, False
    return moment - timedelta(days=7), False


def full(match: re.Match[str], _: datetime) -> Found:
    day = datetime(int(match["Y"]), int(match["M"]), int(match["D"]), tzinfo=SHANGHAI)
    return clock_time(match, day), False


def month(match: re.Match[str], _: datetime) -> Found:
    return datetime(int(match["Y"]), int(match["M"]), 1, tzinfo=SHANGHAI), False


def no_year(match: re.Match[str], now: datetime) -> Found:
    for year in range(now.year + 1, now.year - LEAP_SEARCH, -1):  # + 1: their 1 January, our 23:58
        try:
            day = datetime(year, int(match["M"]), int(match["D"]), tzinfo=SHANGHAI)
        except ValueError:
            continue
        if (moment := clock_time(match, day)) <= now + SKEW:
            return moment, True
    raise ValueError(match.string)


def today(match: re.Match[str], now: datetime) -> Found:
    """A bare time is today's, yesterday's when that would be in the future."""
    moment = clock_time(match, now)
    return (moment if moment <= now + SKEW else moment - timedelta(days=1)), False


def weibo(match: re.Match[str], _: datetime) -> Found:
    """Thu Mar 05 10:22:33 +0800 2026, and what Java prints: CST in the place of the zone."""
    told = match[0].replace(" CST ", " +0800 ")
    return datetime.strptime(told, "%a %b %d %H:%M:%S %z %Y").astimezone(SHANGHAI), False


def iso(match: re.Match[str], _: datetime) -> Found:
    moment = datetime.fromisoformat(match[0].replace(" ", "T", 1).replace(" ", ""))
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(SHANGHAI), False


def rfc822(match: re.Match[str], _: datetime) -> Found:
    moment = parsedate_to_datetime(re.sub(r"\bCST$", "+0800", match[0]))  # China's here, not Chicago's
    # "-0000" and a missing zone come back naive: RFC 5322 means UTC by the first, sites mean local time by the second
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return zoned.astimezone(SHANGHAI), False


def _rule(pattern: str, rule: Rule) -> tuple[re.Pattern[str], Rule]:
    return re.compile(pattern), rule


RULES: tuple[tuple[re.Pattern[str], Rule], ...] = (
    _rule(r"刚刚|刚才|现在", just_now),
    _rule(rf"{N}\s*个?(?P<unit>秒)钟?\s*(?:之|以)?前", ago),
    _rule(rf"{N}\s*(?P<unit>分)钟?\s*(?:之|以)?前", ago),
    _rule(rf"{N}\s*个?(?:小|钟)?(?P<unit>时|周|天|日)\s*(?:之|以)?前", ago),
    _rule(rf"{N}\s*(?:个(?P<m>月)|(?P<unit>年))\s*(?:之|以)?前", months_ago),
    _rule(rf"(?P<word>大前天|前天|昨[天日]|今[天日])\s*(?:{TIME})?", day_word),
    _rule(rf"(?:(?P<last>上+)个?|(?P<this>[本这]))?{WEEKDAY}\s*(?:{TIME})?", weekday),
    _rule(rf"{DATE}\s*(?:\(?{WEEKDAY}\)?)?\s*(?:{TIME})?", full),
    _rule(r"(?P<Y>\d{4})\s*[-/.年]\s*(?P<M>\d{1,2})\s*月?", month),
    _rule(rf"{MONTH_DAY}\s*(?:{TIME})?", no_year),
    _rule(TIME, today),
    _rule(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} \d{2}:\d{2}:\d{2} (?:[+-]\d{4}|CST) \d{4}", weibo),
    _rule(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}(?::?\d{2})?)?", iso),
    _rule(
        r"(?:[A-Z][a-z]{2,8}, ?)?\d{1,2} [A-Z][a-z]{2} \d{2,4} \d{2}:\d{2}(?::\d{2})? ?(?:[A-Z]{1,5}|[+-]\d{4})?",
        rfc822,
    ),
)
