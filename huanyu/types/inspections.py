"""督察信访件: a batch as the inspectors handed it over, and what it says of each case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEntry:
    """What the sheet that came with a batch says."""

    campaign: str  #: of a row of supervision.toml
    level: str  #: 中央 | 省
    number: int  #: 第×批
    team: str  #: who handed it over
    received_on: date
    due: date
    told_items: int  #: how many letters the sheet says there are
    told_focus: int  #: and how many of them are 重点关注


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionBatch(BatchEntry):
    """A batch that was taken in."""

    id: int
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """What the list of a batch says of one letter; the rest is the case's."""

    place: int  #: 序号
    number: str  #: 受理编号
    focus: bool  #: 重点关注
    problem: str  #: 交办问题基本情况, masked
    areas: tuple[str, ...]  #: county codes, zones, or the word for the city's own units
    matters: tuple[str, ...]  #: names of supervision.toml
    units: tuple[str, ...]  #: 责任单位, as the list writes them


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionItem(ItemEntry):
    """A letter of a batch; how it is handled is its case's."""

    id: int
    batch_id: int
    case_id: int
    accountable: str  #: 责任人被处理情况
    version: int  #: compare-and-set
