"""Progress told to a person: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn
from rich.progress import Progress as Bar
from rich.progress import TextColumn
from rich.progress import TimeElapsedColumn


class Progress:
    """A known number of steps, each told with what it did."""

    def __init__(self, out: Console, steps: int) -> None:
        self._out = out
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=out,
            disable=not out.is_terminal,
        )
        self._task = self._bar.add_task("准备", total=steps)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, what: str) -> None:
        """Name the step that runs now."""
        self._bar.update(self._task, description=what)

    def done(self, told: str) -> None:
        """Say what the step did, and count it."""
        self._out.print(told, highlight=False)
        self._bar.advance(self._task)
