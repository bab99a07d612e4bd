"""What rows of configuration have in common: nothing unknown, nothing that changes, and a time they are in force.

Knows no table; the tables are `huanyu.bureau` and the modules named after their rows.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel
from pydantic import ConfigDict


class Table(BaseModel):
    """A row of configuration: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Table):
    source: str = ""  #: law and article, official page, or "惯例, 待核实"
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the row is in force on `day`, both ends included."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)
