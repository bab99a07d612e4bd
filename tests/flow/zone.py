"""Run as a program, under whatever TZ: what the desk of one post reckons and shows; no word of it may differ.

python zone.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from console.view import when
from flow import cycle
from huanyu import clock
from huanyu.clock import local
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import opened
from tests.flow.office import raw

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir()
    (folder / "huanyu.toml").write_text(
        f'database = "sqlite:///{(folder / "a.db").as_posix()}"\n', encoding="utf-8"
    )
    desk = opened(folder / "huanyu.toml")
    desk.store.posts.add([raw(0, PAINT)], now=NOW)
    cycle.turn(desk, NOW, ("understand", "open", "route", "plan_cards", "cards"))
    (case,) = desk.store.cases.iterate()
    print(case.number, when(case.opened_at), clock.now().utcoffset())
    for one in desk.store.limits.running(50):
        print(one.clock.name, when(one.clock.due), local(one.clock.due).isoformat())
    for message in desk.store.outbox.listing(limit=50):
        print(message.key, when(message.due_at), message.text)
    desk.close()
