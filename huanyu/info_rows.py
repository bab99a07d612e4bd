"""The table of 政府信息公开申请 (info_requests.toml): limits, ways in, sorts of applicants, kinds of answers.

Knows neither requests nor files.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table


class WayRow(Table):
    """How a request may come in, and which day counts as the day of receipt."""

    key: str = Field(pattern=r"^[a-z_]+$")
    name: str = Field(min_length=2)  #: 邮寄
    day: str = Field(min_length=4)  #: 签收之日


class ApplicantRow(Table):
    """Who asks, a column of the yearly table."""

    key: str = Field(pattern=r"^[a-z_]+$")
    group: str = Field(min_length=2)  #: 法人或其他组织
    name: str = Field(min_length=2)  #: 商业企业


class OutcomeRow(Dated):
    """One kind of answer, a line of the yearly table; lines of one group stand together."""

    key: str = Field(pattern=r"^[a-z0-9_]+$")
    group: str = Field(min_length=2)  #: 不予公开
    name: str = Field(min_length=2)  #: 属于国家秘密
    while_amending: bool = False  #: possible while the applicant is asked to put the request right, too
    review_first: bool = False  #: 行政复议 comes before 行政诉讼 (行政复议法 article 23)
    only_amending: bool = False  #: possible then alone, once that time is over


class DisputeRow(Table):
    """A way to dispute an answer, a group of columns of the yearly table."""

    key: str = Field(pattern=r"^[a-z_]+$")
    group: str = Field(min_length=2)  #: 行政诉讼
    name: str = Field(min_length=2)  #: 复议后起诉


class RulingRow(Table):
    """What may become of a dispute, a column of the yearly table."""

    key: str = Field(pattern=r"^[a-z_]+$")
    name: str = Field(min_length=2)  #: 结果维持


class InfoTable(Table):
    """All of info_requests.toml."""

    answer_days: int = Field(default=20, ge=1, le=60)  #: working days from the day of receipt
    extend_days: int = Field(default=20, ge=1, le=60)  #: working days, at most, once
    amend_notice_days: int = Field(default=7, ge=1, le=30)  #: working days to ask for 补正, once
    amend_days: int = Field(default=15, ge=1, le=90)  #: working days to put right, where nothing else is said
    consult_days: int = Field(default=15, ge=1, le=60)  #: working days a third party has
    yellow_days: int = Field(default=5, ge=1, le=20)  #: told so many working days before the limit
    remedy: str = ""  #: the last sentence of a 答复书; may name {city}
    remedy_first: str = ""  #: the same where 行政复议 comes first
    one_line: tuple[str, ...] = ()  #: groups that are one line of the yearly table
    way: tuple[WayRow, ...] = ()
    applicant: tuple[ApplicantRow, ...] = ()
    outcome: tuple[OutcomeRow, ...] = ()
    dispute: tuple[DisputeRow, ...] = ()
    ruling: tuple[RulingRow, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        for name, rows in (
            ("way", self.way),
            ("applicant", self.applicant),
            ("outcome", self.outcome),
            ("dispute", self.dispute),
            ("ruling", self.ruling),
        ):
            keys = [row.key for row in rows]
            if len(set(keys)) < len(keys):
                raise ValueError(f"{name} 的 key 不能重复")
        return self

    def way_of(self, key: str) -> WayRow | None:
        return next((row for row in self.way if row.key == key), None)

    def applicant_of(self, key: str) -> ApplicantRow | None:
        return next((row for row in self.applicant if row.key == key), None)

    def outcome_of(self, key: str) -> OutcomeRow | None:
        return next((row for row in self.outcome if row.key == key), None)

    def dispute_of(self, key: str) -> DisputeRow | None:
        return next((row for row in self.dispute if row.key == key), None)

    def ruling_of(self, key: str) -> RulingRow | None:
        return next((row for row in self.ruling if row.key == key), None)
