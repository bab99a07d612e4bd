"""The trained linear models as plain arrays: one sparse product scores every head of a whole batch.

Needs NumPy and SciPy only. On disk: weights.npz (no pickle, buckets instead of words) and meta.json.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import ValidationError

from classify.decide import Rules
from classify.decide import Table
from classify.decide import at_first
from classify.decide import heard
from classify.features import GRAMS
from classify.features import Featuriser
from classify.features import Floats
from classify.features import Lexicon
from classify.labels import HEADS
from classify.labels import WIDTH
from classify.pairs import Pairing
from classify.pairs import Pairs
from classify.pairs import Passage
from classify.scoring import Scorer
from huanyu.errors import ModelError

WEIGHTS = "weights.npz"
META = "meta.json"


class Meta(BaseModel):
    """What stands beside the arrays; `heads` and the hash refuse a folder of mixed or foreign files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    weights_sha256: str
    heads: dict[str, int]
    grams: tuple[int, ...] = GRAMS
    lexicon: dict[str, tuple[str, ...]]
    rules: Rules


@dataclass(frozen=True)
class Compiled:
    """Weights of all heads; half precision on disk, single precision at work.

    `scores` says what is meant, text by text as in training; `scorer` gives the same for a batch in use.
    """

    featuriser: Featuriser
    weights: NDArray[np.float16]  #: features × heads
    bias: Floats
    pairs: Pairs
    rules: Rules

    @cached_property
    def single(self) -> Floats:
        return self.weights.astype(np.float32)

    @cached_property
    def scorer(self) -> Scorer:
        return Scorer(self.featuriser, self.weights, self.bias)

    @cached_property
    def _packed(self) -> bytes:
        packed = io.BytesIO()
        np.savez_compressed(
            packed,
            kept=self.featuriser.kept.astype(np.uint32),
            idf=self.featuriser.idf,
            weights=self.weights,
            bias=self.bias,
            pairs_words=self.pairs.pairing.words.astype(np.uint32),
            pairs_kept=self.pairs.pairing.kept.astype(np.uint32),
            pairs_weights=self.pairs.weights,
            pairs_bias=self.pairs.bias,
        )
        return packed.getvalue()

    @cached_property
    def version(self) -> str:
        """Named by content: the same training gives the same name."""
        return (
            f"linear-{hashlib.sha256(self._packed + self.rules.model_dump_json().encode()).hexdigest()[:12]}"
        )

    def scores(self, prepared: Sequence[str]) -> Floats:
        """Raw scores, texts × heads, of prepared texts."""
        rows = self.featuriser.rows(prepared)
        return np.asarray(rows @ self.single + self.bias, dtype=np.float32)

    def complaints(self, told: Passage, scores: Floats) -> Table:
        """The probability that each text is a complaint: by its scores, and where they doubt by a second look."""
        found = at_first(scores, self.rules)
        again = np.flatnonzero(self.rules.doubt.asks(found))
        if len(again):
            words = self.pairs.scores(told.take(again))
            found[again] = self.rules.doubt(heard(scores[again], words))
        return found

    def save(self, folder: Path) -> None:
        """Write both files; `load` accepts them only together."""
        lexicon = dict(zip(self.featuriser.lexicon.names, self.featuriser.lexicon.groups, strict=True))
        meta = Meta(
            version=self.version,
            weights_sha256=hashlib.sha256(self._packed).hexdigest(),
            heads=HEADS,
            grams=self.featuriser.grams,
            lexicon=lexicon,
            rules=self.rules,
        )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / WEIGHTS).write_bytes(self._packed)
        (folder / META).write_text(meta.model_dump_json(indent=1) + "\n", encoding="utf-8")


def load(folder: Path) -> Compiled:
    """Read a model folder; raises ModelError when a file is missing, damaged or of another layout."""
    try:
        packed = (folder / WEIGHTS).read_bytes()
        meta = Meta.model_validate_json((folder / META).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise ModelError(f"模型文件缺失或损坏: {folder}: {error}") from error
    if hashlib.sha256(packed).hexdigest() != meta.weights_sha256:
        raise ModelError(f"模型文件与说明不符, 请重新训练: {folder / WEIGHTS}")
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            found = _compiled(dict(arrays), meta)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"模型文件无法使用: {folder}: {error}") from error
    # The digest above vouches for the name; packing the arrays again to compute it takes most of a second.
    found.__dict__["version"] = meta.version
    return found


def _compiled(arrays: dict[str, NDArray[np.generic]], meta: Meta) -> Compiled:
    featuriser = Featuriser(
        lexicon=Lexicon(tuple(meta.lexicon), tuple(meta.lexicon.values())),
        kept=arrays["kept"].astype(np.int64),
        idf=arrays["idf"].astype(np.float32),
        grams=meta.grams,
    )
    weights, bias = arrays["weights"].astype(np.float16), arrays["bias"].astype(np.float32)
    pairs = Pairs(
        Pairing(
            words=arrays["pairs_words"].astype(np.int64),
            kept=arrays["pairs_kept"].astype(np.int64),
        ),
        weights=arrays["pairs_weights"].astype(np.float16),
        bias=arrays["pairs_bias"].astype(np.float32),
    )
    if meta.heads != HEADS or weights.shape != (featuriser.width, WIDTH) or bias.shape != (WIDTH,):
        raise ValueError("layout of the weights")
    if pairs.weights.shape != (len(pairs.pairing.kept), len(pairs.bias)) or pairs.bias.shape != (2,):
        raise ValueError("layout of the pairs")
    return Compiled(featuriser=featuriser, weights=weights, bias=bias, pairs=pairs, rules=meta.rules)
