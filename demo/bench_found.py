"""What a bench showed, as it is printed, drawn and kept: ratios of one run, each with its limit where it has one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Self

from huanyu.errors import BadInput


@dataclass(frozen=True, slots=True)
class Figure:
    """One ratio against a peer measured in the same run."""

    what: str  #: Chinese
    value: float
    limit: float | None = None
    at_most: bool = True  #: the limit is the largest that holds, else the smallest

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.value <= self.limit if self.at_most else self.value >= self.limit


@dataclass(frozen=True, slots=True)
class Proof:
    """What one bench found."""

    holds: bool
    rows: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...] = ()
    points: tuple[
        tuple[int, float], ...
    ] = ()  #: a curve: how many posts there are, what one then costs beside the peer


@dataclass(frozen=True, slots=True)
class Found:
    """One bench as it was run somewhere; kept as JSON, so that a report can be made of runs of several days."""

    name: str
    asked: Mapping[str, Any]  #: how many posts, which seed; no address
    begun: str  #: ISO, Shanghai
    seconds: float
    machine: Mapping[str, str]
    proof: Proof
    problem: str = ""  #: why it found nothing, in Chinese

    @property
    def key(self) -> str:
        """Name of its file: runs of another size stand beside each other."""
        posts = self.asked.get("posts")
        return self.name if posts is None else f"{self.name}-{posts}"

    @property
    def holds(self) -> bool:
        return not self.problem and self.proof.holds and all(one.holds for one in self.proof.figures)

    def keep(self, folder: Path) -> None:
        """Write it down, over an earlier run of the same size."""
        path = folder / f"{self.key}.json"
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises BadInput naming the file."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            proof = told.pop("proof")
            figures = tuple(Figure(**one) for one in proof["figures"])
            rows = tuple((str(what), str(said)) for what, said in proof["rows"])
            points = tuple((int(posts), float(cost)) for posts, cost in proof["points"])
            return cls(**told, proof=Proof(bool(proof["holds"]), rows, figures, points))
        except (OSError, ValueError, TypeError, LookupError, AttributeError) as problem:
            raise BadInput(f"{path.name} 不是一次性能对比的结果") from problem
