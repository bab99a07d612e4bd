"""模拟收件箱: a small IMAP4rev1 server (RFC 3501) with one folder, which misbehaves on request.

Only what a reader asks: STARTTLS, LOGIN, ID, EXAMINE, UID SEARCH, UID FETCH. It notes every command that would change a mailbox.
"""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from types import TracebackType
from typing import Any
from typing import Final
from typing import Literal
from typing import Self

from demo.serving import POLL
from huanyu import clock

FAULTS: Final = frozenset(
    {
        "refuse_login",
        "busy_login",
        "stall_in_literal",
        "drip",
        "cut_off",
        "drop_after_fetch",
        "answer_twice",
        "no_folder",
        "gone",
    }
)
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STALL: Final = 30.0  # seconds: longer than any reader of a test waits


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail in the folder."""

    uid: int
    body: bytes
    at: datetime

    @property
    def came(self) -> str:
        at = self.at.astimezone(UTC)
        return f"{at.day:02d}-{MONTHS[at.month - 1]}-{at:%Y %H:%M:%S} +0000"

    @property
    def message_id(self) -> bytes:
        hit = re.search(
            rb"^(Message-ID:.*(?:\r?\n[ \t].*)*)", self.body.partition(b"\r\n\r\n")[0], re.M | re.I
        )
        return hit[1].strip() if hit else b""


class _Session(socketserver.StreamRequestHandler):
    """One client."""

    server: Any

    def handle(self) -> None:
        box: ImapPlatform = self.server.platform
        try:
            if box.tls == "tls":
                self._encrypt(box)
            self._say("* OK demo IMAP")
            while line := self.rfile.readline().decode("utf-8", "replace").strip():
                if not self._answer(*line.split(" ", 2)):
                    return
        except (ConnectionError, TimeoutError, ssl.SSLError):
            return  # the client had enough: it is allowed to

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the one in TLS is another than the server knows

    def _answer(self, tag: str, verb: str = "", rest: str = "") -> bool:
        box: ImapPlatform = self.server.platform
        box.said(f"{verb} {rest}".strip() if verb.upper() != "LOGIN" else "LOGIN")
        match verb.upper():
            case "CAPABILITY":
                offers = " STARTTLS LOGINDISABLED" if self._waits_for_tls() else ""
                self._say(f"* CAPABILITY IMAP4rev1 ID{offers}", f"{tag} OK done")
            case "STARTTLS" if self._waits_for_tls():
                self._say(f"{tag} OK begin")
                self._encrypt(box)
            case "LOGIN" if self._waits_for_tls():
                self._say(f"{tag} NO [PRIVACYREQUIRED] not in the clear")
            case "ID":
                self._say('* ID ("name" "demo")', f"{tag} OK done")
            case "LOGIN":
                self._say(f"{tag} {self._log_in(rest)}")
            case "EXAMINE" | "SELECT":
                self._open(tag, verb.upper())
            case "UID":
                return self._by_uid(tag, rest)
            case "LOGOUT":
                self._say("* BYE", f"{tag} OK done")
                return False
            case _:
                self._say(f"{tag} BAD what")
        return True

    def _waits_for_tls(self) -> bool:
        return self.server.platform.tls == "starttls" and not isinstance(self.connection, ssl.SSLSocket)

    def _encrypt(self, box: ImapPlatform) -> None:
        """Go on in TLS; whoever does not take the certificate breaks off here."""
        assert box.context is not None
        self.connection = box.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def _log_in(self, rest: str) -> str:
        box: ImapPlatform = self.server.platform
        fault = box.take("refuse_login", "busy_login")
        if fault == "busy_login":
            return "NO [UNAVAILABLE] backend is busy"
        right = [part.strip('"') for part in rest.split(" ")] == [box.user, box.password]
        return "OK logged in" if right and not fault else "NO [AUTHENTICATIONFAILED] wrong"

    def _open(self, tag: str, verb: str) -> None:
        box: ImapPlatform = self.server.platform
        if box.take("no_folder"):
            self._say(f"{tag} NO no such mailbox")
            return
        said = "[READ-ONLY]" if verb == "EXAMINE" else "[READ-WRITE]"
        count = len(box.kept)
        self._say(
            f"* {count} EXISTS", f"* OK [UIDVALIDITY {box.validity}] UIDs valid", f"{tag} OK {said} done"
        )

    def _by_uid(self, tag: str, rest: str) -> bool:
        verb, _, told = rest.partition(" ")
        if verb.upper() == "SEARCH":
            self._say(f"* SEARCH {' '.join(map(str, self._found(told)))}", f"{tag} OK done")
            return True
        if verb.upper() != "FETCH":
            self._say(f"{tag} BAD what")
            return True
        named, _, what = told.partition(" ")
        for uid in named.split(","):
            if not self._fetch(int(uid), what.upper()):
                return False
        self._say(f"{tag} OK done")
        return True

    def _found(self, told: str) -> list[int]:
        """`n:*` names the last mail even where its number is smaller (RFC 3501 6.4.8)."""
        kept = self.server.platform.kept
        hit = re.search(r"UID (\d+):\*", told)
        least = int(hit[1]) if hit else 1
        found = [one.uid for one in kept if one.uid >= least]
        return found or [one.uid for one in kept[-1:]]

    def _fetch(self, uid: int, what: str) -> bool:
        box: ImapPlatform = self.server.platform
        one = next((mail for mail in box.kept if mail.uid == uid), None)
        if one is None or ((whole := "BODY.PEEK[]" in what) and box.take("gone")):
            return True
        if not whole:
            head = one.message_id + b"\r\n\r\n"
            facts = f'UID {uid} RFC822.SIZE {len(one.body)} INTERNALDATE "{one.came}"'
            return self._literal(uid, f"{facts} BODY[HEADER.FIELDS (MESSAGE-ID)]", head)
        hit = re.search(r"<0\.(\d+)>", what)
        body = one.body[: int(hit[1])] if hit else one.body
        fault = box.take("stall_in_literal", "drip", "cut_off", "drop_after_fetch", "answer_twice")
        if fault in {"stall_in_literal", "drip", "cut_off"}:
            return self._slowly(uid, body, fault)
        for _ in range(2 if fault == "answer_twice" else 1):
            self._literal(uid, f"UID {uid} BODY[]<0>", body)
        return fault != "drop_after_fetch"

    def _slowly(self, uid: int, body: bytes, fault: str) -> bool:
        box: ImapPlatform = self.server.platform
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(body)}}}\r\n".encode() + body[:10])
        while fault == "drip" and not box.ending.wait(0.2):
            self.wfile.write(b"x")  # without end: it is the reader's to leave
        if fault == "stall_in_literal":
            box.ending.wait(STALL)
        return False

    def _literal(self, uid: int, facts: str, body: bytes) -> bool:
        self.wfile.write(f"* {uid} FETCH ({facts} {{{len(body)}}}\r\n".encode() + body + b")\r\n")
        return True

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    platform: ImapPlatform


class ImapPlatform:
    """模拟收件箱: `put` lays a mail into it; `host`, `port`, `user` and `password` for whoever reads it."""

    host = "127.0.0.1"
    user = "hb@example.org"
    password = "demo"  # noqa: S105 - of a local server

    def __init__(
        self,
        port: int = 0,
        tls: Literal["tls", "starttls", "none"] = "none",
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.tls = tls
        self.context = context  #: the certificate, where it speaks TLS
        self.validity = 1
        self.kept: list[Kept] = []
        self.commands: list[str] = []
        self.ending = threading.Event()
        self._last = 0
        self._queue: deque[str] = deque()
        self._server = _Server((self.host, port), _Session)
        self._server.platform = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def put(self, body: bytes, at: datetime | None = None) -> int:
        """Lay a mail into the folder; returns its number."""
        self._last += 1
        self.kept.append(Kept(self._last, body, at or clock.now()))
        return self._last

    def renumber(self) -> None:
        """Give every mail another number under another validity, as after a move to a new server."""
        self.validity += 1
        self.kept = [Kept(uid, one.body, one.at) for uid, one in enumerate(self.kept, 1)]
        self._last = len(self.kept)

    def fail_next(self, name: str, times: int = 1) -> None:
        """Let the next `times` go wrong in the way called `name` (see FAULTS)."""
        if name not in FAULTS:
            raise ValueError(f"unknown fault {name!r}; one of {sorted(FAULTS)}")
        self._queue.extend([name] * times)

    def take(self, *names: str) -> str:
        """The next fault if it is one of `names`."""
        return self._queue.popleft() if self._queue and self._queue[0] in names else ""

    def said(self, command: str) -> None:
        """Note what a client asked."""
        self.commands.append(command)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
