"""What a process keeps of the matters from one batch to the next is what it would read from the start."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.candidates import Candidates
from cases.sameness import Complaint
from flow import cycle
from flow import matters
from flow.known import MEMORY
from flow.known import Known
from huanyu.types import OpenMatter
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import TEXTS
from tests.flow.office import raw

LATER = NOW + timedelta(hours=1)
WHY = "经现场核对"


def as_read_now(office) -> list[OpenMatter]:
    """All matters of these days, without anything kept."""
    return office.desk.store.cases.open_matters(since=NOW - MEMORY)


def kept(known: Known) -> list[OpenMatter]:
    return known._index.matters


def ask(office, statement: str) -> None:
    with office.desk.store._database.write() as tx:
        tx.exec_driver_sql(statement)


CHANGES = {
    "state": "UPDATE cases SET state = 'closed' WHERE id = 1",
    "kinds": "UPDATE cases SET kinds = '[\"water.industrial\"]' WHERE id = 1",
    "place": "UPDATE cases SET place = '沙镇', area = '371502' WHERE id = 1",
    "last post": "UPDATE cases SET last_post_at = '2026-03-09 01:02:03.000000' WHERE id = 1",
    "joined": "UPDATE cases SET joined_into = 2 WHERE id = 1",
    "first post": "UPDATE cases SET first_post_id = (SELECT first_post_id FROM cases WHERE id = 2) WHERE id = 1",
    "text": "UPDATE posts SET text = '换了一段话' WHERE id = (SELECT first_post_id FROM cases WHERE id = 1)",
    "title": "UPDATE posts SET title = '换了题目' WHERE id = (SELECT first_post_id FROM cases WHERE id = 1)",
    "places read": "UPDATE verdicts SET places = '[]' WHERE post_id = (SELECT first_post_id FROM cases WHERE id = 1)",
    "firms read": 'UPDATE verdicts SET named = \'{"enterprises": ["鑫达化工"]}\'',
    "gone from sight": "UPDATE cases SET last_post_at = '2025-03-09 01:02:03.000000' WHERE id = 1",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_is_changed_by_whomever_is_known_at_the_next_use(office, change):
    office.fill(TEXTS)
    known = Known(office.desk.store)
    known.renew(NOW)
    before = as_read_now(office)
    assert kept(known) == before
    ask(office, change)
    known.renew(NOW)
    assert kept(known) == as_read_now(office) != before


def test_what_is_found_by_it_is_what_an_index_made_anew_finds(office):
    """Text and place of a matter change with its first post, and no longer lead to it alone."""
    office.fill(TEXTS)
    with office.desk.memory.of(NOW):
        pass
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    post = office.desk.store.cases.posts(case.id)[-1]
    matters.take_apart(office.desk, office.press, case.id, case.version, post.id, WHY, LATER)
    ask(
        office,
        f"UPDATE posts SET text = '{PAINT}' WHERE id = {office.desk.store.cases.posts(river.id)[0].id}",
    )
    fresh = Candidates(as_read_now(office))
    with office.desk.memory.of(NOW) as known:
        for one in map(as_complaint, fresh.matters):
            found = known.near(one)
            assert set(found) >= set(fresh.near(one)), "a former text may lead to one more"
            assert set(found) <= set(fresh.matters)


def as_complaint(matter: OpenMatter):
    return Complaint(
        text=matter.text,
        kinds=matter.kinds,
        area=matter.unit_area,
        places=matter.places,
        signature=matter.signature,
        said_at=matter.last_post_at,
        enterprises=matter.enterprises,
    )


def test_a_matter_learnt_of_and_taken_back_is_forgotten(office):
    office.fill(TEXTS)
    store = office.desk.store
    with office.desk.memory.of(NOW) as known:
        before = kept(known)
        with pytest.raises(ZeroDivisionError), store.together():
            ask(office, "UPDATE cases SET place = '沙镇' WHERE id = 1")
            known.learn(1)
            assert kept(known) != before
            raise ZeroDivisionError
    with office.desk.memory.of(NOW) as known:
        assert kept(known) == before == as_read_now(office)


def test_two_at_once_do_not_share_and_both_know_everything(office):
    office.fill(TEXTS)
    with office.desk.memory.of(NOW) as one, office.desk.memory.of(NOW) as other:
        assert one is not other
        assert kept(one) == kept(other) == as_read_now(office)
    with office.desk.memory.of(NOW) as again:
        assert again is one


def test_an_error_in_between_leaves_nothing_half_known(office):
    office.fill(TEXTS)
    with pytest.raises(ZeroDivisionError), office.desk.memory.of(NOW):
        raise ZeroDivisionError
    with office.desk.memory.of(NOW) as known:
        assert kept(known) == as_read_now(office)


def test_a_matter_that_cannot_be_read_holds_up_no_complaint(office, capsys):
    """Its complaint cannot be compared with it; the others are, and it is told once until somebody mends it."""
    desk = office.desk
    office.fill(TEXTS[:3])
    ask(
        office,
        "UPDATE verdicts SET named = '{\"enterprises\": 7}' WHERE post_id = (SELECT first_post_id FROM cases WHERE id = 1)",
    )
    desk.store.posts.add([raw(90 + at, text) for at, text in enumerate(TEXTS[3:6])], now=NOW)
    for _ in range(2):
        cycle.turn(desk, NOW, ("understand", "open"))
    assert len(desk.store.cases.listing(limit=99)) == 6
    out, err = capsys.readouterr()
    assert (out + err).count("broken_row ") == 1
    assert [one.table for one in desk.store.shelf.listing()] == ["verdicts"]
    ask(office, "UPDATE verdicts SET named = '{}'")
    with desk.memory.of(NOW) as known:
        assert kept(known) == as_read_now(office)
    assert desk.store.shelf.listing() == ()
