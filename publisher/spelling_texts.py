"""Letters, replies and news that spelling is learnt from, as counts; nothing of a text is kept.

The only module of publisher that reads training data; of posts only the publicity of papers and offices is counted,
and nothing of who wrote them.
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
_RUN: Final = 20  #: Chinese characters that two texts share only where one was taken from the other
_TERM: Final = 30  #: frequency of a word that is in no dictionary but on one of our lists
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
    weighted = [(word, max(_RARE, often // _WORDS)) for word, often in _dictionary() if len(word) > 1]
    return _weighted([*weighted, *((term, _RARE) for term in _terms(data) if len(term) > 1)])


def read_as_words(data: Path, listed: Iterable[str]) -> tuple[Grams, float]:
    """jieba's dictionary, the terms of the trade and `listed` with their frequencies; 1 + ln of all together."""
    often: dict[str, int] = dict.fromkeys((*_terms(data), *listed), _TERM)
    for word, count in _dictionary():
        often[word] = max(count, often.get(word, 0), 1)
    short = [(word, count) for word, count in often.items() if len(word) <= ORDERS]
    coded = [(hashes(codes(word), len(word))[0], count) for word, count in short if word]
    keys, counts = _summed(*(np.array(column) for column in zip(*coded, strict=True)))
    return made(keys.astype(np.uint32), counts.astype(np.int64)), float(1 + np.log(counts.sum()))


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


def _dictionary() -> Iterator[tuple[str, int]]:
    found = find_spec("jieba")  # its list of words only: the program itself is not loaded
    if found is None or found.origin is None:
        raise BadInput("没有安装 jieba，找不到它的词典")
    for line in (Path(found.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, often, _ = line.split()
        yield word, int(often)


def _terms(data: Path) -> list[str]:
    return [line.split()[0] for line in (data / TERMS).read_text(encoding="utf-8").splitlines()]


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


def posts(data: Path) -> Iterator[tuple[int, str]]:
    """Publicity as papers and offices post it, each once, with a number that is the same for one account."""
    seen: set[str] = set()
    for who, text in (*_official(data), *_publicity(data)):
        told = "".join(char for char in text if "\u4e00" <= char <= "\u9fff")
        runs = {told[at : at + _RUN] for at in range(max(1, len(told) - _RUN + 1))}
        if seen.isdisjoint(runs):
            seen |= runs
            yield who, text


def _official(data: Path) -> Iterator[tuple[int, str]]:
    for row in rows(data, "weibo_fuzhou_env"):
        if row["looks_official"] == "True":
            yield int(row["user"] or "0", 16), row["text"] or ""


def _publicity(data: Path) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows(data, "labelled")):
        if row["type"] == "publicity" and row["source"] != "letter":
            yield number, row["text"] or ""


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
