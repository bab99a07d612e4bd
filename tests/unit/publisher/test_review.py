"""Who may let a text out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Finding
from huanyu.types import MessageState
from huanyu.types import User
from publisher import review
from tests.unit.publisher.test_outbox import SENDING

DRAFT = replace(SENDING, state=MessageState.DRAFT, version=3)
REVIEWER = User(id=1, name="shenhe", full_name="审核员", role="reviewer", unit="")
LEADER = User(id=2, name="juzhang", full_name="分管局长", role="leader", unit="")
PHONE = Finding(kind="phone", start=0, end=11, text="13800000000", reason="手机号码不得公开")
TONE = Finding(kind="tone", start=0, end=2, text="呵呵", reason="玩笑语气")
REASON = "当事人书面同意公开"


def test_a_reviewer_lets_a_clean_text_out() -> None:
    review.check(DRAFT, REVIEWER, (), seen_version=3)


@pytest.mark.parametrize("role", ["press", "handler", "admin", "assessor"])
def test_other_roles_may_not_review(role: str) -> None:
    with pytest.raises(NotAllowed):
        review.check(DRAFT, replace(REVIEWER, role=role), ())


def test_somebody_who_has_left_may_not_review() -> None:
    with pytest.raises(NotAllowed):
        review.check(DRAFT, replace(LEADER, active=False), ())


@pytest.mark.parametrize("user", [REVIEWER, LEADER])
def test_nobody_reviews_their_own_text(user: User) -> None:
    with pytest.raises(NotAllowed):
        review.check(replace(DRAFT, author=user.name), user, ())
    with pytest.raises(NotAllowed):
        review.check(DRAFT, user, (), involved=(user.name,))


def test_a_text_edited_meanwhile_must_be_read_again() -> None:
    with pytest.raises(Conflict):
        review.check(DRAFT, REVIEWER, (), seen_version=2)


@pytest.mark.parametrize("finding", [PHONE, TONE])
def test_a_finding_blocks(finding: Finding) -> None:
    with pytest.raises(Blocked, match=finding.text):
        review.check(DRAFT, LEADER, (finding,))


@pytest.mark.parametrize("finding", [PHONE, TONE])
def test_only_a_leader_overrides(finding: Finding) -> None:
    with pytest.raises(NotAllowed):
        review.check(DRAFT, REVIEWER, (finding,), REASON)
    review.check(DRAFT, LEADER, (finding,), REASON)


@pytest.mark.parametrize("reason", ["", "   ", "可以发"])
def test_an_override_needs_a_reason(reason: str) -> None:
    with pytest.raises(Blocked):
        review.check(DRAFT, LEADER, (PHONE,), reason)


@pytest.mark.parametrize("state", [state for state in MessageState if state is not MessageState.DRAFT])
def test_only_a_draft_is_reviewed(state: MessageState) -> None:
    with pytest.raises((IllegalMove, NotAllowed)):
        review.check(replace(DRAFT, state=state), REVIEWER, ())
