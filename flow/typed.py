"""What a person typed into a form: required, without control characters, within bounds."""

from __future__ import annotations

from huanyu.errors import BadInput
from huanyu.text import normalise

LONGEST = 10_000  # characters of one text


def reason_of(text: str) -> str:
    """The reason given; raises BadInput where none is."""
    if not text.strip():
        raise BadInput("请填写理由")
    return text.strip()


def tidy(what: str, text: str) -> str:
    """The text without control characters; raises BadInput where it is too long. `what` names it to the person."""
    if len(text) > LONGEST:
        raise BadInput(f"{what}过长, 最多 {LONGEST} 字")
    return normalise(text)
