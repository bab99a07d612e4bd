"""A real IMAP server (pymap, its mailbox in memory) behind STARTTLS, for as long as a test lasts."""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AsyncExitStack
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from threading import Thread

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

HERE = "127.0.0.1"
USER, PASSWORD = "laixin", "mima-2026"


class Mailbox:
    """The server on a port of its own; another start has other UIDs, as after a rebuilt mailbox."""

    def __init__(self, certificate: Path, trusted: Path) -> None:
        self._certificate, self._trusted = certificate, trusted
        self._ready, self.port = Event(), 0
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), name="pymap", daemon=True)

    def start(self) -> None:
        """Returns once mail can be put in."""
        self._thread.start()
        if not self._ready.wait(120):
            raise TimeoutError("pymap did not start")

    def stop(self) -> None:
        """Ends it, and every connection to it."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(120)

    def put(self, mail: bytes) -> None:
        """As another program delivers it."""
        with self._opened() as client:
            said, _ = client.append("INBOX", "", None, mail)
        if said != "OK":
            raise OSError("the mail was not taken")

    def seen(self) -> list[bool]:
        """Of each mail, whether somebody's program has marked it as read."""
        with self._opened() as client:
            client.select("INBOX", readonly=True)
            _, told = client.fetch("1:*", "(FLAGS)")
        return [b"\\Seen" in one for one in told if isinstance(one, bytes)]

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4(HERE, self.port, timeout=60) as client:
            client.starttls(ssl.create_default_context(cafile=str(self._trusted)))
            client.login(USER, PASSWORD)
            yield client

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        told = Namespace(
            cert=str(self._certificate), key=None, tls=True, host=[HERE], port="0", debug=False,
            proxy_protocol=None, inherited_sockets=None, passlib_cfg=None,
            demo_data=False, demo_user=USER, demo_password=PASSWORD,
        )  # fmt: skip
        backend, config = await DictBackend.init(told)
        config.apply_context()
        answer = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
        async with AsyncExitStack() as stack:
            await backend.start(stack)
            server = await asyncio.start_server(answer, HERE, 0)
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._ended.wait()
            server.close()


@contextmanager
def serving(certificate: Path, trusted: Path) -> Iterator[Mailbox]:
    """The server, started, and stopped at the end."""
    box = Mailbox(certificate, trusted)
    box.start()
    try:
        yield box
    finally:
        box.stop()
