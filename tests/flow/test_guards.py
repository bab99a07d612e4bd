"""What stands between a mistake and the public: slips nobody stops, rehearsals released by a person, proxies, gravity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flow import cycle
from flow import delivery
from flow import doubts
from flow import findings
from flow import life
from flow import outgoing
from flow import teaching
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import MessageState
from huanyu.types import PostType
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import found
from tests.flow.office import raw


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, _copy(sqlite_template, tmp_path)) as office:
        yield office


@pytest.fixture
def rehearsing(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, _copy(sqlite_template, tmp_path), live=False) as office:
        yield office


def _copy(template: Path, folder: Path) -> str:
    target = folder / "desk.db"
    target.write_bytes(template.read_bytes())
    return f"sqlite:///{target}"


def test_nobody_edits_or_stops_a_slip_to_a_unit(office):
    office.fill()
    case = office.case("assigned")
    (slip,) = office.desk.store.outbox.listing(case_id=case.id)
    handler = office.handler(case.unit)
    with pytest.raises(NotAllowed, match="固定文本"):
        outgoing.edit_draft(office.desk, handler, slip.id, slip.version, "撤了吧", NOW)
    with pytest.raises(NotAllowed, match="固定文本"):
        outgoing.send_back(office.desk, office.reviewer, slip.id, slip.version, "不必催办", NOW)
    assert office.desk.store.outbox.get(slip.id) == slip


def test_what_was_rehearsed_goes_out_only_when_a_reviewer_releases_it(rehearsing):
    rehearsing.fill()
    case, messages = rehearsing.replying()
    rehearsing.approve(messages)
    cycle.run(rehearsing.desk, "deliver", NOW)
    rehearsed = rehearsing.replies(case)
    assert {one.state for one in rehearsed.values()} == {MessageState.REHEARSED}
    site = rehearsed["site"]
    with pytest.raises(NotAllowed):
        outgoing.release(rehearsing.desk, rehearsing.press, site.id, site.version, NOW)
    released = outgoing.release(rehearsing.desk, rehearsing.reviewer, site.id, site.version, NOW)
    assert released.state is MessageState.APPROVED


def test_a_live_post_waits_for_a_page_that_was_only_rehearsed(rehearsing):
    rehearsing.fill()
    _, messages = rehearsing.replying()
    rehearsing.approve({"site": messages["site"]})
    cycle.run(rehearsing.desk, "deliver", NOW)
    rehearsing.approve({"weibo": messages["weibo"]})
    due = rehearsing.desk.store.outbox.due
    assert "weibo" not in {one.channel for one in due(NOW, 50, live=True)}
    assert "weibo" in {one.channel for one in due(NOW, 50, live=False)}


def test_a_sent_message_is_not_released_again(office):
    office.fill()
    case, messages = office.replying()
    office.approve(messages)
    cycle.run(office.desk, "deliver", NOW)
    sent = office.replies(case)["site"]
    with pytest.raises(IllegalMove):
        outgoing.release(office.desk, office.reviewer, sent.id, sent.version, NOW)


def test_a_reply_without_facts_goes_back_to_the_unit_and_its_drafts_are_void(office):
    office.fill()
    case, messages = office.replying()
    office.approve({"site": messages["site"]})
    back = life.send_to_unit(office.desk, office.reviewer, case.id, case.version, "未写明检查时间", NOW)
    assert back.state == "signed"
    assert set(office.states(case).values()) == {MessageState.CANCELLED}
    cycle.run(office.desk, "deliver", NOW)
    assert not office.platforms.weibo.published
    office_handler = office.handler(case.unit)
    again = findings.record_result(office.desk, office_handler, back.id, back.version, found(), NOW)
    cycle.run(office.desk, "draft", NOW)
    assert office.desk.store.cases.get(again.id).state == "replying"


def test_the_press_office_records_for_a_unit_without_log_in_and_for_no_other(office):
    office.fill()
    outside = next(unit for unit in office.desk.bureau.units if not unit.login and unit.kind == "outside")
    own = office.case("assigned")
    with pytest.raises(NotAllowed):
        findings.record_result(office.desk, office.press, own.id, own.version, found(), NOW)
    moved = life.dispatch(office.desk, office.press, own.id, own.version, outside.key, NOW)
    signed = life.sign(office.desk, office.press, moved.id, moved.version, NOW)
    done = findings.record_result(office.desk, office.press, signed.id, signed.version, found(), NOW)
    assert done.result is not None
    assert done.result.recorded_by == office.press.name


def test_control_characters_and_endless_texts_stay_out_of_replies(office):
    office.fill()
    _, messages = office.replying()
    draft = messages["weibo"]
    edited = outgoing.edit_draft(
        office.desk, office.press, draft.id, draft.version, "已责令\x08停工\u202e整改", NOW
    )
    assert edited.text == "已责令停工整改"
    with pytest.raises(BadInput, match="过长"):
        outgoing.edit_draft(office.desk, office.press, edited.id, edited.version, "改" * 20_000, NOW)


def test_a_graver_witness_shortens_the_limits_and_tells_the_unit(office):
    office.fill()
    case = office.case("assigned", TEXTS[3])
    assert case.level == "一般"
    before = {clock.name: clock.due for clock in case.clocks}
    worse = f"{TEXTS[3]}，旁边医院的孩子吵得头晕呕吐"
    office.desk.store.posts.add([raw(77, worse)], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    _settle_unsure(office)
    cycle.run(office.desk, "open", NOW)
    after = office.desk.store.cases.get(case.id)
    assert after.posts == case.posts + 1
    assert after.level == "重大"
    assert {clock.name: clock.due for clock in after.clocks}["first_response"] < before["first_response"]
    assert len(office.desk.store.outbox.listing(case_id=case.id)) == 2


def test_a_text_that_breaks_the_reader_goes_to_a_person_and_the_rest_is_read(office):
    class Fragile:
        """The real reader, but for one text."""

        def __init__(self, reader):
            self.reader = reader

        def read(self, texts, kinds):
            if any("坏文" in text for text in texts):
                raise ValueError("cannot read this")
            return self.reader.read(texts, kinds)

    office.desk.__dict__["reader"] = Fragile(office.desk.reader)
    office.desk.store.posts.add([raw(1, "坏文"), raw(2, PAINT)], now=NOW)
    assert cycle.run(office.desk, "understand", NOW) == 2
    verdicts = {post.text: verdict for post, verdict in office.desk.store.posts.iterate()}
    assert verdicts["坏文"].unsure
    assert verdicts["坏文"].model == "unreadable"
    assert verdicts[PAINT].model != "unreadable"


def test_the_bureaus_own_answer_is_no_complaint_and_no_question_to_anybody(office):
    own = replace(raw(5, f"您反映的问题已收悉：{PAINT}"), author=office.desk.bureau.bureau.account_name)
    office.desk.store.posts.add([own, raw(6, PAINT)], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    verdicts = {post.author: verdict for post, verdict in office.desk.store.posts.iterate()}
    assert (verdicts[own.author].is_complaint, verdicts[own.author].unsure) == (False, False)
    assert verdicts[raw(6, PAINT).author].is_complaint


def test_a_process_keeps_away_from_an_account_at_which_another_is_at_work(office):
    office.fill()
    first = office.desk.store.outbox.due(NOW, 1)[0]
    assert office.desk.store.outbox.claim(first, NOW, worker="elsewhere:7:abcd") is not None
    assert delivery.deliver(office.desk, NOW) == 0
    assert doubts.sweep(office.desk, NOW) == 0
    assert not office.platforms.mail.published
    doubts.sweep(office.desk, NOW + doubts.IN_FLIGHT)
    assert delivery.deliver(office.desk, NOW) > 0


def _settle_unsure(office: Office) -> None:
    for post, verdict in office.desk.store.posts.listing(view="unsure", limit=50):
        assert verdict is not None
        teaching.correct_label(office.desk, office.press, post.id, PostType.COMPLAINT, verdict.kinds, NOW)
