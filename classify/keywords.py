"""The words that mark a text, weighed by jieba's TF-IDF; for a person who looks for similar posts.

Apart from the classifier, which must start quickly: importing jieba.analyse reads two dictionaries.
"""

from __future__ import annotations

import logging
import re
import warnings

import jieba

from classify.tokenise import prepare

with warnings.catch_warnings():  # jieba leaves the file of its word weights to the garbage collector
    warnings.simplefilter("ignore", ResourceWarning)
    import jieba.analyse

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")

jieba.setLogLevel(logging.WARNING)


def keywords(text: str, most: int = 6) -> list[str]:
    """At most `most` words, strongest first; numbers, accounts and addresses are left out."""
    found = jieba.analyse.extract_tags(prepare(text), topK=most * 2)
    return [word for word in found if _CHINESE.fullmatch(word)][:most]
