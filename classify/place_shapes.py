"""Place names without the text around them: which they are, and what stands between them, as far as that counts.

Knows nothing of places; that texts of one shape tell the same of theirs is for `places` to make sure of.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from itertools import pairwise

from classify.place_context import joins
from classify.place_names import Form
from classify.place_names import Hit

Shape = tuple[str, ...]  #: names and what is between them, in turn

MOST = 3  #: names: with more, how far each is from each of the others would count
_NEAR = 2  #: characters between two names that are looked at; of more, only which gap is the wider
_STOP = "。"


def shape(text: str, hits: Sequence[Hit]) -> Shape:
    """At most MOST names of a text and the gaps between them: near ones as they are, wide ones as some full stops."""
    gaps = [text[one.end : other.start] for one, other in pairwise(hits)]
    wide = [gap for gap in gaps if len(gap) > _NEAR]
    if any(
        joins(gap) for gap in wide
    ):  # 甲 和　乙: it counts as it is, and so the other one must keep its width
        wide = []
    told = [hits[0].words]
    for gap, hit in zip(gaps, hits[1:], strict=True):
        narrower = sum(len(other) < len(gap) for other in wide)
        told += (_STOP * (_NEAR + 1 + narrower) if gap in wide else gap, hit.words)
    return tuple(told)


def hits(told: Shape, forms: Mapping[str, tuple[Form, ...]]) -> list[Hit]:
    """Where the names of a shape stand when its parts are put together."""
    found, at = [], 0
    for number, words in enumerate(told):
        if number % 2 == 0:
            found.append(Hit(at, at + len(words), words, forms[words]))
        at += len(words)
    return found
