"""What a cited law says: its terms, its fines, which article is about what, since when; and standards by number.

The facts are data (publisher/data/law_facts.toml), only those that are certain; the rules are pure. A sentence that
names a law and says otherwise is a finding.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Final

from pydantic import BaseModel
from pydantic import ConfigDict

from publisher.laws import LAWS
from publisher.laws import number

Wrong = tuple[int, int, str, str]  #: start, end, reason, suggestion

CHECK: Final = "核对法条"
WAN: Final = 10_000
_COUNT: Final = r"[0-9一二三四五六七八九十百零〇两]+"
_DAYS: Final = re.compile(
    r"(?P<n>(?<![0-9月年.一二三四五六七八九十百])(?:\d{1,3}|[一二三四五六七八九十百]{1,5}))个?(?:工作)?[日天](?!常|均|晚|前完|排|处理|产)"
)
_ARTICLE: Final = re.compile(rf"(?<!章)第(?P<n>{_COUNT})条")
#: The title of a law or of rules made under one.
_RULE: Final = re.compile(
    r"《(?:中华人民共和国)?(?P<title>[^《》]{1,40}(?:法|条例|办法|规定|规则|细则|解释))(?:[(][^()《》]{0,12}[)])?》"
)
_MONEY: Final = r"(?:\d[\d.]*|[一二三四五六七八九十百千两]+)(?:万|千)?"
_RANGE: Final = re.compile(rf"(?P<low>{_MONEY})元?以上(?:至|,|、)?(?P<high>{_MONEY})元?以下(?=的?罚款)")
_SENTENCE: Final = re.compile(r"[^。;!?\n]+")
_CLAUSE: Final = re.compile(r"[^,:]+")
_SINCE: Final = re.compile(
    r"^》?[^,。;《]{0,8}?(?:已|现|自|于|从)+(?P<y>(?:19|20)\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?:起)?(?:正式)?(?:施行|实施|生效)"
)
_EDITION: Final = re.compile(
    r"^[》]?\s?[(〔【]?(?P<y>(?:19|20)\d\d)年?(?:\d{1,2}月)?(?:第[一二三]次)?(?:修正|修订|版|文本)"
)
_YEAR_BEFORE: Final = re.compile(
    r"(?P<y>(?:19|20)\d\d)年(?:版|颁布|修订|修正|实施)?的?(?:原|旧)?[《]?(?:中华人民共和国)?$"
)
#: What a law is said to have undergone in a year: a year of history, not of the text that is cited.
_PASSED: Final = re.compile(r"》?(?:颁布|公布|通过|出台|制定|实施|施行)")
_STANDARD: Final = re.compile(
    r"(?P<title>《[^《》]{2,40}标准》)?[(]?GB[/T]{0,2} ?(?P<n>\d{4,5})(?:-\d{2,4})?[)]?"
    r"(?P<after>《[^《》]{2,40}标准》)?"
)

_LIMIT: Final = re.compile(
    r"(?<!\d)(?P<zone>[0-4])[ab]?类[^。;]{0,24}?(?P<when>昼间?|夜间?)(?:噪声)?"
    r"(?:[^。;,0-9]{0,6}(?:限值|标准|不(?:得|应)?超过)[^。;,0-9]{0,6}(?P<v>\d\d) ?(?:分贝|dB)"
    r"|[^。;,0-9]{0,4}(?P<w>\d\d) ?(?:分贝|dB(?:\(A\))?)的?(?:标准)?限值)"
)
#: Limits that are not those of the zone: of building sites, of rooms, of railways, of a peak.
_OTHER_LIMIT: Final = re.compile(r"施工|场界|房间|室内|结构传播|固定设备|铁路|突发|偶发|频发|幅度")
_ZONE: Final = re.compile(r"[0-4][ab]?类")


class Fact(BaseModel):
    """A row about one law."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    law: str
    source: str = ""


class Term(Fact):
    """How many days the law allows for what it is about."""

    about: str
    days: tuple[int, ...]
    most: bool = False  #: the longest it may take: an office may promise less


class Matter(Fact):
    """The articles that deal with something."""

    about: str
    articles: tuple[int, ...]


class Fine(Fact):
    """The ranges of fines of one article, in units of 10,000 yuan."""

    article: int
    ranges: tuple[tuple[float, float], ...]


class Text(Fact):
    """Since when the law is in force and the years its present text may be called by."""

    since: date | None = None
    years: tuple[int, ...]


class Standard(BaseModel):
    """A national standard and what its title must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: str


class Noise(BaseModel):
    """The limits of a noise zone in decibels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: str
    day: int
    night: tuple[int, ...]


class Facts(BaseModel):
    """All that law_facts.toml holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    term: tuple[Term, ...]
    matter: tuple[Matter, ...]
    fine: tuple[Fine, ...]
    text: tuple[Text, ...]
    standard: tuple[Standard, ...]
    noise: tuple[Noise, ...]


@lru_cache(maxsize=1)
def shipped() -> Facts:
    """The facts of law_facts.toml, read when first asked for."""
    text = (resources.files("publisher") / "data" / "law_facts.toml").read_text(encoding="utf-8")
    return Facts.model_validate(tomllib.loads(text))


def refuted(text: str, facts: Facts | None = None) -> Iterator[Wrong]:
    """Every statement of a folded text on a law it names that the facts refute."""
    facts = facts or shipped()
    for sentence in _SENTENCE.finditer(text):
        for start, end, reason in _within(sentence[0], facts):
            yield sentence.start() + start, sentence.start() + end, reason, CHECK


def _within(said: str, facts: Facts) -> Iterator[tuple[int, int, str]]:
    yield from _standards(said, facts.standard)
    yield from _nicknames(said)
    yield from _zones(said, facts.noise)
    named = _named(said)
    for row in facts.text:
        if row.law in named:
            yield from _editions(said, row, named[row.law])
    if len(named) != 1:  # with two laws nobody can say which one a number is of
        return
    law, mentions = next(iter(named.items()))
    if _cites_another(said, law):
        return
    start = mentions[0].start()
    for term in facts.term:
        if term.law == law:
            yield from _terms(said, term, start)
    for matter in facts.matter:
        if matter.law == law:
            yield from _matters(said, matter, start)
    yield from _fines(said, [row for row in facts.fine if row.law == law], start)


@lru_cache(maxsize=1)
def _names() -> Mapping[str, re.Pattern[str]]:
    laws = {row.law for row in (*shipped().term, *shipped().matter, *shipped().fine, *shipped().text)}
    aliases = {row.name: row.aliases for row in LAWS}
    return {
        law: re.compile(
            rf"(?<![省市区县境洋])(?:{'|'.join(map(re.escape, (law, *aliases.get(law, ()))))})(?!实施|[》]?的?(?:立法|宣传))"
        )
        for law in sorted(laws)
    }


def _named(said: str) -> dict[str, list[re.Match[str]]]:
    found = {law: list(pattern.finditer(said)) for law, pattern in _names().items()}
    return {law: mentions for law, mentions in found.items() if mentions}


def _cites_another(said: str, law: str) -> bool:
    """Whether the sentence has the title of a rule the facts know nothing of: 《…按日连续处罚办法》第五条."""
    own = {law, *(alias for row in LAWS if row.name == law for alias in row.aliases)}
    return any(match["title"] not in own for match in _RULE.finditer(said))


def _nicknames(said: str) -> Iterator[tuple[int, int, str]]:
    for row in LAWS:
        for alias in row.aliases:
            for match in re.finditer(rf"《中华人民共和国{re.escape(alias)}》", said):
                yield *match.span(), f"法律的全称是《中华人民共和国{row.name}》"


def _editions(said: str, row: Text, mentions: Sequence[re.Match[str]]) -> Iterator[tuple[int, int, str]]:
    for mention in mentions:
        after = said[mention.end() :]
        edition = _EDITION.match(after)
        if edition and int(edition["y"]) not in row.years:
            yield mention.start(), mention.end() + edition.end(), "不是现行的文本"
        before = None if _PASSED.match(after) else _YEAR_BEFORE.search(said[: mention.start()])
        if before and int(before["y"]) not in row.years and int(before["y"]) < min(row.years):
            yield before.start(), mention.end(), "不是现行的文本"
        since = _SINCE.match(after)
        if (
            since
            and row.since
            and (int(since["y"]), int(since["m"]), int(since["d"]))
            != (
                row.since.year,
                row.since.month,
                row.since.day,
            )
        ):
            yield mention.start(), mention.end() + since.end(), "施行日期与法规表不符"


def _terms(said: str, row: Term, start: int) -> Iterator[tuple[int, int, str]]:
    about = re.compile(row.about)
    for clause in _CLAUSE.finditer(said, start):
        if not about.search(clause[0]):
            continue
        for match in _DAYS.finditer(clause[0]):
            days = number(match["n"])
            promised = row.most and days < max(row.days) and "应" not in clause[0]
            if days not in row.days and not promised:
                yield (
                    clause.start() + match.start(),
                    clause.start() + match.end(),
                    f"期限与法定的不符（{row.source}）",
                )


def _matters(said: str, row: Matter, start: int) -> Iterator[tuple[int, int, str]]:
    cited = list(_ARTICLE.finditer(said, start))
    about = re.search(row.about, said[start:])
    if about and cited and not any(number(one["n"]) in row.articles for one in cited):
        articles = "、".join(f"第{one}条" for one in row.articles)
        yield *cited[0].span(), f"规定这件事的是{articles}"


def _fines(said: str, rows: Sequence[Fine], start: int) -> Iterator[tuple[int, int, str]]:
    cited = {number(one["n"]) for one in _ARTICLE.finditer(said, start)}
    allowed = [span for row in rows if row.article in cited for span in row.ranges]
    known = cited <= {row.article for row in rows}
    if not (cited and known):
        return
    for match in _RANGE.finditer(said, start):
        told = amount(match["low"], match["high"]), amount(match["high"], "")
        if not any(abs(told[0] - low) + abs(told[1] - high) < 1e-6 for low, high in allowed):
            yield *match.span(), "罚款幅度与所引的条不符"


def amount(text: str, beside: str) -> float:
    """Units of 10,000 yuan: 二万 → 2, 5000 → 0.5; a bare 二 beside 二十万 is in the unit of that."""
    unit = next((one for one in (text[-1:], beside[-1:]) if one in {"万", "千"}), "")
    digits = text.rstrip("万千")
    value = float(digits) if re.fullmatch(r"\d[\d.]*", digits) else float(number(digits.replace("千", "")))
    if text[-1:] not in {"万", "千"} and value >= 100:
        unit = ""
    return value if unit == "万" else value * 1000 / WAN if unit == "千" else value / WAN


def _standards(said: str, rows: Sequence[Standard]) -> Iterator[tuple[int, int, str]]:
    names = {row.code: row.name for row in rows}
    for match in _STANDARD.finditer(said):
        title, name = match["title"] or match["after"], names.get(f"GB{match['n']}")
        if title and name and name not in title:
            yield *match.span(), f"GB {match['n']} 的名称里应有“{name}”"


def _zones(said: str, rows: Sequence[Noise]) -> Iterator[tuple[int, int, str]]:
    limits = {row.zone: {"昼": (row.day,), "夜": row.night} for row in rows}
    if _OTHER_LIMIT.search(said):
        return
    for match in _LIMIT.finditer(said):
        if len(_ZONE.findall(match[0])) > 1:  # which of them the number is of, nobody can say
            continue
        right = limits[match["zone"]][match["when"][0]]
        if int(match["v"] or match["w"]) not in right:
            told = "或".join(map(str, right))
            yield *match.span(), f"{match['zone']}类区{match['when'][0]}间的限值是{told}分贝"
