"""Free text to the townships, counties and zones of the bureau's table, and which texts are about other cities.

Knows the table it is given and nothing else: no file, no clock, no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from classify import place_context as context
from classify import place_names
from classify import place_roles
from classify import place_shapes
from classify.place_context import Found
from classify.place_names import Finder
from classify.place_names import Hit
from classify.place_names import of_places
from classify.place_names import of_villages
from classify.place_roles import Role
from classify.place_shapes import Shape
from huanyu.bureau import EnterpriseRow
from huanyu.bureau import PlaceRow
from huanyu.types import Place

_PARTICLES = frozenset(
    "在的是到去和与跟及我们你他这那有从离自为给让把被就对看，。！？；：、,.!?;:#@[]【】（）() \n"
)
_COARSE = {"county": 1, "zone": 1, "city": 2}
_WORDS = frozenset({"no_place", "product"})  #: rows that are no place at all
_NOT_CERTAIN = _WORDS | {"city", "county", "elsewhere"}
_PLAIN = frozenset({"city", "county", "township", "river", "landmark", "elsewhere"})
_OURS = frozenset({"city", "county"})
_REMEMBERED = 4096  #: shapes: the people of a city name a few of its places over and over


@dataclass(frozen=True, slots=True)
class Survey:
    """What a text says about where it happens."""

    places: tuple[Place, ...]  #: best first
    out_of_town: bool
    enterprises: tuple[tuple[str, str], ...] = ()  #: of the bureau's table: as written, and its name there


NOTHING: Final = Survey((), False)


class Gazetteer:
    """The places of one bureau; built once, then only read, from any thread."""

    def __init__(
        self,
        rows: Sequence[PlaceRow],
        day: date | None = None,
        enterprises: Sequence[EnterpriseRow] = (),
    ) -> None:
        """Take the rows in force on `day`; without one, the rows that have not ended."""
        valid = [row for row in rows if (row.valid_on(day) if day else row.valid_to is None)]
        firms = [row for row in enterprises if (row.valid_on(day) if day else row.valid_to is None)]
        names = of_places(
            [row for row in valid if row.level != "product"] + [_as_place(firm) for firm in firms]
        )
        self._forms = names
        self._names = Finder(names)
        self._villages = Finder(of_villages(valid, names))
        self._zones = {row.unit for row in valid if row.level == "zone"}
        self._firms = {firm.name for firm in firms}
        self._vague = {words for words, forms in names.items() if all(form.strict for form in forms)}
        self._products = place_roles.products(
            [word for row in valid if row.level == "product" for word in row.aliases]
        )
        self._far = {
            words for words, forms in names.items() if any(form.row.level == "elsewhere" for form in forms)
        }
        self._zonal = {
            words for words, forms in names.items() if any(form.row.level == "zone" for form in forms)
        }
        self._watched = context.TELLING | place_roles.TRAILING | self._products.begin
        self._plainest = lru_cache(_REMEMBERED)(self._plainest_of)
        self._of_shape = lru_cache(_REMEMBERED)(self._weigh)
        self._alone = {
            words: self._told_by(Hit(0, len(words), words, forms))
            for words, forms in names.items()
            if len(forms) == 1 and not forms[0].strict and forms[0].row.level in _PLAIN
        }

    def find(self, text: str) -> list[Place]:
        """The bureau's places named in a text, best first; a county is left out when a part of it is named."""
        return list(self.survey(text).places)

    def out_of_town(self, text: str) -> bool:
        """Whether a text names another city and no place of ours."""
        return self.survey(text).out_of_town

    def survey(self, text: str) -> Survey:
        """Both answers for one text, every name weighed."""
        (text,) = place_names.simplified([text])
        hits = self._names.hits(text)
        return self._survey(text, hits, self._villages.hits(text)) if hits else NOTHING

    def survey_all(self, texts: Sequence[str]) -> list[Survey]:
        """`survey` of each text, with one pass over all of them; most name no place, or one that needs no weighing."""
        return self.survey_plain(place_names.simplified(texts))

    def survey_plain(self, plain: Sequence[str]) -> list[Survey]:
        """`survey_all` of texts that `place_names.simplified` has been through, or would not change."""
        found = self._names.hits_of_each(plain)
        told = [number for number, hits in enumerate(found) if hits]
        villages = self._villages.hits_of_each([plain[number] for number in told])
        surveys = [NOTHING] * len(plain)
        for number, below in zip(told, villages, strict=True):
            text, hits = plain[number], found[number]
            surveys[number] = self._at_a_glance(text, hits, below) or self._survey(text, hits, below)
        return surveys

    def _at_a_glance(self, text: str, hits: Sequence[Hit], villages: Sequence[Hit]) -> Survey | None:
        """The answer where the names need no weighing, as `_survey` would give it; None where they do."""
        words = tuple([hit.words for hit in hits])
        if self._vague.issuperset(words):
            return NOTHING
        if villages or not self._are_scenes(text, hits):
            return None
        best = self._plainest(words)
        if best is not None:
            return self._alone[best]
        if len(hits) > place_shapes.MOST or self._far.intersection(words) or self._depend(text, hits):
            return None
        return self._of_shape(place_shapes.shape(text, hits))

    def _weigh(self, shape: Shape) -> Survey | None:
        """What `_survey` gives for every text of a shape in which nothing but the gaps tells of the names."""
        text, hits = "".join(shape), place_shapes.hits(shape, self._forms)
        told = self._are_scenes(text, hits) and not self._depend(text, hits)
        return self._survey(text, hits) if told else None

    def _are_scenes(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether the words beside each name make nothing else of it than where it happens."""
        accounts = "@" in text
        for hit in hits:
            if accounts and place_roles.within_account(text, hit):
                return False
            beside = text[hit.start - 1 : hit.start] in place_roles.LEADING or (
                text[hit.end : hit.end + 1] in self._watched
            )
            if (beside or place_roles.tells_of_home(text, hit)) and not self._is_scene(text, hit):
                return False
        return True

    def _is_scene(self, text: str, hit: Hit) -> bool:
        plain = context.is_bare(text, hit) or (
            context.is_plain(text, hit) and not context.names_something_else(text, hit)
        )
        return plain and place_roles.role(text, hit, self._products) is Role.SCENE

    def _depend(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether what follows or precedes them may put a zone into another city, or make a village of a township."""
        for hit in hits:
            if hit.words in self._zonal and context.others_zone(text, hit, hits):
                return True
        return len(hits) > 1 and len(context.without_villages(text, hits)) < len(hits)

    def _told_by(self, hit: Hit) -> Survey:
        """What one certain name says by itself."""
        row = hit.forms[0].row
        if row.level == "elsewhere":
            return Survey((), out_of_town=True)
        firms = ((hit.words, row.name),) if row.name in self._firms else ()
        return Survey((self._place(Found(hit, row, role=Role.SCENE)),), False, firms)

    def _plainest_of(self, words: tuple[str, ...]) -> str | None:
        """The one place all the names lead to: a township, after its county and city; or a county, a city, or elsewhere."""
        if not self._alone.keys() >= set(words):
            return None
        if len(words) == 1:
            return words[0]
        ranks: dict[str, list[str]] = {}
        for name in words:
            ranks.setdefault(self._forms[name][0].row.level, []).append(name)
        if set(ranks) == {"elsewhere"}:
            return words[0]
        cities, counties = ranks.pop("city", []), ranks.pop("county", [])
        fine = [name for rank in ranks.values() for name in rank] or counties[:1] or cities[:1]
        unit = self._forms[fine[0]][0].row.unit
        alike = all(self._forms[name][0].row.unit == unit for name in counties)
        return fine[0] if len(fine) == 1 and alike and (unit or not ranks) else None

    def _survey(self, text: str, found_hits: Sequence[Hit], villages: Sequence[Hit] = ()) -> Survey:
        real = [hit for hit in found_hits if not context.names_something_else(text, hit)]
        hits = context.without_villages(text, real)
        if not hits:
            return NOTHING
        elsewhere, found = self._resolve(text, hits, villages)
        away = any(one.role is Role.SCENE for one in elsewhere)
        kept = self._without_distant(_scenes(found, away=away))
        home = any(one.row.level not in {"river", "road"} for one in kept)
        firms = {one.hit.words: one.row.name for one in found if one.row.name in self._firms}
        return Survey(
            tuple(self._place(one) for one in _ranked(self._absorb(text, kept))),
            away and not home,
            tuple(firms.items()),
        )

    def _resolve(
        self, text: str, hits: Sequence[Hit], villages: Sequence[Hit]
    ) -> tuple[list[Found], list[Found]]:
        """Other cities named, and our places: certain names first, then those the certain ones explain."""
        accounts = place_roles.private_accounts(text)
        named = self._with_roles(text, context.admin(text, hits), accounts)
        elsewhere = [one for one in named if one.row.level == "elsewhere"]
        frame = [one for one in named if one.row.level != "elsewhere" or one.role is not Role.NATIVE]
        found = [one for one in named if one.row.level != "elsewhere"]
        found += self._certain(text, hits, frame)
        taken = {one.hit.start for one in found}
        for hit in hits:
            strict = [form.row for form in hit.forms if form.strict]
            if strict and hit.start not in taken:
                found += context.explained(text, hit, strict, found, frame)
        found += self._in_villages(text, villages, found, frame)
        return elsewhere, self._with_roles(text, found, accounts)

    def _with_roles(
        self, text: str, found: Sequence[Found], accounts: Sequence[tuple[int, int]]
    ) -> list[Found]:
        """What each is worth; of names that stand together (老家莘县古云镇的), all are worth what one is."""
        told: list[Found] = []
        for chain in context.chains(text, found):
            worth = Role.SCENE
            for one in chain:
                worth = one.role or place_roles.role(text, one.hit, self._products, accounts)
                if worth is not Role.SCENE:
                    break
            told += [one if one.role is worth else Found(*one[:-1], role=worth) for one in chain]
        return told

    def _certain(self, text: str, hits: Sequence[Hit], frame: Sequence[Found]) -> list[Found]:
        scenes = {one.row.level for one in frame if one.role is Role.SCENE}
        found = []
        for hit in hits:
            rows = [form.row for form in hit.forms if not form.strict and form.row.level not in _NOT_CERTAIN]
            if not rows:
                continue
            fitting = [row for row in rows if not context.contradicted(text, hit, row, frame)]
            # 高新区 exists in every city: ours only while nothing points elsewhere.
            if fitting and not (
                fitting[0].level == "zone"
                and not scenes & _OURS
                and (scenes or context.others_zone(text, hit, hits))
            ):
                found.append(Found(hit, fitting[0]))
        return found

    def _in_villages(
        self, text: str, villages: Sequence[Hit], found: Sequence[Found], frame: Sequence[Found]
    ) -> list[Found]:
        if not villages or not any(one.row.level != "river" for one in found):
            return []
        ends = {one.hit.end for one in found}
        told = []
        for hit in villages:
            if hit.start == 0 or hit.start in ends or text[hit.start - 1] in _PARTICLES:
                rows = [
                    row
                    for row in context.likely_townships(hit, found)
                    if not context.contradicted(text, hit, row, frame)
                ]
                if len({row.unit for row in rows}) == 1:
                    told.append(context.village(hit, rows[0], found))
        return told

    def _without_distant(self, found: Sequence[Found]) -> list[Found]:
        """An enterprise or a road gives its place only where the text names no other."""
        weak = [one.row.level == "road" or one.row.name in self._firms for one in found]
        if True not in weak:
            return list(found)
        units = {one.row.unit for one, hint in zip(found, weak, strict=True) if not hint} | {""}
        return [
            one
            for one, hint in zip(found, weak, strict=True)
            if not hint or len(units) == 1 or one.row.unit in units
        ]

    def _absorb(self, text: str, found: Sequence[Found]) -> list[Found]:
        """Leave out what a finer place already says: 莘县 beside 古云镇, 东昌府区 before 许营镇 (which is 高新区's)."""
        if len(found) < 2:
            return list(found)
        return [one for one in found if not any(self._says_more(text, other, one) for other in found)]

    def _says_more(self, text: str, fine: Found, coarse: Found) -> bool:
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
        between = context.gap(text, coarse.hit, fine.hit)
        if context.joins(between):
            return False
        return fine.row.level != "zone" or (coarse.hit.end <= fine.hit.start and len(between) <= 2)

    def _place(self, found: Found) -> Place:
        row, reason = found.row, f"文中“{found.hit.words}”"
        if found.context:
            reason += f"，附近有“{found.context}”"
        if found.hit.words != row.name:
            reason += f"，即{row.name}"
        if found.within:
            reason += f"，属{found.within}"
        if row.unit in self._zones and row.level != "zone":
            reason += f"，归{row.unit}"
        if found.role is not Role.SCENE:
            reason += "（文中没有更确切的地点）"
        return Place(name=row.name, code=row.code, level=row.level, unit=row.unit, reason=reason)


def _as_place(firm: EnterpriseRow) -> PlaceRow:
    return PlaceRow(name=firm.name, code=firm.code, level="landmark", unit=firm.unit, aliases=firm.aliases)


def _scenes(found: Sequence[Found], *, away: bool) -> list[Found]:
    """Where it happens; home towns and directions only while no scene is told, here or in another city."""
    scenes = [one for one in found if one.role is Role.SCENE]
    if away or any(one.row.unit for one in scenes):
        return scenes
    return scenes + [one for one in found if one.role in {Role.ASIDE, Role.NATIVE}]


def _ranked(found: Sequence[Found]) -> list[Found]:
    """One per place: with a unit before without, finer before coarser, named often before once, earlier first."""
    if len(found) < 2:
        return list(found)
    count: dict[str, int] = {}
    first: dict[str, Found] = {}
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
