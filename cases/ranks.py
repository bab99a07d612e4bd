"""Rates and ranks: exact parts of wholes, equals told as equals, few told as few.

Values in, values out; nothing is rounded before it is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

NONE: Final = "—"


@dataclass(frozen=True, slots=True)
class Rule:
    """How ranks are told: see rankings.toml."""

    few: int = 5
    ties: str = "printed"  #: printed | exact
    after_ties: str = "skip"  #: skip | next
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, by the cases it counts; the part is among the whole, one case may stand there twice."""

    part: tuple[int, ...] = ()
    whole: tuple[int, ...] = ()

    @property
    def rate(self) -> Fraction | None:
        """None of nothing."""
        return Fraction(len(self.part), len(self.whole)) if self.whole else None


def rounded(value: Fraction, digits: int) -> Decimal:
    """Half away from zero, as people do it by hand."""
    scaled = abs(value) * 10**digits
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    told = Decimal(whole).scaleb(-digits)
    return -told if value < 0 and whole else told


def ranks(values: Mapping[str, Fraction], digits: int, less_is_better: bool, rule: Rule) -> dict[str, int]:
    """The rank of each, 1 the best; equals share one, and the next is left out or not, as the rule says."""
    shown = {key: rounded(one, digits) if rule.ties == "printed" else one for key, one in values.items()}
    if rule.after_ties == "next":
        order = sorted(set(shown.values()), reverse=not less_is_better)
        return {key: order.index(one) + 1 for key, one in shown.items()}
    order = sorted(shown.values(), reverse=not less_is_better)
    return {key: order.index(one) + 1 for key, one in shown.items()}


def told(share: Share, rule: Rule) -> str:
    """75.0%（9/12） of enough, 3/4 of few, — of none."""
    rate = share.rate
    if rate is None:
        return NONE
    counts = f"{len(share.part)}/{len(share.whole)}"
    return f"{rounded(rate * 100, rule.digits)}%（{counts}）" if enough(share, rule) else counts


def enough(share: Share, rule: Rule) -> bool:
    """Whether a rate of it says anything."""
    return len(share.whole) >= rule.few


def moved(before: int | None, now: int | None) -> str:
    """How a rank has changed; "" where one of them is none."""
    if before is None or now is None:
        return NONE
    if before == now:
        return "持平"
    return f"上升{before - now}位" if before > now else f"下降{now - before}位"


def improved(before: Fraction, now: Fraction, less_is_better: bool) -> Fraction | None:
    """By how many percent a figure is better than a year ago, negative where it is worse; None where it was nothing."""
    if not before:
        return None
    change = (before - now) / before * 100
    return change if less_is_better else -change


def ends(ranked: Mapping[str, int], best: int, worst: int) -> tuple[list[str], list[str]]:
    """Who is named at the top and at the bottom, the best first; equals all. None is named twice.

    Where there are fewer than both ends together, all are the top.
    """
    order = sorted(ranked, key=lambda key: ranked[key])
    if len(order) <= best + worst:
        return order, []
    top = [key for key in order if ranked[key] <= ranked[order[best - 1]]] if best else []
    last = ranked[order[-worst]] if worst else len(order) + 1
    return top, [key for key in order if ranked[key] >= last and key not in top]


def sums(shares: Sequence[Share]) -> Share:
    """All of them together."""
    return Share(
        tuple(one for share in shares for one in share.part),
        tuple(one for share in shares for one in share.whole),
    )
