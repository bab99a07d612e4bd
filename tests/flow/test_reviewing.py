"""三审三校 through the desk's own verbs: every way around that somebody might try, and what holds messages back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flow import cycle
from flow import life
from flow import outgoing
from flow import prospects
from flow import reviewing
from flow import staff
from flow import switches
from huanyu.errors import BadInput
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Draft
from huanyu.types import MessageState
from publisher.review import Shown
from tests.agreed import shown
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague

S = MessageState
MIDNIGHT = NOW.replace(hour=23, minute=30)


def opened(template: Path, folder: Path, live: bool = True):
    target = folder / "desk.db"
    target.write_bytes(template.read_bytes())
    return at_work(folder, f"sqlite:///{target.as_posix()}", live=live)


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with one case whose replies wait for review."""
    folder = tmp_path_factory.mktemp("reviewing")
    with opened(sqlite_template, folder) as office:
        office.fill()
        cycle.run(office.desk, "deliver", NOW)
        office.replying()
    return folder / "desk.db"


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Iterator[Office]:
    with opened(template, tmp_path) as found:
        yield found


@pytest.fixture
def rehearsing(template: Path, tmp_path: Path) -> Iterator[Office]:
    with opened(template, tmp_path, live=False) as found:
        yield found


def weibo(office: Office):
    return office.replies(office.case())["weibo"]


def step(office: Office, user, message, now=NOW, **more):
    return outgoing.approve(office.desk, user, message.id, message.version, now, **more)


def nothing_leaves(office: Office, now=NOW) -> bool:
    cycle.run(office.desk, "deliver", now)
    return not office.platforms.weibo.published


def public(office: Office, content_class: str, key: str, **more):
    """A text of ours for the Telegram channel, put up for review."""
    values = {"channel": "telegram", "account": "telegram", "purpose": "press", "recipient": "@shuicheng"}
    draft = Draft(
        **(values | {"content_class": content_class, "text": "六五环境日，市民开放日报名开始。"} | more)
    )
    return office.desk.store.outbox.get(office.desk.store.outbox.add(draft, key, S.DRAFT, "wangfang", NOW))


def test_after_every_step_but_the_last_nothing_leaves(office):
    one = weibo(office)
    half = step(office, office.press, one)
    assert half.state is S.DRAFT
    assert nothing_leaves(office)
    done = step(office, office.reviewer, half, shown=shown(one))
    assert done.state is S.APPROVED


def test_the_same_form_sent_twice_is_one_vote(office):
    one = weibo(office)
    step(office, office.press, one)
    with pytest.raises(NotAllowed):
        step(office, office.press, one)
    assert len(office.desk.store.approvals.votes(one.id)) == 1


def test_a_promotion_between_two_steps_gives_no_second_vote(office):
    one = step(office, office.press, weibo(office))
    for role in ("reviewer", "leader"):
        with pytest.raises(NotAllowed, match="不同的人"):
            step(office, replace(office.press, role=role), one, shown=shown(one))
    assert nothing_leaves(office)


def test_the_last_step_without_or_with_other_confirmations_is_refused(office):
    one = step(office, office.press, weibo(office))
    with pytest.raises(Blocked, match="勾选"):
        step(office, office.reviewer, one)
    with pytest.raises(Conflict, match="账号"):
        step(office, office.reviewer, one, shown=Shown("site", one.reply_to))
    with pytest.raises(Conflict, match="原帖"):
        step(office, office.reviewer, one, shown=Shown(one.account, "1"))
    assert nothing_leaves(office)


def test_an_edit_between_two_steps_starts_again(office):
    one = step(office, office.press, weibo(office))
    second = colleague(office.desk, "press2", "press")
    edited = outgoing.edit_draft(office.desk, second, one.id, one.version, f"{one.text} ", NOW)
    assert edited.version == one.version + 1  # not a character more, and yet a new version
    with pytest.raises(Conflict):
        step(office, office.reviewer, one, shown=shown(one))
    with pytest.raises(NotAllowed):
        step(office, second, edited)
    assert office.sign_off(edited).state is S.APPROVED


def test_the_screen_of_a_reviewer_whose_rights_were_taken_away_is_worth_nothing(office):
    one = step(office, office.press, weibo(office))
    staff.set_active(office.desk, None, office.reviewer.name, False, NOW)
    with pytest.raises(NotAllowed):  # the session still carries the old user
        step(office, office.reviewer, one, shown=shown(one))
    assert nothing_leaves(office)


def test_a_reviewer_locked_out_before_the_text_leaves_takes_the_vote_along(office):
    drafts = office.replies(office.case())
    office.approve(drafts)
    staff.set_active(office.desk, None, office.reviewer.name, False, NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert office.is_silent() or not list(office.desk.config.site_dir.glob("r/*.html"))
    site = office.replies(office.case())["site"]
    assert (site.state, site.version) == (S.DRAFT, 2)
    assert "失效" in site.note


def test_what_was_rehearsed_or_refused_is_not_a_way_around(rehearsing):
    drafts = rehearsing.replies(rehearsing.case())
    rehearsing.approve({"site": drafts["site"]})
    cycle.run(rehearsing.desk, "deliver", NOW)
    site = rehearsing.replies(rehearsing.case())["site"]
    assert site.state is S.REHEARSED
    # A text nobody agreed to can't be released, whatever state it is moved to.
    weibo = rehearsing.desk.store.outbox.move(drafts["weibo"], S.CANCELLED, note="", now=NOW)
    for user in (rehearsing.reviewer, rehearsing.leader):
        with pytest.raises(IllegalMove):
            outgoing.release(rehearsing.desk, user, weibo.id, weibo.version, NOW)
    staff.set_active(rehearsing.desk, None, rehearsing.press.name, False, NOW)
    with pytest.raises(NotAllowed, match="失效"):
        outgoing.release(rehearsing.desk, rehearsing.leader, site.id, site.version, NOW)


def test_an_incident_goes_past_a_leader_and_everything_else_waits_for_its_turn(office):
    one = public(office, "incident", "incident:1", text="莘县一企业发生泄漏，已封控，空气监测未见异常。")
    second = colleague(office.desk, "reviewer2", "reviewer")
    one = step(office, office.press, one)
    one = step(office, office.reviewer, one)
    with pytest.raises(NotAllowed):
        step(office, second, one, shown=shown(one))
    assert step(office, office.leader, one, shown=shown(one)).state is S.APPROVED
    cycle.run(office.desk, "deliver", MIDNIGHT)  # it does not wait for the morning
    assert office.desk.store.outbox.get(one.id).state is S.SENT


def test_the_desk_tells_who_may_take_which_step(office):
    one = weibo(office)
    case = office.case()

    def mine(user) -> bool:
        return reviewing.of(office.desk, user, one, case).is_mine

    assert [mine(user) for user in (office.press, office.reviewer, office.leader)] == [True, True, False]
    handler = office.handler(case.unit)
    assert "自己的稿件" in reviewing.of(office.desk, handler, one, case).why_not
    step(office, office.press, one)
    assert [mine(user) for user in (office.press, office.reviewer, office.leader)] == [False, True, True]


# --- gates --------------------------------------------------------------------------------------------------


def test_one_signature_is_a_rehearsal_and_ending_it_takes_one_person(office):
    switches.end_live(office.desk, office.press, NOW)
    office.approve({"site": office.replies(office.case())["site"]})
    switches.sign_live(office.desk, office.leader, NOW)
    with pytest.raises(NotAllowed):
        switches.sign_live(office.desk, office.reviewer, NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert office.states(office.case())["site"] is S.REHEARSED


def test_live_mode_ends_when_one_of_its_signers_is_locked_out(office):
    assert switches.is_live(office.desk)
    staff.set_active(office.desk, None, "leader", False, NOW)
    assert not switches.is_live(office.desk)


def test_a_freeze_stops_cheerful_texts_only_and_says_so(office):
    item = public(office, "press", "press:1")
    second = colleague(office.desk, "reviewer2", "reviewer")
    for user in (office.press, office.reviewer):
        item = step(office, user, item)
    item = step(office, second, item, shown=shown(item))
    with pytest.raises(BadInput):
        switches.begin_freeze(office.desk, office.press, " ", NOW)
    switches.begin_freeze(office.desk, office.press, "莘县企业泄漏", NOW)
    office.approve(office.replies(office.case()))
    cycle.run(office.desk, "deliver", NOW)
    assert office.desk.store.outbox.get(item.id).state is S.APPROVED
    assert office.states(office.case())["site"] is S.SENT
    told = prospects.of(office.desk, item, NOW)
    assert told.at is None
    assert "莘县企业泄漏" in told.why
    with pytest.raises(NotAllowed):
        switches.lift_freeze(office.desk, office.reviewer, "结束", NOW)
    switches.lift_freeze(office.desk, office.leader, "处置结束", NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert office.desk.store.outbox.get(item.id).state is S.SENT


def test_at_night_an_answer_waits_and_says_until_when(office):
    office.approve({"site": office.replies(office.case())["site"]})
    cycle.run(office.desk, "deliver", MIDNIGHT)
    site = office.replies(office.case())["site"]
    morning = MIDNIGHT.replace(hour=7, minute=0) + timedelta(days=1)
    assert (site.state, site.due_at) == (S.APPROVED, morning)
    assert "夜间不发" in site.note
    assert "07:00" in site.note
    assert prospects.of(office.desk, site, MIDNIGHT).at == morning
    cycle.run(office.desk, "deliver", morning)
    assert office.states(office.case())["site"] is S.SENT


def test_a_text_leaves_at_the_time_it_was_scheduled_for_and_keeps_its_votes(office):
    office.approve({"site": office.replies(office.case())["site"]})
    site = office.replies(office.case())["site"]
    at = NOW + timedelta(hours=3)
    with pytest.raises(BadInput, match="早于现在"):
        outgoing.schedule(office.desk, office.press, site.id, site.version, NOW - timedelta(minutes=1), NOW)
    with pytest.raises(BadInput, match="天以后"):
        outgoing.schedule(office.desk, office.press, site.id, site.version, NOW + timedelta(days=900), NOW)
    outgoing.schedule(office.desk, office.press, site.id, site.version, at, NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert office.states(office.case())["site"] is S.APPROVED
    cycle.run(office.desk, "deliver", at)
    assert office.states(office.case())["site"] is S.SENT


def test_the_answers_of_a_case_that_went_back_stay_in(office):
    office.approve(office.replies(office.case()))
    case = office.case()
    life.send_to_unit(office.desk, office.reviewer, case.id, case.version, "未写明时间", NOW)
    assert nothing_leaves(office)
    assert set(office.states(office.case()).values()) == {S.CANCELLED}
