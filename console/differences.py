"""What an author changed in a text: runs that stayed, went, came. Values in, values out."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime

MOST = 4000  #: characters compared; a longer text is shown as it is

Run = tuple[str, str]  #: "" | "del" | "ins", and the text


def runs(before: str, after: str) -> list[Run]:
    """The later text with what was taken out and put in; short agreements inside a change are part of the change."""
    if max(len(before), len(after)) > MOST:
        return [("del", before), ("ins", after)]
    found: list[Run] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("", before[a:b]))
        else:
            found += [(name, told) for name, told in (("del", before[a:b]), ("ins", after[c:d])) if told]
    return found


def history(versions: Sequence[tuple[datetime, str]], now: str) -> list[tuple[datetime, list[Run]]]:
    """Each change with its moment, the latest first; `versions` are the former texts, oldest first."""
    texts = [text for _, text in versions] + [now]
    changes = [(at, runs(text, texts[place + 1])) for place, (at, text) in enumerate(versions)]
    return changes[::-1]
