"""Where every printed number comes from: figures by key, and the check that refuses a number without a source.

Pure; knows the nouns of a bulletin and nothing of its looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from bulletins import topics
from huanyu.errors import Blocked
from huanyu.text import normalise
from huanyu.types import Bulletin
from huanyu.types import CaseLine
from huanyu.types import Figure
from huanyu.types import Figures
from huanyu.types import Row
from huanyu.types import Section
from huanyu.types import Sentence
from huanyu.types import SourceLine

_DIGIT = re.compile(r"\d")
#: rows of the breakdowns become figures too, so that a table cell is re-computable like a sentence
_BREAKDOWNS = {
    "kind": ("by_kind", "条"),
    "area": ("by_area", "条"),
    "sentiment": ("by_sentiment", "条"),
    "state": ("by_state", "件"),
    "source": ("by_source", "条"),
    "trend": ("trend", "件"),
}


def row_key(row: Row) -> str:
    """The raw key of a breakdown row."""
    return row.key or row.label


def measured(figures: Figures) -> tuple[Figure, ...]:
    """Every number of the period as a figure; breakdown rows are keyed `kind:noise.construction`, `source:weibo` …

    `topic:POST` and `heat:POST` are a hot topic's, by its earliest post;
    `source_posts:KEY` and `source_complaints:KEY` are what each configured source gave.
    """
    return (
        *figures.counts,
        *figures.cells,
        *_breakdowns(figures),
        *_trend_before(figures),
        *_per_source(figures.sources),
        *topics.figures(figures),
    )


def _breakdowns(figures: Figures) -> Iterator[Figure]:
    for prefix, (name, unit) in _BREAKDOWNS.items():
        for row in getattr(figures, name):
            key = row_key(row)
            yield Figure(key=f"{prefix}:{key}", value=row.count, unit=unit, label=row.label, query=name)


def _trend_before(figures: Figures) -> Iterator[Figure]:
    """The dashed line of the trend: the same query as the solid one, of earlier days."""
    drawn = {row_key(row) for row in figures.trend}
    for row in figures.trend_before:
        if row_key(row) not in drawn:
            yield Figure(
                key=f"trend:{row_key(row)}", value=row.count, unit="件", label=row.label, query="trend"
            )


def _per_source(lines: Iterable[SourceLine]) -> Iterator[Figure]:
    for line in lines:
        yield Figure(
            key=f"source_posts:{line.key}", value=line.posts, unit="条", label=line.name, query="sources"
        )
        yield Figure(
            key=f"source_complaints:{line.key}",
            value=line.complaints,
            unit="条",
            label=line.name,
            query="sources",
        )


def lines(figures: Figures) -> tuple[CaseLine, ...]:
    """Every case the period's figures name, once."""
    listed = (
        *figures.new_cases,
        *figures.open_cases,
        *figures.overdue,
        *figures.answered,
        *figures.unanswered,
        *figures.returned,
        *figures.reopened,
        *figures.repeated,
    )
    return tuple({line.case_id: line for line in listed}.values())


def refuse_unsupported(
    sections: Iterable[Section],
    figures: Iterable[Figure],
    cases: Iterable[int],
    typed: Iterable[str] = (),
) -> None:
    """Raise Blocked when a sentence or table prints a number that rests on nothing, or on nothing we know.

    `typed` is what people wrote for this issue: only that may be printed as a person's words.
    """
    by_hand = tuple(normalise(text) for text in typed)
    known_keys = {figure.key for figure in figures}
    known_cases = set(cases)
    for section in sections:
        for sentence in section.sentences:
            if sentence.author:
                _check_typed(section.heading, sentence, by_hand)
            else:
                _check(section.heading, sentence, known_keys, known_cases)
        if _DIGIT.search("".join(cell for row in section.table for cell in row)) and not _sources(section):
            raise Blocked("简报表格中有数字而无出处，不能编发", section=section.heading)


def _check(heading: str, sentence: Sentence, known_keys: set[str], known_cases: set[int]) -> None:
    if _DIGIT.search(sentence.text) and not (sentence.figures or sentence.cases):
        raise Blocked("简报语句中有数字而无出处，不能编发", section=heading, sentence=sentence.text)
    strange = [key for key in sentence.figures if key not in known_keys]
    strange += [f"case {case}" for case in sentence.cases if case not in known_cases]
    if strange:
        raise Blocked(
            "简报语句的出处不存在，不能编发",
            section=heading,
            sentence=sentence.text,
            sources="、".join(strange),
        )


def _check_typed(heading: str, sentence: Sentence, typed: Sequence[str]) -> None:
    if not any(text and sentence.text.endswith(text) for text in typed):
        raise Blocked("署名的话不是本人所写，不能编发", section=heading, sentence=sentence.text)


def _sources(section: Section) -> bool:
    return any(sentence.figures or sentence.cases for sentence in section.sentences)


def figure_keys(bulletin: Bulletin) -> tuple[str, ...]:
    """Keys of the figures the bulletin's text and tables rest on, in order of first use."""
    used = (
        key for section in bulletin.sections for sentence in section.sentences for key in sentence.figures
    )
    return tuple(dict.fromkeys(used))


def case_ids(bulletin: Bulletin) -> tuple[int, ...]:
    """The cases the bulletin's text and entries rest on, in order of first use."""
    used: list[int] = []
    for section in bulletin.sections:
        used += [case for sentence in section.sentences for case in sentence.cases]
        used += [line.case_id for line in section.items]
    return tuple(dict.fromkeys(used))


def differences(bulletin: Bulletin, figures: Figures) -> list[str]:
    """What a fresh count says differently from what was printed, in Chinese; empty when every figure holds."""
    fresh = {figure.key: figure for figure in measured(figures)}
    found = []
    for figure in bulletin.figures:
        now = fresh.get(figure.key)
        if now is None:
            found.append(f"{figure.label}（{figure.key}）：刊载{figure.value}{figure.unit}，现无法复算")
        elif _all(now) != _all(figure):
            found.append(
                f"{figure.label}（{figure.key}）：刊载{figure.value}{figure.unit}，"
                f"复算{now.value}{figure.unit}{_before(figure, now)}"
            )
    return found


def _all(figure: Figure) -> tuple[int | None, ...]:
    return figure.value, figure.previous, figure.year_before


def _before(printed: Figure, now: Figure) -> str:
    """What the periods it was compared with say differently."""
    pairs = (("上期", printed.previous, now.previous), ("上年", printed.year_before, now.year_before))
    return "".join(f"；{name}{was}，复算{new}" for name, was, new in pairs if was != new)
