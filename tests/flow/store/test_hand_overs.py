"""Unsigned hand-overs, links, leave to read a reporter, prints, the roster: kept, ended, audited once each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.types import Draft


@pytest.fixture
def given(store, make):
    """A hand-over that nobody has signed for."""
    case = make.assigned()
    (one,) = store.hand_overs.of_case(case.id)
    return one


@pytest.fixture
def li(store, now):
    return store.people.add_user("lilan", "李岚", "handler", "dongchangfu", "hash", now)


@pytest.fixture
def zhou(store, now):
    return store.people.add_user("zhouli", "周立", "handler", "dongchangfu", "hash", now)


def mail(case_id):
    return Draft(channel="mail", account="mail", purpose="internal", text="没有送到", case_id=case_id)


def test_an_unsigned_hand_over_is_listed_with_its_slips_until_somebody_signs(store, make, given, now):
    (one,) = store.hand_overs.unsigned(9)
    assert (one.assignment, one.number, one.told) == (given, "HY2026-000001", False)
    assert [slip.recipient for slip in one.slips] == ["dongchangfu@sthj.example.org"]
    case = store.cases.get(given.case_id)
    store.moves.move(case, "signed", action="signed", note="", actor="李岚", now=now)
    assert store.hand_overs.unsigned(9) == []


def test_the_office_is_told_of_a_hand_over_once(store, given, now):
    assert store.hand_overs.tell(given, "没有送到", mail(given.case_id), now)
    assert not store.hand_overs.tell(given, "没有送到", mail(given.case_id), now)
    assert store.hand_overs.unsigned(9)[0].told


def test_a_further_slip_goes_out_once(store, given, now):
    slip = Draft(channel="wecom", account="group", purpose="notice", text="第1号", case_id=given.case_id)
    assert store.hand_overs.send(given, [slip], now) == 1
    assert store.hand_overs.send(given, [slip], now) == 0


def test_a_link_is_found_by_its_hash_alone_and_dies_with_its_day(store, given, now):
    made = store.links.make(given.id, "a" * 64, now + timedelta(days=1), now)
    assert store.links.find("a" * 64) == made
    assert store.links.find("b" * 64) is None
    store.links.use(made, "sign", now)
    with pytest.raises(NotFound):
        store.links.use(made, "sign", now + timedelta(days=1))
    assert store.links.find("a" * 64).used_at == now


def test_a_closed_link_opens_nothing_and_there_is_none_to_what_ended(store, make, given, now):
    made = store.links.make(given.id, "a" * 64, now + timedelta(days=1), now)
    assert store.links.revoke(given.id, "王芳", now) == 1
    assert store.links.revoke(given.id, "王芳", now) == 0
    with pytest.raises(NotFound):
        store.links.use(made, "sign", now)
    case = store.cases.get(given.case_id)
    store.moves.move(case, "returned", action="returned", note="不在辖区", actor="李岚", now=now)
    with pytest.raises(Conflict):
        store.links.make(given.id, "c" * 64, now + timedelta(days=1), now)


def test_leave_holds_for_the_unit_or_the_person_named_until_its_time(store, make, li, zhou, now):
    case, until = make.assigned(), now + timedelta(days=2)
    named = store.grants.add(case.id, "dongchangfu", li.id, "核实地点", until, "王芳", now)
    assert store.grants.holds(case.id, li, now)
    assert not store.grants.holds(case.id, zhou, now)
    assert not store.grants.holds(case.id, li, until)
    store.grants.revoke(case.id, named, "王芳", now)
    assert not store.grants.holds(case.id, li, now)
    store.grants.add(case.id, "dongchangfu", None, "核实地点", until, "王芳", now)
    assert store.grants.holds(case.id, zhou, now)
    with pytest.raises(NotFound):
        store.grants.revoke(case.id, named, "王芳", now)


def test_a_print_is_found_by_the_code_on_its_pages(store, make, now):
    case = make.assigned()
    kept = store.prints.add(case.id, "redacted", "", "7KQ2F-M9D3T", "王芳", now)
    assert store.prints.by_mark("7KQ2F-M9D3T") == kept
    assert store.prints.of_case(case.id) == [kept]
    with pytest.raises(Conflict):
        store.prints.add(case.id, "full", "回访", "7KQ2F-M9D3T", "王芳", now)


def test_duty_lasts_from_its_first_moment_to_before_its_last(store, li, now):
    until = now + timedelta(hours=8)
    shift = store.rosters.add_shift("dongchangfu", li.id, now, until, "值班", "王芳", now)
    on = [store.rosters.on_duty("dongchangfu", now + timedelta(hours=hours)) for hours in (-1, 0, 7, 8)]
    assert [[one.name for one in there] for there in on] == [[], ["lilan"], ["lilan"], []]
    assert store.rosters.on_duty("chiping", now) == []
    with pytest.raises(BadInput):
        store.rosters.add_shift("dongchangfu", li.id, now, until, "值班", "王芳", now)
    store.rosters.end_shift(shift, "王芳", now + timedelta(hours=1))
    assert store.rosters.on_duty("dongchangfu", now + timedelta(hours=2)) == []
    with pytest.raises(NotFound):
        store.rosters.end_shift(shift, "王芳", now + timedelta(hours=2))


def test_a_shift_that_was_taken_off_before_it_began_never_counts(store, li, now):
    begins = now + timedelta(days=1)
    shift = store.rosters.add_shift(
        "dongchangfu", li.id, begins, begins + timedelta(hours=8), "值班", "王芳", now
    )
    store.rosters.end_shift(shift, "王芳", now)
    assert store.rosters.on_duty("dongchangfu", begins) == []
    assert store.rosters.shifts(None, now, begins + timedelta(days=9)) == []


def test_a_deputy_stands_in_while_the_other_is_away(store, li, zhou, now):
    away = store.rosters.add_absence(li.id, now, now + timedelta(days=3), zhou.id, "王芳", now)
    assert [one.name for one in store.rosters.represented(zhou.id, now)] == ["lilan"]
    assert store.rosters.away(now) == {li.id: zhou.id}
    with pytest.raises(BadInput):
        store.rosters.add_absence(li.id, now, now + timedelta(days=1), zhou.id, "王芳", now)
    store.rosters.end_absence(away, "王芳", now + timedelta(days=1))
    assert store.rosters.represented(zhou.id, now + timedelta(days=1)) == []


def test_every_write_leaves_one_audit_line(store, make, given, li, zhou, now):
    until = now + timedelta(days=1)
    slip = Draft(channel="wecom", account="group", purpose="notice", text="第1号", case_id=given.case_id)
    found = store.links.make(given.id, "f" * 64, until, now)
    writes = [
        lambda: store.hand_overs.send(given, [slip], now),
        lambda: store.hand_overs.tell(given, "没有送到", mail(given.case_id), now),
        lambda: store.links.make(given.id, "a" * 64, until, now),
        lambda: store.links.use(found, "sign", now),
        lambda: store.links.fail(found, now),
        lambda: store.links.opine(found, given, "", by="镇", now=now),
        lambda: store.links.revoke(given.id, "王芳", now),
        lambda: store.grants.add(given.case_id, "u", None, "核实", until, "王芳", now),
        lambda: store.grants.revoke(given.case_id, 1, "王芳", now),
        lambda: store.prints.add(given.case_id, "full", "核实", "A", "王芳", now),
        lambda: store.rosters.add_shift("u", li.id, now, until, "值班", "王芳", now),
        lambda: store.rosters.end_shift(1, "王芳", now),
        lambda: store.rosters.add_absence(li.id, now, until, zhou.id, "王芳", now),
        lambda: store.rosters.end_absence(1, "王芳", now),
    ]
    for number, write in enumerate(writes):
        before = len(store.audit.listing(limit=1000))
        write()
        assert len(store.audit.listing(limit=1000)) == before + 1, number
    assert store.audit.verify(store.audit.seal(now)) == []


def test_every_unsigned_hand_over_has_its_turn_however_few_are_looked_at(store, make, now):
    given = [one.id for name in "1234567" for one in store.hand_overs.of_case(make.assigned(name).id)]
    seen = []
    for _ in range(4):
        turn = store.hand_overs.due(now, limit=2)
        seen += [one.assignment.id for one in turn]
        store.hand_overs.looked({one.assignment.id: now + timedelta(hours=1) for one in turn}, now)
    assert sorted(seen) == sorted(given)
    assert store.hand_overs.due(now, limit=9) == []
    assert len(store.hand_overs.due(now + timedelta(hours=1), limit=9)) == len(given)


def test_what_is_due_is_found_by_its_index(store, given, now):
    with store._database.read() as tx:
        word = "EXPLAIN QUERY PLAN" if store._database.is_sqlite else "EXPLAIN"
        if not store._database.is_sqlite:
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        plan = tx.execute(
            text(
                f"{word} SELECT id FROM assignments WHERE signed_at IS NULL AND ended_at IS NULL"
                " AND look_at <= '2026-03-10 10:00:00' ORDER BY look_at LIMIT 5"
            )
        ).all()
    assert "ix_assignments_look_at" in str(plan)
