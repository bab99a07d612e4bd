"""Who may let a text out, and on what conditions (三审三校: distinct people, a pinned version, checks green).

Pure: raises or returns; the caller writes the decision down.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import Finding
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User
from publisher import outbox

REVIEWERS: Final = frozenset({"reviewer", "leader"})
OVERRIDERS: Final = frozenset({"leader"})
MIN_REASON: Final = 6  # "可以发" is no reason


def check(
    message: Message,
    reviewer: User,
    findings: Sequence[Finding],
    override: str = "",
    *,
    seen_version: int | None = None,
    involved: Sequence[str] = (),
) -> None:
    """Raise unless `reviewer` may approve `message` as it stands.

    `involved` are others who made the text, such as whoever recorded the result; none of them may review it.
    `seen_version` is the version on the reviewer's screen. Raises IllegalMove, NotAllowed, Conflict or Blocked.
    """
    outbox.check(message.state, MessageState.APPROVED)
    if message.state is not MessageState.DRAFT:
        raise NotAllowed("只有待审核的稿件可以审核", message=message.id)
    _check_person(message, reviewer, involved)
    if seen_version is not None and seen_version != message.version:
        raise Conflict("稿件在您打开之后改过，请重新阅读后再审核", message=message.id)
    if findings:
        _check_override(reviewer, findings, override)


def _check_person(message: Message, reviewer: User, involved: Sequence[str]) -> None:
    if not reviewer.active or reviewer.role not in REVIEWERS:
        raise NotAllowed(f"{reviewer.full_name}没有审核权限", user=reviewer.name)
    if reviewer.name in {message.author, *involved}:
        raise NotAllowed("拟稿人、承办人不能审核自己的稿件", user=reviewer.name)


def _check_override(reviewer: User, findings: Sequence[Finding], override: str) -> None:
    told = "；".join(f"“{finding.text}”{finding.reason}" for finding in findings)
    if not override.strip():
        raise Blocked(f"检查未通过：{told}")
    if reviewer.role not in OVERRIDERS:
        raise NotAllowed(f"检查未通过，只有局领导可以署名放行：{told}", user=reviewer.name)
    if len(override.strip()) < MIN_REASON:
        raise Blocked("放行须写明理由")
