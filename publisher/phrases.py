"""Ways of putting things that a list of words cannot state: patterns with their reason, as data.

Pure; the patterns are publisher/data/phrases.toml. Must not know personal data or laws.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

#: What stands before a quotation of the complaint, whose tone is not ours.
_QUOTING: Final = re.compile(
    r"(?:反映|关于|称|投诉|留言|题为|名为|标题|网友|提出|所述|所提|来信|帖子?|诉求|说|问|询问)[^。;“”]{0,8}$"
)

#: What is said not to be done betrays nothing: 检查时间不提前告知企业.
_DENIED: Final = re.compile(r"(?:(?<![可否是])[不未没勿]|不会|不得|不能|不准|没有|严禁|禁止)$")
#: Nor does it promise too much to say that one cannot promise it.
_MODEST: Final = re.compile(r"(?:不能|无法|不敢|不可能|难以|不宜)(?:承诺|保证|确保)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of putting something, and what is wrong with it."""

    kind: str
    pattern: re.Pattern[str]
    reason: str
    suggestion: str


@lru_cache(maxsize=1)
def shipped() -> tuple[Phrase, ...]:
    """The patterns of phrases.toml, compiled when first asked for."""
    text = (resources.files("publisher") / "data" / "phrases.toml").read_text(encoding="utf-8")
    return tuple(
        Phrase(row["kind"], re.compile(pattern), row["reason"], row["suggestion"])
        for row in tomllib.loads(text)["phrase"]
        for pattern in row["patterns"]
    )


def phrases(text: str) -> Iterator[tuple[str, int, int, str, str]]:
    """(kind, start, end, reason, suggestion) of each phrase in a folded text that may not go out."""
    for phrase in shipped():
        for match in phrase.pattern.finditer(text):
            if not _excused(phrase.kind, text, match):
                yield phrase.kind, *match.span(), phrase.reason, phrase.suggestion


def _excused(kind: str, text: str, match: re.Match[str]) -> bool:
    if kind == "tone":
        return quoted(text, match.start()) or bool(_MODEST.search(match[0]))
    return kind == "secrecy" and bool(_DENIED.search(text[max(0, match.start() - 2) : match.start()]))


def quoted(text: str, at: int) -> bool:
    """Whether a place is inside a quotation of what the reporter wrote."""
    opened = text.rfind("“", 0, at)
    return opened > text.rfind("”", 0, at) and bool(_QUOTING.search(text[max(0, opened - 16) : opened]))
