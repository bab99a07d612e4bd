"""Letters, replies and news that spelling is learnt from, as counts; nothing of a text is kept.

The only module of publisher that reads training data; posts and their authors are left out of the counts, and of
them `huanyu manner` asks for publicity alone.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from huanyu import fold
from huanyu.errors import BadInput
from publisher.grams import ORDERS
from publisher.grams import Grams
from publisher.grams import Keys
from publisher.grams import codes
from publisher.grams import hashes
from publisher.grams import made

REPLIES: Final = "letters_with_replies"
LETTERS: Final = (
    "letters_dongguan",
    "letters_by_department_raw",
    "letters_votes",
    "letters_unlabelled",
    "hotline_fuzhou_rivers",
    "news_fuzhou",
)
TERMS: Final = "lexicons/env_vocab.jieba.txt"
FEWEST: Final = (2, 2, 2, 3)  #: texts that must hold a group before it is kept, by its length
_WORDS: Final = 20  #: jieba counted this many times more words than there are letters here
_OFFICE: Final = 4  #: letters that a reply counts for
_RARE: Final = 3  #: texts that a word of a dictionary stands for at least


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Hashes in order and the number of texts with each, for each length of group."""

    orders: tuple[tuple[Keys, NDArray[np.int64]], ...]

    def grams(self) -> Grams:
        """All of them that enough texts hold, as one table."""
        kept = [
            (keys[texts >= least], texts[texts >= least])
            for (keys, texts), least in zip(self.orders, FEWEST, strict=True)
        ]
        keys, most = _summed(np.concatenate([k for k, _ in kept]), np.concatenate([t for _, t in kept]))
        return made(keys, most)


def official(counts: Counts) -> Counts:
    """Counts of replies as they weigh: offices misspell less than those who write to them."""
    return Counts(tuple((keys, np.where(texts > 1, texts * _OFFICE, texts)) for keys, texts in counts.orders))


def together(counts: Iterable[Counts]) -> Counts:
    """The counts of texts that were counted apart."""
    columns = zip(*(one.orders for one in counts), strict=True)
    return Counts(
        tuple(
            _summed(np.concatenate([k for k, _ in column]), np.concatenate([t for _, t in column]))
            for column in columns
        )
    )


def counted(texts: Iterable[str]) -> Counts:
    """How many of `texts` hold each group of characters."""
    parts = [np.pad(codes(fold.plain(text).text), ORDERS, constant_values=1) for text in texts]
    coded = np.concatenate(parts)
    owner = np.repeat(np.arange(len(parts), dtype=np.uint64), [len(part) for part in parts])
    return Counts(tuple(_order(coded, owner, order) for order in range(1, ORDERS + 1)))


def _order(
    coded: NDArray[np.uint64], owner: NDArray[np.uint64], order: int
) -> tuple[Keys, NDArray[np.int64]]:
    asked = hashes(coded, order).astype(np.uint64)
    once = np.unique(asked << np.uint64(32) | owner[: len(asked)])
    keys, texts = np.unique((once >> np.uint64(32)).astype(np.uint32), return_counts=True)
    return keys, texts.astype(np.int64)


def words(data: Path) -> Counts:
    """jieba's dictionary with its frequencies, and the terms of the trade."""
    rows = [line.split() for line in _dictionary().read_text(encoding="utf-8").splitlines()]
    terms = [line.split()[0] for line in (data / TERMS).read_text(encoding="utf-8").splitlines()]
    weighted = [(row[0], max(_RARE, int(row[1]) // _WORDS)) for row in rows if len(row[0]) > 1]
    return _weighted([*weighted, *((term, _RARE) for term in terms if len(term) > 1)])


def _weighted(rows: Sequence[tuple[str, int]]) -> Counts:
    text = "".join(word for word, _ in rows)
    sizes = np.array([len(word) for word, _ in rows])
    weight = np.repeat(np.array([weight for _, weight in rows], np.int64), sizes)
    left = np.concatenate([np.arange(size, 0, -1) for size in sizes])  # characters to the end of the word
    coded, found = codes(text), []
    for order in range(1, ORDERS + 1):
        inside = left[: len(left) - order + 1] >= order
        found.append(_summed(hashes(coded, order)[inside], weight[: len(inside)][inside]))
    return Counts(tuple(found))


def _dictionary() -> Path:
    found = find_spec("jieba")  # its list of words only: the program itself is not loaded
    if found is None or found.origin is None:
        raise BadInput("没有安装 jieba，找不到它的词典")
    return Path(found.origin).parent / "dict.txt"


def _summed(keys: Keys, texts: NDArray[np.int64]) -> tuple[Keys, NDArray[np.int64]]:
    order = np.argsort(keys, kind="stable")
    keys, texts = keys[order], texts[order]
    first = np.flatnonzero(np.diff(keys, prepend=keys[:1] ^ np.uint32(1)))
    return keys[first], np.add.reduceat(texts, first)


def letters(data: Path, invented: Path) -> list[str]:
    """Every text but the letters that were replied to, and texts written for this project; each once."""
    found = [text for name in LETTERS for row in rows(data, name) for text in _parts(row)]
    own = [json.loads(line)["text"] for line in invented.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys((*found, *own)))


def rows(data: Path, name: str) -> Iterator[dict[str, str | None]]:
    """The rows of one file of the data folder."""
    path = data / "texts" / f"{name}.jsonl.gz"
    if not path.is_file():
        raise BadInput(f"数据文件夹里没有 texts/{path.name}")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _parts(row: dict[str, str | None]) -> Iterator[str]:
    yield f"{row.get('title') or ''}。{row.get('text') or ''}"
    if row.get("reply"):
        yield row["reply"] or ""
