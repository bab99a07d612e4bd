"""A row with broken values holds up no other: it is told by number, stays, and is taken once it is mended."""

from __future__ import annotations

import pytest

from cases.lifecycle import LABEL
from huanyu.errors import Conflict
from huanyu.types import MessageState
from huanyu.types import Seer


@pytest.fixture
def ask(store):
    if not store._database.is_sqlite:
        pytest.skip("PostgreSQL takes no such values")

    def do(statement: str) -> None:
        with store._database.write() as tx:
            tx.exec_driver_sql(statement)

    return do


@pytest.mark.parametrize(
    ("broken", "mended"),
    [("posted_at = 'gestern'", "posted_at = NULL"), ("kind = 'nichts'", "kind = 'weibo'")],
    ids=["no time", "no such kind"],
)
def test_a_broken_post_leaves_the_others_to_be_understood(store, make, now, ask, broken, mended):
    numbers = store.posts.add([make.raw(str(number)) for number in range(3)], now).new
    ask(f"UPDATE posts SET {broken} WHERE id = {numbers[1]}")
    assert [post.id for post in store.posts.without_verdict(10)] == [numbers[0], numbers[2]]
    assert [post.id for post in store.posts.without_verdict(3, within=(numbers[0], numbers[2]))] == [
        numbers[0],
        numbers[2],
    ]
    ask(f"UPDATE posts SET {mended} WHERE id = {numbers[1]}")
    assert [post.id for post in store.posts.without_verdict(10)] == list(numbers)


def test_a_broken_verdict_leaves_the_others_to_be_opened(store, make, ask, capsys):
    numbers = [make.post(str(number)) for number in range(3)]
    ask(f"UPDATE verdicts SET kinds = '{{broken' WHERE post_id = {numbers[0]}")
    assert [post.id for post, _ in store.posts.complaints_without_case(10)] == numbers[1:]
    out, err = capsys.readouterr()
    assert "broken_row" in out + err and f"{numbers[0]}" in out + err
    ask(f"UPDATE verdicts SET kinds = '[\"air.odour\"]' WHERE post_id = {numbers[0]}")
    assert [post.id for post, _ in store.posts.complaints_without_case(10)] == numbers


def told(capsys) -> str:
    out, err = capsys.readouterr()
    return out + err


def test_more_broken_rows_than_a_turn_takes_hold_up_nobody(store, make, now, ask):
    numbers = store.posts.add([make.raw(str(number)) for number in range(6)], now).new
    ask(f"UPDATE posts SET posted_at = 'gestern' WHERE id < {numbers[4]}")
    assert [post.id for post in store.posts.without_verdict(2)] == list(numbers[4:])


def test_a_broken_row_is_told_once_and_once_more_when_it_is_mended(store, make, now, ask, capsys):
    (number,) = store.posts.add([make.raw()], now).new
    ask("UPDATE posts SET kind = 'nichts'")
    for _ in range(3):
        assert store.posts.without_verdict(10) == []
    assert told(capsys).count("broken_row") == 1
    assert [(one.table, one.number) for one in store.shelf.listing()] == [("posts", number)]
    assert store.shelf.reads("posts", number) is False
    ask("UPDATE posts SET kind = 'weibo'")
    for _ in range(2):
        assert len(store.posts.without_verdict(10)) == 1
    assert told(capsys).count("broken_row_mended") == 1
    assert store.shelf.listing() == () and store.shelf.reads("posts", number)


def approved(store, make, now) -> list[int]:
    """Three slips that are due."""
    found = [
        store.outbox.add(make.notice(make.case(str(n))), f"n:{n}", MessageState.APPROVED, "a", now)
        for n in range(3)
    ]
    return [one for one in found if one is not None]


def test_a_broken_message_leaves_the_others_to_be_delivered(store, make, now, ask):
    first, second, third = approved(store, make, now)
    ask(f"UPDATE outbox SET created_at = 'gestern' WHERE id = {first}")
    assert [one.id for one in store.outbox.due(now, 10)] == [second, third]
    assert [one.id for one in store.outbox.listing()] == [second, third]
    ask(f"UPDATE outbox SET created_at = '2026-03-10 02:00:00' WHERE id = {first}")
    assert [one.id for one in store.outbox.due(now, 10)] == [first, second, third]


def test_a_broken_message_on_its_way_leaves_the_others_to_be_swept(store, make, now, ask):
    first, second, third = approved(store, make, now)
    ask(f"UPDATE outbox SET state = 'sending', claimed_at = '2026-03-10 02:00:00' WHERE id <> {third}")
    ask(f"UPDATE outbox SET claimed_at = 'nie' WHERE id = {second}")
    assert [one.id for one in store.outbox.in_flight()] == [first]
    assert [one.number for one in store.shelf.listing()] == [second]


def test_of_one_case_no_message_is_left_out_in_silence(store, make, now, ask):
    """Whoever decides by what a case has sent already must not take a broken message for none."""
    first, *_ = approved(store, make, now)
    case_id = store.outbox.get(first).case_id
    ask(f"UPDATE outbox SET created_at = 'gestern' WHERE id = {first}")
    with pytest.raises(ValueError, match="gestern"):
        store.outbox.listing(case_id=case_id)


def test_a_message_in_a_state_that_is_no_word_is_found_though_no_queue_asks_for_it(store, make, now):
    first, second, third = approved(store, make, now)
    with store._database.write() as tx:
        tx.exec_driver_sql(f"UPDATE outbox SET state = 'verschollen' WHERE id = {second}")
    assert [one.id for one in store.outbox.due(now, 10)] == [first, third]
    assert [one.id for one in store.outbox.listing()] == [first, third]
    assert [(one.table, one.number) for one in store.shelf.strangers(LABEL)] == [("outbox", second)]


def test_a_case_in_a_state_that_is_no_word_is_found(store, make):
    case = make.case()
    with store._database.write() as tx:
        tx.exec_driver_sql(f"UPDATE cases SET state = 'irgendwo' WHERE id = {case.id}")
    assert [(one.table, one.number) for one in store.shelf.strangers(LABEL)] == [("cases", case.id)]


def test_a_broken_case_leaves_the_others_to_be_routed_and_listed(store, make, ask):
    broken, *others = [make.case(str(number)).id for number in range(3)]
    ask(f"UPDATE cases SET kinds = '{{broken' WHERE id = {broken}")
    assert [case.id for case in store.cases.unrouted(10)] == others
    assert [case.id for case in store.cases.listing()] == others[::-1]
    ask(f"UPDATE cases SET kinds = '[]' WHERE id = {broken}")
    assert [case.id for case in store.cases.unrouted(10)] == [broken, *others]


def test_a_broken_case_on_a_further_page_leaves_the_others_to_be_listed(store, make, ask):
    broken, *others = [make.case(str(number)).id for number in range(4)]
    ask(f"UPDATE cases SET kinds = '{{broken' WHERE id = {broken}")
    assert [case.id for case in store.cases.listing(limit=2, offset=2)] == [others[0]]
    assert [one.number for one in store.shelf.listing()] == [broken]


def test_a_list_that_leaves_out_what_is_broken_takes_no_case_for_mended(store, make, ask, capsys):
    broken = make.handled()
    with store._database.read() as tx:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'results'"
        guards = tx.exec_driver_sql(query).scalars().all() if store._database.is_sqlite else []
    for name in guards:  # a broken disk asks none of them
        ask(f"DROP TRIGGER {name}")
    ask("UPDATE results SET visited_at = 'neulich'")
    for _ in range(2):
        assert store.cases.listing() == []
        assert [case.id for case in store.cases.listing(lean=True)] == [broken.id]
    lines = told(capsys)
    assert lines.count("broken_row") == 1 and "broken_row_mended" not in lines
    ask("UPDATE results SET visited_at = '2026-03-10 02:00:00'")
    assert [case.id for case in store.cases.listing()] == [broken.id]
    assert store.shelf.listing() == ()


def test_a_broken_result_is_mended_by_a_copy_since_nobody_may_write_over_what_was_reported(store, make, ask):
    """As docs/operations.md says it, by SQL, with every trigger in its place."""
    broken = make.handled()
    with store._database.read() as tx:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'results'"
        guards = tx.exec_driver_sql(query).all()
        columns = [row[1] for row in tx.exec_driver_sql("PRAGMA table_info(results)") if row[1] != "id"]
    for name, _ in guards:  # a broken disk asks none of them
        ask(f"DROP TRIGGER {name}")
    ask("UPDATE results SET visited_at = 'neulich'")
    for _, trigger in guards:
        ask(trigger)
    assert store.cases.listing() == []
    with pytest.raises(Conflict):
        ask("UPDATE results SET visited_at = '2026-03-10 02:00:00'")
    values = ["'2026-03-10 02:00:00'" if one == "visited_at" else one for one in columns]
    ask(f"INSERT INTO results ({', '.join(columns)}) SELECT {', '.join(values)} FROM results")
    ask(f"UPDATE cases SET result_id = (SELECT max(id) FROM results) WHERE id = {broken.id}")
    (mended,) = store.cases.listing()
    assert mended.result is not None and broken.result is not None
    assert mended.result.found == broken.result.found
    assert store.shelf.listing() == ()


def test_a_broken_limit_or_hand_over_leaves_the_others_to_be_reminded_of(store, make, now, ask):
    broken, other = make.assigned("1"), make.assigned("2")
    ask(f"UPDATE clocks SET due = 'bald' WHERE case_id = {broken.id}")
    assert {one.case.id for one in store.limits.running(50)} == {other.id}
    assert {one.case.id for one in store.limits.unplanned(50)} <= {other.id}
    ask(f"UPDATE assignments SET given_at = 'neulich' WHERE case_id = {broken.id}")
    assert [one.assignment.case_id for one in store.hand_overs.unsigned(50)] == [other.id]


def test_a_hand_over_whose_slip_is_broken_waits_rather_than_sending_another(store, make, now, ask):
    broken, other = make.assigned("1"), make.assigned("2")
    ask(f"UPDATE outbox SET created_at = 'gestern' WHERE case_id = {broken.id}")
    assert [one.assignment.case_id for one in store.hand_overs.unsigned(50)] == [other.id]


def test_a_line_whose_values_are_broken_holds_up_no_other(store, make, ask):
    first, broken = make.case("1"), make.case("2")
    seer = Seer(user_id=0, name="press")
    ask(f"UPDATE cases SET answered_at = 'neulich' WHERE id = {broken.id}")
    assert [one.id for one in store.case_lists.page(None, (), 10, 0, seer)] == [first.id]
    ask(f"UPDATE cases SET answered_at = NULL WHERE id = {broken.id}")
    assert [one.id for one in store.case_lists.page(None, (), 10, 0, seer)] == [broken.id, first.id]


def test_a_line_is_listed_before_and_after_what_it_does_not_show_was_found_broken(store, make, ask):
    first, broken = make.case("1"), make.case("2")
    seer = Seer(user_id=0, name="press")

    def lines():
        return [one.id for one in store.case_lists.page(None, (), 10, 0, seer)]

    ask(f"UPDATE cases SET learned_at = 'neulich' WHERE id = {broken.id}")
    assert lines() == [broken.id, first.id]
    assert [one.id for one in store.cases.unrouted(10)] == [first.id]
    assert lines() == [broken.id, first.id]
    assert [one.number for one in store.shelf.listing()] == [broken.id]
    ask(f"UPDATE cases SET learned_at = opened_at WHERE id = {broken.id}")
    assert lines() == [broken.id, first.id]
    assert store.shelf.listing() == ()
