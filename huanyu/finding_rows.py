"""What a unit may report as data: measures, legal bases, and what a result must have (measures, bases, quality .toml).

Knows the shape of the tables; what is wrong with a result is decided by `cases.quality`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from huanyu.dated import Dated
from huanyu.dated import Table

#: Fields of a result that a row of quality.toml may ask for.
Asked = Literal[
    "found",
    "measure",
    "people",
    "bases",
    "rectify_by",
    "public_answer",
    "measurements",
    "next_step",
    "photos",
]


class MeasureRow(Dated):
    """One measure of the controlled list (measures.toml)."""

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)  #: 责令改正
    partner: str = ""  #: who carries it out with us: 供电公司, 公安 …


class BasisRow(Dated):
    """One unlawful act, the articles that forbid it and those that punish it (bases.toml)."""

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)  #: 逃避监管排放水污染物
    law: str = Field(min_length=1)  #: as in publisher/data/laws.toml
    articles: tuple[str, ...] = Field(min_length=1)  #: 第三十九条
    penalty: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  #: families of kinds it belongs to; none = any

    @property
    def citation(self) -> str:
        """《水污染防治法》第三十九条、第八十三条"""
        return f"《{self.law}》{'、'.join((*self.articles, *self.penalty))}"


class NeedRow(Table):
    """Something a result must have, where the conditions fit; no condition = always."""

    field: Asked
    least: int = Field(default=1, ge=1)  #: characters of a text, else how many
    told: str = Field(min_length=4)  #: Chinese: what is missing, and what to do
    findings: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    fined: bool = False  #: only where a fine is given
    source: str = ""


class FileRow(Table):
    """A kind of file that may be kept with a case; what a file is, its bytes say."""

    key: Literal["picture", "pdf", "sound", "film"]
    name: str
    most_mb: int = Field(ge=1)


class QualityTable(Table):
    """What a result must have, and who looks at it before an answer is written (quality.toml)."""

    need: tuple[NeedRow, ...] = ()
    outcome: tuple[str, ...] = ()  #: 立行立改, 限期整改 …
    filler: tuple[str, ...] = ()  #: phrases that say nothing: 已整改到位
    substance: int = Field(default=6, ge=1)  #: characters that must remain beside the filler
    review_levels: tuple[str, ...] = ()  #: of these levels a person looks first
    review_lanes: tuple[str, ...] = ()  #: and of these lanes
    review_incidents: bool = True  #: and of incidents
    file: tuple[FileRow, ...] = ()
    most_files: int = Field(default=10, ge=1)  #: at once
    most_megapixels: int = Field(default=64, ge=1)  #: a picture may unfold to, all its frames together

    def most_bytes(self, kind: str) -> int:
        """How large a file of this kind may be; 0 where none is taken."""
        return next((row.most_mb * 1024 * 1024 for row in self.file if row.key == kind), 0)
