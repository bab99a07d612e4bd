"""模拟邮箱: a small SMTP server (RFC 5321, no TLS, no log-in) and a page that shows the mails it took."""

from __future__ import annotations

import socketserver
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from types import TracebackType
from typing import Any
from typing import Self

from demo.platforms.pages import Card
from demo.platforms.pages import page
from demo.platforms.server import Handler
from demo.platforms.server import Platform
from demo.serving import POLL
from huanyu import clock

FAULTS = frozenset({"refuse_recipient", "greylist", "refuse_data", "drop_after_data", "drop_at_data"})


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail the server took."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    at: datetime

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return str(body.get_content()).strip() if body else ""


class _Session(socketserver.StreamRequestHandler):
    """One client: HELO, MAIL, RCPT, DATA, QUIT."""

    server: Any

    def handle(self) -> None:
        self._sender = ""
        self._recipients: list[str] = []
        self._say(220, "demo ESMTP")
        verbs: dict[str, Callable[[str], bool]] = {
            "EHLO": self._hello,
            "HELO": self._hello,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._nothing,
            "NOOP": self._nothing,
        }
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            verb, _, rest = line.partition(" ")
            if verb.upper() == "QUIT":
                self._say(221, "bye")
                return
            if not verbs.get(verb.upper(), self._unknown)(rest):
                return

    def _unknown(self, _: str) -> bool:
        return self._say(502, "not implemented")

    def _nothing(self, _: str) -> bool:
        return self._say(250, "OK")

    def _hello(self, _: str) -> bool:
        self.wfile.write(b"250-demo\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
        return True

    def _mail(self, rest: str) -> bool:
        self._sender = _address(rest)
        return self._say(250, "OK")

    def _rcpt(self, rest: str) -> bool:
        fault = self.server.platform.take("refuse_recipient", "greylist")
        if fault == "refuse_recipient":
            return self._say(550, "no such user")
        if fault == "greylist":
            return self._say(451, "try again later")
        self._recipients.append(_address(rest))
        return self._say(250, "OK")

    def _data(self, _: str) -> bool:
        fault = self.server.platform.take("refuse_data", "drop_after_data", "drop_at_data")
        if fault == "drop_at_data":
            return False
        self._say(354, "end with .")
        content = self._content()
        if fault == "refuse_data":
            return self._say(554, "rejected as spam")
        self.server.platform.keep(self._sender, tuple(self._recipients), content)
        return False if fault == "drop_after_data" else self._say(250, "queued")

    def _content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, code: int, text: str) -> bool:
        self.wfile.write(f"{code} {text}\r\n".encode())
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    platform: SmtpPlatform


class _PageHandler(Handler):
    def do_GET(self) -> None:  # noqa: N802 - http.server calls it so
        pages = self.server.platform
        if isinstance(pages, _Pages):
            self.page(pages.mailbox.page())


class _Pages(Platform):
    """The mailbox's page for people."""

    handler = _PageHandler

    def __init__(self, mailbox: SmtpPlatform, port: int) -> None:
        self.mailbox = mailbox
        super().__init__(port)


class SmtpPlatform:
    """模拟邮箱: takes every mail; `host` and `port` for huanyu.toml, `url` for the browser."""

    host = "127.0.0.1"

    def __init__(self, port: int = 0, page_port: int = 0) -> None:
        self._lock = threading.Lock()
        self._queue: deque[str] = deque()
        self._kept: list[Mail] = []
        self._server = _Server((self.host, port), _Session)
        self._server.platform = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True)
        self._pages = _Pages(self, page_port)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return self._pages.url

    @property
    def published(self) -> tuple[Mail, ...]:
        with self._lock:
            return tuple(self._kept)

    def fail_next(self, name: str, times: int = 1) -> None:
        """Let the next `times` mails go wrong in the way called `name` (see FAULTS)."""
        if name not in FAULTS:
            raise ValueError(f"unknown fault {name!r}; one of {sorted(FAULTS)}")
        self._queue.extend([name] * times)

    def take(self, *names: str) -> str:
        """The next fault if it is one of `names`."""
        with self._lock:
            return self._queue.popleft() if self._queue and self._queue[0] in names else ""

    def keep(self, sender: str, recipients: tuple[str, ...], content: bytes) -> None:
        message = message_from_bytes(content, policy=modern)
        with self._lock:
            self._kept.append(Mail(sender, recipients, message, clock.now()))

    def page(self) -> str:
        cards = [
            Card(
                str(mail.message["Subject"]),
                mail.text,
                f"收件 {'、'.join(mail.recipients)} · {mail.at:%Y-%m-%d %H:%M:%S}",
            )
            for mail in reversed(self.published)
        ]
        return page("模拟邮箱", "本机演示用，显示转办通知等邮件。", "#4d7c0f", cards)

    def __enter__(self) -> Self:
        self._thread.start()
        self._pages.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pages.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
