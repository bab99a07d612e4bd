"""The table of rewards (rewards.toml): schemes, from which day which way in may claim, tiers, and why there is none.

Knows neither cases nor people; what follows from the rows is `cases.rewards`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import KIND_LABEL
from huanyu.redact import mask

WORDS = ("{number}", "{scheme}", "{until}", "{page}", "{phone}")  #: what a notice may say by name


class SchemeRow(Dated):
    """A reward of its own: what must be found, and how long it may be claimed."""

    key: str = Field(pattern=r"^[a-z_]+$")
    name: str = Field(min_length=2)  #: 有奖举报 | 通讯补贴
    findings: tuple[str, ...] = Field(min_length=1)  #: of the result: 属实 …
    claim_days: int = Field(ge=1, le=730)  #: calendar days from the notice, the day of it not counted
    most_yuan: int = Field(ge=1, le=1_000_000)  #: of one report, whatever the tier says
    pays: Literal["bank", "phone"] = (
        "bank"  #: to an account, or as credit of a telephone: no more is asked for
    )


class EntitledRow(Dated):
    """A way in that may claim under a scheme, from its day on: to widen the scheme is to add a row."""

    scheme: str
    #: keys of channels.toml or sources.toml, kinds of source (weibo, forum …), 网页举报
    channels: tuple[str, ...] = Field(min_length=1)
    name: str = Field(min_length=2)  #: in words


class TierRow(Dated):
    """What is paid within a scheme, where all that the row asks for is so; of several the one that pays most."""

    scheme: str
    key: str = Field(pattern=r"^[a-z0-9_]+$")
    name: str = Field(min_length=2)
    kinds: tuple[str, ...] = ()  #: families or leaves; empty = any
    measures: tuple[str, ...] = ()  #: keys of measures.toml, one of which was taken; empty = any
    fine_from: int | None = Field(default=None, ge=0)  #: yuan, this much or more
    fine_below: int | None = Field(default=None, ge=1)  #: yuan, less than this
    least_yuan: int = Field(ge=1)
    most_yuan: int = Field(ge=1)

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.least_yuan > self.most_yuan:
            raise ValueError("least_yuan 大于 most_yuan")
        if self.fine_from is not None and self.fine_below is not None and self.fine_from >= self.fine_below:
            raise ValueError("fine_from 不小于 fine_below")
        if unknown := [kind for kind in self.kinds if kind not in FAMILY_LABEL and kind not in KIND_LABEL]:
            raise ValueError(f"没有污染类型 {'、'.join(unknown)}")
        return self


class DenialRow(Dated):
    """Why a reporter gets nothing, as a person may say it."""

    key: str = Field(pattern=r"^[a-z_]+$")
    name: str = Field(min_length=4)


class RewardTable(Table):
    """All of rewards.toml."""

    duty_types: tuple[str, ...] = ()  #: types of item that come from somebody's duty: nobody is rewarded
    notice: str = (
        "您举报的问题已经查实，可以申领{scheme}，请在{until}前凭受理编号{number}和校验码办理：{page}"
    )
    scheme: tuple[SchemeRow, ...] = ()
    entitled: tuple[EntitledRow, ...] = ()
    tier: tuple[TierRow, ...] = ()
    denial: tuple[DenialRow, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        known = {row.key for row in self.scheme}
        meant = {row.scheme for row in self.entitled} | {row.scheme for row in self.tier}
        if strange := sorted(meant - known):
            raise ValueError(f"没有奖励办法 {'、'.join(strange)}")
        if mask(self.notice) != self.notice:
            raise ValueError("notice 中不能有姓名、电话、证件号")
        bare = self.notice
        for word in WORDS:
            bare = bare.replace(word, "")
        if "{" in bare or "}" in bare or any(word not in self.notice for word in ("{number}", "{until}")):
            raise ValueError(f"notice 要写明 {{number}} 和 {{until}}，只能用 {'、'.join(WORDS)}")
        return self

    def scheme_on(self, key: str, day: date) -> SchemeRow | None:
        return next((row for row in self.scheme if row.key == key and row.valid_on(day)), None)

    def schemes_on(self, day: date) -> tuple[SchemeRow, ...]:
        return tuple(row for row in self.scheme if row.valid_on(day))

    def entitled_to(self, scheme: str) -> Iterator[EntitledRow]:
        return (row for row in self.entitled if row.scheme == scheme)

    def tiers_on(self, scheme: str, day: date) -> tuple[TierRow, ...]:
        return tuple(row for row in self.tier if row.scheme == scheme and row.valid_on(day))

    def denials_on(self, day: date) -> tuple[DenialRow, ...]:
        return tuple(row for row in self.denial if row.valid_on(day))

    def name_of(self, scheme: str) -> str:
        return next((row.name for row in self.scheme if row.key == scheme), scheme)
