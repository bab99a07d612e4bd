"""Whether an issued bulletin still holds: each figure counted again, each sentence asked for its sources.

Pure: what the store counts now and what people changed since come from outside. A difference counts as explained
only where the changes account for all of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from types import MappingProxyType

from huanyu.types import Bulletin
from huanyu.types import Figure
from huanyu.types import LateChange
from huanyu.types import PaperCorrection
from huanyu.types import Section
from huanyu.types import Sentence

SAME, EXPLAINED, DIFFERS = "same", "explained", "differs"
OF_POSTS = "条"  #: unit of figures that count posts
#: figures that count posts of these sorts of source under a unit of the trade
RECEIVED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "weibo_received": frozenset({"weibo"}),
        "platform_received": frozenset({"platform"}),
        "petitions_received": frozenset({"hotline", "letter", "report"}),
    }
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What changed after the bulletin was issued."""

    labels: tuple[LateChange, ...] = ()  #: of posts said in the period
    labels_before: tuple[
        LateChange, ...
    ] = ()  #: of posts said in the period before, which it is compared with
    labels_year_before: tuple[LateChange, ...] = ()  #: of posts said in the same period a year before
    separated: frozenset[int] = frozenset()  #: posts taken out of their cases
    corrections: tuple[PaperCorrection, ...] = ()  #: 更正 of this bulletin
    narrowed: bool = (
        False  #: the bulletin is about part of the period's posts, not all of the above bear on it
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCheck:
    """One printed figure, counted again."""

    figure: Figure
    now: int | None  #: None where nothing counts it any more
    previous: int | None
    state: str  #: same | explained | differs
    year_before: int | None = None
    posts: tuple[int, ...] = ()  #: whose labels were changed later and bear on this figure
    put_right: tuple[PaperCorrection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """A sentence or table that rests on nothing."""

    heading: str
    text: str
    why: str  #: Chinese


def figures(made: Bulletin, fresh: Iterable[Figure], since: Since) -> tuple[FigureCheck, ...]:
    """Every figure of the bulletin beside its fresh count."""
    counted = {figure.key: figure for figure in fresh}
    return tuple(
        _checked(figure, counted.get(figure.key) or _none_left(figure), since) for figure in made.figures
    )


def _none_left(printed: Figure) -> Figure | None:
    """A line of a breakdown that is no longer there counts nothing; any other figure must be there."""
    if ":" not in printed.key:
        return None
    previous = None if printed.previous is None else 0
    year_before = None if printed.year_before is None else 0
    return replace(printed, value=0, ids=(), previous=previous, year_before=year_before)


def _checked(printed: Figure, now: Figure | None, since: Since) -> FigureCheck:
    put_right = tuple(one for one in since.corrections if one.figure == printed.key)
    state = _state(printed, now, put_right, since)
    touched: set[int] = set()
    if state != SAME and now is not None:
        periods = (since.labels, since.labels_before, since.labels_year_before)
        touched = {change.post_id for labels in periods for change in labels if _step(printed.key, change)}
        touched |= _other(printed, now) & _touchable(printed, since)
    return FigureCheck(
        figure=printed,
        now=None if now is None else now.value,
        previous=None if now is None else now.previous,
        year_before=None if now is None else now.year_before,
        state=state,
        posts=tuple(sorted(touched)),
        put_right=put_right,
    )


def _state(printed: Figure, now: Figure | None, put_right: Sequence[PaperCorrection], since: Since) -> str:
    if now is None:
        return DIFFERS
    if _same(printed, now):
        return SAME
    said = bool(put_right) and put_right[-1].correct == now.value
    value = said or _accounted(printed, now, since)
    return EXPLAINED if value and _comparisons(printed, now, since) else DIFFERS


def _same(printed: Figure, now: Figure) -> bool:
    return printed.value == now.value and _compared(printed) == _compared(now) and not _other(printed, now)


def _compared(figure: Figure) -> tuple[int | None, int | None]:
    """What the figure is compared with."""
    return figure.previous, figure.year_before


def _other(printed: Figure, now: Figure) -> set[int]:
    """Rows that only one of the two counted; nothing where either had too many to list them."""
    return set(printed.ids) ^ set(now.ids) if printed.ids and now.ids else set()


def _accounted(printed: Figure, now: Figure, since: Since) -> bool:
    """Whether the later changes are the whole difference of the value."""
    other = _other(printed, now)
    if other:
        return other <= _touchable(printed, since)
    return _adds_up(printed.key, printed.value, now.value, since.labels, since)


def _comparisons(printed: Figure, now: Figure, since: Since) -> bool:
    """Whether the later changes are the whole difference of each value it is compared with."""
    before = _adds_up(printed.key, printed.previous, now.previous, since.labels_before, since)
    return before and _adds_up(
        printed.key, printed.year_before, now.year_before, since.labels_year_before, since
    )


def _touchable(printed: Figure, since: Since) -> set[int] | frozenset[int]:
    """Posts that a later change may have taken out of the figure or put into it."""
    if printed.unit != OF_POSTS and printed.key not in RECEIVED:
        return frozenset()
    return {change.post_id for change in since.labels} | since.separated


def _adds_up(
    key: str, printed: int | None, now: int | None, labels: Iterable[LateChange], since: Since
) -> bool:
    """Whether the changes make this difference; of a narrowed bulletin some of them may not belong to it."""
    if printed is None or now is None:
        return printed == now
    difference, steps = now - printed, [_step(key, one) for one in labels]
    if since.narrowed:
        down, up = (sum(step for step in steps if step < 0), sum(step for step in steps if step > 0))
        return down <= difference <= up
    return difference == sum(steps)


def _step(key: str, change: LateChange) -> int:
    """What a changed label adds to the figure `key`: -1, 0 or 1."""
    family, _, rest = key.partition(":")
    before, after = int(change.was_complaint), int(change.is_complaint)
    if family == "kind":
        return after * (rest in change.kinds) - before * (rest in change.kinds_before)
    if family == "sentiment":
        told = change.sentiment_before and change.sentiment
        return (change.sentiment == rest) - (change.sentiment_before == rest) if told else 0
    counts = {
        **{name: change.source_kind in sorts for name, sorts in RECEIVED.items()},
        "area": change.area == rest,
        "source": change.source_kind == rest,
        "source_complaints": change.source == rest,
        "complaints_new": True,
        f"complaints_{change.source_kind}": True,
    }
    return (after - before) * int(counts.get(family, False))


def unsupported(made: Bulletin, known_cases: Collection[int]) -> tuple[Unsupported, ...]:
    """Every sentence and table with a number that rests on nothing this bulletin carries, or on a case that is gone."""
    keys = {figure.key for figure in made.figures}
    found: list[Unsupported] = []
    for section in made.sections:
        for sentence in section.sentences:
            if why := _fault(sentence, keys, known_cases):
                found.append(Unsupported(heading=section.heading, text=sentence.text, why=why))
        if _bare(section):
            found.append(Unsupported(heading=section.heading, text="（表格）", why="表中有数字而无出处"))
        found += [
            Unsupported(heading=section.heading, text=line.title, why=f"案件 {line.number} 已不在台账中")
            for line in section.items
            if line.case_id not in known_cases
        ]
    return tuple(found)


def _fault(sentence: Sentence, keys: Collection[str], cases: Collection[int]) -> str:
    if sentence.author:  # judgement and advice: a person answers for it by name
        return ""
    lost = [key for key in sentence.figures if key not in keys]
    lost += [f"案件 {case}" for case in sentence.cases if case not in cases]
    if lost:
        return f"出处不存在：{'、'.join(lost)}"
    if _DIGIT.search(sentence.text) and not (sentence.figures or sentence.cases):
        return "有数字而无出处"
    return ""


def _bare(section: Section) -> bool:
    told = _DIGIT.search("".join(cell for row in section.table for cell in row))
    return bool(told) and not any(sentence.figures or sentence.cases for sentence in section.sentences)
