"""Chinese words: the same cutter for training, serving and the search index.

rjieba is jieba's algorithm and dictionary in Rust; the tests hold it against jieba. Knows no model and no store.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import rjieba

from huanyu import text as ground

BREAK = "\x02"  #: stands between texts cut in one go; no word crosses it

_URL = re.compile(r"https?://[^\s\u4e00-\u9fff]+|网页链接")
_MENTION = re.compile(r"@[\w\-·]{1,30}")
_NUMBER = re.compile(r"\d+")
_SEARCHABLE = re.compile(r"\w")


def prepare(text: str) -> str:
    """The form the classifier reads: simplified, lower case; addresses, accounts and numbers are one mark each.

    The marks keep what a writer is called, dials or links to out of the features.
    """
    text = ground.simplify(ground.normalise(text)).lower()
    text = _MENTION.sub("@", _URL.sub("\x03", text))
    return _NUMBER.sub("0", text)


def cut(texts: Sequence[str]) -> list[str]:
    """Words of all prepared texts in one list; `BREAK` ends each text. Joined again they give the texts back."""
    return list(rjieba.cut(BREAK.join([*texts, ""]))) if texts else []


def search_tokens(text: str) -> str:
    """Words for the full-text index, blank-separated, simplified and lower case; punctuation is left out."""
    words = rjieba.cut_for_search(ground.simplify(ground.normalise(text)).lower())
    return " ".join(word for word in words if _SEARCHABLE.search(word))
