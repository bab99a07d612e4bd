"""Start one visit to one source in a child process and read back what it reports.

A crawl lives in its own process because Twisted's reactor starts once; killed at any moment it loses nothing.
This side knows no Scrapy: the desk's own process stays small. The other side is `crawler.visit`; how a child starts
without loading all of it again is `crawler.forked`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Event

from crawler.forked import Forked
from crawler.forked import warm
from crawler.report import CrawlReport
from crawler.report import from_output

LOOK = 1.0  # seconds between two looks whether the desk is being stopped
GRACE = 20.0  # seconds to store what is in hand after being told to stop
TAIL = 2000  # characters of the log that go into a report of a crash

Child = subprocess.Popen[bytes] | Forked


def crawl(
    source_key: str,
    config_path: Path | None = None,
    timeout: float = 600.0,
    at: datetime | None = None,
    ending: Event | None = None,
    evidence: bool = False,
) -> CrawlReport:
    """Visit one source in a child process and return what it reports; never raises for what the site does.

    With `evidence` not the source itself is read but the pictures of its complaints are fetched.
    The visit counts as made `at` that moment (None: now); only a rehearsal of past days says so.
    After `timeout` seconds the child ends by itself, once `ending` is set it is asked to; either way it stores what
    it has and its cursor stays where it was. One that does neither is killed.
    """
    told = [source_key, "--longest", str(timeout)]
    if config_path is not None:
        told += ["--config", str(config_path.resolve())]
    if at is not None:
        told += ["--at", at.isoformat()]
    if evidence:
        told += ["--evidence"]
    with start("crawler.visit", told) as child:
        output, log = wait(child, timeout + GRACE, ending or Event())
    report = from_output(output.decode("utf-8", "replace"))
    return report or died(source_key, child.returncode, log.decode("utf-8", "replace"))


def start(module: str, arguments: Sequence[str], told: bytes = b"") -> Child:
    """A child that reads `told`: forked from the warm process, where that cannot be a Python of its own."""
    with tempfile.TemporaryFile() as source:
        source.write(told)
        source.seek(0)
        return warm().start(module, arguments, source) or subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def wait(child: Child, timeout: float, ending: Event) -> tuple[bytes, bytes]:
    """What the child prints, stopping it gently and then firmly."""
    left = timeout
    while left > 0 and not ending.is_set():
        try:
            return child.communicate(timeout=min(LOOK, left))
        except subprocess.TimeoutExpired:
            left -= LOOK
    child.terminate()
    try:
        return child.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.communicate()


def died(source_key: str, code: int | None, log: str) -> CrawlReport:
    last = log.strip()[-TAIL:].splitlines()
    told = last[-1] if last else ""
    sentence = f"抓取进程意外退出 (代码 {code}): {told}"[:300]
    return CrawlReport(source=source_key, state="failing", sentence=sentence, crashed=True)
