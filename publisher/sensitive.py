"""Matters that no template may answer: a child harmed, illness, suicide, threats. A person takes over at once.

Pure; the lists are words.toml (kind sensitive; those named *.minor count only near one of *.harm).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from huanyu import fold
from huanyu.bureau import WordRow

NEAR: Final = 14  # characters between a child and what happened to it


def signs(text: str, words: Sequence[WordRow]) -> tuple[str, ...]:
    """Why a person has to answer this text, in Chinese; () where a template may."""
    folded = fold.plain(text).text
    rows = [row for row in words if row.kind == "sensitive"]
    harm = "|".join(re.escape(word) for row in rows if row.id.endswith(".harm") for word in row.words)
    found = []
    for row in rows:
        listed = "|".join(map(re.escape, row.words))
        if row.id.endswith(".harm"):
            continue
        if row.id.endswith(".minor"):
            listed = rf"(?:{listed})[^。！？]{{0,{NEAR}}}(?:{harm})" if harm else r"(?!)"
        if listed and (match := re.search(listed, folded)):
            found.append(f"{row.reason}：“{match[0]}”")
    return tuple(found)
