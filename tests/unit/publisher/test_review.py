"""Who may let a text out, step by step."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.review_rows import chain_of
from huanyu.review_rows import class_of
from huanyu.types import Finding
from huanyu.types import MessageState
from huanyu.types import User
from huanyu.types import Vote
from publisher import review
from publisher.review import Shown
from tests.unit.publisher.test_outbox import NOW
from tests.unit.publisher.test_outbox import SENDING

CHAINS = load_bureau(SHIPPED).review
PETITION, PRESS, INCIDENT = (chain_of(CHAINS, key) for key in ("petition", "press", "incident"))
DRAFT = replace(SENDING, state=MessageState.DRAFT, version=3, reply_to="5100000001")
CLERK = User(id=3, name="xuanjiao", full_name="宣教员", role="press", unit="")
REVIEWER = User(id=1, name="shenhe", full_name="审核员", role="reviewer", unit="")
SECOND = User(id=4, name="shenhe2", full_name="审核员乙", role="reviewer", unit="")
LEADER = User(id=2, name="juzhang", full_name="分管局长", role="leader", unit="")
PHONE = Finding(kind="phone", start=0, end=11, text="13800000000", reason="手机号码不得公开")
TONE = Finding(kind="tone", start=0, end=2, text="呵呵", reason="玩笑语气")
REASON = "当事人书面同意公开"
SHOWN = Shown(DRAFT.account, DRAFT.reply_to)


def vote(step: str, user: User, **more: object) -> Vote:
    values = {"message_id": 1, "version": 3, "step": step, "actor": user.name, "role": user.role, "at": NOW}
    return Vote(**(values | more))


FIRST = vote("first", CLERK)


def check(user: User, findings=(), override="", *, chain=PETITION, votes=(FIRST,), message=DRAFT, **more):
    return review.check(message, user, chain, votes, findings, override, **({"shown": SHOWN} | more))


def test_the_steps_are_taken_in_order() -> None:
    assert check(CLERK, votes=()).key == "first"
    assert check(REVIEWER).key == "final"
    with pytest.raises(NotAllowed, match="都已完成"):
        check(LEADER, votes=(FIRST, vote("final", REVIEWER)))


@pytest.mark.parametrize("role", ["press", "handler", "admin", "assessor"])
def test_a_step_is_for_its_roles_only(role: str) -> None:
    with pytest.raises(NotAllowed, match="终审"):
        check(replace(REVIEWER, role=role))


def test_somebody_who_has_left_may_not_review() -> None:
    with pytest.raises(NotAllowed):
        check(replace(LEADER, active=False))


@pytest.mark.parametrize("user", [REVIEWER, LEADER])
def test_nobody_reviews_their_own_text(user: User) -> None:
    with pytest.raises(NotAllowed):
        check(user, message=replace(DRAFT, author=user.name))
    with pytest.raises(NotAllowed):
        check(user, involved=(user.name,))


def test_nobody_takes_two_steps_not_even_under_another_role() -> None:
    for role in ("reviewer", "leader"):
        with pytest.raises(NotAllowed, match="不同的人"):
            check(replace(CLERK, role=role))


def test_an_incident_needs_a_leader_last() -> None:
    votes = (FIRST, vote("second", REVIEWER))
    with pytest.raises(NotAllowed):
        check(SECOND, chain=INCIDENT, votes=votes)
    assert check(LEADER, chain=INCIDENT, votes=votes).key == "final"
    assert check(SECOND, chain=PRESS, votes=votes).key == "final"


def test_a_class_without_a_chain_is_never_agreed_to() -> None:
    with pytest.raises(NotAllowed, match="没有设置"):
        check(LEADER, chain=None)


def test_a_text_edited_meanwhile_must_be_read_again() -> None:
    with pytest.raises(Conflict):
        check(REVIEWER, seen_version=2)


def test_the_last_step_asks_for_the_account_and_the_post_that_is_answered() -> None:
    for missing in (None, Shown("", ""), Shown(DRAFT.account, "")):
        with pytest.raises(Blocked, match="勾选"):
            check(REVIEWER, shown=missing)
    with pytest.raises(Conflict, match="账号"):
        check(REVIEWER, shown=Shown("another", DRAFT.reply_to))
    with pytest.raises(Conflict, match="原帖"):
        check(REVIEWER, shown=Shown(DRAFT.account, "5100000002"))
    check(CLERK, votes=(), shown=None)


@pytest.mark.parametrize("finding", [PHONE, TONE])
def test_a_finding_blocks_every_step(finding: Finding) -> None:
    with pytest.raises(Blocked, match=finding.text):
        check(LEADER, (finding,))
    with pytest.raises(Blocked, match=finding.text):
        check(CLERK, (finding,), votes=())


@pytest.mark.parametrize("finding", [PHONE, TONE])
def test_a_step_may_be_taken_for_a_reason_but_only_a_leader_lets_it_out(finding: Finding) -> None:
    assert check(CLERK, (finding,), REASON, votes=()).key == "first"
    with pytest.raises(NotAllowed):
        check(REVIEWER, (finding,), REASON)
    check(LEADER, (finding,), REASON)


@pytest.mark.parametrize("reason", ["", "   ", "可以发"])
def test_an_override_needs_a_reason(reason: str) -> None:
    with pytest.raises(Blocked):
        check(LEADER, (PHONE,), reason)


@pytest.mark.parametrize("state", [state for state in MessageState if state is not MessageState.DRAFT])
def test_only_a_draft_is_reviewed(state: MessageState) -> None:
    with pytest.raises((IllegalMove, NotAllowed)):
        check(REVIEWER, message=replace(DRAFT, state=state))


# --- what a set of votes amounts to -------------------------------------------------------------------------


def people(*users: User) -> dict[str, User]:
    return {user.name: user for user in users}


LAST = vote("final", LEADER, account=SHOWN.account, parent=SHOWN.parent)


def fault(votes, *users: User, chain=PETITION, shown=SHOWN) -> str:
    return chain.fault(votes, people(*users), shown.account, shown.parent)


def test_a_full_set_of_votes_lets_a_text_out_and_nothing_less_does() -> None:
    assert fault((FIRST, LAST), CLERK, LEADER) == ""
    assert "终审" in fault((FIRST,), CLERK)
    assert "初审" in fault((LAST,), LEADER)
    assert "初审" in fault((), CLERK)


def test_one_person_at_two_steps_lets_nothing_out() -> None:
    twice = (vote("first", LEADER), LAST)
    assert "不同的人" in fault(twice, LEADER)


def test_whoever_left_or_was_put_below_the_step_does_not_count_any_more() -> None:
    assert "失效" in fault((FIRST, LAST), CLERK, replace(LEADER, active=False))
    assert "失效" in fault((FIRST, LAST), CLERK)  # the account is gone
    for role in ("press", "handler", "admin"):
        assert "失效" in fault((FIRST, LAST), CLERK, replace(LEADER, role=role))
    assert fault((FIRST, LAST), CLERK, replace(LEADER, role="reviewer")) == ""  # may take that step, too


def test_a_promotion_changes_nothing_that_was_voted() -> None:
    assert fault((FIRST, LAST), replace(CLERK, role="leader"), LEADER) == ""


def test_a_reviewer_who_was_a_leader_is_not_enough_for_an_incident() -> None:
    votes = (FIRST, vote("second", REVIEWER), LAST)
    assert fault(votes, CLERK, REVIEWER, LEADER, chain=INCIDENT) == ""
    assert "失效" in fault(votes, CLERK, REVIEWER, replace(LEADER, role="reviewer"), chain=INCIDENT)


def test_what_was_confirmed_must_be_where_it_goes() -> None:
    assert "原帖" in fault((FIRST, LAST), CLERK, LEADER, shown=Shown("weibo2", SHOWN.parent))
    assert "原帖" in fault((FIRST, LAST), CLERK, LEADER, shown=Shown(SHOWN.account, "5100000009"))


def test_the_order_in_which_votes_are_read_does_not_matter() -> None:
    votes = (FIRST, vote("second", REVIEWER), LAST)
    found = {fault(order, CLERK, REVIEWER, LEADER, chain=INCIDENT) for order in permutations(votes)}
    assert found == {""}


@pytest.mark.parametrize(
    ("purpose", "told", "channel", "expected"),
    [
        ("reply", "", "weibo", "petition"),
        ("reply", "incident", "weibo", "incident"),
        ("press", "", "wechat", "press"),
        ("notice", "", "mail", ""),
        ("bulletin", "", "telegram", ""),
        ("notice", "", "weibo", "?"),  # a notice on a public account is a way around
        ("internal", "press", "mail", "?"),
    ],
)
def test_which_reviews_a_text_needs(purpose: str, told: str, channel: str, expected: str) -> None:
    assert class_of(purpose, told, channel) == expected
