"""The same text told twice: MinHash signatures of character shingles and their likeness.

Knows texts only; whether two cases are one matter is decided by `cases.intake`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import rensa

from huanyu import text as ground

SIZE = 128  #: values per signature: standard error of the likeness ≤ 0.045
SHINGLE = 2  #: characters: one changed word in forty leaves 0.8; two strangers complaining of one thing stay below 0.3
SEED = 42
PHRASE = 8  #: characters: who writes for himself seldom hits on eight of another's in a row
_WIDTH = np.dtype("<u4")
_PUNCTUATION = re.compile(r"[\W_]+")
_PRIME = np.uint64(1_000_003)

Phrases: TypeAlias = npt.NDArray[np.uint64]
Stack: TypeAlias = npt.NDArray[np.uint32]


def signature(text: str) -> bytes:
    """MinHash of a text, 512 bytes; empty for a text without a letter or digit."""
    return signatures((text,))[0]


def signatures(texts: Sequence[str]) -> list[bytes]:
    """MinHash of each text; texts that differ in punctuation, script or case only have the same one."""
    sets = [_shingles(text) for text in texts]
    digests = rensa.RMinHash.digests_from_token_sets(sets, SIZE, SEED)
    return [
        np.asarray(digest, dtype=_WIDTH).tobytes() if shingles else b""
        for shingles, digest in zip(sets, digests, strict=True)
    ]


def likeness(a: bytes, b: bytes) -> float:
    """Estimated share of common shingles (Jaccard), 0–1; an empty or foreign signature is like nothing."""
    if not a or len(a) != len(b):
        return 0.0
    return float(np.mean(np.frombuffer(a, dtype=_WIDTH) == np.frombuffer(b, dtype=_WIDTH)))


def stacked(signatures: Sequence[bytes]) -> Stack:
    """Signatures one above the other, for `likenesses`; a foreign or empty one is like nothing."""
    rows = (
        one if len(one) == SIZE * _WIDTH.itemsize else bytes(SIZE * _WIDTH.itemsize) for one in signatures
    )
    return np.frombuffer(b"".join(rows), dtype=_WIDTH).reshape(-1, SIZE)


def likenesses(signature: bytes, stack: Stack) -> npt.NDArray[np.float64]:
    """The likeness of one signature to each of a stack, as `likeness` estimates it."""
    if len(signature) != SIZE * _WIDTH.itemsize:
        return np.zeros(len(stack))
    same = np.count_nonzero(stack == np.frombuffer(signature, dtype=_WIDTH), axis=1)
    return np.asarray(same / SIZE, dtype=np.float64)


def phrases(text: str) -> Phrases:
    """What `contained` compares: every run of eight letters and digits of a text, as numbers."""
    letters = _PUNCTUATION.sub("", ground.fold(text))
    codes = np.frombuffer(letters.encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)
    runs = max(0, len(codes) - PHRASE + 1)
    total = np.zeros(runs, dtype=np.uint64)
    for at in range(PHRASE):
        total = total * _PRIME + codes[at : at + runs]
    return np.unique(total)


def contained(a: Phrases, b: Phrases) -> float:
    """Share of the shorter text that stands word for word in the longer one, 0–1; nothing is like nothing."""
    shorter = min(len(a), len(b))
    return len(np.intersect1d(a, b, assume_unique=True)) / shorter if shorter else 0.0


def _shingles(text: str) -> list[str]:
    letters = _PUNCTUATION.sub("", ground.fold(text))
    if not letters:
        return []
    return sorted({letters[at : at + SHINGLE] for at in range(max(1, len(letters) - SHINGLE + 1))})
