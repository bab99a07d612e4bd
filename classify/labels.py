"""The labels in the order of the model's columns; what each means is in the labelling guide."""

from __future__ import annotations

from enum import StrEnum

from huanyu.kinds import LEAVES
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import SourceKind

TYPES = tuple(PostType)
SENTIMENTS = tuple(Sentiment)
KINDS = LEAVES


class Emotion(StrEnum):
    """What a writer feels (SMP2020-EWECT)."""

    ANGRY = "angry"
    SAD = "sad"
    FEAR = "fear"
    HAPPY = "happy"
    SURPRISE = "surprise"
    NEUTRAL = "neutral"


EMOTIONS = tuple(Emotion)
#: The sentiment of each emotion; surprise may be good or bad and counts for none.
SENTIMENT_OF = {
    Emotion.ANGRY: Sentiment.NEGATIVE,
    Emotion.SAD: Sentiment.NEGATIVE,
    Emotion.FEAR: Sentiment.NEGATIVE,
    Emotion.HAPPY: Sentiment.POSITIVE,
    Emotion.NEUTRAL: Sentiment.NEUTRAL,
}
WITH_KINDS = frozenset({PostType.COMPLAINT, PostType.QUESTION, PostType.PUBLICITY, PostType.OPINION})

#: Written to an authority; all else is said in public, where complaints are rarer and told otherwise.
ADDRESSED = frozenset({SourceKind.HOTLINE, SourceKind.LETTER, SourceKind.REPORT})

#: Columns of the score table, one block per question asked of a text.
HEADS = {
    "type": len(TYPES),
    "vote": len(TYPES),
    "kinds": len(KINDS),
    "desk": len(SENTIMENTS),
    "mood": len(EMOTIONS),
    "urgent": 1,
    "ratio": 1,
    "netizen": 1,
    "public": 1,
}


def columns(head: str) -> slice:
    """Where the scores of one head stand."""
    start = sum(list(HEADS.values())[: list(HEADS).index(head)])
    return slice(start, start + HEADS[head])


WIDTH = sum(HEADS.values())
