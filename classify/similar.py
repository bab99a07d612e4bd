"""The same text told twice: MinHash signatures of character shingles and their likeness.

Knows texts only; whether two cases are one matter is decided by `cases.intake`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import rensa

from huanyu import text as ground

SIZE = 128  #: values per signature: standard error of the likeness ≤ 0.045
SHINGLE = 2  #: characters: one changed word in forty leaves 0.8; two strangers complaining of one thing stay below 0.3
SEED = 42
_WIDTH = np.dtype("<u4")
_PUNCTUATION = re.compile(r"[\W_]+")


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


def _shingles(text: str) -> list[str]:
    letters = _PUNCTUATION.sub("", ground.fold(text))
    if not letters:
        return []
    return sorted({letters[at : at + SHINGLE] for at in range(max(1, len(letters) - SHINGLE + 1))})
