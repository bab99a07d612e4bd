"""Limits and who is told when one runs out: rows of clocks.toml and escalation.toml.

Knows no case and no calendar; what a row means for a case is decided in `cases.clocks` and `cases.ladder`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table
from huanyu.types import SourceKind

Unit = Literal[
    "hours", "office_hours", "office_minutes", "same_day", "calendar_days", "working_days", "typed"
]  # fmt: skip
#: where a limit begins that does not begin with the matter itself, and which limits do
STARTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "rectified": ("rectify",),
        "answered": ("revisit", "appeal"),
        "requested": ("reexamine", "reverify"),
    }
)
UNMEASURED = frozenset({"same_day", "typed"})
Act = Literal["accepted", "forwarded", "contact", "reply", "press_held"]


class ExtendRow(Table):
    """延期: how much more time a limit may be given, how often, and by whom."""

    amount: int = Field(gt=0)  #: at most, each time
    unit: Literal["hours", "calendar_days", "working_days"]
    times: int = Field(default=1, gt=0)  #: in one round of a case
    by: tuple[Literal["press", "leader"], ...] = ("press", "leader")  #: roles that decide


class ClockRow(Dated):
    """A limit (clocks.toml); the first row that fits counts for each `name`."""

    name: Literal[
        "accept", "first_response", "press", "inform", "handling", "sign", "opinion", "arrive",
        "rectify", "revisit", "objection", "appeal", "reexamine", "reverify",
    ]  # fmt: skip
    label: str
    amount: int = Field(default=0, ge=0)
    unit: Unit
    id: str = ""  #: tells one row from another in the history of a case
    start: Literal["learned", "accepted", "assigned", "rectified", "answered", "requested"] = "learned"
    typed: str = ""  #: unit = typed: the field of the item (item_types.toml) that says the day
    levels: tuple[str, ...] = ()  #: 一般 较大 重大 特别重大; empty = all
    kinds: tuple[SourceKind, ...] = ()  #: source kinds; empty = all
    matters: tuple[str, ...] = ()  #: kinds of problem, whole families too; empty = all
    types: tuple[str, ...] = ()  #: item types; empty = all
    channels: tuple[str, ...] = ()  #: by which channel it came; empty = all
    lanes: tuple[str, ...] = ()  #: fast = 环境投诉“110”; empty = all
    campaigns: tuple[str, ...] = ()
    urgent: bool | None = None
    whole: bool = False  #: of the item as it was told, not of the parts it was split into
    met_by: tuple[Act, ...] = ()  #: what meets it, beside the state that ends it
    extend: ExtendRow | None = None  #: None = no more time is given

    @property
    def dated(self) -> tuple[str, ...]:
        """The field of the item it goes by, as the other names of a row are."""
        return (self.typed,) if self.typed else ()

    @model_validator(mode="after")
    def _measured(self) -> Self:
        if (self.amount == 0) != (self.unit in UNMEASURED):
            raise ValueError("amount 应大于 0；unit 为 typed（来件写明）、same_day（当日）的不写 amount")
        if bool(self.typed) != (self.unit == "typed"):
            raise ValueError("unit 为 typed（来件写明）的要写 typed（事项的哪一项写明日期），其余的不写")
        for start, names in STARTS.items():
            if (self.name in names) != (self.start == start):
                told = "、".join(names)
                raise ValueError(f"start = {start} 只用于 {told}，{told} 也只能从那时起算")
        return self


class LadderRow(Dated):
    """Who is told of a limit that nears its end or is over (escalation.toml); first row that fits, per `stage`."""

    stage: Literal["yellow", "red", "up1", "up2", "up3", "again"]
    clocks: tuple[str, ...] = ()  #: names of limits; empty = every one
    not_clocks: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    after: int = 0  #: after the limit is over; yellow: working days before
    unit: Literal["hours", "working_days"] = "working_days"
    to: tuple[Literal["unit", "parent", "office", "leader", "duty"], ...] = Field(min_length=1)
    any_hour: bool = False  #: by night and on days off, too
