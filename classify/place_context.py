"""Which mention of a place counts: what the names around it confirm, deny or make certain.

Works on hits already found; knows neither the table nor how a text is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from classify.place_names import Hit
from classify.place_roles import Role
from huanyu.bureau import PlaceRow

# 聊城's 上海路 is not in 上海; 聊城街头 and 聊城路边 are in 聊城.
_STREET = re.compile("(?:路(?![上边旁口灯面段人过])|街(?![上边头道坊区])|大道|大街|牌照)")
# 黄河路 and 徒骇河花园 are no river; at 马颊河桥头, under its bridge and beside 徒骇河路边 one stands at it.
_NAMED_AFTER = re.compile(
    "路(?![边旁])|大?街|大道|社区|小区|花园|大?桥(?![头下上边底洞墩面梁附旁这那东西南北往])"
)
_ADMIN = frozenset({"city", "county", "elsewhere"})
_NATURAL = frozenset({"river", "landmark", "road"})
_NO_DISTRICT = frozenset("域段间")
_SURNAMES = frozenset("王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧苏")
_TITLE = re.compile("主任|书记|先生|女士|老师|经理|同学|师傅")
_JOINED = re.compile(r"\s*(?:[与和跟同及、到至]|以及)\s*")
_BREAK = re.compile(r"[\s，。！？；：、,.!?;:#@\[\]【】（）()“”\"]")
_TOWN = re.compile("([\u4e00-\u9fff]{2,3})(?:街道|镇|乡)(?![口上边间村])")
_NO_TOWN = frozenset("这那条个要些有各多全干内的么座处等某旁边附近")
_TOWN_OR_CITY = re.compile("([\u4e00-\u9fffA-Z]\\d{0,2})[市县区]$")
_NO_CITY = frozenset("我本全咱们各整贵该个到在于的是城市地县辖社小厂校园新老片景山灾")  # 我市, 小区, 城区
_WITHIN = re.compile("[省市县区 ]?")
_VILLAGE = re.compile("新?村|社区|居委")
#: Every other sign after a name leaves it what it is: with these begin _STREET, _NAMED_AFTER, _TITLE and _NO_DISTRICT.
TELLING = frozenset("路街大牌社小花桥主书先女老经同师") | _NO_DISTRICT
_REACH = 60  #: characters within which another place name serves as context
_PREFIX = 8  #: "济南市历城区柳林镇": this near, what stands before says where the township lies


class Found(NamedTuple):
    """A mention settled on one place."""

    hit: Hit
    row: PlaceRow
    context: str = ""  #: the words that made an ambiguous name certain
    within: str = ""  #: the township of a village
    role: Role | None = None  #: None = not weighed yet

    @property
    def county(self) -> str:
        return self.row.code[:6]


def is_bare(text: str, hit: Hit) -> bool:
    """Whether what follows can make neither a street nor a person nor anything else of the name."""
    return text[hit.end : hit.end + 1] not in TELLING


def names_something_else(text: str, hit: Hit) -> bool:
    """Whether a road, bridge or estate only bears the name of a river or landmark, or 高新区 is part of 高新区域."""
    if is_bare(text, hit):
        return False
    if hit.words.endswith("区") and text[hit.end : hit.end + 1] in _NO_DISTRICT:
        return True
    return _NAMED_AFTER.match(text, hit.end) is not None and all(
        form.row.level in _NATURAL for form in hit.forms
    )


def admin(text: str, hits: Sequence[Hit]) -> list[Found]:
    """Certain mentions of cities and counties, ours and others, without the streets and persons that bear such a name."""
    found = []
    for number, hit in enumerate(hits):
        form = hit.forms[0]
        if form.strict or form.row.level not in _ADMIN:
            continue
        before = hits[number - 1] if number else None
        if not (_is_street(text, hit, before) or _is_person(text, hit)):
            found.append(Found(hit, form.row))
    return found


def is_plain(text: str, hit: Hit) -> bool:
    """Whether a certain name standing alone means what it says: neither a street nor a person."""
    return hit.forms[0].row.level not in _ADMIN or not (_is_street(text, hit, None) or _is_person(text, hit))


def _is_person(text: str, hit: Hit) -> bool:
    """苏茌平主任 is somebody's name."""
    return (
        text[hit.start - 1 : hit.start] in _SURNAMES
        and len(hit.words) == 2
        and _TITLE.match(text, hit.end) is not None
    )


def _is_street(text: str, hit: Hit, before: Hit | None) -> bool:
    """临清路, and in 济南聊城路上 a street of the city named right before; no street is called 东昌府区路."""
    if is_bare(text, hit) or (len(hit.words) > 2 and hit.words[-1] in "区市"):
        return False
    adjoining = before is not None and before.end == hit.start and before.forms[0].row.level == "elsewhere"
    return _STREET.match(text, hit.end) is not None or (
        adjoining and text[hit.end : hit.end + 1] in {"路", "街"}
    )


def without_villages(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """Leave out what is the name of a village of the township right before: 古楼街道湖西社区, 西湖镇斜店村."""
    kept = list(hits[:1])
    for before, hit in pairwise(hits):
        below = before.end == hit.start and _is_township(before) and _is_township(hit)
        if not (below and _VILLAGE.match(text, hit.end)):
            kept.append(hit)
    return kept


def _is_township(hit: Hit) -> bool:
    return all(form.row.level == "township" for form in hit.forms)


def contradicted(text: str, hit: Hit, row: PlaceRow, frame: Iterable[Found]) -> bool:
    """Whether the name standing before says that this is somebody else's: 济南市历城区柳林镇, 莘县经济开发区."""
    before = None
    for one in frame:
        if one.hit.end <= hit.start and (before is None or one.hit.end > before.hit.end):
            before = one
    if before is None:
        return False
    between = text[before.hit.end : hit.start]
    if before.row.level == "elsewhere":
        return len(between) <= _PREFIX and not _BREAK.search(between)
    adjoining = len(between) <= 1 and not joins(between)
    return (
        adjoining and before.row.level == "county" and row.level != "river" and before.county != row.code[:6]
    )


def others_zone(text: str, hit: Hit, hits: Iterable[Hit]) -> bool:
    """Whether a bare 高新区 is that of a city or holds a township that the table does not know: A市高新区, 高新区麓谷街道."""
    town = _TOWN.match(text, hit.end)
    city = _TOWN_OR_CITY.search(text, max(0, hit.start - 4), hit.start)
    if not (town or city):
        return False
    edges = {edge for one in hits for edge in (one.start, one.end) if one is not hit}
    strange_town = town is not None and hit.end not in edges and not _NO_TOWN & set(town[1])
    return strange_town or (city is not None and hit.start not in edges and city[1][0] not in _NO_CITY)


def explained(
    text: str, hit: Hit, rows: Sequence[PlaceRow], found: Sequence[Found], frame: Sequence[Found]
) -> list[Found]:
    """The first of the rows that the nearest place of ours makes certain.

    While no other city is named the whole text is near, and one of our rivers will do.
    """
    if not found:
        return []
    foreign = any(one.row.level == "elsewhere" for one in frame)
    reach = _REACH if foreign else len(text)
    near = sorted(found, key=lambda one: distance(hit, one.hit)) if len(found) > 1 else found
    able = [
        one for one in near if distance(hit, one.hit) <= reach and not (foreign and one.row.level == "river")
    ]
    # One zone says nothing of where another lies.
    vague = {"city", "river", "road", "zone"} if rows[0].level == "zone" else {"city", "river", "road"}
    local = next((one for one in able if one.row.level not in vague or _side_by_side(text, hit, one)), None)
    context = local or next((one for one in able if one.row.level in {"city", "river", "road"}), None)
    if context is None:
        return []
    for row in rows:
        fits = local is None or row.code.startswith(local.county) or row.level in {"river", "road"}
        if fits and not contradicted(text, hit, row, frame):
            return [Found(hit, row, context=context.hit.words)]
    return []


def _side_by_side(text: str, hit: Hit, zone: Found) -> bool:
    """聊城高新区和度假区: zones named in one breath are of one city."""
    return zone.row.level == "zone" and joins(gap(text, hit, zone.hit))


def likely_townships(hit: Hit, found: Sequence[Found]) -> list[PlaceRow]:
    """Townships that have such a village, narrowed by the township or county named; alone, only a rare name counts."""
    rows = [form.row for form in hit.forms]
    townships = {one.row.code for one in found if one.row.level == "township"}
    counties = {one.county for one in found if one.row.level in {"county", "township", "landmark"}}
    zones = {one.row.unit for one in found if one.row.level == "zone"}
    named = [row for row in rows if row.code in townships]
    if named or counties or zones:
        return named or [row for row in rows if row.code[:6] in counties or row.unit in zones]
    rare = len(rows) == 1 and len(hit.words) >= (5 if hit.words.endswith("社区") else 4)
    return rows if rare else []


def village(hit: Hit, township: PlaceRow, found: Sequence[Found]) -> Found:
    row = township.model_copy(update={"name": hit.forms[0].village, "level": "village"})
    near = min(found, key=lambda one: distance(hit, one.hit))
    return Found(hit, row, context=near.hit.words, within=township.name)


def chains(text: str, found: Sequence[Found]) -> list[list[Found]]:
    """Mentions in the order of the text; those with nothing but 省, 市, 县, 区 between them are one chain."""
    if len(found) < 2:
        return [[one] for one in found]
    told: list[list[Found]] = []
    for one in sorted(found, key=lambda one: one.hit.start):
        end = told[-1][-1].hit.end if told else -2
        if one.hit.start <= end + 1 and _WITHIN.fullmatch(text, end, max(one.hit.start, end)):
            told[-1].append(one)
        else:
            told.append([one])
    return told


def distance(one: Hit, other: Hit) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def gap(text: str, one: Hit, other: Hit) -> str:
    return text[min(one.end, other.end) : max(one.start, other.start)]


def joins(between: str) -> bool:
    """Whether two names stand side by side: 甲和乙, 甲到乙."""
    return _JOINED.fullmatch(between) is not None
