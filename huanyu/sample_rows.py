"""How much is drawn each day of what is called no complaint: [sample] in bureau.toml.

Knows the shape of the table, not how anything is drawn.
"""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator

_STRICT = ConfigDict(extra="forbid", frozen=True)


class SampleBand(BaseModel):
    """A band of probabilities, from its lower end up to the next one's."""

    model_config = _STRICT

    lower: float = Field(alias="from", ge=0, lt=1)
    draw: int = Field(ge=1)  #: posts a day


class SampleRow(BaseModel):
    """How many posts that are called no complaint go to a person each day ([sample] in bureau.toml)."""

    model_config = _STRICT

    band: tuple[SampleBand, ...] = (
        SampleBand(**{"from": 0.0}, draw=8),
        SampleBand(**{"from": 0.002}, draw=6),
        SampleBand(**{"from": 0.01}, draw=6),
    )
    overdue_days: int = Field(default=3, ge=1)  #: a drawn post that nobody judged for longer is told
    most_missed: float = Field(
        default=0.05, gt=0, lt=1
    )  #: share of complaints above which `doctor` speaks up

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        lowers = [band.lower for band in self.band]
        if not lowers or lowers[0] != 0 or lowers != sorted(set(lowers)):
            raise ValueError("band 的 from 应从 0 起逐档增大, 不能重复")
        return self

    @property
    def strata(self) -> tuple[tuple[str, float, float, int], ...]:
        """Name, lower end, upper end and size of each band."""
        uppers = [*(band.lower for band in self.band[1:]), 1.0]
        pairs = zip(self.band, uppers, strict=True)
        return tuple((f"{band.lower:g}-{upper:g}", band.lower, upper, band.draw) for band, upper in pairs)
