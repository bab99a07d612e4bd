"""Whether a complaint and a known matter are one: places, named objects, kinds and wording, weighed.

Pure and without thresholds of action: what a score leads to is decided in `cases.intake`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Final

from cases import objects
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
COPY_WINDOW: Final = timedelta(days=30)
MATTER_WINDOW: Final = timedelta(days=7)
EVENT_WINDOW: Final = timedelta(days=3)  # dead fish drift away
RECUR_WINDOW: Final = timedelta(days=90)  # 死灰复燃: as long as flow shows closed matters

#: A place this small, together with the kind, nearly names the polluter.
SPOT_LEVELS: Final = frozenset({"village", "landmark"})
WIDE_LEVELS: Final = frozenset({"township", "river"})
_TOWNSHIP: Final = ("镇", "乡", "街道")

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


def liken(one: Complaint, matter: OpenMatter, same: Likeness) -> Likening:
    """Weigh one complaint against one matter."""
    if one.area and matter.unit_area and one.area != matter.unit_area:
        return Likening(matter, 0.0, "辖区不同")
    apart = abs(one.said_at - matter.last_post_at)
    if apart > (RECUR_WINDOW if matter.closed else COPY_WINDOW):
        return Likening(matter, 0.0, "相隔过久")
    alike = same(one.signature, matter.signature) if one.signature and matter.signature else 0.0
    copied = alike >= NEAR_COPY and apart <= COPY_WINDOW
    if not copied and apart > MATTER_WINDOW and not matter.closed:
        return Likening(matter, 0.0, "相隔过久")
    others = objects.differing(one.text, matter.text, _names(one, matter))
    if copied:
        score = max(alike, JOINS) if not others else ASKS
        return Likening(matter, score, f"与{matter.number}文字基本相同（{alike:.0%}）")
    best = max(
        (_by_object(one, matter), _by_event(one, matter, apart), _by_place(one, matter, alike, apart)),
        key=_score,
    )
    if others and best.score < OBJECT:
        return replace(best, score=min(best.score, ASKS))
    return best


def akin(kinds: Collection[str], others: Collection[str]) -> bool:
    """Whether two readings may be of one thing: kinds of one family, or one of them not known."""
    families, known = {family(kind) for kind in kinds}, {family(kind) for kind in others}
    return bool(families & known) or not families - {"other"} or not known - {"other"}


def _by_object(one: Complaint, matter: OpenMatter) -> Likening:
    """Named things outweigh kinds, which are read from few words; a name that every county has needs both counties."""
    named = objects.shared(one.text, matter.text, _names(one, matter))
    if named is None:
        return Likening(matter, 0.0, "没有同一对象")
    known = bool(one.area) and one.area == matter.unit_area
    reason = f"与{matter.number}同指“{named.name}”"
    if not (known or named.sure):
        return Likening(matter, 0.0, reason)
    sure = named.sure and (known or not named.everywhere)
    if not akin(one.kinds, matter.kinds):
        return Likening(matter, ASKS, f"{reason}，类别不同")
    return Likening(matter, OBJECT if sure else ASKS, f"{reason}，类别相近")


def _by_event(one: Complaint, matter: OpenMatter, apart: timedelta) -> Likening:
    """Dead fish in one river within days: one event, surely so within one county."""
    rivers = [place.name for place in one.places if place.level == "river" and place.name in matter.text]
    seen = any(sign.search(one.text) and sign.search(matter.text) for sign in _PHENOMENA)
    if not rivers or not seen or apart > EVENT_WINDOW:
        return Likening(matter, 0.0, "不是同一现象")
    known = bool(one.area) and one.area == matter.unit_area
    return Likening(
        matter, JOINS if known else ASKS, f"与{matter.number}同在{rivers[0]}，现象相同，相隔不到三天"
    )


def _by_place(one: Complaint, matter: OpenMatter, alike: float, apart: timedelta) -> Likening:
    wide = _shared_wide(one, matter)
    alike_kinds = bool(set(one.kinds) & set(matter.kinds))
    if wide and apart <= EVENT_WINDOW and akin(one.kinds, matter.kinds):
        found = Likening(matter, LEAST, f"与{matter.number}同在{wide}，类别相近，时间相近")
    else:
        found = Likening(matter, 0.0, "地点不同" if alike_kinds else "类别不同")
    return max(found, _by_kind(one, matter, alike, wide), key=_score) if alike_kinds else found


def _by_kind(one: Complaint, matter: OpenMatter, alike: float, wide: str) -> Likening:
    """Of one kind, and near each other."""
    if any(place.level in SPOT_LEVELS and place.name == matter.place for place in one.places):
        score = JOINS if alike >= RELATED else 0.85
        return Likening(matter, score, f"与{matter.number}同在{matter.place}，类别相同")
    if wide:
        return Likening(matter, _stepped(alike, 0.6), f"与{matter.number}同在{wide}，类别相同，文字相近")
    if line := objects.shared_line(one.text, matter.text, _names(one, matter)):
        return Likening(matter, ASKS, f"与{matter.number}同在“{line}”，类别相同")
    if one.area and one.area == matter.unit_area and alike >= ALIKE:
        return Likening(matter, ASKS, f"与{matter.number}同辖区同类别，文字相近（{alike:.0%}）")
    return Likening(matter, 0.0, "地点不同")


def _shared_wide(one: Complaint, matter: OpenMatter) -> str:
    """The township or river of both; one that needs context may stand in a text without having been found there."""
    wide = (place.name for place in one.places if place.level in WIDE_LEVELS)
    named = next((name for name in wide if name == matter.place or name in matter.text), "")
    return named or (matter.place if matter.place.endswith(_TOWNSHIP) and matter.place in one.text else "")


def _stepped(alike: float, least: float) -> float:
    if alike >= ALIKE:
        return JOINS
    return ASKS if alike >= RELATED else least


def _names(one: Complaint, matter: OpenMatter) -> tuple[str, ...]:
    return (*(place.name for place in one.places), matter.place)


def _score(likening: Likening) -> float:
    return likening.score
