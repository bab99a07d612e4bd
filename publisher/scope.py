"""What an official account has no business saying: lotteries, polls, begging for likes, foreign reposts, other topics.

Pure; the lists are words.toml (kinds campaign, off_topic, topic, repost_from). Must not know personal data or the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Final

from huanyu import fold
from huanyu.bureau import WordRow
from huanyu.types import Finding

KINDS: Final = ("campaign", "repost", "off_topic", "ai_label")
#: 人工智能生成合成内容标识办法 (2025-09-01) 第四条: the explicit label of a text.
LABEL: Final = "本文含人工智能生成内容"
_REPOST: Final = re.compile(
    r"(?:转发微博|转发自|转自|转载自|转载于|来源[:：])\s*[@“\"《【]?(?P<who>[^\s，。；”\"》】#：:]{1,20})|//@(?P<whom>[^\s:：，。]{1,20})|^(?P<bare>转发微博|轉發微博|Repost)$"
)


def problems(
    text: str, words: Sequence[WordRow], *, press: bool, generated: bool, signed: str = ""
) -> tuple[Finding, ...]:
    """What stands against a text on our account; `press`: it is ours to choose, so it has to be about our work.

    `signed` is the bureau's name: a signature says nothing of what a text is about.
    """
    found = [*_campaigns(text, words), *_reposts(text, words)]
    if press:
        found += _topic(text, words, signed)
    if generated and LABEL not in text:
        reason = "有人工智能生成的内容而没有标识（人工智能生成合成内容标识办法第四条）"
        found.append(_finding(text, "ai_label", 0, min(len(text), 1), reason, f"在文首或文末写明“{LABEL}”"))
    return tuple(found)


def _campaigns(text: str, words: Sequence[WordRow]) -> Iterator[Finding]:
    for row in words:
        if row.kind == "campaign":
            for start, end in _hits(text, row.words):
                yield _finding(text, "campaign", start, end, row.reason, row.suggestion)


def _reposts(text: str, words: Sequence[WordRow]) -> Iterator[Finding]:
    allowed = [name for row in words if row.kind == "repost_from" for name in row.words]
    for match in _REPOST.finditer(text):
        who = match["who"] or match["whom"] or ""
        if not any(name in who for name in allowed):
            reason = "转发、转载只限名单上的单位（国办发〔2018〕123号）"
            yield _finding(text, "repost", *match.span(), reason, "核对来源；确需转载的先加入名单")


def _topic(text: str, words: Sequence[WordRow], signed: str) -> Iterator[Finding]:
    """Somebody else's business; or nothing of ours at all, such as a bare name."""
    other = [hit for row in words if row.kind == "off_topic" for hit in _hits(text, row.words)]
    for start, end in other:
        yield _finding(text, "off_topic", start, end, "与本部门工作无关", "删去")
    ours = [word for row in words if row.kind == "topic" for word in row.words]
    said = text.replace(signed, "") if signed else text
    if not other and text.strip() and not any(word in said for word in ours):
        yield _finding(text, "off_topic", 0, len(text), "看不出与本部门工作有关", "写明事由，或不发")


def _hits(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    folded = fold.plain(text)
    for match in re.finditer("|".join(map(re.escape, words)) or r"(?!)", folded.text):
        yield folded.origin(*match.span())


def _finding(text: str, kind: str, start: int, end: int, reason: str, suggestion: str) -> Finding:
    return Finding(
        kind=kind, start=start, end=end, text=text[start:end], reason=reason, suggestion=suggestion
    )
