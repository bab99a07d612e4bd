"""The dated table of laws a reply may cite, and what is wrong with a citation.

The table is data (publisher/data/laws.toml); the rule is pure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import date
from importlib import resources
from typing import Any
from typing import Final

from huanyu.bureau import Dated

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS: Final = {"十": 10, "百": 100}
_ENVIRONMENT = re.compile(
    r"环境|污染|噪声|大气|水|固体|土壤|放射|生态|环保|空气|油烟|扬尘|烟尘|恶臭|噪音|秸秆|垃圾|排污|雾霾|异味"
)
_NATIONAL = re.compile(r"《(?:中华人民共和国)?(?P<name>[^《》]{1,19}[^办做方]法)》")
_DECREE = re.compile(r"《(?:中华人民共和国)?(?P<name>[^《》省市区县州]{4,20}条例)》")
_POLLUTION = re.compile(r"污染|噪声|噪音|油烟|扬尘|排污|恶臭|秸秆")
EVENING: Final = 18  # a span that begins by day is about something else
_NIGHT = re.compile(
    r"夜间(?:施工|作业|时段|时间|禁止施工时间)?(?:是指|指的是|指|为|系|即|[(])(?P<late>晚上?|每[天日]|当[天日])*(?P<from>\d{1,2}|[一二三四五六七八九十]{1,3})(?:[时点]|:00)(?:整)?"
    r"(?:-|~|至|到)(?:次日|翌日|第二天|早上|早|凌晨|早晨|清晨|次晨)*(?P<to>\d{1,2}|[一二三四五六七八九十]{1,2})(?:[时点]|:00)"
)
_CLAUSE = re.compile(
    r"(?<!办)(?:法|条例)》(?:[(（][^)）]{0,20}[)）])?(?P<clause>第[0-9一二三四五六七八九十百零〇两]+[款项])"
)
_DAYTIME = re.compile(
    r"昼间(?:是指|指的是|指|为|系|即|[(])(?:早上?|上午|每[天日])?(?P<from>\d{1,2})(?:[时点]|:00)(?:整)?"
    r"(?:-|~|至|到)(?P<late>当?[日天]?晚上?|夜里)?(?P<to>\d{1,2})(?:[时点]|:00)"
)
_REPEALED = re.compile(r"》?(?:[(][^()]{0,20}[)])?[^。;,《]{0,24}(?:废止|失效|修订为|被[^。;,]{0,4}取代)")
_SIGNED = re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})日\s*$")
#: "第12条", also in "第十二条、第十三条".
_ARTICLE = (
    r"》?(?:[(（][^)）]{0,20}[)）])?(?P<articles>(?:[、和及]?第[0-9一二三四五六七八九十百零〇两]+条){1,6})"
)


class LawRow(Dated):
    """A law, its number of articles (0 = not known) and what replaced it."""

    name: str
    aliases: tuple[str, ...] = ()
    articles: int = 0
    replaced_by: str = ""


def _table() -> dict[str, Any]:
    text = (resources.files("publisher") / "data" / "laws.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _load() -> tuple[LawRow, ...]:
    return tuple(LawRow(**row) for row in _table()["law"])


LAWS: Final[tuple[LawRow, ...]] = _load()
SHORTEST: Final = 6  # characters of a title that another may nearly be
NEAR: Final = 2  # characters by which it may differ
_TITLE = re.compile(r"《(?:中华人民共和国)?(?P<name>[^《》]{4,24}(?:法|条例))》")
_SUBJECT = re.compile(
    r"大气|水|噪声|噪音|固体|土壤|放射|海洋|环境|生态|信访|许可|行政|治安|养殖|信息|[省市县区]"
)
#: Titles that are right and stand in no dated row.
_LOCAL: Final = frozenset(_table()["titles"])


def problems(
    text: str, day: date | None, laws: Sequence[LawRow] = LAWS
) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, reason, suggestion) of every citation that cannot be right on `day`; None = only undated."""
    for row in laws:
        for match in _mentions(row, text):
            if _REPEALED.match(text, match.end()):  # the sentence says so itself
                continue
            if row.valid_to and (day is None or not row.valid_on(day)) and row.replaced_by:
                yield *match.span("law"), "已废止，不再引用", row.replaced_by
        yield from _articles(row, text)
    yield from _unheard_of(text, laws)
    yield from _nearly(text, laws)
    yield from _clauses(text)
    yield from _night(text)


def signed_on(text: str) -> date | None:
    """The date a text ends with, where it is signed with one: it cites the law of that day."""
    match = _SIGNED.search(text)
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def number(text: str) -> int:
    """A Chinese or Arabic number up to 999: 十二 → 12, 一百零八 → 108."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total, digit = total + max(digit, 1) * _UNITS[char], 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _night(text: str) -> Iterator[tuple[int, int, str, str]]:
    """夜间 said to be other hours than the law's."""
    for match in _NIGHT.finditer(text):
        begins = number(match["from"])
        begins += 12 if match["late"] and begins < 12 else 0
        if begins >= EVENING and (begins, number(match["to"])) != (22, 6):
            yield *match.span(), "夜间为22时至次日6时（噪声污染防治法第八十八条）", "22时至次日6时"
    for match in _DAYTIME.finditer(text):
        ends = int(match["to"]) + (12 if match["late"] and int(match["to"]) <= 12 else 0)
        if (int(match["from"]), ends) != (6, 22):
            yield *match.span(), "昼间为6时至22时（噪声污染防治法第八十八条）", "6时至22时"


def _mentions(row: LawRow, text: str, tail: str = "") -> Iterator[re.Match[str]]:
    names = "|".join(map(re.escape, sorted((row.name, *row.aliases), key=len, reverse=True)))
    local = r"(?<![省市区县境])"  # 《山东省环境噪声…》 and 《海洋环境…》 are other laws
    return re.finditer(
        rf"(?:(?<=《)|(?<=国)|(?<![\u4e00-\u9fff《])|(?<=[据按照反和、]))(?P<law>{local}(?:{names})){tail}",
        text,
    )


def _articles(row: LawRow, text: str) -> Iterator[tuple[int, int, str, str]]:
    if not row.articles:
        return
    for match in _mentions(row, text, _ARTICLE):
        for article in re.finditer(r"第([^第条]+)条", match["articles"]):
            if not 1 <= number(article[1]) <= row.articles:
                start = match.start("articles")
                reason = f"《{row.name}》共{row.articles}条，没有这一条"
                yield start + article.start(), start + article.end(), reason, "核对法条"


def _clauses(text: str) -> Iterator[tuple[int, int, str, str]]:
    """A clause cited without its article, or an article that is none."""
    for match in _CLAUSE.finditer(text):
        yield *match.span("clause"), "先引条、再引款，这里没有条", "核对法条"


def _nearly(text: str, laws: Sequence[LawRow]) -> Iterator[tuple[int, int, str, str]]:
    """A title that is a known one but for a word or two: 《排污许可证管理条例》."""
    known = {name for row in laws for name in (row.name, *row.aliases)} | _LOCAL
    for match in _TITLE.finditer(text):
        name = match["name"]
        meant = "" if name in known or _unheard(match) else _meant(name, known)
        if meant:
            yield *match.span("name"), "与法规表中的名称差一点，请核对", meant


def _meant(name: str, known: Iterable[str]) -> str:
    """The known title with the same subject and the same kind that differs least, if it differs little."""
    subject = _SUBJECT.findall(name)
    near = [
        one
        for one in sorted(known)
        if len(one) >= SHORTEST and one[-1] == name[-1] and _SUBJECT.findall(one) == subject != []
    ]
    best = min(near, key=lambda one: apart(one, name), default="")
    return best if best and apart(best, name) <= NEAR else ""


def _unheard(match: re.Match[str]) -> bool:
    return bool(_NATIONAL.fullmatch(match[0]) and _ENVIRONMENT.search(match["name"]))


def apart(one: str, other: str) -> int:
    """How many characters must be put in, left out or changed to make one of the other."""
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, beside in enumerate(other, 1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (char != beside)),
            )
    return row[-1]


def _unheard_of(text: str, laws: Sequence[LawRow]) -> Iterator[tuple[int, int, str, str]]:
    known = {name for row in laws for name in (row.name, *row.aliases)}
    for match in _NATIONAL.finditer(text):
        if (_ENVIRONMENT.search(match["name"]) and match["name"] not in known) or "条例法" in match["name"]:
            yield *match.span("name"), "法规表中没有这部法律，请核对名称", ""
    for match in _DECREE.finditer(text):
        if _POLLUTION.search(match["name"]) and match["name"] not in known | _LOCAL:
            yield *match.span("name"), "法规表中没有这部条例，请核对名称", ""
