"""The register of 更正 and 撤回: no number skipped or used twice, no message of it lost, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.types import MessageState
from huanyu.types import PublicCorrection
from tests.flow.store.published import as_if
from tests.flow.store.published import draft
from tests.flow.store.published import put
from tests.flow.store.published import sent

FORM = "更正〔{year}〕{number}号"


@pytest.fixture
def case(make):
    return make.handled()


@pytest.fixture
def site(store, case, now):
    return put(store, draft("site", case.id), f"reply:{case.id}:site:1", now)


@pytest.fixture
def weibo(store, case, now):
    return put(store, draft("weibo", case.id), f"reply:{case.id}:weibo:1", now)


def entry(message, now, kind="correction") -> PublicCorrection:
    return PublicCorrection(
        id=0,
        serial="",
        year=0,
        number=0,
        kind=kind,
        about=message.id,
        case_id=message.case_id,
        wrong="罚款3万元",
        right="罚款2万元",
        reason="录入时写错",
        actor="wangfang",
        at=now,
    )


def compose(originals, serial):
    return [
        draft(
            one.channel, one.case_id, text=f"更正 {serial}", serial=serial, about=one.id, stage="correction"
        )
        for one in originals
    ]


def open_(store, message, now, kind="correction", made=compose):
    return store.corrections.open(entry(message, now, kind), FORM, made, now)


def test_a_correction_takes_a_number_and_a_draft_for_every_account(store, case, site, weibo, now):
    found, ids = open_(store, weibo, now)
    assert (found.serial, found.year, found.number) == ("更正〔2026〕1号", 2026, 1)
    drafts = [store.outbox.get(one) for one in ids]
    assert [(one.channel, one.about, one.state) for one in drafts] == [
        ("site", site.id, MessageState.DRAFT),
        ("weibo", weibo.id, MessageState.DRAFT),
    ]
    assert store.cases.history(case.id)[-1].note == "拟更正（更正〔2026〕1号）：录入时写错"
    assert store.corrections.register() == [found] == store.corrections.of_case(case.id)
    assert store.corrections.messages([found.serial]) == {found.serial: drafts}
    assert store.corrections.about(site.id) == drafts[:1]
    assert store.audit.listing(1)[0].action == "correction.correction"


def test_a_failure_gives_the_number_back(store, site, now):
    def broken(originals, serial):
        raise ValueError(serial)

    with pytest.raises(ValueError, match="1号"):
        open_(store, site, now, made=broken)
    assert store.corrections.register() == []
    assert open_(store, site, now)[0].number == 1


def test_a_dropped_correction_keeps_its_number(store, site, now):
    found, ids = open_(store, site, now)
    store.outbox.move(
        store.outbox.get(ids[0]), MessageState.CANCELLED, note="作废", actor="wangfang", now=now
    )
    assert open_(store, site, now)[0].number == 2
    assert [one.serial for one in store.corrections.register()][-1] == found.serial


def test_numbers_begin_anew_each_year(store, site, now):
    _, ids = open_(store, site, now)
    store.outbox.move(
        store.outbox.get(ids[0]), MessageState.CANCELLED, note="作废", actor="wangfang", now=now
    )
    later = now + timedelta(days=300)
    assert open_(store, site, later)[0].serial == "更正〔2027〕1号"
    assert [one.serial for one in store.corrections.register(year=2026)] == ["更正〔2026〕1号"]


def test_a_text_is_corrected_once_at_a_time(store, site, weibo, now):
    open_(store, site, now)
    with pytest.raises(Conflict, match="更正〔2026〕1号还没有办完"):
        open_(store, weibo, now)


def test_of_two_who_correct_at_once_one_is_told_and_no_number_is_lost(store, site, now):
    def one(_):
        try:
            return open_(store, site, now)[0].number
        except Conflict:
            return 0

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [0, 1]
    assert len(store.corrections.register()) == 1


def test_closing_the_case_does_not_drop_a_correction_on_its_way(store, case, site, now):
    _, ids = open_(store, site, now)
    store.moves.move(
        store.cases.get(case.id), "signed", action="sent_to_unit", note="补充", actor="wangfang", now=now
    )
    assert store.outbox.get(ids[0]).state is MessageState.DRAFT


def test_what_was_corrected_in_place_is_corrected_again_where_it_stands(store, site, weibo, now):
    _, (first, notice) = open_(store, site, now)
    sent(store, first, now, site.platform_id)  # took its place
    sent(store, notice, now, "another post")
    standing = store.corrections.standing(site.id, "correction")
    assert [one.id for one in standing] == [first, weibo.id]
    assert [one.id for one in store.corrections.standing(first, "correction")] == [first, weibo.id]
    again, _ = open_(store, weibo, now)
    assert again.number == 2


def test_a_withdrawal_takes_the_notices_along(store, site, weibo, now):
    _, (first, notice) = open_(store, site, now)
    sent(store, first, now, site.platform_id)
    sent(store, notice, now, "another post")
    found = [one.id for one in store.corrections.standing(site.id, "withdrawal")]
    assert found == [first, weibo.id, notice]


def test_what_is_withdrawn_stands_no_more(store, site, now):
    def back(originals, serial):
        return [replace(one, stage="withdrawal") for one in compose(originals, serial)]

    _, (gone,) = open_(store, site, now, "withdrawal", back)
    sent(store, gone, now, site.platform_id)
    with pytest.raises(IllegalMove):
        open_(store, site, now)


def test_what_never_went_out_cannot_be_corrected(store, case, now):
    found = store.outbox.add(draft("site", case.id), "reply:7:site:1", MessageState.DRAFT, "chengban", now)
    with pytest.raises(IllegalMove):
        open_(store, store.outbox.get(found), now)
    with pytest.raises(NotFound):
        store.corrections.standing(999, "correction")


def test_a_press_item_is_corrected_on_all_accounts_it_went_to(store, now):
    made = [
        put(store, draft(channel, None, purpose="press", content_class="press", stage=""), key, now)
        for channel, key in (
            ("site", "press:5:site:1"),
            ("weibo", "press:5:weibo:1"),
            ("site", "press:55:site:1"),
        )
    ]
    found = store.corrections.standing(made[1].id, "correction")
    assert [one.id for one in found] == [made[0].id, made[1].id]


def test_another_round_of_the_same_case_is_another_text(store, case, site, now):
    put(store, draft("weibo", case.id, stage="accepted"), f"rule:{case.id}:weibo", now)
    put(store, draft("weibo", case.id), f"result:{case.id}:later:weibo", now + timedelta(hours=1))
    assert [one.id for one in store.corrections.standing(site.id, "correction")] == [site.id]


def test_one_entry_is_found_by_its_number(store, site, now):
    found, _ = open_(store, site, now)
    assert store.corrections.by_serial(found.serial) == found
    with pytest.raises(NotFound):
        store.corrections.by_serial("更正〔2026〕9号")


def occasion(store, year, channel, now):
    made = draft(channel, None, purpose="press", content_class="press", stage="")
    return put(store, made, f"occasion:liuwu:{year}:{channel}", now)


def test_the_text_of_one_year_is_not_taken_back_with_that_of_another(store, now):
    for year in (2025, 2026):
        for channel in ("site", "weibo"):
            occasion(store, year, channel, now)
    site = store.outbox.by_key("occasion:liuwu:2026:site")
    found = [one.key for one in store.corrections.standing(site.id, "withdrawal")]
    assert found == ["occasion:liuwu:2026:site", "occasion:liuwu:2026:weibo"]


def test_a_press_release_is_corrected_at_every_contact(store, now):
    made = [
        put(
            store,
            draft(channel, None, purpose="press", content_class="press", stage=""),
            f"press:x:{rest}",
            now,
        )
        for channel, rest in (
            ("site", "site"),
            ("mail", "mail:a@example.org"),
            ("mail", "mail:b@example.org"),
        )
    ]
    found = [one.id for one in store.corrections.standing(made[1].id, "correction")]
    assert found == [one.id for one in made]


def waiting(store, case, now, state, **more):
    """The text of one more account, which has not left."""
    found = store.outbox.add(
        draft("telegram", case.id, **more), f"reply:{case.id}:telegram:1", MessageState.DRAFT, "chengban", now
    )
    return as_if(store, found, state, now, "")


@pytest.mark.parametrize("state", [MessageState.APPROVED, MessageState.HANDED, MessageState.REFUSED])
def test_what_says_the_same_and_has_not_left_is_stopped_too(store, case, site, now, state):
    late = waiting(store, case, now, state)
    open_(store, site, now, "withdrawal")
    stopped = store.outbox.get(late.id)
    assert stopped.state is MessageState.CANCELLED
    assert "更正〔2026〕1号" in stopped.note


def test_of_what_has_not_left_only_the_wrong_sentence_is_put_right_first(store, case, site, now):
    late = waiting(store, case, now, MessageState.APPROVED)
    open_(store, site, now)
    back = store.outbox.get(late.id)
    assert (back.state, back.version, back.approved_version) == (MessageState.DRAFT, late.version + 1, None)
    assert [one.version for one in store.outbox.texts(late.id)] == [1, 2]


def test_a_text_without_the_wrong_sentence_goes_its_way(store, case, site, now):
    late = waiting(store, case, now, MessageState.APPROVED, text="办理结果见网页。")
    open_(store, site, now)
    assert store.outbox.get(late.id) == late


@pytest.mark.parametrize("state", [MessageState.SENDING, MessageState.UNKNOWN])
def test_what_may_be_out_is_told_of_and_left_as_it_is(store, case, site, now, state):
    late = waiting(store, case, now, state)
    open_(store, site, now, "withdrawal")
    assert store.outbox.get(late.id) == late
    assert any("结果不明" in event.note for event in store.cases.history(case.id))
