"""When in the day a nuisance happens, as the words of a text tell it: 夜里, 凌晨两点, 晚上十点半.

Knows words only. When somebody posted says nothing about it and is no business of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_DAY: Final = 24 * 60
_COUNT: Final = MappingProxyType({sign: number for number, sign in enumerate("零一二三四五六七八九十")})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the day in minutes, over midnight where it is long enough, and the words that tell it."""

    start: int
    length: int
    words: str = ""

    def within(self, since: time, until: time) -> bool:
        """Whether all of it lies between two times of day, the second one excluded."""
        start, length = _stretch(since, until)
        return (self.start - start) % _DAY + self.length <= length

    def outside(self, since: time, until: time) -> bool:
        """Whether none of it lies between two times of day."""
        start, length = _stretch(since, until)
        return (start - self.start) % _DAY >= self.length and (self.start - start) % _DAY >= length


def at(moment: time) -> Span:
    """One minute of the day."""
    return Span(_minutes(moment), 1)


@lru_cache(maxsize=4096)
def told(folded: str) -> tuple[Span, ...]:
    """The hours a folded text (`huanyu.text.fold`) speaks of, in its order; none where it tells none."""
    return tuple(_spans(folded))


def inside(spans: Sequence[Span], since: time, until: time) -> Span | None:
    """The first that lies between two times of day: who works 白天黑夜 works at night."""
    return next((span for span in spans if span.within(since, until)), None)


def clear_of(spans: Sequence[Span], since: time, until: time) -> bool:
    """Whether hours are told and none of them touches the time between."""
    return bool(spans) and all(span.outside(since, until) for span in spans)


#: Words for a part of the day: its first hour and how many hours it lasts; the longer word is tried first.
_PARTS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        word: hours
        for words, hours in (
            ("后半夜 下半夜 凌晨", (0, 6)),
            (
                "大半夜 前半夜 三更半夜 半夜 深夜 午夜 夜里 夜间 大晚上 夜班 连夜 夜夜 每夜 昨夜 今夜 当夜",
                (22, 8),
            ),
            ("一整夜 整夜 通宵 彻夜 一整晚 整晚 一晚上 整个晚上 一宿 整宿 半宿 熬夜 一夜", (22, 8)),
            ("没日没夜 日日夜夜 白天黑夜 白天晚上 昼夜 日夜 全天24小时 24小时 二十四小时", (22, 8)),
            ("晚 夜晚 晚上 晚间 每晚 当晚 今晚 昨晚 天天晚 入夜 天黑", (18, 6)),
            ("傍晚 下班时间 晚饭", (17, 3)),
            ("清晨 大清早 清早 一大早 大早上 天不亮 天没亮", (5, 3)),
            ("早上 早晨 早高峰", (6, 3)),
            ("上午 大白天 白天 工作日", (8, 4)),
            ("中午 正午 晌午 午休 午睡", (11, 3)),
            ("下午 午后", (13, 5)),
        )
        for word in words.split()
    }
)
_NUMBER: Final = "(?<![0-9第])[0-9]{1,2}|(?<![第一二两三四五六七八九十])[一二两三四五六七八九十]{1,3}"
_CLOCK: Final = (
    f"(?:(?:{_NUMBER})(?:[点时](?![候间段尚代常而评赞])(?:半|[0-9]{{1,2}}分?)?|:[0-9]{{2}}(?![0-9])))"
)
#: 晚 by itself is no word for a time: 早晚, 晚婚; with an hour it is.
_PART: Final = "|".join(
    f"{word}(?={_CLOCK})" if word == "晚" else word for word in sorted(_PARTS, key=len, reverse=True)
)
_PHRASE: Final = re.compile(
    f"(?P<part>{_PART})的?(?:都?[快到过]|差不多|将近|接近)?(?P<clock>{_CLOCK})?|(?P<alone>{_CLOCK})"
)
_TO: Final = re.compile(
    rf"(?:钟|多|左右|许|以后|之后|开始)*(?:-|~|—|到|至|一直到|直到|持续到|干到)(?:次日|第二天)?(?P<clock>{_CLOCK})"
)
_READ: Final = re.compile(
    f"(?P<hour>{_NUMBER})(?:[点时](?P<half>半)?(?P<minute>[0-9]{{1,2}})?|:(?P<past>[0-9]{{2}}))"
)
_EARLY: Final = 5  # 夜里五点 is before dawn, 晚上六点 is in the evening


def _spans(folded: str) -> Iterator[Span]:
    for found in _PHRASE.finditer(folded):
        part = found["part"] or ""
        clock = found["clock"] or found["alone"]
        if not clock:
            hour, hours = _PARTS[part]
            yield Span(hour * 60, hours * 60, part)
            continue
        minute = _moment(part, clock)
        if minute is not None:
            yield Span(minute, 1, found[0])
        if part and (later := _TO.match(folded, found.end())):
            end = _moment(part, later["clock"])
            if end is not None:
                yield Span(end, 1, found[0] + later[0])


def _moment(part: str, clock: str) -> int | None:
    """Minute of the day; None where 十点 may be one of two hours, or no such hour exists."""
    found = _READ.match(clock)
    if found is None:
        return None
    hour = _number(found["hour"])
    minute = 30 if found["half"] else int(found["minute"] or found["past"] or 0)
    if hour > 24 or minute > 59:
        return None
    if not part:
        sure = hour > 12 or (found["past"] is not None and hour < 6)
        return (hour % 24) * 60 + minute if sure else None
    return (_hour(hour, _PARTS[part][0]) % 24) * 60 + minute


def _hour(hour: int, first: int) -> int:
    """The hour on a clock of twelve as one of twenty-four, by the part of the day it stands with."""
    if hour > 12 or (first == 22 and hour <= _EARLY) or (first == 18 and hour < _EARLY):
        return hour
    if first in {18, 22, 17}:
        return 24 if hour == 12 else hour + 12
    if first == 0:
        return 0 if hour == 12 else hour
    return hour + 12 if first in {11, 13} and hour < 8 else hour


def _number(words: str) -> int:
    if words.isdecimal():
        return int(words)
    tens, ten, ones = words.replace("两", "二").rpartition("十")
    if not ten:
        return _COUNT[words.replace("两", "二")[0]] if len(words) == 1 else 99
    return (_COUNT.get(tens, 99) if tens else 1) * 10 + (_COUNT.get(ones, 99) if ones else 0)


def _stretch(since: time, until: time) -> tuple[int, int]:
    start = _minutes(since)
    return start, (_minutes(until) - start) % _DAY or _DAY


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
