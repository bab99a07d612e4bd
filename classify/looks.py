"""What a second look at each text would give, as `second_look` measured it: the figures and their table.

Reads one file beside the model card; knows no model.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import ValidationError

from huanyu.errors import ModelError

FILE = Path(__file__).parent / "second_look.json"

_TABLE = """
What they mean together was looked for once more, by `python -m classify.second_look DATA` on the same folds; nothing
that a text is measured by was learned from it. In brackets: by how much each differs from the shipped sum, as a 95 %
bootstrap interval over texts. **None of these is in the shipped model.**

| complaints told by | precision at recall 0.95 | 0.98 | Weibo: at recall 0.90 |
|---|---|---|---|
{rows}

Sentences apart: the model's margins of each sentence, and of them the highest, the mean, the lowest, the first and the
last. Pairs of words: which words stand in one clause, with words and neighbours, heard by two more linear heads. Trees:
gradient boosting of all scores, the form of a text and its sentences. An interval that holds 0 is no evidence of a gain.
"""


class Figure(BaseModel):
    """A precision, and how much it differs from that of the shipped sum."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float
    high: float

    def told(self) -> str:
        """The value, and the interval where there is one: the first look differs from itself by nothing."""
        differs = self.low or self.high
        return f"{self.value:.3f}" + (f" ({_signed(self.low)} – {_signed(self.high)})" if differs else "")


class Look(BaseModel):
    """One way of looking."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    at_95: Figure
    at_98: Figure
    weibo_at_90: Figure


class Looks(BaseModel):
    """second_look.json: all ways, the shipped sum first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: str  #: hash of the labelled rows, and of those that were read
    looks: tuple[Look, ...]


def read(corpus: str, path: Path = FILE) -> Looks | None:
    """What was measured on this corpus; None where that was another one. Raises ModelError for a damaged file."""
    if not path.exists():
        return None
    try:
        found = Looks.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise ModelError(f"{path}: {error.errors()[0]['msg']}") from error
    return found if found.corpus == corpus else None


def table(looks: Looks | None) -> str:
    """The paragraph of the model card; nothing where nothing was measured."""
    if looks is None:
        return ""
    return _TABLE.format(rows="\n".join(map(_row, looks.looks)))


def _signed(difference: float) -> str:
    return f"{difference:+.3f}".replace("-", "−")


def _row(look: Look) -> str:
    told = (look.at_95, look.at_98, look.weibo_at_90)
    return f"| {look.name} | {' | '.join(figure.told() for figure in told)} |"
