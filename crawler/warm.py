"""A process that has loaded all a visit needs and forks a child for each: `python -m crawler.warm DOOR`.

It opens nothing but the door, starts no reactor, no thread and no connection, and never visits anything itself.
The other side is `crawler.forked`.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.misc import load_object

from crawler import evidence_store  # noqa: F401 - a spider's own setting names it
from crawler import reread
from crawler import visit
from huanyu import config

log = logging.getLogger(__name__)

#: What a child may be asked to be.
MAINS: MappingProxyType[str, Callable[[list[str]], int]] = MappingProxyType(
    {"crawler.visit": visit.main, "crawler.reread": reread.main}
)
#: Settings whose classes Scrapy would load in each child …
NAMED = (
    *("DOWNLOADER_MIDDLEWARES", "DOWNLOADER_MIDDLEWARES_BASE", "SPIDER_MIDDLEWARES_BASE", "ITEM_PIPELINES"),
    *("DOWNLOAD_HANDLERS", "DOWNLOAD_HANDLERS_BASE", "EXTENSIONS_BASE"),  # ours would choose the reactor
)
SINGLE = (
    "SCHEDULER",
    "SCHEDULER_MEMORY_QUEUE",
    "DUPEFILTER_CLASS",
    "STATS_CLASS",
    "LOG_FORMATTER",
)  #: … one each
STREAMS = 3  # standard input, output, error
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Asked:
    """A child as it was asked for: where its order comes from and its exit code goes, and its three streams."""

    talk: socket.socket
    streams: tuple[int, ...]

    def close_streams(self) -> None:
        for stream in self.streams:
            os.close(stream)


@dataclass(frozen=True, slots=True)
class Child:
    """A child that runs."""

    pid: int
    talk: socket.socket

    def bury(self) -> None:
        """Tell how it ended; whoever asked may have gone."""
        _, status = os.waitpid(self.pid, 0)
        with self.talk, suppress(OSError):
            self.talk.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def main(argv: list[str]) -> None:
    """Load, then serve the door until nobody is left to knock; each child comes back from it as a visit."""
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the desk and its visits
    load()
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page it looks at
    with socket.socket(fileno=int(argv[0])) as door:
        asked = serve(door)
    signal.signal(signal.SIGINT, interrupted)
    os._exit(become(asked) if asked else 0)  # taking all modules down takes longer than a short visit


def load() -> None:
    """Everything a visit would load by name, and the shipped tables, which most desks change only a few of."""
    config.load_bureau(config.SHIPPED)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    SpiderLoader.from_settings(settings)
    tables = [settings[name] for name in NAMED]
    named = {one for table in tables for one in (*table.keys(), *table.values()) if isinstance(one, str)}
    for path in (*named, *(settings[name] for name in SINGLE)):
        if "." in path:
            load_object(path)


def serve(door: socket.socket) -> Asked | None:
    """Fork whenever somebody asks; returns in the child, and here once the door is closed from the other side."""
    children: dict[int, Child] = {}
    while True:
        ready = select.select([door.fileno(), *children], [], [])[0]
        for watched in children.keys() & ready:
            os.close(watched)
            children.pop(watched).bury()
        if door.fileno() not in ready:
            continue
        asked = answer(door)
        if asked is None:
            return None
        pid = os.fork()
        if not pid:
            forget(children)
            return asked
        watched = os.pidfd_open(pid)
        children[watched] = Child(pid, asked.talk)
        asked.close_streams()
        with suppress(OSError):  # gone already; its child will hear of no order and leave
            socket.send_fds(asked.talk, [b"."], [watched])


def answer(door: socket.socket) -> Asked | None:
    """Who asks, None when nobody can any more."""
    said, passed, _, _ = socket.recv_fds(door, 1, 1 + STREAMS, socket.MSG_CMSG_CLOEXEC)
    if not said:
        return None
    talk, *streams = passed
    return Asked(socket.socket(fileno=talk), tuple(streams))


def forget(children: dict[int, Child]) -> None:
    """Close in a new child what belongs to its elder brothers."""
    for watched, child in children.items():
        os.close(watched)
        child.talk.close()


def become(asked: Asked) -> int:
    """Be the process that was ordered, and return its exit code."""
    for place, stream in enumerate(asked.streams):
        os.dup2(stream, place)
    order = b"".join(iter(lambda: asked.talk.recv(CHUNK), b""))
    asked.talk.close()
    asked.close_streams()
    if not order:
        return 0  # whoever asked has gone, or has gone elsewhere
    code = run(**json.loads(order))
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def run(module: str, arguments: list[str], folder: str, environment: dict[str, str]) -> int:
    os.chdir(folder)
    config.set_environment(environment)
    sys.argv = [module, *arguments]
    name = " ".join([module.rpartition(".")[2], *arguments])  # of which the system keeps the first 15 bytes
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="utf-8")
    try:
        return MAINS[module](arguments)
    except SystemExit as told:
        return told.code if isinstance(told.code, int) else 1
    except Exception:
        log.exception("%s broke", module)
        return 1


if __name__ == "__main__":
    main(sys.argv[1:])
