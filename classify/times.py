"""When it happens, as people write it: 每天凌晨2点, 昨晚十点多, 一到周末.

Reads the words only, from where one may begin; what hour or day they mean is for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Final

_WORDS = (
    "凌晨 清晨 清早 大清早 一大早 早上 早晨 上午 中午 午后 下午 傍晚 晚上 晚间 夜里 夜间"
    " 夜晚 半夜 后半夜 前半夜 大半夜 深夜 午夜 白天 入夜 天黑 每天 每日 每晚 每夜 每周 每个"
    " 每星期 每年 每逢 每到 天天 夜夜 年年 一到 今天 今日 今晚 今夜 昨天 昨日 昨晚 昨夜 前天"
    " 前日 前晚 当天 当日 当晚 当夜 这几 这两 最近 近几 近两 连续 周末 上周 本周 这周 周一"
    " 周二 周三 周四 周五 周六 周日 星期 节假日 通宵 整夜 整宿 一宿 彻夜 没日没夜 昼夜 一整夜"
    " 一整晚 一整天 二十四小时"
)
#: A time begins with one of these, or with a figure, or holds one of `CLOCKS`.
WORDS: Final = tuple(_WORDS.split())
CLOCKS: Final = ("点半", "点多", "点钟", "点左右")

_COUNT = "(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_PART = (
    "(?:凌晨|清晨|大?清早上?|一大早|早上(?!好)|早晨|上午(?!好)|中午(?!好)|午后|下午(?![好茶])|傍晚|晚上(?!好)|晚间"
    "|夜里|夜间|夜晚|[后前大]?半夜|深夜|午夜|白天|入夜|天黑)"
)
_CLOCK = (
    f"(?:[0-9]{{1,2}}[:：][0-9]{{2}}|{_COUNT}[点时](?![候间段尚代常而评赞])"
    "(?:半|一刻|[0-9]{1,2}分?|[一二三四五]十[一二三四五六七八九]?分?)?(?:来?钟|多|左右|许|前后|以[前后]|之[前后])*)"
)
_SPAN = rf"(?:\s?(?:[到至~～—－-]{{1,2}}|一直到|直到)\s?(?:次日|第二天)?{_PART}?{_CLOCK})?"
_DAY = (
    "(?:每(?:天|日|晚|夜|周[一二三四五六日天末]?|个?星期[一二三四五六日天]?|个?周末|年(?![0-9]))"
    "|每逢[\u4e00-\u9fff]{1,4}|天天|夜夜|年年|[一每]到了?(?:周末|[春夏秋冬]天|阴天|雨天|下雨天?|刮风天?|节假日|饭点)"
    "|[今昨前当][天日晚夜]|(?:这|最近|近)[几两]?(?:天|日|晚|个?月|周)"
    "|连续[0-9一二两三四五六七八九十几好]{1,3}(?:天|晚|夜|个?月)|[上这]?周末|[上这本]?(?:周|星期)[一二三四五六日天]"
    "|节假日|(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}[日号](?!楼))"
)
_LONG = "通宵|整夜|整宿|一宿|彻夜|没日没夜|昼夜|一整[天夜晚]|24小时|二十四小时"
_TIME = re.compile(
    rf"{_DAY}(?:一到|的(?={_PART}))?{_PART}?{_CLOCK}?{_SPAN}|[一每]到了?{_PART}|{_PART}{_CLOCK}?{_SPAN}|{_LONG}"
    rf"|[0-9]{{1,2}}[:：][0-9]{{2}}{_SPAN}|{_COUNT}点(?:半|多|钟|左右)+{_SPAN}"
)
_FIGURES = re.compile(r"[0-9]+(?=年[0-9]{1,2}月|月[0-9]{1,2}[日号]|[:：][0-9]{2}|点[半多钟左]|小时)")
_NUMERALS = frozenset("一二两三四五六七八九十")


def times(text: str, words: Iterable[int], clocks: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Every time told, and where; given is where the `WORDS` and the `CLOCKS` of the text stand."""
    starts = {*words, *(_numeral_before(text, at) for at in clocks)}
    starts.update(found.start() for found in _FIGURES.finditer(text))
    end = 0
    for start in sorted(starts):
        found = _TIME.match(text, start) if start >= end else None
        if found:
            end = found.end()
            yield start, found[0]


def _numeral_before(text: str, at: int) -> int:
    while at and text[at - 1] in _NUMERALS:
        at -= 1
    return at
