"""Facts of a text held against the record: figures, dates, money, enterprises, places, laws, measures, promises.

Pure. Says what stands in a (possibly edited) text and in no part of the record; must not know where the record is
kept. Works on folded text; positions are those of the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from huanyu import fold
from huanyu.types import Finding
from publisher.laws import number as small_number

KIND: Final = "not_in_record"
Hit = tuple[int, int, str, str]  #: start, end, reason, suggestion

_NUMERALS: Final = "零〇一二三四五六七八九十百两"
_SCALES: Final = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_UNITS: Final = (
    "元|立方米|平方米|微克|毫克|分贝|公里|千米|公斤|千克|工作日|个工作日|分钟|小时|米|吨|亩|度|家|处|台|套|个|户|次|天|人|名|辆|起|件|批|期"
    "|条|座|只|头|岁|%|℃"
)
_FIGURE: Final = re.compile(
    rf"(?<![A-Za-z0-9.\-〔\[第])(?P<n>\d+(?:,\d{{3}})*(?:\.\d+)?|[{_NUMERALS}]{{1,5}}(?=[百千万亿]?(?:{_UNITS})))"
    rf"(?P<scale>[百千万亿]?)(?P<unit>余?(?:{_UNITS})?)"
)
_DATE: Final = re.compile(
    r"(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号]|(?P<part>上旬|中旬|下旬|底|初))?"
)
_DAY: Final = re.compile(r"(?<![\d月])(?P<d>\d{1,2})[日号](?!楼|院|车间|机组|锅炉|线)")
_HOUR: Final = re.compile(
    r"(?<!\d)(?P<h>\d{1,2})(?:[时点](?:(?P<min>\d{1,2})分|(?P<half>半))?|[:](?P<m2>\d{2}))(?!间|段|\d)"
)
_LINK: Final = re.compile(r"https?://[\w./:%?=&~-]+", re.ASCII)  # an address has no figures of the matter
_SOFT: Final = re.compile(
    r"(?:本周|下周|本月|下月|月底|年底|年内|近期|近日|明天|后天|明年)(?=[^。；;]{0,12}(?:完成|整改|到位|解决|拆除|搬迁|关停|答复|验收|投用|复查|改造))"
)
_WITHIN: Final = re.compile(
    r"[一二三四五六七八九十两]{1,3}(?:个?工作)?[日天](?:之?内)|[一二三四五六七八九十两]个月内"
)
_ARTICLE: Final = re.compile(
    r"《(?P<law>[^《》]{2,40})》(?:[(][^)]{0,20}[)])?"
    r"(?P<articles>(?:[、和及]?第[0-9一二三四五六七八九十百零〇]+[条款项])*)"
)
_SUFFIX: Final = (
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司|公司|集团|养殖场|屠宰场|加工厂|搅拌站|加油站"
    r"|合作社|饭店|饭馆|酒店|餐馆|烧烤店|洗车店|厂)"
)
_ENTERPRISE: Final = re.compile(rf"[\u4e00-\u9fffA-Za-z()·]{{2,24}}?{_SUFFIX}(?![区界房址家长内外商矿])")
_GENERIC: Final = re.compile(
    r"(?:[该本某此其各两几这那]|涉事|有关|相关|上述|违法|附近|周边|小型|施工|建设|物业|运输|环卫|供热|排水|自来水|检测|第三方|部分)"
    rf"(?:的)?(?:家|个|处)?{_SUFFIX}$|(?:污水处理|垃圾焚烧|发电|电|造纸|化工|食品|水泥|工|停|出|进)厂$"
)
_AREA: Final = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,4})(?:街道|镇|乡(?!镇)|村(?![民委里中内口头庄镇]))")
_LOOSE: Final = re.compile(
    r"[该此本各有全某两几多所农沿附近属乡辖在到由会同县区市及和与对]|[一二三四五六七八九十]个"
)
_MEASURE: Final = re.compile(
    r"责令[^，。；;]{0,4}(?:停产|停工|停业|改正|整改|限期|拆除|关闭)|停产整治|停产"
    r"|停工|停业|关停|取缔|查封|扣押|立案|罚款|处罚|拘留|移送公安|移送司法|刑事"
    r"|约谈|拆除|搬迁|断电|吊销|没收|限产"
)
_GUESS: Final = re.compile(
    r"(?:可能|疑似|估计|大概|应该|或许|推测|怀疑|据推断)(?:就)?(?:是|为|系|来自|由|与)[^。；;，]{0,20}(?:公司|工厂|[\u4e00-\u9fff]厂|企业|店|工地|养殖场|作坊|单位)"
)


#: What a firm's name begins with where it says neither 省 nor 市: these, or the city.
_PROVINCES: Final = (
    *(
        "北京",
        "天津",
        "上海",
        "重庆",
        "河北",
        "山西",
        "辽宁",
        "吉林",
        "黑龙江",
        "江苏",
        "浙江",
        "安徽",
        "福建",
        "江西",
    ),
    *(
        "山东",
        "河南",
        "湖北",
        "湖南",
        "广东",
        "海南",
        "四川",
        "贵州",
        "云南",
        "陕西",
        "甘肃",
        "青海",
        "内蒙古",
        "广西",
    ),
    *("西藏", "宁夏", "新疆"),
)


@dataclass(frozen=True)
class Record:
    """All that a text about one matter may take its facts from."""

    texts: tuple[str, ...]  #: sentences of the record, and what the program composed of it
    enterprises: tuple[
        str, ...
    ] = ()  #: names of the bureau's table: one of them counts though it has no 公司
    places: tuple[str, ...] = ()  #: names of the gazetteer that are no ordinary words
    city: str = ""  #: 聊城市: names of firms begin with it, and nobody says it
    hidden: tuple[str, ...] = ()  #: who must not be named: the decision is not public

    @cached_property
    def folded(self) -> str:
        return "\n".join(fold.plain(text).text for text in self.texts)

    @cached_property
    def figures(self) -> frozenset[tuple[Decimal, str]]:
        return frozenset(_figure(match) for match in _FIGURE.finditer(self.folded))

    @cached_property
    def dates(self) -> frozenset[tuple[str, str, str]]:
        return frozenset(_date(match) for match in _DATE.finditer(self.folded))

    @cached_property
    def hours(self) -> frozenset[tuple[int, int]]:
        return frozenset(_hour(match) for match in _HOUR.finditer(self.folded))

    @cached_property
    def articles(self) -> frozenset[tuple[str, str]]:
        return frozenset(_articles(self.folded))


def not_in_record(text: str, record: Record) -> tuple[Finding, ...]:
    """Every fact of `text` that `record` does not hold, with its position, in order and without overlap."""
    folded = fold.plain(text)
    kept: list[Finding] = []
    for reader in _READERS:
        for start, end, reason, suggestion in reader(folded.text, record):
            first, last = folded.origin(start, end)
            if all(last <= other.start or other.end <= first for other in kept):
                said = text[first:last]
                kept.append(
                    Finding(kind=KIND, start=first, end=last, text=said, reason=reason, suggestion=suggestion)
                )
    return tuple(sorted(kept, key=lambda finding: finding.start))


def _hidden(text: str, record: Record) -> Iterator[Hit]:
    for name in record.hidden:
        for word in calls_of(name, record.city):
            for match in re.finditer(re.escape(word), text):
                yield *match.span(), "处罚决定未公开，不得点名", "改为“涉事单位”"


def _guesses(text: str, _: Record) -> Iterator[Hit]:
    for match in _GUESS.finditer(text):
        yield *match.span(), "推测污染主体，办件记录中没有结论", "删去，写明查到的事实"


def _laws(text: str, record: Record) -> Iterator[Hit]:
    for match in _ARTICLE.finditer(text):
        cited = set(_articles(match[0]))
        if cited and not cited <= record.articles:
            yield *match.span(), "办件记录中没有这条法律依据", "按记录改正，或先补录"


def _dates(text: str, record: Record) -> Iterator[Hit]:
    for match in _DATE.finditer(text):
        if not any(_same_date(_date(match), known) for known in record.dates):
            yield *match.span(), "办件记录中没有这个日期", "按记录改正，或先补录"
    days = {day for _, _, day in record.dates} | {match["d"] for match in _DAY.finditer(record.folded)}
    for match in _DAY.finditer(text):
        if match["d"] not in days:
            yield *match.span(), "办件记录中没有这个日期", "按记录改正，或先补录"


def _hours(text: str, record: Record) -> Iterator[Hit]:
    for match in _HOUR.finditer(text):
        if _hour(match) not in record.hours:
            yield *match.span(), "办件记录中没有这个时间", "按记录改正，或先补录"


def _figures(text: str, record: Record) -> Iterator[Hit]:
    taken = [match.span() for pattern in (_DATE, _DAY, _HOUR, _LINK) for match in pattern.finditer(text)]
    for match in _FIGURE.finditer(text):
        free = all(match.end() <= start or end <= match.start() for start, end in taken)
        if free and _figure(match) not in record.figures:
            money = match["unit"].endswith("元")
            yield *match.span(), f"办件记录中没有这个{'金额' if money else '数字'}", "按记录改正，或先补录"


def _promises(text: str, record: Record) -> Iterator[Hit]:
    for match in (*_SOFT.finditer(text), *_WITHIN.finditer(text)):
        if match[0] not in record.folded:
            yield *match.span(), "办件记录中没有承诺这个期限", "写记录中的日期，或删去"


def _enterprises(text: str, record: Record) -> Iterator[Hit]:
    for name in record.enterprises:
        if name in text and name not in record.folded:
            for match in re.finditer(re.escape(name), text):
                yield *match.span(), "办件记录中没有这家企业", "核对企业名称"
    for match in _ENTERPRISE.finditer(text):
        if not _GENERIC.search(match[0]) and not _is_told(match[0], record.folded, 4):
            yield *match.span(), "办件记录中没有这家企业", "核对企业名称"


def _places(text: str, record: Record) -> Iterator[Hit]:
    for name in record.places:
        if name in text and name not in record.folded:
            for match in re.finditer(re.escape(name), text):
                yield *match.span(), "办件记录中没有这个地点", "核对地点"
    for match in _AREA.finditer(text):
        if not _LOOSE.search(match["name"][-2:]) and not _is_told(match[0], record.folded, 2):
            yield *match.span(), "办件记录中没有这个地点", "核对地点"


def _measures(text: str, record: Record) -> Iterator[Hit]:
    for match in _MEASURE.finditer(text):
        if match[0] not in record.folded and match[0].removeprefix("责令") not in record.folded:
            yield *match.span(), "办件记录中没有这项措施", "按记录改正，或先补录"


#: The most telling first: where two overlap the first one stands.
_READERS: Final[tuple[Callable[[str, Record], Iterator[Hit]], ...]] = (
    *(_hidden, _guesses, _laws, _dates, _hours, _figures),
    *(_promises, _enterprises, _places, _measures),
)


def named_enterprises(text: str) -> tuple[str, ...]:
    """Names of firms in a text, as written; 该公司 and 施工单位 name nobody."""
    found = (match[0] for match in _ENTERPRISE.finditer(fold.plain(text).text))
    return tuple(name for name in found if not _GENERIC.search(name))


def calls_of(name: str, city: str = "") -> frozenset[str]:
    """What a firm is called by: its name, and what people say for it."""
    return frozenset({name, _core(name, city)} - {""})


def _is_told(name: str, record: str, least: int) -> bool:
    """Whether the end of a name stands in the record: its head may be words that only come before it."""
    tail = re.search(rf"(?:{_SUFFIX}|街道|镇|乡|村)$", name)
    body = len(name) - (len(tail[0]) if tail else 0)
    return name[max(0, body - least) :] in record


def _core(name: str, city: str = "") -> str:
    """What people call a firm: 聊城市金水化工有限公司 -> 金水化工."""
    short = re.sub(r"^(?:[\u4e00-\u9fff]{2,3}[省市县区])+", "", name)
    if short == name:
        heads = (*_PROVINCES, *filter(None, [city.removesuffix("市")]))
        short = name.removeprefix(next((head for head in heads if name.startswith(head)), ""))
    short = re.sub(r"(?:有限责任公司|股份有限公司|有限公司|集团公司|公司|集团)$", "", short)
    return short if len(short) >= 3 else ""


def _figure(match: re.Match[str]) -> tuple[Decimal, str]:
    told = match["n"].replace(",", "")
    value = Decimal(told) if told[0].isdigit() else Decimal(small_number(told.replace("两", "二")))
    return (value * _SCALES[match["scale"]]).normalize(), match["unit"].removeprefix("余").removeprefix(
        "个工作"
    )


def _date(match: re.Match[str]) -> tuple[str, str, str]:
    return match["y"] or "", match["m"].lstrip("0"), (match["d"] or "").lstrip("0") or match["part"] or ""


def _same_date(told: tuple[str, str, str], known: tuple[str, str, str]) -> bool:
    """The same month and day; the year, and the day of a whole month, only where both say one."""
    return all(not one or not other or one == other for one, other in zip(told, known, strict=True)) and bool(
        known[2] or not told[2]
    )


def _hour(match: re.Match[str]) -> tuple[int, int]:
    return int(match["h"]), 30 if match["half"] else int(match["min"] or match["m2"] or 0)


def _articles(text: str) -> Iterator[tuple[str, str]]:
    for match in _ARTICLE.finditer(text):
        law = match["law"].removeprefix("中华人民共和国")
        yield law, ""
        for article in re.findall(r"第([^第条款项]+)条", match["articles"]):
            yield law, str(small_number(article))
