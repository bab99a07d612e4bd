"""Children of a warm process, with what `subprocess.Popen` has: started in a tenth of the time a Python takes to load.

Only where the system can name a process for sure (Linux, a pidfd); elsewhere, and whenever anything here fails, whoever
asks starts a process in the ordinary way. Knows no Scrapy; the other side is `crawler.warm`.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import suppress
from functools import cache
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import IO
from typing import Self

from huanyu import config

log = logging.getLogger(__name__)

PATIENCE = 60.0  # seconds for a warm process to load and to fork
CHUNK = 65_536
LOST = 255  #: the exit code of a child whose warm process died before it, so that nobody can tell


class Forked:
    """One child, from its order to its end; it is read and stopped as a `subprocess.Popen` is."""

    def __init__(self, watched: FileIO, talk: socket.socket, output: FileIO, notes: FileIO) -> None:
        self.returncode: int | None = None
        self._watched, self._talk, self._output, self._notes = watched, talk, output, notes
        self._said = {end.fileno(): bytearray() for end in (talk, output, notes)}
        self._open = selectors.DefaultSelector()
        for end in self._said:
            self._open.register(end, selectors.EVENT_READ)

    def communicate(self, timeout: float | None = None) -> tuple[bytes, bytes]:
        """What the child printed, once it has ended; raises subprocess.TimeoutExpired and may be called again."""
        ends = None if timeout is None else time.monotonic() + timeout
        while self._open.get_map():
            for key, _ in self._open.select(None if ends is None else max(ends - time.monotonic(), 0.0)):
                self._read(key.fd)
            if self._open.get_map() and ends is not None and time.monotonic() >= ends:
                raise subprocess.TimeoutExpired("crawler.warm", timeout or 0.0)
        code = self._said[self._talk.fileno()]
        self.returncode = int(code) if code else LOST
        return bytes(self._said[self._output.fileno()]), bytes(self._said[self._notes.fileno()])

    def _read(self, end: int) -> None:
        try:
            part = os.read(end, CHUNK)
        except ConnectionResetError:  # killed before it had read its order
            part = b""
        self._said[end] += part
        if not part:
            self._open.unregister(end)

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, what: signal.Signals) -> None:
        with suppress(
            ProcessLookupError
        ):  # it has ended; a pidfd never means another one that got its number
            signal.pidfd_send_signal(self._watched.fileno(), what)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        for end in (self._watched, self._talk, self._output, self._notes):
            end.close()


class Warm:
    """The warm process of this one: started by the first who needs it, and again when it has died."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._door: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, module: str, arguments: Sequence[str], source: IO[bytes]) -> Forked | None:
        """A child that runs `module` and reads `source`; None where there can be none and an ordinary process must do."""
        if not possible():
            return None
        try:
            order = {
                "module": module,
                "arguments": list(arguments),
                "folder": str(Path.cwd()),
                "environment": config.environment(),
            }
            return self._ask(json.dumps(order).encode(), source)
        except OSError as problem:
            log.warning("no warm process (%r): %s starts in the ordinary way", problem, module)
            return None

    def _ask(self, order: bytes, source: IO[bytes]) -> Forked:
        with ExitStack() as ours, ExitStack() as theirs:
            (output, their_output), (notes, their_notes) = pipe(ours, theirs), pipe(ours, theirs)
            talk, their_talk = socket.socketpair()
            ours.enter_context(talk)
            theirs.enter_context(their_talk)
            passed = [end.fileno() for end in (their_talk, source, their_output, their_notes)]
            socket.send_fds(self._open_door(), [b"."], passed)
            theirs.close()
            watched = ours.enter_context(self._born(talk))
            talk.sendall(order)
            talk.shutdown(socket.SHUT_WR)
            ours.pop_all()
            return Forked(watched, talk, output, notes)

    def _born(self, talk: socket.socket) -> FileIO:
        """The child's pidfd, once there is one; it starts only with the order, so nothing ever runs twice."""
        talk.settimeout(PATIENCE)
        try:
            _, passed, _, _ = socket.recv_fds(talk, 1, 1, socket.MSG_CMSG_CLOEXEC)
        except TimeoutError:
            self.close()
            raise
        if not passed:
            raise ConnectionError("it died")
        return FileIO(passed[0])

    def _open_door(self) -> socket.socket:
        with self._lock:
            if self._door is None or self._process is None or self._process.poll() is not None:
                if self._door is not None:
                    self._door.close()
                self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with theirs:
                    self._process = begin(theirs.fileno())
            return self._door

    def close(self) -> None:
        """Let the warm process go; its children run on to their ends."""
        with self._lock:
            if self._door is not None and self._process is not None:
                self._door.close()
                self._process.kill()
                self._process.wait()
            self._door = self._process = None


@cache
def warm() -> Warm:
    """The one of this process, until its end."""
    made = Warm()
    atexit.register(made.close)
    return made


def begin(door: int) -> subprocess.Popen[bytes]:
    """A warm process behind the door; what keeps it from loading is told by the ordinary process that takes its place."""
    nothing = subprocess.DEVNULL
    command = [sys.executable, "-m", "crawler.warm", str(door)]
    return subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, pass_fds=[door])


def pipe(ours: ExitStack, theirs: ExitStack) -> tuple[FileIO, FileIO]:
    reading, writing = os.pipe()
    return ours.enter_context(FileIO(reading)), theirs.enter_context(FileIO(writing, "w"))


def possible() -> bool:
    """Whether this system can name a process for sure."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True
