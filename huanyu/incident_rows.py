"""The table of incidents (incidents.toml): what points to one, who is told within how many hours, and what a report says.

Knows neither cases nor files.
"""

from __future__ import annotations

from typing import Final
from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table

LEVELS: Final = ("一般", "较大", "重大", "特别重大")
Level = Literal["一般", "较大", "重大", "特别重大"]


class GradeRow(Dated):
    """Who must be told of an incident of this level, and how soon."""

    level: Level
    hours: int = Field(ge=1, le=24)
    to: tuple[str, ...] = Field(min_length=1)


class SignRow(Dated):
    """What points to an incident; a person declares it."""

    key: str = Field(min_length=1)
    name: str  #: Chinese: shown as the reason
    words: tuple[str, ...] = Field(min_length=1)  #: any of them stands in the text
    and_words: tuple[str, ...] = ()  #: and any of these too
    not_words: tuple[str, ...] = ()
    level: Level = "一般"  #: proposed; what cannot be judged yet is reported as 重大


class ReportRow(Dated):
    """One kind of report."""

    kind: Literal["初报", "续报", "处理结果报告"]
    when: str  #: Chinese
    contents: tuple[str, ...] = Field(min_length=1)
    hours: int = 0  #: after the end of the incident; 0 = see the grade, or at any time


class IncidentTable(Table):
    """All of incidents.toml."""

    levels: tuple[Level, ...] = ()  #: a case of such a level is proposed, whatever its words
    warn_minutes: int = Field(
        default=60, ge=5, le=600
    )  #: before a report is due, the office is told once more
    grade: tuple[GradeRow, ...] = ()
    sign: tuple[SignRow, ...] = ()
    report: tuple[ReportRow, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.grade and not self.sign:
            return self
        if missing := [level for level in LEVELS if level not in {row.level for row in self.grade}]:
            raise ValueError(f"grade 缺少等级{'、'.join(missing)}的报告时限")
        kinds = {row.kind for row in self.report}
        if missing := [kind for kind in ("初报", "续报", "处理结果报告") if kind not in kinds]:
            raise ValueError(f"report 缺少{'、'.join(missing)}")
        return self
