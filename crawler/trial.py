"""Try a source: visit it politely, keep nothing, tell what it would take. This side starts the child and listens.

Knows no Scrapy and no store; the other side is `crawler.trying`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from crawler.replay import Wire
from crawler.run import died
from crawler.run import wait
from huanyu.types import RawPost
from huanyu.types import Reject

MARK = b"huanyu-trial "  #: lines of standard output that carry something
MOST = 12  #: requests of a trial: a minute at the usual pace
LONGEST = 900.0  # seconds


class Ending(Wire):
    """How a trial ended."""

    requests: int = 0  #: to the site, robots.txt included
    pages: int = 0
    forbidden: int = 0  #: requests that robots.txt forbids
    walls: tuple[str, ...] = ()  #: Chinese
    notes: tuple[str, ...] = ()  #: Chinese: what each rule found
    further: tuple[str, ...] = ()  #: pages a file leads to; a file makes no requests
    cut: bool = False  #: ended by the number of requests, there may be more
    problem: str = ""  #: Chinese: why there was no visit, or why it broke


class Line(Wire):
    """One thing a trial tells: exactly one of these."""

    post: RawPost | None = None
    reject: Reject | None = None
    end: Ending | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a source would give."""

    posts: tuple[RawPost, ...]
    rejects: tuple[Reject, ...]
    end: Ending


def to_line(line: Line) -> bytes:
    return MARK + line.model_dump_json(exclude_none=True).encode() + b"\n"


def run(
    key: str, config_path: Path | None = None, page: str = "", file: Path | None = None, most: int = MOST
) -> Trial:
    """Try a source in a child process: its lists, one page of it, or a saved file without any request."""
    command = [sys.executable, "-m", "crawler.trying", key, "--most", str(most), "--page", page]
    command += ["--config", str(config_path.resolve())] if config_path else []
    command += ["--file", str(file.resolve())] if file else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        output, log = wait(child, LONGEST, Event())
    found = tuple(lines(output))
    end = next((line.end for line in reversed(found) if line.end), None)
    return Trial(
        posts=tuple(line.post for line in found if line.post),
        rejects=tuple(line.reject for line in found if line.reject),
        end=end or Ending(problem=died(key, child.returncode, log.decode("utf-8", "replace")).sentence),
    )


def lines(output: bytes) -> Iterator[Line]:
    for line in output.splitlines():
        if line.startswith(MARK):
            yield Line.model_validate_json(line.removeprefix(MARK))
