"""Labelled texts from JSONL, checked row by row; knows no model.

The texts themselves never leave the data folder: what we keep of them is a hash and figures.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated
from typing import TypeVar

from pydantic import AfterValidator
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError

from classify import similar
from classify import tokenise
from classify.labels import KINDS
from classify.labels import Emotion
from huanyu.errors import BadInput
from huanyu.types import PostType
from huanyu.types import Sentiment

Row = TypeVar("Row", bound=BaseModel)

SAME = 0.7  #: likeness from which two texts must lie in the same fold
RUN = 20  #: letters two texts do not share by chance
_STEP = 5  #: a known text is looked at from every fifth letter: longer runs than `RUN` by so much are sure to be found
_BANDS = 32  #: × 4 values: finds a pair of likeness 0.7 with probability 0.9998


def _known(kinds: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise ValueError(f"unknown kind {unknown[0]}")
    return kinds


Kinds = Annotated[tuple[str, ...], AfterValidator(_known)]


class Example(BaseModel):
    """A text and what a careful reader says of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str = Field(min_length=1)
    type: PostType
    kinds: Kinds = ()
    sentiment: Sentiment = Sentiment.NEUTRAL
    urgent: bool = False
    source: str = ""  #: letter hotline weibo forum news


_EMOTIONS = {emotion.value: emotion for emotion in Emotion} | {
    "anger": Emotion.ANGRY,
    "disgust": Emotion.ANGRY,
    "sadness": Emotion.SAD,
    "happiness": Emotion.HAPPY,
    "like": Emotion.HAPPY,
    "none": Emotion.NEUTRAL,
}


def _named(emotion: str) -> str:
    if emotion not in _EMOTIONS:
        raise ValueError(f"unknown emotion {emotion}")
    return emotion


class Mood(BaseModel):
    """A text with a writer's feeling only (SMP2020-EWECT, NLPCC2013)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str = Field(min_length=1)
    label_raw: Annotated[str, AfterValidator(_named)]  #: the emotion in the words of its corpus

    @property
    def emotion(self) -> Emotion:
        """One of six; the seven of NLPCC2013 fall into these."""
        return _EMOTIONS[self.label_raw]


def read(path: Path) -> list[Example]:
    """Rows of a labelled JSONL file (.gz too); raises BadInput naming file, line and field."""
    return [checked(Example, line, path, number) for number, line in lines(path)]


def read_moods(path: Path) -> list[Mood]:
    """Rows of an emotion file."""
    return [checked(Mood, line, path, number) for number, line in lines(path)]


def digest(examples: Iterable[Example]) -> str:
    """SHA-256 over all labelled rows: figures are comparable only on the same corpus."""
    total = hashlib.sha256()
    for example in examples:
        total.update(example.model_dump_json().encode())
    return total.hexdigest()[:16]


def groups(texts: Sequence[str]) -> list[int]:
    """A number per text; near-identical texts share one."""
    signatures = similar.signatures(texts)
    leader = list(range(len(texts)))
    for a, b in sorted(_candidates(signatures)):
        if similar.likeness(signatures[a], signatures[b]) >= SAME:
            old, new = sorted((_root(leader, a), _root(leader, b)), reverse=True)
            leader[old] = new
    return [_root(leader, at) for at in range(len(texts))]


def parts(known: Sequence[str], texts: Sequence[str]) -> list[int | None]:
    """For each text the place of a known one that says `RUN` letters in a row as it does; None: none.

    A shorter text is alike only where it is the whole of a known one.
    """
    runs: dict[str, int] = {}
    for place, letters in enumerate(map(tokenise.letters, known)):
        for at in range(0, max(len(letters) - RUN, 0) + 1, _STEP):
            runs.setdefault(letters[at : at + RUN], place)
    return [_part(tokenise.letters(text), runs) for text in texts]


def _part(letters: str, runs: dict[str, int]) -> int | None:
    said = (letters[at : at + RUN] for at in range(max(len(letters) - RUN, 0) + 1))
    return next((runs[run] for run in said if run and run in runs), None)


def _root(leader: Sequence[int], at: int) -> int:
    while leader[at] != at:
        at = leader[at]
    return at


def _candidates(signatures: Sequence[bytes]) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    width = max(map(len, signatures), default=0) // _BANDS
    for band in range(_BANDS):
        rows: dict[bytes, list[int]] = defaultdict(list)
        for at, signature in enumerate(signatures):
            if signature:
                rows[signature[band * width : (band + 1) * width]].append(at)
        for same in rows.values():
            pairs.update(combinations(same, 2))
    return pairs


def lines(path: Path) -> Iterable[tuple[int, str]]:
    """The lines of a JSONL file (.gz too) that hold something, each with its number."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"读不到数据文件 {path}: {error.strerror}") from error
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def checked(model: type[Row], line: str, path: Path, number: int) -> Row:
    """One line as a model; raises BadInput naming file, line and field."""
    try:
        return model.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise BadInput(f"{path} 第{number}行不是有效的 JSON: {error.msg}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise BadInput(f"{path} 第{number}行 {field}: {first['msg']}") from error
