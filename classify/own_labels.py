"""What was read besides the corpus: labels kept under a hash, their texts found again in the data folder.

The texts stay where they are; nothing of them is kept here. Knows no model.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field

from classify import corpus
from classify.corpus import Example
from classify.corpus import Kinds
from huanyu.errors import BadInput
from huanyu.types import PostType
from huanyu.types import Sentiment

READ = Path(__file__).parent / "read.jsonl"
JUDGED = 230  #: characters that were read of a text
PROBE = (
    "  楼下　的\t烧烤摊\r\n又冒烟了 " + "，" * JUDGED
)  #: invented: shows whether texts are still hashed alike
_SOURCES = {
    "letters": "letter",
    "hotline": "hotline",
    "news": "news",
}  # first word of a file's name; else weibo


class Label(BaseModel):
    """What a reader said of the text with this hash."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    file: str = Field(pattern=r"^texts/[\w/]+\.jsonl\.gz$")  #: below the data folder
    type: PostType
    kinds: Kinds
    sentiment: Sentiment
    urgent: bool


class _Said(BaseModel):
    """The only field of a data row that was read."""

    model_config = ConfigDict(extra="ignore")

    text: str = ""


class _First(BaseModel):
    """The first line of the labels: the hash of `PROBE` when they were made."""

    model_config = ConfigDict(extra="forbid")

    probe: str


@dataclass(frozen=True, slots=True)
class OwnLabels:
    """The labelled texts that were found, and how many were not."""

    examples: tuple[Example, ...]
    files: tuple[tuple[str, int], ...]  #: file, texts found in it; most first
    missing: int


def load(data: Path, path: Path = READ) -> OwnLabels:
    """The texts below `data` that `path` has labels for; what is not there is counted, not fatal.

    Raises BadInput when texts are hashed otherwise than when the labels were made.
    """
    labels = read(path)
    found = [
        (label.file, _example(label, text))
        for label, text in zip(labels, _texts(data, labels), strict=True)
        if text is not None
    ]
    return OwnLabels(
        examples=tuple(example for _, example in found),
        files=tuple(Counter(file for file, _ in found).most_common()),
        missing=len(labels) - len(found),
    )


def read(path: Path = READ) -> list[Label]:
    """The labels, after a look whether `key` still gives what it gave when they were made."""
    head, *rows = corpus.lines(path)
    if corpus.checked(_First, head[1], path, head[0]).probe != key(PROBE):
        raise BadInput(f"{path}: 文本的归一化方式已改变, 按摘要找不回这些文本; 须按新方式重新生成该文件")
    return [corpus.checked(Label, line, path, number) for number, line in rows]


def judged(text: str) -> str:
    """What was read of a text: blanks folded, cut."""
    return " ".join(text.split())[:JUDGED].rstrip()


def key(text: str) -> str:
    """The name of a text in the labels."""
    return hashlib.sha256(judged(text).encode()).hexdigest()


def _texts(data: Path, labels: Sequence[Label]) -> Iterator[str | None]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for label in labels:
        wanted[label.file].add(label.hash)
    found = {file: dict(_found(data / file, hashes)) for file, hashes in wanted.items()}
    return (found[label.file].get(label.hash) for label in labels)


def _found(path: Path, hashes: set[str]) -> Iterator[tuple[str, str]]:
    if not path.exists():
        return
    for number, line in corpus.lines(path):
        text = judged(corpus.checked(_Said, line, path, number).text)
        name = key(text)
        if name in hashes:
            yield name, text


def _example(label: Label, text: str) -> Example:
    source = _SOURCES.get(Path(label.file).name.split("_")[0], "weibo")
    return Example(**label.model_dump(exclude={"hash", "file"}), text=text, source=source)
