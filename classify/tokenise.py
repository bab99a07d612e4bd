"""Chinese words: the same cutter for training, serving and the search index.

rjieba is jieba's algorithm and dictionary in Rust; the tests hold it against jieba. Knows no model and no store.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from types import ModuleType

from huanyu import text as ground

BREAK = "\x02"  #: stands between texts cut in one go; no word crosses it

_URL = re.compile(r"https?://[^\s\u4e00-\u9fff]+|网页链接")
_MENTION = re.compile(r"@[\w\-·]{1,30}")
_NUMBER = re.compile(r"\d+")
_PUNCTUATION = re.compile(r"[\W_]+")
_SEARCHABLE = re.compile(r"\w")


def prepare(text: str) -> str:
    """The form the classifier reads: simplified, lower case; addresses, accounts and numbers are one mark each.

    The marks keep what a writer is called, dials or links to out of the features.
    """
    return _prepared(ground.simplify(ground.normalise(text)))


def mark(text: str) -> str:
    """Addresses and accounts as one mark each; looks for them only where one may be."""
    if "http" in text or "网页链接" in text:
        text = _URL.sub("\x03", text)
    return _MENTION.sub("@", text) if "@" in text else text


def letters(text: str) -> str:
    """The letters and digits two texts are compared by: neither punctuation, script nor case counts."""
    return _letters(ground.simplify(ground.normalise(text)))


def prepare_and_letters(text: str) -> tuple[str, str]:
    """`prepare` and `letters`, with what they have in common done once."""
    simple = ground.simplify(ground.normalise(text))
    return _prepared(simple), _letters(simple)


def _prepared(simple: str) -> str:
    return _NUMBER.sub("0", mark(simple.lower()))


def _letters(simple: str) -> str:
    return _PUNCTUATION.sub("", ground.fold_simple(simple))


def cut_joined(joined: str) -> list[str]:
    """Words of texts joined by `BREAK`, which ends each and is a word of its own; joined again they give it back."""
    return list(_cutter().cut(joined))


def search_tokens(text: str) -> str:
    """Words for the full-text index, blank-separated, simplified and lower case; punctuation is left out."""
    words = _cutter().cut_for_search(ground.simplify(ground.normalise(text)).lower())
    return " ".join(word for word in words if _SEARCHABLE.search(word))


@cache
def _cutter() -> ModuleType:
    """rjieba, which takes 34 MB and a tenth of a second to import: those who ask for no words go without."""
    return import_module("rjieba")
