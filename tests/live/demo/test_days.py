"""`huanyu demo --once`, as either bureau: its days are played to the end, and what they leave behind holds together."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text

from flow import press_log
from flow.desk import Desk
from huanyu.config import Config

LONGEST = 1500  #: seconds until a demo counts as hung: it takes one on a machine that does nothing else
BUREAUS = {"liaocheng": ("HY", "聊城", "慈溪"), "cixi": ("CX", "慈溪", "聊城")}


@contextmanager
def left(folder: Path) -> Iterator[Desk]:
    """The desk as the demo left it."""
    desk = Desk.open(Config.load(folder / "huanyu.toml"))
    try:
        yield desk
    finally:
        desk.close()


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(f"sqlite:///{folder / 'data' / 'huanyu.db'}")
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def holds_what_the_press_office_did(desk: Desk) -> None:
    """A 通报 that is signed, rewards on their way, a conference with what may be said, figures of the year and the last."""
    store = desk.store
    (circular,) = store.rankings.listing(("issued",))
    assert circular.document_id is not None
    assert len(store.documents.body(store.documents.get(circular.document_id).pdf)) > 1000
    assert [one.state for one in store.interviews.listing()] == ["proposed"]
    assert store.rewards.counts().keys() >= {"claimed", "notified", "approved", "proposed"}
    assert {one.state for one in store.conferences.all()} == {"held", "planned"}
    assert {one.state for one in store.press_answers.search()} == {"approved", "draft"}
    assert len(store.press_log.between(date(2000, 1, 1), date(2100, 1, 1))) == 13
    assert len(store.rejects.heads(press_log.SOURCE)) == 1


@pytest.mark.parametrize("bureau", sorted(BUREAUS))
def test_the_days_of_the_demo_are_played_to_the_end(bureau: str, tmp_path: Path) -> None:
    mark, own, other = BUREAUS[bureau]
    folder = tmp_path / "desk"
    command = [sys.executable, "-m", "console.cli", "demo", "--once", "--bureau", bureau]
    played = subprocess.run(
        [*command, "--folder", str(folder)],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert played.returncode == 0, played.stderr[-2000:]
    assert re.search(rf"第一章的群聊线索 {mark}\d{{4}}-000001 从头到尾", played.stdout)
    with left(folder) as desk:
        assert desk.store.audit.verify() == []
        assert own in desk.bureau.bureau.name
        holds_what_the_press_office_did(desk)
    numbers = [str(number) for (number,) in rows(folder, "SELECT number FROM cases ORDER BY id")]
    assert len(numbers) >= 50
    # A part bears the number of its whole and -1.
    whole = [number.split("-") for number in numbers if number.count("-") == 1]
    for year in {first for first, _ in whole}:
        mine = [int(last) for first, last in whole if first == year]
        assert sorted(mine) == list(range(1, len(mine) + 1)), "numbers of a year have no gaps"
    assert not rows(folder, "SELECT id FROM outbox WHERE state = 'sending'"), "nothing is left half sent"
    issued = rows(
        folder, "SELECT title, length(pdf), length(docx) FROM bulletins WHERE issued_at IS NOT NULL"
    )
    assert len(issued) >= 3
    assert all(pdf > 1000 and docx > 1000 for _, pdf, docx in issued)
    answers = rows(folder, "SELECT title, text FROM outbox WHERE purpose = 'reply' AND state = 'sent'")
    said = "\n".join(f"{title}\n{body}" for title, body in answers)
    assert own in said
    assert other not in said, "an answer of one bureau names no place of the other's"
