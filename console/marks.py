"""Words of a text marked for the eye: what made the classifier decide, what was searched for. Values in, markup out."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup
from markupsafe import escape

from huanyu import fold

AROUND = 40  #: characters before the first hit of a passage


def pieces(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in runs, and whether each was asked for; width and case do not matter, the longest word wins."""
    folded = fold.plain(text)
    plain = folded.text.lower()
    wanted = sorted({fold.plain(word).text.lower().strip() for word in words} - {""}, key=len, reverse=True)
    hit = bytearray(len(text))
    for word in wanted:
        at = plain.find(word)
        while at >= 0:
            start, end = folded.origin(at, at + len(word))
            hit[start:end] = b"\x01" * (end - start)
            at = plain.find(word, at + len(word))
    return _runs(text, hit)


def _runs(text: str, hit: bytearray) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    begun = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or hit[at] != hit[begun]:
            runs.append((text[begun:at], bool(hit[begun])))
            begun = at
    return runs


def marked(text: str, words: Iterable[str]) -> Markup:
    """The text with the words in <mark>."""
    parts = (
        Markup("<mark>{}</mark>").format(run) if hit else escape(run) for run, hit in pieces(text, words)
    )
    return Markup("").join(parts)


def passage(text: str, words: Iterable[str], limit: int = 120) -> str:
    """A stretch of the text around the first hit, with … where something was left off."""
    line = " ".join(text.split())
    before = 0
    for run, hit in pieces(line, words):
        if hit:
            break
        before += len(run)
    start = 0 if before in (len(line),) or before <= AROUND else before - AROUND
    cut = line[start : start + limit]
    return f"{'…' if start else ''}{cut}{'…' if start + limit < len(line) else ''}"
