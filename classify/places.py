"""Free text to the townships, counties and zones of the bureau's table, and which texts are about other cities.

Knows the table it is given and nothing else: no file, no clock, no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from classify.place_names import Finder
from classify.place_names import Hit
from classify.place_names import of_places
from classify.place_names import of_villages
from huanyu.bureau import PlaceRow
from huanyu.text import simplify
from huanyu.types import Place

# 聊城's 上海路 is not in 上海; 聊城街头 and 聊城路边 are in 聊城.
_STREET = re.compile("(?:路(?![上边旁口灯面段人过])|街(?![上边头道坊区])|大道|大街|牌照)")
# 黄河路 and 徒骇河花园 are no river; at 马颊河桥头, under its bridge and beside 徒骇河路边 one stands at it.
_NAMED_AFTER = re.compile(
    "路(?![边旁])|大?街|大道|社区|小区|花园|大?桥(?![头下上边底洞墩面梁附旁这那东西南北往])"
)
_NATURAL = frozenset({"river", "landmark"})
_NATIVE = re.compile("人(?![民社大武流行口才防居工医间家])")  # 冠县人 tells where somebody is from, no more
_JOINED = re.compile(r"\s*(?:[与和跟同及、到至]|以及)\s*")
_BREAK = re.compile(r"[\s，。！？；：、,.!?;:#@\[\]【】（）()“”\"]")
_PARTICLES = frozenset(
    "在的是到去和与跟及我们你他这那有从离自为给让把被就对看，。！？；：、,.!?;:#@[]【】（）() \n"
)
_REACH = 60  #: characters within which another place name serves as context
_PREFIX = 8  #: "济南市历城区柳林镇": this near, what stands before says where the township lies
_COARSE = {"county": 1, "zone": 1, "city": 2}


@dataclass(frozen=True, slots=True)
class Survey:
    """What a text says about where it happens."""

    places: tuple[Place, ...]  #: best first
    out_of_town: bool


@dataclass(frozen=True, slots=True)
class _Found:
    hit: Hit
    row: PlaceRow
    context: str = ""  #: the words that made an ambiguous name certain
    native: bool = False
    within: str = ""  #: the township of a village

    @property
    def county(self) -> str:
        return self.row.code[:6]


class Gazetteer:
    """The places of one bureau; built once, then only read, from any thread."""

    def __init__(self, rows: Sequence[PlaceRow], day: date | None = None) -> None:
        """Take the rows in force on `day`; without one, the rows that have not ended."""
        valid = [row for row in rows if (row.valid_on(day) if day else row.valid_to is None)]
        self._names = Finder(of_places(valid))
        self._villages = Finder(of_villages(valid))
        self._zones = {row.unit for row in valid if row.level == "zone"}

    def find(self, text: str) -> list[Place]:
        """The bureau's places named in a text, best first; a county is left out when a part of it is named."""
        return list(self.survey(text).places)

    def out_of_town(self, text: str) -> bool:
        """Whether a text names another city and no place of ours."""
        return self.survey(text).out_of_town

    def survey(self, text: str) -> Survey:
        """Both answers from one pass over the text."""
        text = simplify(text)
        hits = [hit for hit in self._names.hits(text) if not _names_something_else(text, hit)]
        if not hits:
            return Survey((), False)
        elsewhere, found = self._resolve(text, hits)
        home = any(one.row.level != "river" for one in found)
        kept = _ranked(_without_natives(self._absorb(text, found)))
        return Survey(tuple(self._place(one) for one in kept), bool(elsewhere) and not home)

    def _resolve(self, text: str, hits: Sequence[Hit]) -> tuple[list[_Found], list[_Found]]:
        """Other cities named, and our places: certain names first, then those the certain ones explain."""
        elsewhere = _admin(text, hits, {"elsewhere"})
        admin = _admin(text, hits, {"city", "county"})
        frame = sorted(elsewhere + admin, key=lambda one: one.hit.start)
        found = admin + self._certain(text, hits, frame, foreign=bool(elsewhere) and not admin)
        taken = {one.hit.start for one in found}
        for hit in hits:
            strict = [form.row for form in hit.forms if form.strict]
            if strict and hit.start not in taken:
                found += _explained(text, hit, strict, found, frame)
        return elsewhere, found + self._in_villages(text, found, frame)

    def _certain(
        self, text: str, hits: Sequence[Hit], frame: Sequence[_Found], *, foreign: bool
    ) -> list[_Found]:
        found = []
        for hit in hits:
            rows = [
                form.row
                for form in hit.forms
                if not form.strict and form.row.level not in {"city", "county", "elsewhere", "no_place"}
            ]
            fitting = [row for row in rows if not _contradicted(text, hit, row, frame)]
            # 高新区 exists in every city: ours only while nothing points elsewhere.
            if fitting and not (foreign and fitting[0].level == "zone"):
                found.append(_Found(hit, fitting[0]))
        return found

    def _in_villages(self, text: str, found: Sequence[_Found], frame: Sequence[_Found]) -> list[_Found]:
        if not any(one.row.level != "river" for one in found):
            return []
        ends = {one.hit.end for one in found}
        told = []
        for hit in self._villages.hits(text):
            if hit.start == 0 or hit.start in ends or text[hit.start - 1] in _PARTICLES:
                rows = [
                    row for row in _likely_townships(hit, found) if not _contradicted(text, hit, row, frame)
                ]
                if len({row.unit for row in rows}) == 1:
                    told.append(_village(hit, rows[0], found))
        return told

    def _absorb(self, text: str, found: Sequence[_Found]) -> list[_Found]:
        """Leave out what a finer place already says: 莘县 beside 古云镇, 东昌府区 before 许营镇 (which is 高新区's)."""
        return [one for one in found if not any(self._says_more(text, other, one) for other in found)]

    def _says_more(self, text: str, fine: _Found, coarse: _Found) -> bool:
        if fine.within and fine.row.code == coarse.row.code:
            return coarse.row.level == "township"
        if fine is coarse or not fine.row.unit or coarse.row.level not in _COARSE:
            return False
        if coarse.row.level == "city":
            return True
        if fine.row.level == coarse.row.level or fine.county != coarse.county:
            return False
        if fine.row.unit == coarse.row.unit:
            return fine.row.level not in _COARSE
        if coarse.row.level != "county" or fine.row.unit not in self._zones:
            return False
        gap = _gap(text, coarse.hit, fine.hit)
        if _JOINED.fullmatch(gap):
            return False
        return fine.row.level != "zone" or (coarse.hit.end <= fine.hit.start and len(gap) <= 2)

    def _place(self, found: _Found) -> Place:
        row, reason = found.row, f"文中“{found.hit.words}”"
        if found.context:
            reason += f"，附近有“{found.context}”"
        if found.hit.words != row.name:
            reason += f"，即{row.name}"
        if found.within:
            reason += f"，属{found.within}"
        if row.unit in self._zones and row.level != "zone":
            reason += f"，归{row.unit}"
        return Place(name=row.name, code=row.code, level=row.level, unit=row.unit, reason=reason)


def _names_something_else(text: str, hit: Hit) -> bool:
    """Whether a road, bridge or estate only bears the name of a river or landmark."""
    natural = all(form.row.level in _NATURAL for form in hit.forms)
    return natural and _NAMED_AFTER.match(text, hit.end) is not None


def _admin(text: str, hits: Iterable[Hit], levels: set[str]) -> list[_Found]:
    """Certain mentions of cities and counties, without streets named after them; 济南人 is no 济南."""
    found = []
    for hit in hits:
        form = hit.forms[0]
        if form.strict or form.row.level not in levels or _STREET.match(text, hit.end):
            continue
        native = _NATIVE.match(text, hit.end) is not None
        if not (native and form.row.level == "elsewhere"):
            found.append(_Found(hit, form.row, native=native))
    return found


def _contradicted(text: str, hit: Hit, row: PlaceRow, frame: Iterable[_Found]) -> bool:
    """Whether the name standing before says that this is somebody else's: 济南市历城区柳林镇, 莘县经济开发区."""
    before = max(
        (one for one in frame if one.hit.end <= hit.start), key=lambda one: one.hit.end, default=None
    )
    if before is None:
        return False
    gap = text[before.hit.end : hit.start]
    if before.row.level == "elsewhere":
        return len(gap) <= _PREFIX and not _BREAK.search(gap)
    adjoining = len(gap) <= 1 and not _JOINED.fullmatch(gap)
    return (
        adjoining and before.row.level == "county" and row.level != "river" and before.county != row.code[:6]
    )


def _explained(
    text: str, hit: Hit, rows: Sequence[PlaceRow], found: Sequence[_Found], frame: Sequence[_Found]
) -> list[_Found]:
    """The first of the rows that the nearest place of ours makes certain.

    While no other city is named the whole text is near, and one of our rivers will do.
    """
    foreign = any(one.row.level == "elsewhere" for one in frame)
    reach = _REACH if foreign else len(text)
    near = sorted(found, key=lambda one: _distance(hit, one.hit))
    able = [
        one for one in near if _distance(hit, one.hit) <= reach and not (foreign and one.row.level == "river")
    ]
    # One zone says nothing of where another lies.
    vague = {"city", "river", "zone"} if rows[0].level == "zone" else {"city", "river"}
    local = next((one for one in able if one.row.level not in vague), None)
    context = local or next((one for one in able if one.row.level in {"city", "river"}), None)
    if context is None:
        return []
    for row in rows:
        fits = local is None or row.code.startswith(local.county) or row.level == "river"
        if fits and not _contradicted(text, hit, row, frame):
            return [_Found(hit, row, context=context.hit.words)]
    return []


def _likely_townships(hit: Hit, found: Sequence[_Found]) -> list[PlaceRow]:
    """Townships that have such a village, narrowed by the township or county named; alone, only a rare name counts."""
    rows = [form.row for form in hit.forms]
    townships = {one.row.code for one in found if one.row.level == "township"}
    counties = {one.county for one in found if one.row.level in {"county", "township", "landmark"}}
    zones = {one.row.unit for one in found if one.row.level == "zone"}
    named = [row for row in rows if row.code in townships]
    if named or counties or zones:
        return named or [row for row in rows if row.code[:6] in counties or row.unit in zones]
    return rows if len(rows) == 1 and len(hit.words) >= 4 else []


def _village(hit: Hit, township: PlaceRow, found: Sequence[_Found]) -> _Found:
    row = township.model_copy(update={"name": hit.words, "level": "village"})
    near = min(found, key=lambda one: _distance(hit, one.hit))
    return _Found(hit, row, context=near.hit.words, within=township.name)


def _distance(one: Hit, other: Hit) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _gap(text: str, one: Hit, other: Hit) -> str:
    return text[min(one.end, other.end) : max(one.start, other.start)]


def _without_natives(found: Sequence[_Found]) -> list[_Found]:
    """Drop where the writer is from when the text also says where it happens."""
    rest = [one for one in found if not one.native]
    return rest if any(one.row.unit for one in rest) else list(found)


def _ranked(found: Sequence[_Found]) -> list[_Found]:
    """One per place: with a unit before without, finer before coarser, named often before once, earlier first."""
    count: dict[str, int] = {}
    first: dict[str, _Found] = {}
    for one in sorted(found, key=lambda one: one.hit.start):
        key = f"{one.row.code}{one.row.name}"
        count[key] = count.get(key, 0) + 1
        first.setdefault(key, one)
    order = sorted(
        first,
        key=lambda key: (
            not first[key].row.unit,
            _COARSE.get(first[key].row.level, 0),
            -count[key],
            first[key].hit.start,
        ),
    )
    return [first[key] for key in order]
