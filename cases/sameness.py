"""Whether a complaint and a known matter are one: places, named objects, kinds and wording, weighed.

Pure and without thresholds of action: what a score leads to is decided in `cases.intake`. A score is the share of
pairs like this one that were one matter (tests/quality/pairs.jsonl), so 0.95 may be wrong once in twenty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from functools import cached_property
from typing import Final

from cases import objects
from cases import spots
from huanyu.kinds import family
from huanyu.types import OpenMatter
from huanyu.types import Place

Likeness = Callable[[bytes, bytes], float]

NEAR_COPY: Final = 0.8  # lightly edited copies measure above, texts of one matter in other words far below
ALIKE: Final = 0.5  # a sentence added or changed in a copied text
RELATED: Final = 0.15  # one matter told by two people measures 0.06–0.2, strangers mostly below 0.1
JOINS: Final = 0.95
ASKS: Final = 0.8
LEAST: Final = 0.75  # the same kind in one township within days: about half are one matter
OBJECT: Final = 0.97  # above a place or an event alone
DOUBT: Final = 0.5  # something named keeps them apart
PASSING: Final = 120  #: characters of a text that is more than one complaint about one thing
TELLING: Final = 30  #: characters: a shorter text without a place is anybody's: 半夜飙车有没有人管
TOLD_APART: Final = (
    4  #: characters of a name, its ending among them, that two counties seldom share: 澜岸云庭, 鑫达化工
)
COPY_WINDOW: Final = timedelta(days=30)
MATTER_WINDOW: Final = timedelta(days=7)
EVENT_WINDOW: Final = timedelta(days=3)  # dead fish drift away
RECUR_WINDOW: Final = timedelta(days=90)  # 死灰复燃: as long as flow shows closed matters

#: A place this small, together with the kind, nearly names the polluter.
SPOT_LEVELS: Final = frozenset({"village", "landmark"})
WIDE_LEVELS: Final = frozenset({"township", "river"})
#: The bureau's table keeps industrial parks as landmarks, and many firms stand in each.
_PARK: Final = re.compile("园区|工业园|产业园|开发区|示范区|集聚区")
_STREETS: Final = ("路", "街", "巷", "大道", "胡同")
NAMED_WIDE: Final = ("镇", "乡", "街道")
#: Many keep shop there: one place, and not one matter.
CROWDED: Final = ("市场", "广场", "商场", "机场", "夜市")
_LETTERS: Final = re.compile(r"\w")

#: What two people see on one river is one event; seen elsewhere it tells nothing.
_PHENOMENA: Final = (
    re.compile("死.{0,3}鱼|鱼.{0,4}[死翻]|翻(?:肚|白)"),
    re.compile("[红褐黑绿紫]褐?色|酱油|墨[汁绿]|变色|颜色不对|又?黑又?臭|发[红黑绿紫]"),
)


@dataclass(frozen=True, slots=True)
class Likening:
    """How sure it is that a complaint belongs to a matter, and why."""

    matter: OpenMatter
    score: float  #: 0–1
    reason: str  #: Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What of a complaint is compared."""

    text: str
    kinds: tuple[str, ...]
    area: str
    places: tuple[Place, ...]
    signature: bytes
    said_at: datetime
    enterprises: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Clues:
    """What is known of a complaint and a matter before anything is weighed; each is looked for once it is asked for.

    Of most matters a complaint is compared with one or two clues say enough.
    """

    one: Complaint
    matter: OpenMatter
    alike: float
    apart: timedelta

    @cached_property
    def known(self) -> bool:
        """Both are of one county."""
        return bool(self.one.area) and self.one.area == self.matter.unit_area

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of places, which are no part of other names."""
        return _names(self.one, self.matter)

    @cached_property
    def elsewhere(self) -> bool:
        """Another village or township."""
        towns, theirs = _townships(self.one.places), _townships(self.matter.places)
        return spots.apart(self.one.text, self.matter.text) or (
            bool(towns and theirs) and not towns & theirs and not self.wide
        )

    @cached_property
    def others(self) -> bool:
        """A named thing of the same sort that is another."""
        return objects.differing(self.one.text, self.matter.text, self.names) or self.firms

    @cached_property
    def firms(self) -> bool:
        """Each names a firm that the other does not."""
        return _other_firms(self.one, self.matter)

    @cached_property
    def besides(self) -> bool:
        """A further thing of a sort both name."""
        return objects.besides(self.one.text, self.matter.text, self.names)

    @cached_property
    def clash(self) -> bool:
        """Another sort of culprit."""
        return spots.clash(spots.culprits(self.one.text), spots.culprits(self.matter.text))

    @cached_property
    def differently(self) -> bool:
        """Heard here, smelt there."""
        return spots.clash(spots.senses(self.one.text), spots.senses(self.matter.text))

    @cached_property
    def place(self) -> str:
        """The small place both name."""
        return _shared_place(self.one, self.matter, self.wide)

    @cached_property
    def wide(self) -> str:
        """The township or river both name."""
        return _shared_wide(self.one, self.matter)


def liken(one: Complaint, matter: OpenMatter, same: Likeness) -> Likening:
    """Weigh one complaint against one matter."""
    if elsewhere(one, matter):
        return Likening(matter, 0.0, "辖区不同")
    apart = abs(one.said_at - matter.last_post_at)
    if apart > (RECUR_WINDOW if matter.closed else COPY_WINDOW):
        return Likening(matter, 0.0, "相隔过久")
    alike = same(one.signature, matter.signature) if one.signature and matter.signature else 0.0
    copied = alike >= NEAR_COPY and apart <= COPY_WINDOW
    if not copied and not within_reach(one, matter):
        return Likening(matter, 0.0, "相隔过久")
    clues = Clues(one=one, matter=matter, alike=alike, apart=apart)
    if copied:
        return _by_copy(one, matter, clues)
    return max(
        (
            _by_object(one, matter, clues),
            _by_event(one, matter, clues),
            _by_kind(one, matter, clues),
        ),
        key=lambda likening: likening.score,
    )


def within_reach(one: Complaint, matter: OpenMatter) -> bool:
    """Whether a complaint in other words may still be of the matter: of an open one for some days only."""
    return matter.closed or abs(one.said_at - matter.last_post_at) <= MATTER_WINDOW


def akin(kinds: Collection[str], others: Collection[str]) -> bool:
    """Whether two readings may be of one thing: kinds of one family, or one of them not known."""
    families, known = {family(kind) for kind in kinds}, {family(kind) for kind in others}
    return bool(families & known) or not families - {"other"} or not known - {"other"}


def elsewhere(one: Complaint, matter: OpenMatter) -> bool:
    """Whether the two are of different counties; a text that names two may be of either."""
    if not one.area or not matter.unit_area or one.area == matter.unit_area:
        return False
    mine, theirs = {place.unit for place in one.places}, {place.unit for place in matter.places}
    return matter.unit_area not in mine and one.area not in theirs


def _by_copy(one: Complaint, matter: OpenMatter, clues: Clues) -> Likening:
    """The same text again: one matter, unless the places or names in it were exchanged."""
    reason = f"与{matter.number}文字基本相同（{clues.alike:.0%}）"
    if clues.elsewhere or clues.firms:
        return Likening(matter, DOUBT, f"{reason}，但{'地点' if clues.elsewhere else '单位'}不同")
    named = bool(one.places or one.enterprises or objects.mentions(one.text))
    sure = (
        not clues.others
        and not clues.differently
        and akin(one.kinds, matter.kinds)
        and (named or len(_LETTERS.findall(one.text)) >= TELLING)
    )
    return Likening(matter, max(clues.alike, JOINS) if sure else ASKS, reason)


def _by_object(one: Complaint, matter: OpenMatter, clues: Clues) -> Likening:
    """Named things outweigh kinds, which are read from few words; a name that every county has needs both counties."""
    named = _shared_name(one, matter, clues.names)
    if named is None:
        return Likening(matter, 0.0, "没有同一对象")
    reason = f"与{matter.number}同指“{named.name}”"
    if not (clues.known or named.sure) or (clues.firms and not named.sure):
        return Likening(matter, 0.0, reason)
    related = akin(one.kinds, matter.kinds)
    if clues.differently and (clues.clash or not related):
        return Likening(matter, DOUBT, f"{reason}，所反映的问题不同")
    if not related:
        return Likening(matter, ASKS, f"{reason}，类别不同")
    told = len(named.name) >= TOLD_APART and not named.everywhere and not _in_passing(one, matter)
    telling = told and (named.firm or _one_culprit(one, matter))
    sure = named.sure and (clues.known or bool(clues.wide) or telling)
    doubts = (
        (named.name.endswith(CROWDED) and clues.alike < RELATED)
        or clues.others
        or clues.elsewhere
        or clues.clash
        or clues.differently
        or clues.besides
        or not _alike_kinds(one, matter)
    )
    return Likening(matter, OBJECT if sure and not doubts else ASKS, f"{reason}，类别相近")


def _alike_kinds(one: Complaint, matter: OpenMatter) -> bool:
    """Whether both are of one leaf, of one sort of culprit, or of a kind nobody could tell."""
    unknown = not set(one.kinds) - {"other"} or not set(matter.kinds) - {"other"}
    return unknown or bool(set(one.kinds) & set(matter.kinds)) or _one_culprit(one, matter)


def _in_passing(one: Complaint, matter: OpenMatter) -> bool:
    """Of two texts that tell no county a long one names many things besides what it is about."""
    return not one.area and not matter.unit_area and max(len(one.text), len(matter.text)) > PASSING


def _one_culprit(one: Complaint, matter: OpenMatter) -> bool:
    return bool(spots.culprits(one.text) & spots.culprits(matter.text))


def _by_event(one: Complaint, matter: OpenMatter, clues: Clues) -> Likening:
    """Dead fish in one river within days: one event, surely so within one county."""
    rivers = [place.name for place in one.places if place.level == "river" and place.name in matter.text]
    if not rivers:
        return Likening(matter, 0.0, "不是同一现象")
    seen = any(sign.search(one.text) and sign.search(matter.text) for sign in _PHENOMENA)
    if not seen or clues.apart > EVENT_WINDOW or clues.elsewhere:
        return Likening(matter, 0.0, "不是同一现象")
    reason = f"与{matter.number}同在{rivers[0]}，现象相同，相隔不到三天"
    return Likening(matter, JOINS if clues.known else ASKS, reason)


def _by_kind(one: Complaint, matter: OpenMatter, clues: Clues) -> Likening:
    """Of one kind, near each other, and nothing named that keeps them apart."""
    if not akin(one.kinds, matter.kinds):
        return Likening(matter, 0.0, "类别不同")
    found = _by_place(one, matter, clues)
    if found.score and (clues.elsewhere or clues.others or clues.clash):
        return Likening(matter, 0.0, "所指的地点或对象不同")
    return found


def _by_place(one: Complaint, matter: OpenMatter, clues: Clues) -> Likening:
    """Near each other, whatever else is named."""
    shared = bool(set(one.kinds) & set(matter.kinds))
    found = _near(one, matter, clues) if shared else Likening(matter, 0.0, "地点不同")
    if clues.place and found.score < ASKS:
        return Likening(matter, ASKS, f"与{matter.number}同在{clues.place}，类别相近")
    if clues.wide and clues.apart <= EVENT_WINDOW and found.score < LEAST:
        return Likening(matter, LEAST, f"与{matter.number}同在{clues.wide}，类别相近，时间相近")
    return found


def _near(one: Complaint, matter: OpenMatter, clues: Clues) -> Likening:
    """Of the very same kind: the smaller the place and the more alike the words, the surer."""
    culprit = _one_culprit(one, matter)
    if clues.place:
        score = JOINS if culprit and clues.alike >= RELATED else 0.85
        return Likening(matter, score, f"与{matter.number}同在{clues.place}，类别相同")
    if clues.wide and clues.alike >= RELATED:
        score = JOINS if culprit and clues.alike >= ALIKE else ASKS
        return Likening(matter, score, f"与{matter.number}同在{clues.wide}，类别相同，文字相近")
    if line := objects.shared_line(one.text, matter.text, _but_streets(clues.names)):
        return Likening(matter, ASKS, f"与{matter.number}同在“{line}”，类别相同")
    if clues.known and clues.alike >= ALIKE:
        return Likening(matter, ASKS, f"与{matter.number}同辖区同类别，文字相近（{clues.alike:.0%}）")
    return Likening(matter, 0.0, "地点不同")


def _shared_name(one: Complaint, matter: OpenMatter, places: Sequence[str]) -> objects.Shared | None:
    """A firm of the bureau's table that both name, else whatever name stands in both texts."""
    both = sorted(set(one.enterprises) & set(matter.enterprises))
    if both:
        return objects.Shared(both[0], sure=True, firm=True)
    return objects.shared(one.text, matter.text, places)


def _other_firms(one: Complaint, matter: OpenMatter) -> bool:
    """Whether each names a firm that the other does not: none of the names is part of another."""
    mine, theirs = (
        set(one.enterprises) - set(matter.enterprises),
        set(matter.enterprises) - set(one.enterprises),
    )
    if not one.enterprises or not matter.enterprises:
        return False
    return any(not any(a in b or b in a for b in matter.enterprises) for a in mine) or any(
        not any(a in b or b in a for a in one.enterprises) for b in theirs
    )


def _shared_place(one: Complaint, matter: OpenMatter, wide: str) -> str:
    """The small place of both: of the bureau's table, or a village both texts name in one township."""
    for place in one.places:
        if place.level in SPOT_LEVELS and place.name == matter.place and not _PARK.search(place.name):
            return place.name
    village = spots.together(one.text, matter.text) if wide else ""
    return f"{wide}{village}" if village else ""


def _shared_wide(one: Complaint, matter: OpenMatter) -> str:
    """The township or river of both; one that needs context may stand in a text without having been found there."""
    wide = (place.name for place in one.places if place.level in WIDE_LEVELS or _PARK.search(place.name))
    named = next((name for name in wide if name == matter.place or name in matter.text), "")
    return named or (matter.place if matter.place.endswith(NAMED_WIDE) and matter.place in one.text else "")


def _but_streets(names: Collection[str]) -> tuple[str, ...]:
    """A street of the bureau's table is one all the same."""
    return tuple(name for name in names if not name.endswith(_STREETS))


def _townships(places: Collection[Place]) -> frozenset[str]:
    return frozenset(place.code[:9] for place in places if place.level in {"township", "village"})


def _names(one: Complaint, matter: OpenMatter) -> tuple[str, ...]:
    return (*(place.name for place in one.places), matter.place)
