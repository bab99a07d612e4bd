"""Run as a program: judges a desk anew in ranges of three posts and kills itself just before the Nth statement.

python rejudge_worker.py HUANYU.TOML N
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy import event

from flow import rejudge
from flow.rejudge import Asked
from tests.flow.office import opened
from tests.flow.test_rejudge import LATER
from tests.flow.test_rejudge import reader_of


def main(settings: Path, last: int) -> None:
    desk = opened(settings)
    desk.__dict__["reader"] = reader_of("worker", 2.0)
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    for _ in rejudge.rejudge(desk, Asked(), LATER, 3):
        pass
    desk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
