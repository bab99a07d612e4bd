"""How many complaints are missed, estimated from drawn posts; counts in, estimate out.

Horvitz–Thompson over cells (a day's band): each judged post stands for population / judged of its cell. The
interval is Fay and Feuer's for weighted counts (1997): it holds with few or no misses, and errs on the wide side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

TAIL = 0.025  #: of a 95 % interval, each side
_STEPS = 200  #: of a bisection: far below the last digit of a float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day's band."""

    day: date
    stratum: str
    population: int  #: posts called no complaint
    drawn: int
    judged: int
    missed: tuple[int, ...]  #: posts that a person called a complaint


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the judged posts say of all that were called no complaint."""

    population: int  #: of the cells somebody judged in
    judged: int
    missed: float  #: posts, estimated
    low: float
    high: float
    ids: tuple[int, ...]  #: the missed ones that were drawn


@dataclass(frozen=True, slots=True)
class Share:
    """Missed complaints of all complaints, 0–1."""

    value: float
    low: float
    high: float


def estimate(cells: Sequence[Cell]) -> Estimate | None:
    """The estimate over these cells; None while nobody has judged any."""
    judged = [cell for cell in cells if cell.judged]
    if not judged:
        return None
    weights = [cell.population / cell.judged for cell in judged]
    pairs = [(weight, len(cell.missed)) for weight, cell in zip(weights, judged, strict=True)]
    low, high = interval(pairs)
    population = sum(cell.population for cell in judged)
    return Estimate(
        population=population,
        judged=sum(cell.judged for cell in judged),
        missed=sum(weight * count for weight, count in pairs),
        low=low,
        high=min(high, float(population)),
        ids=tuple(sorted(post_id for cell in judged for post_id in cell.missed)),
    )


def share(found: Estimate, caught: int, by_people: int) -> Share | None:
    """The same as a share of all complaints; `by_people`: missed as well, but somebody happened upon them."""

    def of(missed: float) -> float:
        return (missed + by_people) / (missed + by_people + caught)

    if caught + by_people + found.high <= 0:
        return None
    return Share(*(of(missed) if caught + by_people + missed else 0.0 for missed in _ends(found)))


def interval(weighted: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """Ends of a 95 % interval of a sum of counts, each with its weight."""
    total = sum(weight * count for weight, count in weighted)
    spread = sum(weight * weight * count for weight, count in weighted)
    widest = max(weight for weight, _ in weighted)
    low = 0.0 if not total else _gamma(TAIL, total * total / spread) * spread / total
    above, wider = total + widest, spread + widest * widest
    return low, _gamma(1 - TAIL, above * above / wider) * wider / above


def _ends(found: Estimate) -> tuple[float, float, float]:
    return found.missed, found.low, found.high


def _gamma(share_below: float, shape: float) -> float:
    """The quantile of a gamma distribution of scale 1, by bisection."""
    low, high = 0.0, shape + 20 * math.sqrt(shape) + 20
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _below(shape, middle) < share_below:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _below(shape: float, value: float) -> float:
    """The regularised lower incomplete gamma function, by its series."""
    if value <= 0:
        return 0.0
    term = total = 1 / shape
    at = shape
    while term > total * 1e-15:
        at += 1
        term *= value / at
        total += term
    return min(1.0, total * math.exp(shape * math.log(value) - value - math.lgamma(shape)))
