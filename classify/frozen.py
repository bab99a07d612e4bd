"""What people at the desk said of texts: most of it to learn from, a fixed fifth never, to compare models by.

Values in, values out: knows neither where the labels came from nor how a model is made.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from classify import corpus
from classify import own_labels
from classify.corpus import Example
from classify.measure import Judged
from huanyu.types import PostType
from huanyu.types import SourceKind

EVERY = 5  #: one text in five, by its hash, is frozen: the same text on every run and every desk
LISTED = 20  #: numbers a refusal names


@dataclass(frozen=True, slots=True)
class DeskText:
    """A stored text and what a person said of it."""

    post: int  #: its number on the desk; all that is ever told of it
    example: Example
    kind: SourceKind
    origin: str  #: "" found by somebody | doubt | sample
    turn: int = 0  #: as how manieth it was said


@dataclass(frozen=True, slots=True)
class DeskLabels:
    """The judged texts of one desk."""

    learn: tuple[DeskText, ...] = ()
    frozen: tuple[DeskText, ...] = ()  #: never learnt from

    @property
    def examples(self) -> list[Example]:
        return [one.example for one in self.learn]


class Predicts(Protocol):
    """A model, old or new."""

    def predict(
        self, texts: Sequence[str], kinds: Sequence[SourceKind | None] | None = None
    ) -> Sequence[Judged]: ...


@dataclass(frozen=True, slots=True)
class Lost:
    """One figure that fell."""

    label: str  #: Chinese
    before: float
    after: float
    texts: int
    posts: tuple[int, ...]  #: found before and not now

    def __str__(self) -> str:
        more = " 等" if len(self.posts) > LISTED else ""
        named = "、".join(map(str, self.posts[:LISTED]))
        fell = f"{self.label}从 {self.before:.3f} 降到 {self.after:.3f} ({self.texts} 条)"
        return f"{fell}, 丢了帖文 {named}{more}" if self.posts else fell


@dataclass(frozen=True, slots=True)
class Comparison:
    """A new model beside the old one, on the frozen texts."""

    texts: int
    complaints: int
    lost: tuple[Lost, ...]

    @property
    def told(self) -> str:
        """Chinese, for a refusal or a report."""
        if self.lost:
            return "; ".join(map(str, self.lost))
        return f"冻结的 {self.texts} 条 (投诉 {self.complaints} 条) 上召回没有下降"


def divide(texts: Sequence[DeskText]) -> DeskLabels:
    """A text said twice counts once, by its last label; one in `EVERY` is frozen."""
    last = {
        own_labels.key(one.example.text): one for one in sorted(texts, key=lambda one: (one.turn, one.post))
    }
    is_frozen = {key: int(key, 16) % EVERY == 0 for key in last}
    return DeskLabels(
        learn=tuple(one for key, one in last.items() if not is_frozen[key]),
        frozen=tuple(one for key, one in last.items() if is_frozen[key]),
    )


def apart(desk: DeskLabels, known: Sequence[Example]) -> DeskLabels:
    """The labels beside a corpus: nothing is learnt twice, nothing is compared by that has kin among what is learnt."""
    there = {own_labels.key(example.text) for example in known}
    learn = tuple(one for one in desk.learn if own_labels.key(one.example.text) not in there)
    learnt = [*(example.text for example in known), *(one.example.text for one in learn)]
    groups = corpus.groups([*learnt, *(one.example.text for one in desk.frozen)])
    taken = set(groups[: len(learnt)])
    kept = zip(desk.frozen, groups[len(learnt) :], strict=True)
    return DeskLabels(learn=learn, frozen=tuple(one for one, group in kept if group not in taken))


def compare_models(old: Predicts, new: Predicts, frozen: Sequence[DeskText]) -> Comparison:
    """Read the frozen texts with both models and compare."""
    texts, kinds = [one.example.text for one in frozen], [one.kind for one in frozen]
    return compare(old.predict(texts, kinds), new.predict(texts, kinds), frozen)


def compare(old: Sequence[Judged], new: Sequence[Judged], truth: Sequence[DeskText]) -> Comparison:
    """Which recall the new readings lose against the old ones."""
    figures: list[tuple[str, Callable[[Example], bool], Callable[[Judged], bool]]] = [
        ("投诉召回率", _is_complaint, lambda one: one.is_complaint),
        ("投诉判为投诉或交人判断的比例", _is_complaint, lambda one: one.is_complaint or one.unsure),
        ("紧急召回率", lambda example: example.urgent, lambda one: one.urgent),
    ]
    lost = [_lost(label, true, told, old, new, truth) for label, true, told in figures]
    return Comparison(
        texts=len(truth),
        complaints=sum(_is_complaint(one.example) for one in truth),
        lost=tuple(one for one in lost if one is not None),
    )


def _is_complaint(example: Example) -> bool:
    return example.type is PostType.COMPLAINT


def _lost(
    label: str,
    true: Callable[[Example], bool],
    told: Callable[[Judged], bool],
    old: Sequence[Judged],
    new: Sequence[Judged],
    truth: Sequence[DeskText],
) -> Lost | None:
    rows = [
        (one.post, told(before), told(after))
        for one, before, after in zip(truth, old, new, strict=True)
        if true(one.example)
    ]
    found, still = sum(before for _, before, _ in rows), sum(after for _, _, after in rows)
    if still >= found:
        return None
    posts = tuple(post for post, before, after in rows if before and not after)
    return Lost(label, found / len(rows), still / len(rows), len(rows), posts)
