"""Numbers of one sentence that do not fit their words: days counted wrongly, ends before beginnings, lists miscounted.

Pure; works on folded text. Sums, rates and differences are publisher.tallies'. Must not know the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Final

from publisher.laws import number

Misfit = tuple[int, int, str]  #: start, end, reason

LEAP: Final = 2024  # a year in which every day of the calendar occurs
NEW_YEAR: Final = 6  #: months; an end that is so much earlier is in the next year
_TO: Final = r"(?:至|到|-|~)(?:(?P<p>\d{1,2})月)?(?P<e>\d{1,2})[日号]"
_N: Final = r"(?<![\d.])\d{1,7}(?:\.\d{1,3})?"
_FROM: Final = r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]"
_UNTIL: Final = r"(?P<p>\d{1,2})月(?P<e>\d{1,2})[日号]"
_CLOCK: Final = r"(?:\d{1,2}时(?:\d{1,2}分)?)?"
_COUNT: Final = r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})"
_IN_A_ROW: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_FROM}(?:起)?{_TO}[,(]?(?:共|我局|已)?连续{_COUNT}(?:个)?[天日晚夜]",
        rf"连续{_COUNT}(?:个)?[天日晚夜][(]{_FROM}{_TO}[)]",
    )
)
_TOOK: Final = re.compile(
    rf"{_FROM}[^。;\d]{{0,6}}(?:受理|立案|收到|接到|接报|交办|启动)[^。;\d]{{0,12}}"
    rf"{_UNTIL}[^。;\d]{{0,8}}(?:办结|结案|完成|答复|解除)[^。;\d]{{0,8}}(?:用时|历时|耗时|共用)(?:了)?{_COUNT}(?:个)?[天日]"
)
#: What ends answers what begins: a works told of in November may have been mended in October.
_COURSES: Final = (
    (
        r"受理|立案|接报|接到(?:举报|投诉|反映)|收到(?:举报|投诉|反映|来信)|交办|开始",
        r"办结|结案|答复|销号",
    ),
    (
        r"启动|开工|动工|开始",
        r"解除|完工|竣工|结束|整改完毕|整改到位|完成整改|验收",
    ),
)
_ORDER: Final = tuple(
    re.compile(
        rf"(?:(?P<y>20\d\d)年)?{_FROM}{_CLOCK}[^。;\d]{{0,14}}?(?:{begun})[^。;\d]{{0,24}}?"
        rf"(?:(?P<z>20\d\d)年)?{_UNTIL}{_CLOCK}[^。;\d]{{0,8}}?(?:{ended})"
    )
    for begun, ended in _COURSES
)
#: Nobody is sent for a letter that has not come; 已, 曾 and 此前 tell of an earlier visit.
_ANSWERED: Final = re.compile(
    rf"(?P<y>)(?P<z>){_FROM}{_CLOCK},?[^。;\d,]{{0,8}}?(?:收到|接到)[^。;\d此之曾早]{{0,24}}?,{_UNTIL}{_CLOCK}[^。;\d已曾就]{{0,10}}?"
    r"(?:派|赶?赴|前往|到(?:达|场|现场)|现场(?:检查|核查|查看)|组织|开展)"
)
#: From one day of a year to an earlier one of it; what is more months back is in the next year.
_PERIOD: Final = re.compile(rf"(?:自|从){_FROM}{_CLOCK}(?:起)?(?:至|到|-|~){_UNTIL}")
PERIOD: Final = 3  #: months
_GRADES: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_GRADE: Final = r"劣?(?:IV|V|I{1,3}|[一二三四五])"
_WATER: Final = re.compile(
    rf"(?:由|从)[^。;,]{{0,8}}?(?P<a>{_GRADE})类[^。;,]{{0,8}}?(?P<way>改善|提升|提高|好转|恶化|下降|降)(?:为|到|至|成)[^。;,]{{0,4}}?(?P<b>{_GRADE})类"
)
#: Up to less, down to more; a rank that rises gets a smaller number.
_MOVED: Final = re.compile(
    rf"(?:由|从)[^。;,\d第]{{0,10}}?(?P<a>{_N})(?![\d.年月日时点位名类])[^。;,\d]{{0,12}}?(?P<way>上升|增加|增长|升高|提高|下降|减少|降低|降)(?:到|至|为)[^。;,\d第]{{0,4}}?"
    rf"(?P<b>{_N})(?![\d.年月日时点位名类万])"
)
_BUILT: Final = tuple(
    re.compile(
        rf"(?P<y>20\d\d)年(?P<m>\d{{1,2}})月(?:\d{{1,2}}日)?[^。;\d]{{0,8}}(?:{begun})[^。;\d]{{0,10}}"
        rf"(?P<z>20\d\d)年(?P<p>\d{{1,2}})月(?:\d{{1,2}}日)?[^。;\d]{{0,6}}(?:{ended})"
    )
    for begun, ended in (("开工|动工|启动", "建成|投产|竣工|完工|验收"), ("立案|受理", "办结|结案"))
)
_LISTED: Final = re.compile(
    r"(?P<n>[两二三四五六七八九]|(?<!\d)[2-9])(?:个|项|处|点|方面|条|类|种|大)(?:主要|突出|具体|环境)*(?:问题|措施|方面|工作|原因|建议|要求|任务|情况|意见|举措|隐患)[^。;:]{0,6}:?"
    r"(?=一是)(?P<list>[^\n]{6,600})"
)
_ITEMS: Final = ("一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "九是")
_RANGE: Final = re.compile(
    rf"(?P<before>[^。;,]{{0,8}})(?P<a>{_N})(?:至|到|~)(?P<b>{_N}) ?"
    r"(?:分贝|dB|毫克|微克|mg|μg|ug|℃|公里|万元|(?:米|吨|元|%)(?![^。;,]{0,4}[减降]))"
)
_FALLING: Final = re.compile(r"由|从|降|减|自")
_SHARES: Final = re.compile(r"(?:占比?|比例)(?:分别)?[为达]?(?P<n>\d{1,3}(?:\.\d{1,2})?)%")
_EARLY: Final = re.compile(r"(?:凌晨|早上|早晨|清晨|上午)(?P<h>\d{1,2})(?:时|点|:\d\d)(?!间)")
_LATE: Final = re.compile(r"(?:下午|傍晚|晚上|夜里|深夜|午后)(?P<h>\d{1,2})(?:时|点|:\d\d)(?!间)")
NOON: Final = 12
MORNING: Final = range(9, 12)  #: hours nobody calls late
WHOLE: Final = 100.5  #: per cent, with what rounding adds


def misfits(said: str) -> Iterator[Misfit]:
    """Every number of a folded sentence that its own words refute."""
    yield from _days(said)
    yield from _order(said)
    yield from _hours(said)
    yield from _ranges(said)
    yield from _turns(said)
    shares = list(_SHARES.finditer(said))
    if (
        len(shares) > 1
        and "其中" in said[: shares[0].start()]
        and sum(float(one["n"]) for one in shares) > WHOLE
    ):
        yield shares[0].start(), shares[-1].end(), "各项占比之和超过百分之百"


def miscounted(text: str) -> Iterator[Misfit]:
    """Lists announced with another number than they have: 三项措施: 一是…二是…。"""
    for match in _LISTED.finditer(text):
        told = 0
        listed = _ITEMS[0] + match["list"].split(_ITEMS[0])[1]  # up to where the next list begins
        for item in _ITEMS:
            if item not in listed:
                break
            told += 1
        if told > 1 and abs(told - number(match["n"])) == 1:
            yield *match.span("n"), f"说是{match['n']}项，列出{told}项"


def _days(said: str) -> Iterator[Misfit]:
    for pattern in _IN_A_ROW:
        for match in pattern.finditer(said):
            lasted = _between(match)
            if lasted is not None and lasted + 1 != number(match["n"]):
                yield *match.span(), "起止日期与天数对不上"
    for match in _TOOK.finditer(said):
        lasted = _between(match)
        if lasted is not None and number(match["n"]) not in {lasted, lasted + 1}:
            yield *match.span(), "起止日期与天数对不上"


def _between(match: re.Match[str]) -> int | None:
    """Days from the first date to the second; None where one is no date or the year must have changed."""
    try:
        first = date(LEAP, int(match["m"]), int(match["d"]))
        last = date(LEAP, int(match["p"] or match["m"]), int(match["e"]))
    except ValueError:
        return None
    return (last - first).days if last >= first else None


def _order(said: str) -> Iterator[Misfit]:
    for match in chain.from_iterable(pattern.finditer(said) for pattern in (*_ORDER, _ANSWERED)):
        first, last = (int(match["m"]), int(match["d"])), (int(match["p"]), int(match["e"]))
        if match["z"] and match["y"] != match["z"]:
            continue
        if last < first and first[0] - last[0] < NEW_YEAR:
            yield *match.span(), "结束的日期在开始之前"
    for match in _PERIOD.finditer(said):
        first, last = (int(match["m"]), int(match["d"])), (int(match["p"]), int(match["e"]))
        if last < first and first[0] - last[0] <= PERIOD:
            yield *match.span(), "止日在起日之前"
    for match in chain.from_iterable(pattern.finditer(said) for pattern in _BUILT):
        if (int(match["z"]), int(match["p"])) < (int(match["y"]), int(match["m"])):
            yield *match.span(), "结束的日期在开始之前"


def _hours(said: str) -> Iterator[Misfit]:
    for match in _EARLY.finditer(said):
        if int(match["h"]) > NOON:
            yield *match.span(), "时段与钟点对不上"
    for match in _LATE.finditer(said):
        if int(match["h"]) in MORNING and not match[0].startswith(("晚上", "夜里", "深夜")):
            yield *match.span(), "时段与钟点对不上"


def _turns(said: str) -> Iterator[Misfit]:
    """Changes told to go one way that go the other."""
    for match in _WATER.finditer(said):
        better = _grade(match["b"]) < _grade(match["a"])
        if better != (not match["way"].startswith(("恶", "下", "降"))):
            yield *match.span(), "类别的变化与所说的好坏相反"
    for match in _MOVED.finditer(said):
        change = float(match["b"]) - float(match["a"])
        if change and (change > 0) != (not match["way"].startswith(("下", "减", "降"))):
            yield *match.span(), "前后两个数与所说的增减相反"


def _grade(said: str) -> int:
    """The class of a water, worse the higher."""
    return _GRADES[said.removeprefix("劣")] + said.startswith("劣")


def _ranges(said: str) -> Iterator[Misfit]:
    for match in _RANGE.finditer(said):
        if float(match["a"]) > float(match["b"]) and not _FALLING.search(match["before"]):
            yield match.start("a"), match.end(), "范围的两头颠倒了"
