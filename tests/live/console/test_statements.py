"""How many questions a page asks of the database: a count, which no other work on the machine changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from made_console import Console
from sqlalchemy import event

#: Of each page the most statements, BEGIN among them, that whoever sees most of it may cost.
MOST = {
    "/": 70,
    "/inbox": 40,
    "/inbox/counts": 30,
    "/posts": 16,
    "/posts?text=异味": 16,
    "/search?q=异味": 20,
    "/cases": 20,
    "/cases?view=all&text=异味": 20,
    "/cases/{mine}": 75,
    "/posts/{pictured}": 50,
}
#: The session and the person, the page; then that somebody has it open.
TRANSACTIONS = 4


@contextmanager
def counted(console: Console) -> Iterator[Counter[str]]:
    """What is executed meanwhile, by its first word."""
    found: Counter[str] = Counter()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found[statement.split(maxsplit=1)[0]] += 1

    engine = console.desk.store._database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", MOST)
def test_a_page_asks_no_more_than_it_needs_in_one_transaction(reading_console: Console, path: str) -> None:
    asked = path.format_map(vars(reading_console.made))
    with reading_console.sign_in("press") as client:
        client.get(asked)
        with counted(reading_console) as found:
            assert client.get(asked).status_code == 200
    assert found.total() <= MOST[path], found
    assert found["BEGIN"] <= TRANSACTIONS, found
    assert found["SELECT"] > 3, "something was counted"
