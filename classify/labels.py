"""The labels in the order of the model's columns; what each means is in the labelling guide."""

from __future__ import annotations

from huanyu.kinds import LEAVES
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import SourceKind

TYPES = tuple(PostType)
SENTIMENTS = tuple(Sentiment)
KINDS = LEAVES
WITH_KINDS = frozenset({PostType.COMPLAINT, PostType.QUESTION, PostType.PUBLICITY, PostType.OPINION})

#: Written to an authority; all else is said in public, where complaints are rarer and told otherwise.
ADDRESSED = frozenset({SourceKind.HOTLINE, SourceKind.LETTER, SourceKind.REPORT})

#: Columns of the score table, one block per question asked of a text.
HEADS = {"type": len(TYPES), "vote": len(TYPES), "kinds": len(KINDS), "desk": 3, "mood": 3, "urgent": 1}


def columns(head: str) -> slice:
    """Where the scores of one head stand."""
    start = sum(list(HEADS.values())[: list(HEADS).index(head)])
    return slice(start, start + HEADS[head])


WIDTH = sum(HEADS.values())
