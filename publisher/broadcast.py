"""The approved text cut to the length of a news reader's breath: whole sentences from the top, nothing rewritten.

Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final

RATE: Final = 4.2  # characters a second: 250 a minute, a news reader's usual pace
LENGTHS: Final = (30, 60)  # seconds
_STOPS: Final = "。！？"
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_URL = re.compile(r"https?://")
_SENTENCE = re.compile(rf"[^{_STOPS}]+[{_STOPS}]+[”’）]*")
#: Signs that are read as several characters: 百分之, 摄氏度 …
_SPOKEN: Final = {"%": 3, "％": 3, "℃": 3, "㎡": 3, "㎥": 3, "³": 2, "²": 2, "±": 3}


def characters(text: str) -> int:
    """How many syllables a reader says: characters, digits and letters, 点 in a figure, no punctuation."""
    points = len(_POINT.findall(text))
    return points + sum(_SPOKEN.get(char, 1 if char.isalnum() else 0) for char in text)


def seconds(text: str) -> int:
    """How long reading a text takes, rounded up."""
    return math.ceil(characters(text) / RATE)


def excerpt(text: str, limit: int, label: str = "") -> str:
    """As many whole sentences as can be read in `limit` seconds, and the label; "" where not even the first can."""
    told = ""
    for sentence in sentences(text):
        if characters(told + sentence + label) > limit * RATE:
            break
        told += sentence
    return told + label if told else ""


def sentences(text: str) -> Iterator[str]:
    """What is said of the matter: no address, signature, date or link to look up."""
    for line in text.splitlines():
        whole = line.strip()
        if whole.endswith((*_STOPS, "”")) and not _URL.search(whole):
            yield from (match.group().strip() for match in _SENTENCE.finditer(whole))


def script(title: str, told: str, limit: int) -> str:
    """What lies in the file: what it is, how long it takes, what is read."""
    head = f"【口播稿·{limit}秒】{title}"
    return f"{head}\n约{seconds(told)}秒（{characters(told)}字，每秒{RATE}字）\n\n{told}\n"
