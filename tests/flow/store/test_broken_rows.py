"""A row with broken values holds up no other: it is told by number, stays, and is taken once it is mended."""

from __future__ import annotations

import pytest


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
