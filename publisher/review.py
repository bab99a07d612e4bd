"""Who may let a text out, and on what conditions (三审三校: distinct people, a pinned version, checks green).

Pure: raises or returns; the caller writes the decision down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.review_rows import ChainRow
from huanyu.review_rows import StepRow
from huanyu.types import Finding
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User
from huanyu.types import Vote
from publisher import outbox

OVERRIDERS: Final = frozenset({"leader"})
MIN_REASON: Final = 6  # "可以发" is no reason


@dataclass(frozen=True, slots=True)
class Shown:
    """What stood on the screen of whoever takes the last step: where the text goes and what it answers."""

    account: str
    parent: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a message's reviews, for a page."""

    step: StepRow
    vote: Vote | None
    is_next: bool


def stages(chain: ChainRow, votes: Sequence[Vote]) -> tuple[Stage, ...]:
    """Every step with the vote given at it."""
    given = {vote.step: vote for vote in votes}
    following = chain.next_step(votes)
    return tuple(Stage(step, given.get(step.key), step is following) for step in chain.steps)


def why_not(
    message: Message, user: User, chain: ChainRow | None, votes: Sequence[Vote], involved: Sequence[str] = ()
) -> str:
    """Why `user` may not take the next step of `message`, in Chinese; "" where they may.

    `involved` are others who made the text, such as whoever recorded the result; none of them may review it.
    """
    following = chain.next_step(votes) if chain is not None else None
    if message.state is not MessageState.DRAFT:
        return "只有待审核的稿件可以审核"
    if chain is None:
        return "这类稿件没有设置审校流程"
    if following is None:
        return "各步审核都已完成"
    if user.name in {message.author, *involved}:
        return "拟稿人、承办人不能审核自己的稿件"
    if user.name in {vote.actor for vote in votes}:
        return "同一稿各步审核必须由不同的人完成，您已审过"
    if not user.active or user.role not in following.roles:
        return f"{user.full_name}没有“{following.name}”的权限"
    return ""


def check(
    message: Message,
    user: User,
    chain: ChainRow | None,
    votes: Sequence[Vote],
    findings: Sequence[Finding] = (),
    override: str = "",
    *,
    seen_version: int | None = None,
    involved: Sequence[str] = (),
    shown: Shown | None = None,
) -> StepRow:
    """The step that `user` takes by agreeing to `message` as it stands.

    `seen_version` is the version on their screen, `shown` what they confirmed at the last step. Raises
    IllegalMove, NotAllowed, Conflict or Blocked.
    """
    outbox.check(message.state, MessageState.APPROVED)
    told = why_not(message, user, chain, votes, involved)
    following = chain.next_step(votes) if chain is not None else None
    if told or chain is None or following is None:
        raise NotAllowed(told, user=user.name, message=message.id)
    if seen_version is not None and seen_version != message.version:
        raise Conflict("稿件在您打开之后改过，请重新阅读后再审核", message=message.id)
    if chain.is_last(following):
        demand_shown(message, shown)
    if findings:
        _check_override(user, findings, override, is_last=chain.is_last(following))
    return following


def demand_shown(message: Message, shown: Shown | None) -> None:
    """Raise unless the account and the post answered, as confirmed, are those of the record."""
    if shown is None or not shown.account or (message.reply_to and not shown.parent):
        raise Blocked("请核对并勾选发布账号和所答复的原帖", message=message.id)
    if shown.account != message.account:
        raise Conflict("您确认的账号与本稿要发往的账号不一致，请刷新后重新核对", message=message.id)
    if shown.parent != message.reply_to:
        raise Conflict("您确认的原帖与本稿所答复的不一致，请刷新后重新核对", message=message.id)


def check_release(user: User, findings: Sequence[Finding], override: str, involved: Sequence[str]) -> None:
    """Raise unless `user` may let a reviewed text go once more after a rehearsal or a refusal."""
    if user.name in involved:
        raise NotAllowed("拟稿人、承办人不能放行自己的稿件", user=user.name)
    if findings:
        _check_override(user, findings, override, is_last=True)


def _check_override(user: User, findings: Sequence[Finding], override: str, *, is_last: bool) -> None:
    """Findings are answered for by name at every step; past the last one only a leader lets them through."""
    told = "；".join(f"“{finding.text}”{finding.reason}" for finding in findings)
    if not override.strip():
        raise Blocked(f"检查未通过：{told}")
    if is_last and user.role not in OVERRIDERS:
        raise NotAllowed(f"检查未通过，只有局领导可以署名放行：{told}", user=user.name)
    if len(override.strip()) < MIN_REASON:
        raise Blocked("放行须写明理由")
