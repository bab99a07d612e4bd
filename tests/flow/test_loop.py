"""A post goes the whole way, on both databases and with real local platforms; what must not happen does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cases.level import MAJOR
from flow import cycle
from flow import life
from flow import morning
from flow import outgoing
from flow import switches
from flow import teaching
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import MessageState
from huanyu.types import PostType
from tests.agreed import go_live
from tests.agreed import shown
from tests.flow.office import COMPLAINTS
from tests.flow.office import HOMELESS
from tests.flow.office import MATTERS
from tests.flow.office import MORNING
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.office import configure
from tests.flow.office import raw

S = MessageState
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def rehearsing(store_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office whose accounts and mail are in dry run."""
    with at_work(tmp_path, store_url, live=False) as opened:
        yield opened


def history(office: Office, case_id: int) -> list[str]:
    return [event.action for event in office.desk.store.cases.history(case_id)]


def test_every_post_gets_a_verdict_and_every_complaint_a_case(office):
    office.fill()
    store = office.desk.store
    verdicts = [verdict for _, verdict in store.posts.iterate()]
    assert [verdict.is_complaint for verdict in verdicts] == [True] * COMPLAINTS + [False] * 4
    found = list(store.cases.iterate())
    assert [case.number for case in found] == [f"HY2026-{number:06d}" for number in range(1, MATTERS + 1)]
    assert {post.id for case in found for post in store.cases.posts(case.id)} == set(range(1, COMPLAINTS + 1))
    assert all(case.unit and case.state == "assigned" for case in found)


def test_what_no_rule_places_stays_in_sight_until_a_person_names_the_unit(office):
    desk = office.desk
    desk.store.posts.add([raw(7, HOMELESS)], now=NOW)
    cycle.run(desk, "understand", NOW)
    teaching.correct_label(desk, office.press, 1, PostType.COMPLAINT, (), NOW)
    cycle.turn(desk, NOW, ("open", "route"))
    (case,) = desk.store.cases.undispatched()
    assert (case.state, case.unit) == ("pending", "")
    assert case.why
    assert "handling" in {clock.name for clock in case.clocks}  # the citizen's limit runs all the same
    assert not desk.store.outbox.listing()
    unit = desk.bureau.units[0]
    case = life.dispatch(desk, office.press, case.id, case.version, unit.key, NOW)
    assert (case.state, case.unit, case.rule) == ("assigned", unit.key, "by_hand")
    (slip,) = desk.store.outbox.listing(purpose="notice")
    assert (slip.state, slip.recipient) == (S.APPROVED, unit.mail)
    assert not desk.store.cases.undispatched()


def test_a_post_goes_the_whole_way_to_the_bulletin(office):
    desk, out = office.desk, office.platforms
    office.fill()
    case = office.case("assigned")
    assert case.posts == 2
    assert desk.bureau.unit(case.unit) is not None
    assert {clock.name for clock in case.clocks} >= {"sign", "handling"}
    slips = desk.store.outbox.listing(purpose="notice")
    assert [slip.state for slip in slips] == [S.APPROVED] * MATTERS

    assert cycle.run(desk, "deliver", NOW) == MATTERS
    slip = next(mail for mail in out.mail.published if case.number in mail.text)
    assert slip.recipients == (desk.bureau.unit(case.unit).mail,)
    assert case.first_author not in slip.text

    _, drafts = office.replying()
    assert list(drafts) == ["site", "weibo", "telegram"]
    office.approve(drafts, LATER)
    cycle.run(desk, "deliver", LATER)
    assert set(office.states(case).values()) == {S.SENT}
    (said,) = (kept for kept in out.weibo.published)
    assert said.status_id == case.first_native_id
    assert said.text == drafts["weibo"].text
    assert [kept.text for kept in out.telegram.published] == [drafts["telegram"].text]
    page = desk.config.site_dir / "r" / f"{case.public_id}.html"
    assert case.number in page.read_text(encoding="utf-8")
    assert "内部情况" not in page.read_text(encoding="utf-8")

    case = office.case("answered")
    life.close(desk, office.press, case.id, case.version, "", LATER)
    told = history(office, case.id)
    spine = ["opened", "appended", "routed", "notice_sent", "signed", "result", "drafted"]
    assert [action for action in told if action in spine] == spine
    assert told.count("approved") == told.count("sent") == 3
    assert {"answered", "closed"} <= set(told)

    assert cycle.run(desk, "bulletin", MORNING) == 1
    made = desk.store.bulletins.by_day("daily", NOW.date())
    assert case.number in made.html.decode()
    assert made.docx.startswith(b"PK")
    assert made.pdf.startswith(b"%PDF")
    assert morning.verify(desk, made.id) == []
    desk.store.audit.seal(now=MORNING)
    assert desk.store.audit.verify(made.bulletin.audit_head) == []


def test_a_rehearsal_reaches_nobody_and_is_not_sent_when_publishing_goes_live(
    rehearsing, store_url, tmp_path
):
    rehearsing.fill()
    _, drafts = rehearsing.replying()
    rehearsing.approve(drafts)
    cycle.run(rehearsing.desk, "deliver", NOW)
    messages = rehearsing.desk.store.outbox.listing(limit=1000)
    assert {message.state for message in messages} == {S.REHEARSED}
    assert rehearsing.is_silent()
    assert rehearsing.case().state == "replying"  # nobody has been answered

    live = Config.load(configure(tmp_path, store_url, rehearsing.platforms, live=True))
    desk = Desk.open(live)
    try:
        go_live(desk, LATER)
        cycle.turn(desk, LATER, ("sweep", "read_back", "deliver"))
    finally:
        desk.close()
    assert rehearsing.is_silent()


def test_the_kill_switch_stops_every_account_until_it_is_lifted(office):
    office.fill()
    case, drafts = office.replying()
    office.approve(drafts)
    switches.kill_switch(office.desk, office.reviewer, True, NOW)
    assert cycle.run(office.desk, "deliver", NOW) == 0
    assert office.is_silent()
    switches.kill_switch(office.desk, office.reviewer, False, NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert set(office.states(case).values()) == {S.SENT}


def test_the_kill_switch_stops_a_delivery_under_way(office):
    office.fill()
    store, mail = office.desk.store, office.platforms.mail

    def stop_all(sender, recipients, content):
        type(mail).keep(mail, sender, recipients, content)
        store.settings.put("kill_switch", "on", now=NOW)

    mail.keep = stop_all  # the switch is turned while the first mail is on its way
    cycle.run(office.desk, "deliver", NOW)
    assert len(mail.published) == 1
    states = [slip.state for slip in store.outbox.listing(purpose="notice")]
    assert states.count(S.SENT) == 1
    assert states.count(S.APPROVED) == MATTERS - 1


def test_nobody_approves_what_he_wrote_or_reported(office):
    office.fill()
    case, drafts = office.replying()
    weibo = drafts["weibo"]
    # The same two people, promoted: it is the hand in the text that counts, not the role.
    handler = replace(office.handler(case.unit), role="reviewer")
    with pytest.raises(NotAllowed):
        outgoing.approve(office.desk, handler, weibo.id, weibo.version, NOW)
    edited = outgoing.edit_draft(office.desk, office.press, weibo.id, weibo.version, weibo.text + "。", NOW)
    with pytest.raises(NotAllowed):
        writer = replace(office.press, role="leader")
        outgoing.approve(office.desk, writer, edited.id, edited.version, NOW)
    with pytest.raises(NotAllowed):
        outgoing.approve(office.desk, office.press, edited.id, edited.version, NOW)
    assert office.states(case) == dict.fromkeys(drafts, S.DRAFT)
    approved = office.sign_off(edited)
    assert (approved.state, approved.reviewer) == (S.APPROVED, "leader")


def test_an_edit_voids_the_approval_and_only_the_new_text_goes_out(office):
    office.fill()
    case, drafts = office.replying()
    office.approve(drafts)
    changed = drafts["telegram"].text + "\n感谢监督。"
    edited = outgoing.edit_draft(office.desk, office.press, drafts["telegram"].id, 1, changed, NOW)
    assert (edited.state, edited.version, edited.approved_version) == (S.DRAFT, 2, None)
    cycle.run(office.desk, "deliver", NOW)
    assert office.states(case) == {"site": S.SENT, "weibo": S.SENT, "telegram": S.DRAFT}
    assert not office.platforms.telegram.published
    with pytest.raises(Conflict):
        outgoing.approve(office.desk, office.reviewer, edited.id, 1, NOW)
    office.sign_off(edited)
    cycle.run(office.desk, "deliver", NOW)
    assert [kept.text for kept in office.platforms.telegram.published] == [changed]


def test_a_text_that_fails_its_checks_needs_a_leader_and_his_reason(office):
    office.fill()
    case, drafts = office.replying()
    site = drafts["site"]
    leak = f"{site.text}\n反映人电话13800000000，网名{case.first_author}。"
    site = outgoing.edit_draft(office.desk, office.press, site.id, site.version, leak, NOW)
    with pytest.raises(Blocked):
        outgoing.approve(office.desk, office.reviewer, site.id, site.version, NOW)
    told = "请局领导决定：反映人书面同意公开电话"
    outgoing.approve(office.desk, office.reviewer, site.id, site.version, NOW, override=told)
    second = colleague(office.desk, "reviewer2", "reviewer")
    last = {"shown": shown(site)}
    with pytest.raises(NotAllowed):
        outgoing.approve(office.desk, second, site.id, site.version, NOW, override="本人同意公开电话", **last)
    with pytest.raises(Blocked):
        outgoing.approve(office.desk, office.leader, site.id, site.version, NOW, override="行", **last)
    cycle.run(office.desk, "deliver", NOW)
    assert not list(office.desk.config.site_dir.glob("r/*.html"))
    reason = "反映人书面同意公开电话"
    outgoing.approve(office.desk, office.leader, site.id, site.version, NOW, override=reason, **last)
    cycle.run(office.desk, "deliver", NOW)
    assert office.states(case)["site"] is S.SENT
    assert [row.override for row in _overrides(office)] == ["反映人书面同意公开电话"]
    assert "leader" in {line.actor for line in office.desk.store.audit.listing(limit=1000)}


def test_the_other_channels_wait_for_the_site(office):
    office.fill()
    case, drafts = office.replying()
    office.approve({name: drafts[name] for name in ("weibo", "telegram")})
    cycle.run(office.desk, "deliver", NOW)
    assert office.states(case) == {"site": S.DRAFT, "weibo": S.APPROVED, "telegram": S.APPROVED}
    office.approve({"site": drafts["site"]})
    cycle.run(office.desk, "deliver", NOW)
    assert set(office.states(case).values()) == {S.SENT}


def test_an_answer_lost_on_the_way_is_read_back_and_not_posted_twice(office):
    office.fill()
    case, drafts = office.replying()
    office.approve(drafts)
    office.platforms.weibo.fail_next("drop_after_accept")
    cycle.run(office.desk, "deliver", NOW)
    assert office.states(case)["weibo"] is S.UNKNOWN
    cycle.turn(office.desk, LATER, ("sweep", "read_back", "deliver"))
    assert office.states(case)["weibo"] is S.SENT
    assert len(office.platforms.weibo.published) == 1


def test_a_platform_that_is_down_is_tried_again_later_and_not_before(office):
    office.fill()
    case, drafts = office.replying()
    office.approve(drafts)
    office.platforms.weibo.fail_next("rate_limit")
    cycle.run(office.desk, "deliver", NOW)
    waiting = office.replies(case)["weibo"]
    assert waiting.state is S.APPROVED
    assert waiting.due_at > NOW
    assert cycle.run(office.desk, "deliver", NOW) == 0
    cycle.run(office.desk, "deliver", waiting.due_at)
    assert office.states(case)["weibo"] is S.SENT
    assert len(office.platforms.weibo.published) == 1


def test_the_same_complaint_after_the_answer_reopens_the_case(office):
    office.fill()
    case, drafts = office.replying()
    office.approve(drafts)
    cycle.run(office.desk, "deliver", NOW)
    answered = office.case("answered")
    life.close(office.desk, office.press, answered.id, answered.version, "", NOW)
    again = NOW + timedelta(days=3)
    office.fill(
        (*TEXTS, "许营镇赵庄西头有家小喷漆房，一到夜里就开工，油漆味熏得孩子直咳嗽，反映好几回了没人管！！"),
        again,
    )
    case = office.case("assigned")
    assert case.posts == 3
    assert "reopened" in history(office, case.id)
    office.handle(case, again)
    cycle.run(office.desk, "draft", again)
    keys = [message.key for message in office.desk.store.outbox.listing(purpose="reply", limit=100)]
    assert f"reply:{case.id}:weibo:2" in keys


def test_one_item_that_breaks_does_not_hold_up_the_rest(office):
    office.fill()
    for one in (PAINT, RIVER):
        office.handle(office.case("assigned", one))
    stuck = office.case("handled", PAINT)
    _spoil_result(office, stuck.id)
    cycle.run(office.desk, "draft", NOW)
    assert office.case(one=PAINT).state == "handled"
    assert office.case(one=RIVER).state == "replying"


def test_a_card_goes_out_once_and_in_office_hours(office):
    office.fill()
    tomorrow = NOW + timedelta(days=1, hours=5)
    night = NOW.replace(hour=23)
    remind(office, night)
    assert _reminded(office) <= MAJOR  # the duty officer is woken for grave matters only
    assert remind(office, tomorrow) > 0
    assert not _reminded(office) <= MAJOR
    assert remind(office, tomorrow + timedelta(minutes=5)) == 0


def remind(office, now):
    """How many cards the steps give."""
    return cycle.turn(office.desk, now, ("recalendar", "plan_cards", "cards"))["cards"]


def _reminded(office):
    cases = office.desk.store.cases
    return {case.level for case in cases.iterate() if "reminded" in history(office, case.id)}


def _overrides(office):
    with office.desk.store._database.read() as tx:
        return tx.exec_driver_sql("SELECT override FROM outbox WHERE override <> ''").all()


def _spoil_result(office, case_id):
    """What a careless hand on the database may leave behind: a case without the result it reports."""
    with office.desk.store._database.write() as tx:
        tx.exec_driver_sql(f"UPDATE cases SET result_id = NULL WHERE id = {case_id}")
