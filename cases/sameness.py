"""Whether a complaint and a known matter are one: places, named objects, kinds and wording, weighed.

Pure and without thresholds of action: what a score leads to is decided in `cases.intake`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

from huanyu.types import OpenMatter
from huanyu.types import Place

Likeness = Callable[[bytes, bytes], float]

NEAR_COPY: Final = 0.8  # lightly edited copies measure above, texts of one matter in other words far below
ALIKE: Final = 0.5  # a sentence added or changed in a copied text
RELATED: Final = 0.15  # one matter told by two people measures 0.06–0.2, strangers mostly below 0.1
COPY_WINDOW: Final = timedelta(days=30)
MATTER_WINDOW: Final = timedelta(days=7)
RECUR_WINDOW: Final = timedelta(days=90)  # 死灰复燃: as long as flow shows closed matters

#: A place this small, together with the kind, nearly names the polluter.
SPOT_LEVELS: Final = frozenset({"village", "landmark"})
WIDE_LEVELS: Final = frozenset({"township", "river"})

# Names end in one of these; where a name begins is found by comparing two texts backwards from there.
_OBJECT: Final = re.compile(
    "小区|花园|家园|公寓|嘉园|新城|公司|集团|化工厂|水泥厂|养殖场|养猪场|养鸡场|养鸭场|养牛场|猪场|鸡场|酒店|饭店|酒楼|烧烤|火锅|超市|市场"
    "|学校|中学|小学|幼儿园|医院|广场|工地|项目|搅拌站|垃圾站|中转站|厂"
)
# Before an ending these words only point ("我们小区", "楼下饭店", "建筑工地") and name nothing.
_POINTING: Final = re.compile(
    "(?:我们?|你们?|他们?|咱们?|俺们?|这|那|哪|某|本|该|各|每|几|两|一|二|三|个|家|座|处|片|的|了|在|和|与|到|从|往|是|有|被|把"
    "|旁边?|边|附近|周[围边]|对面|楼[下上]|隔壁|门口|[前后上下里外]面|居民|住宅|投诉|举报|反映|建筑|施工|建设|在建"
    "|拆迁|装修|农贸|菜|建材|批发|大型|小型|大|小|新建|新开|不知名|无名)*"
)
_ADMINISTRATIVE: Final = ("市", "区", "县", "镇", "乡", "街道")  # "许营镇养殖场" may be any of several
_LEAST_NAME: Final = 2  # characters before the ending: 金鼎|小区


@dataclass(frozen=True, slots=True)
class Likening:
    """How sure it is that a complaint belongs to a matter, and why."""

    matter: OpenMatter
    score: float  #: 0–1
    reason: str  #: Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What of a complaint is compared; `objects` come from `objects_in`, once for many matters."""

    objects: tuple[tuple[str, str], ...]
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
    if alike >= NEAR_COPY and apart <= COPY_WINDOW:
        return Likening(matter, max(alike, 0.95), f"与{matter.number}文字基本相同（{alike:.0%}）")
    if apart > MATTER_WINDOW and not matter.closed:
        return Likening(matter, 0.0, "相隔过久")
    if not set(one.kinds) & set(matter.kinds):
        return Likening(matter, 0.0, "类别不同")
    return _by_place(one, matter, alike)


def objects_in(text: str) -> tuple[tuple[str, str], ...]:
    """Everything in a text that may be a named firm, estate or school: what stands before, and the ending.

    No word cutting: where the name begins is found by comparing with the other text (`shared_object`).
    """
    return tuple((text[: found.start()], found[0]) for found in _OBJECT.finditer(text))


def shared_object(objects: tuple[tuple[str, str], ...], other: str) -> str:
    """The longest name that stands in both texts, or ""."""
    names = (
        _agreeing(before, ending, other)
        for before, ending in objects
        if f"{before[-_LEAST_NAME:]}{ending}" in other
    )
    return max(names, key=len, default="")


def _by_place(one: Complaint, matter: OpenMatter, alike: float) -> Likening:
    named = shared_object(one.objects, matter.text)
    levels = {place.level for place in one.places if matter.place and place.name == matter.place}
    if named:
        # Many counties have an 实验小学: without both counties known a person looks.
        score = 0.95 if one.area and one.area == matter.unit_area else 0.85
        return Likening(matter, score, f"与{matter.number}同指“{named}”，类别相同")
    if levels & SPOT_LEVELS:
        score = 0.95 if alike >= RELATED else 0.85
        return Likening(matter, score, f"与{matter.number}同在{matter.place}，类别相同")
    if levels & WIDE_LEVELS:
        return Likening(
            matter, _stepped(alike, 0.6), f"与{matter.number}同在{matter.place}，类别相同，文字相近"
        )
    if one.area and one.area == matter.unit_area and alike >= ALIKE:
        return Likening(matter, 0.8, f"与{matter.number}同辖区同类别，文字相近（{alike:.0%}）")
    return Likening(matter, 0.0, "地点不同")


def _stepped(alike: float, least: float) -> float:
    if alike >= ALIKE:
        return 0.95
    return 0.8 if alike >= RELATED else least


def _agreeing(before: str, ending: str, other: str) -> str:
    """The longest name before `ending` on which both texts agree, without words that only point."""
    return max(
        (_trimmed(before, other[: found.start()], ending) for found in re.finditer(ending, other)), key=len
    )


def _trimmed(before: str, there: str, ending: str) -> str:
    length = 0
    for mine, theirs in zip(reversed(before), reversed(there), strict=False):
        if mine != theirs or not mine.isalnum():
            break
        length += 1
    name = _POINTING.sub("", before[len(before) - length :], count=1)
    return f"{name}{ending}" if _names(name) else ""


def _names(words: str) -> bool:
    return len(words) >= _LEAST_NAME and not words.endswith(_ADMINISTRATIVE)
