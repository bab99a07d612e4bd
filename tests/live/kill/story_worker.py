"""A process that plays the demo's chapter of one clue, and can be told to die before any one of its statements."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy import event

from demo import story_acts
from demo.crew import Crew
from demo.story import Story
from tests.flow.office import NOW
from tests.flow.office import opened
from tests.flow.office import reader

ACTS = tuple(act.__name__ for *_, act in story_acts.CHAPTER)


class Away:
    """A mailbox nobody can ask: the office passes its link on by hand."""

    published = ()


def live(settings: Path, last: str = "", at: int = 0, counted: Path | None = None) -> None:
    """Play to the end, or die before statement `at` of the act `last`; `counted`: how many each act takes."""
    desk = opened(settings)
    seen = dict.fromkeys(ACTS, 0)
    over = 0

    def count(*_: object) -> None:
        if over < len(ACTS):
            seen[ACTS[over]] += 1
            if ACTS[over] == last and seen[last] == at:
                os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    crew = Crew(desk, "", NOW)
    crew.arrive()
    for _ in story_acts.play(Story(desk, crew, Away(), NOW)):
        over += 1
    if counted is not None:
        counted.write_text("\n".join(f"{name} {number}" for name, number in seen.items()))
    desk.close()


reader().read(["预先载入模型"])
