"""One row of bulletins.toml: a series of bulletins, when it is compiled, what it compares with, its template."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Literal
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator

from huanyu import blocks
from huanyu.periods import Span

Level = Literal["一般", "较大", "重大", "特别重大"]


class SeriesRow(BaseModel):
    """A series with numbers of its own (bulletins.toml)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    name: str  #: 每日舆情
    span: Span = "free"  #: the period of one issue; free: what somebody chose
    compiled: Literal["by_itself", "by_trigger", "at_signature"]
    at: time | None = None  #: by_itself: not before this time of day; nothing = the bureau's bulletin_time
    after_days: int = Field(default=1, ge=1)  #: by_itself: days after the period's end
    catch_up: int = Field(default=1, ge=1)  #: by_itself: how many missed periods are made up for
    about: Literal["", "ledger"] = ""  #: by_itself: only periods in which there was a line of the ledger
    levels: tuple[Level, ...] = ()  #: by_trigger: a case of one of these levels
    urgent: bool = False  #: by_trigger: or an urgent one
    within: int = Field(default=24, ge=1)  #: by_trigger: hours since the case was opened
    small_base: int = Field(default=1, ge=1)  #: below this many no percentage is told
    masthead: str = "环保舆情简报"
    copies: int = Field(default=0, ge=0)  #: 印数, printed under the imprint; 0 prints none
    title: str  #: with blocks {时段} {年} {月} {日} …
    template: str  #: a line = a block of its own, or text with blocks in it

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if fault := blocks.title_fault(self.title):
            raise ValueError(fault)
        if self.compiled == "by_itself" and self.span == "free":
            raise ValueError('compiled = "by_itself" 的系列要写 span: day week month quarter year')
        if self.compiled == "by_trigger" and not (self.levels or self.urgent):
            raise ValueError('compiled = "by_trigger" 的系列要写 levels 或 urgent = true')
        if not any(blocks.alone(line) in blocks.SECTIONS for line in self.template.splitlines()):
            raise ValueError("template 中至少要有一节")
        return self

    def faults(self) -> Iterator[tuple[int, str]]:
        """What is wrong in the template, by its own line numbers."""
        return blocks.faults(self.template)
