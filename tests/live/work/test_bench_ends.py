"""`huanyu bench work` told to end: no process and no database of it stays behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.work.conftest import PATIENCE
from tests.live.work.conftest import Cluster
from tests.live.work.conftest import write

SPARE = "SELECT datname FROM pg_database WHERE datname LIKE 'huanyu_spare_%'"


@pytest.fixture
def bench(cluster: Cluster) -> Iterator[subprocess.Popen[str]]:
    """A long run of two workers beside two bare processes, in a process group of its own."""
    write(cluster.folder, cluster.url)
    program = [sys.executable, "-m", "console.cli", "bench", "work", "--posts", "1000000"]
    with (cluster.folder / "worker-bench.log").open("w") as log:
        process = subprocess.Popen(
            [*program, "--database", cluster.url, "--ways", "two", "--ways", "bare"],
            cwd=cluster.folder,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
            stdout=subprocess.DEVNULL,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    yield process
    if members(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def members(group: int) -> dict[int, str]:
    """Processes of a group that live, by number, with their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(told[2]) == group and told[0] != "Z":
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:  # gone meanwhile
            continue
    return found


def at_work(cluster: Cluster, process: subprocess.Popen[str]) -> bool:
    """Whether two workers and two bare processes are up, each way with a database of its own."""
    assert process.poll() is None, cluster.logs()
    hands = [line for line in members(process.pid).values() if re.search(r" work --queues|spawn_main", line)]
    return len(hands) == 4 and len(cluster.ask(SPARE)) == 2


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_no_process_and_no_database_stays_behind(cluster: Cluster, bench: subprocess.Popen[str]) -> None:
    cluster.until(lambda: at_work(cluster, bench))
    bench.send_signal(signal.SIGTERM)
    assert bench.wait(PATIENCE) == 128 + signal.SIGTERM
    cluster.until(lambda: members(bench.pid) == {})
    assert cluster.ask(SPARE) == []
