"""Delivery by several workers: what is cut off is found, what is unknown is looked for, an account's fault burns no text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flow import accounts
from flow import cycle
from flow import delivery
from flow import doubts
from flow.workers import Worker
from huanyu.errors import NotAllowed
from huanyu.types import MessageState
from publisher.outbox import ACCOUNT_REST
from publisher.outbox import LOOKS
from tests.agreed import approve
from tests.flow.office import NOW
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work

S = MessageState
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    target = tmp_path / "desk.db"
    target.write_bytes(sqlite_template.read_bytes())
    with at_work(tmp_path, f"sqlite:///{target}") as office:
        office.fill()
        cycle.run(office.desk, "deliver", NOW)
        yield office


def replying(office, *texts):
    """Cases whose replies are all agreed to."""
    found = []
    for text in texts:
        case, drafts = office.replying(text)
        for message in drafts.values():  # straight on the store: here texts may resemble each other
            approve(office.desk.store, message.id, NOW)
        found.append(case)
    return found


def weibo(office, case):
    return office.replies(case)["weibo"]


def test_a_worker_knows_by_their_locks_which_siblings_have_died(tmp_path):
    one, other = Worker(tmp_path), Worker(tmp_path)
    assert one.name != other.name
    assert not one.has_died(one.name)
    assert not one.has_died(other.name)
    assert not one.has_died("elsewhere:7:abcd"), "a worker of another machine"
    assert not one.has_died("")
    other._lock.release()  # what the system does for a process that was killed
    assert one.has_died(other.name)
    one.bury(other.name)
    assert not one.has_died(other.name)


def test_what_a_living_worker_has_in_flight_is_left_alone_for_ten_minutes(office, tmp_path):
    (case,) = replying(office, RIVER)
    sibling = Worker(office.desk.config.data_dir / "workers")
    taken = office.desk.store.outbox.claim(office.replies(case)["site"], NOW, worker=sibling.name)
    assert doubts.sweep(office.desk, NOW + 9 * MINUTE) == 0
    sibling._lock.release()
    assert doubts.sweep(office.desk, NOW + 9 * MINUTE) == 1
    assert office.desk.store.outbox.get(taken.id).state is S.UNKNOWN
    assert list((office.desk.config.data_dir / "workers").glob(f"*{sibling.name[-8:]}*")) == []


def test_what_another_machine_has_in_flight_is_cut_off_after_ten_minutes(office):
    (case,) = replying(office, RIVER)
    office.desk.store.outbox.claim(office.replies(case)["site"], NOW, worker="elsewhere:7:abcd")
    assert doubts.sweep(office.desk, NOW + 9 * MINUTE) == 0
    assert doubts.sweep(office.desk, NOW + 10 * MINUTE) == 1


def test_our_own_page_is_simply_written_again_by_its_key(office):
    (case,) = replying(office, RIVER)
    site = office.replies(case)["site"]
    office.desk.store.outbox.claim(site, NOW, worker="elsewhere:7:abcd")
    doubts.sweep(office.desk, NOW + 10 * MINUTE)
    assert doubts.read_back(office.desk, NOW + 10 * MINUTE) == 1
    assert office.replies(case)["site"].state is S.SENT
    assert len(list(office.desk.config.site_dir.glob("r/*.html"))) == 1


def test_the_kill_switch_also_stops_writing_a_page_again(office):
    (case,) = replying(office, RIVER)
    office.desk.store.outbox.claim(office.replies(case)["site"], NOW, worker="elsewhere:7:abcd")
    doubts.sweep(office.desk, NOW + 10 * MINUTE)
    office.desk.store.settings.put("kill_switch", "on", now=NOW)
    assert doubts.read_back(office.desk, NOW + 10 * MINUTE) == 0
    assert not list(office.desk.config.site_dir.glob("r/*.html"))


def test_an_unknown_post_is_looked_for_again_and_again_then_left_to_a_person(office):
    (case,) = replying(office, RIVER)
    office.platforms.weibo.fail_next("drop_before_accept")
    delivery.deliver(office.desk, NOW)
    unknown = weibo(office, case)
    assert (unknown.state, unknown.looks) == (S.UNKNOWN, 0)
    moment, looks = unknown.look_at, 0
    while moment is not None and looks < 2 * len(LOOKS):
        assert doubts.read_back(office.desk, moment) == 0
        looks, moment = looks + 1, weibo(office, case).look_at
    assert looks == len(LOOKS) + 1
    assert weibo(office, case).state is S.UNKNOWN
    assert not office.platforms.weibo.published


def test_a_timeline_that_cannot_be_read_is_no_look(office):
    (case,) = replying(office, RIVER)
    office.platforms.weibo.fail_next("drop_after_accept")
    delivery.deliver(office.desk, NOW)
    office.platforms.weibo.fail_reads()
    later = NOW + MINUTE
    assert doubts.read_back(office.desk, later) == 0
    assert weibo(office, case).looks == 0
    assert doubts.read_back(office.desk, weibo(office, case).look_at) == 1
    assert weibo(office, case).state is S.SENT


def test_a_person_is_told_once_of_a_post_that_cannot_be_found(office):
    (case,) = replying(office, RIVER)
    office.platforms.weibo.fail_next("drop_before_accept")
    delivery.deliver(office.desk, NOW)
    assert doubts.tell(office.desk, NOW + 10 * MINUTE) == 0
    assert doubts.tell(office.desk, NOW + 120 * MINUTE) == 1
    assert doubts.tell(office.desk, NOW + 121 * MINUTE) == 0
    (mail,) = office.desk.store.outbox.listing(purpose="internal")
    assert mail.title.startswith("【发布待核实】")
    assert mail.link.endswith(f"/outbox/{weibo(office, case).id}")


def test_a_dead_token_burns_no_text_and_the_queue_goes_out_in_order_once_it_is_renewed(office):
    cases = replying(office, RIVER, *_others())
    office.platforms.weibo.expired = True
    delivery.deliver(office.desk, NOW)
    waiting = [weibo(office, case) for case in cases]
    assert {one.state for one in waiting} == {S.APPROVED}
    assert [one.attempts for one in waiting] == [1, 0, 0], "one call was enough to know"
    assert {office.replies(case)["telegram"].state for case in cases} == {S.SENT}
    assert office.desk.store.accounts.state("weibo").state == "revoked"
    assert accounts.look(office.desk, NOW + MINUTE) > 0
    (told,) = office.desk.store.outbox.listing(purpose="internal")
    assert "授权失效" in told.title
    office.platforms.weibo.expired = False
    accounts.look(office.desk, NOW + 12 * MINUTE)
    assert office.desk.store.accounts.state("weibo").held_until is None
    delivery.deliver(office.desk, NOW + 12 * MINUTE)
    assert [kept.text for kept in office.platforms.weibo.published] == [one.text for one in waiting]
    titles = [one.title for one in office.desk.store.outbox.listing(purpose="internal")]
    assert "【账号恢复】水城环境" in titles


def test_an_account_nobody_asks_about_is_tried_again_after_an_hour(office):
    (case,) = replying(office, RIVER)
    office.platforms.weibo.expired = True
    delivery.deliver(office.desk, NOW)
    office.platforms.weibo.expired = False
    assert delivery.deliver(office.desk, NOW + ACCOUNT_REST - MINUTE) == 0
    assert delivery.deliver(office.desk, NOW + ACCOUNT_REST + MINUTE) == 1
    assert weibo(office, case).state is S.SENT


def test_a_person_who_repaired_an_account_lets_it_go_on_at_once(office):
    (case,) = replying(office, RIVER)
    office.platforms.weibo.expired = True
    delivery.deliver(office.desk, NOW)
    office.platforms.weibo.expired = False
    with pytest.raises(NotAllowed):
        accounts.lift(office.desk, office.handler(case.unit), "weibo", NOW)
    accounts.lift(office.desk, office.press, "weibo", NOW + MINUTE)
    delivery.deliver(office.desk, NOW + MINUTE)
    assert weibo(office, case).state is S.SENT


def test_after_three_calls_that_nobody_took_the_account_rests(office):
    cases = replying(office, RIVER, *_others())
    office.platforms.weibo.fail_next("rate_limit", times=3)
    delivery.deliver(office.desk, NOW)
    kept = office.desk.store.accounts.state("weibo")
    assert (kept.failures, kept.held_until is not None) == (3, True)
    delivery.deliver(office.desk, NOW + 30 * MINUTE)
    assert {weibo(office, case).state for case in cases} == {S.SENT}
    assert [kept.text for kept in office.platforms.weibo.published] == [
        weibo(office, one).text for one in cases
    ]


def test_more_than_the_quota_is_planned_for_later_and_the_note_says_when(office, monkeypatch):
    table = office.desk.bureau.publishing
    tight = table.quota[0].model_copy(update={"count": 1})
    bureau = office.desk.bureau.model_copy(
        update={"publishing": table.model_copy(update={"quota": (tight,)})}
    )
    monkeypatch.setattr(type(office.desk), "bureau", property(lambda _: bureau))
    cases = replying(office, RIVER, *_others())
    delivery.deliver(office.desk, NOW)
    states = [weibo(office, case).state for case in cases]
    assert states == [S.SENT, S.APPROVED, S.APPROVED]
    second, third = (weibo(office, case) for case in cases[1:])
    assert NOW + 10 * MINUTE <= second.due_at < third.due_at
    assert second.note.startswith("不刷屏，排到10:1")
    for minutes in (11, 22):
        delivery.deliver(office.desk, NOW + minutes * MINUTE)
    assert {weibo(office, case).state for case in cases} == {S.SENT}


def test_every_account_stands_on_the_list_with_what_waits_for_it(office):
    replying(office, RIVER)
    found = {one.row.key: one for one in accounts.standings(office.desk, NOW)}
    assert set(found) == {"site", "weibo", "telegram", "mail"}
    assert found["site"].traffic.waiting == 1
    assert [used.told for used in found["weibo"].used] == ["每10分钟 0/5", "每小时 0/30"]


def _others() -> tuple[str, str]:
    return (
        "临清市青年路街道建筑工地凌晨两点还在打桩，噪音大得整栋楼睡不着，请环保局管管",
        "冠县烟庄街道养殖场粪污直接排到村东沟里，苍蝇满天飞，臭气熏天",
    )
