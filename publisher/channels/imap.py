"""A mailbox read over IMAP (RFC 3501): opened to be read only, nothing in it is ever changed, each call is bounded.

Knows the protocol; what a mail says and what becomes of it is decided elsewhere. Raises Refused where only a person
can help (log-in, folder, certificate), Unavailable where the next visit may.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from email.utils import parsedate_to_datetime
from socket import SHUT_RDWR
from socket import socket
from threading import Timer
from typing import Any
from typing import Final
from typing import Literal

from huanyu.errors import Refused
from huanyu.errors import Unavailable

HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
#: RFC 5530: the server cannot take the log-in just now; anything else it says of a log-in is a refusal.
LATER: Final = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")
AT_ONCE: Final = 100  # mails asked for in one FETCH
_UID: Final = re.compile(rb"UID (\d+)")
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE: Final = re.compile(rb'INTERNALDATE "([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Imap:
    """A folder of a mail server."""

    host: str
    port: int = 993
    tls: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    folder: str = "INBOX"
    timeout: float = 20.0  #: seconds the server may say nothing
    longest: float = 300.0  #: seconds of a visit, however slowly it goes on speaking


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of a mail before it is fetched."""

    uid: int
    size: int  #: bytes
    message_id: str
    at: datetime | None  #: when it came into the mailbox


class Folder:
    """An open folder."""

    def __init__(self, client: imaplib.IMAP4, validity: int) -> None:
        self._client = client
        self.validity = validity  #: of the numbers: another one, and all numbers are new

    def heads(self, after: int, since: date | None, most: int) -> list[Head]:
        """The first `most` mails behind the number `after`, in its order."""
        asked = [f"UID {after + 1}:*", *([f"SINCE {imap_day(since)}"] if since else [])]
        found = b" ".join(one for one in self._ask("SEARCH", *asked) if isinstance(one, bytes)).split()
        wanted = sorted({int(one) for one in found if one.isdigit() and int(one) > after})[:most]
        heads: dict[int, Head] = {}
        for at in range(0, len(wanted), AT_ONCE):
            part = wanted[at : at + AT_ONCE]
            named = ",".join(map(str, part))
            what = "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
            for told, body in _pieces(self._ask("FETCH", named, what)):
                if (head := _head(told, body)) is not None and head.uid in part:
                    heads.setdefault(head.uid, head)
        return [heads[uid] for uid in sorted(heads)]

    def fetch(self, uid: int, most: int) -> bytes:
        """The mail, of a longer one the first `most` bytes; b"" where it is gone."""
        pieces = _pieces(self._ask("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{most}>)"))
        mine = (body for told, body in pieces if (hit := _UID.search(told)) and int(hit[1]) == uid)
        return next(mine, b"")[:most]

    def _ask(self, command: str, *words: str) -> Sequence[Any]:
        said, data = self._client.uid(command, *words)
        if said != "OK":
            raise Unavailable(f"邮箱服务器没有照办（{command}）")
        return data


@contextmanager
def opened(server: Imap, password: str) -> Iterator[Folder]:
    """The folder, as long as this lasts; raises Refused, Unavailable, also for what breaks off inside."""
    _check_log_in(server, password)
    client = None
    timer = Timer(server.longest, lambda: client and _hang_up(client.sock))
    try:
        with _translated():
            client = _connected(server)
            timer.daemon = True
            timer.start()
            _greet(client, server, password)
            yield _selected(client, server)
    finally:
        timer.cancel()
        if client is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                client.shutdown()  # LOGOUT could only wait for a server that says nothing


def _hang_up(line: socket) -> None:
    """End whoever waits for the line: closing it would leave the reader's copy of it open, and an SSLSocket's own
    shutdown takes away what that one decrypts with."""
    with suppress(OSError):
        socket.shutdown(line, SHUT_RDWR)


def imap_day(day: date) -> str:
    """05-Mar-2026, in English whatever the locale."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day.day:02d}-{months[day.month - 1]}-{day.year}"


def _check_log_in(server: Imap, password: str) -> None:
    if not (server.host and server.user):
        raise Refused("邮箱没有写明服务器或用户名（sources.toml 的 mailbox）")
    if not password:
        raise Refused("邮箱没有密码，请先填写密钥")
    if not f"{server.user}{password}".isascii():
        raise Refused("邮箱用户名或密码含有全角或中文字符，无法登录")
    if server.tls == "none" and server.host not in HERE:
        raise Refused("不加密的连接不传送密码，请改用 tls 或 starttls")


def _connected(server: Imap) -> imaplib.IMAP4:
    if server.tls == "tls":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=server.timeout)
    return imaplib.IMAP4(server.host, server.port, timeout=server.timeout)


def _greet(client: imaplib.IMAP4, server: Imap, password: str) -> None:
    if server.tls == "starttls":
        if "STARTTLS" not in client.capabilities:  # imaplib would call that a broken connection
            raise Refused("邮箱服务器不支持 STARTTLS，密码没有发送")
        client.starttls(ssl_context=ssl.create_default_context())
    try:
        client.login(server.user, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as problem:
        told = str(problem)
        if any(code in told for code in LATER):
            raise Unavailable("邮箱服务器暂时不能登录") from problem
        raise Refused("邮箱用户名或密码不对，或没有开通 IMAP，请管理员更换密钥") from problem
    if (
        "ID" in client.capabilities
    ):  # some Chinese providers open no folder to a program that does not say its name
        client.xatom("ID", '("name" "huanyu" "version" "1")')


def _selected(client: imaplib.IMAP4, server: Imap) -> Folder:
    folder = '"' + _encoded(server.folder).replace("\\", "\\\\").replace('"', '\\"') + '"'
    said, _ = client.select(folder, readonly=True)
    if said != "OK":
        raise Refused(f"邮箱里没有文件夹“{server.folder}”，或者不许打开")
    found = client.response("UIDVALIDITY")[1]
    told = found[-1] if found else None
    if not isinstance(told, bytes) or not told.isdigit():
        raise Unavailable("邮箱服务器没有说明邮件编号的版本")
    return Folder(client, int(told))


def _encoded(name: str) -> str:
    """A folder's name in the UTF-7 of IMAP (RFC 3501 5.1.3)."""
    out = []
    for part in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if part.isascii() and part.isprintable():
            out.append(part.replace("&", "&-"))
        else:
            out.append("&" + part.encode("utf-7").decode()[1:].rstrip("-").replace("/", ",") + "-")
    return "".join(out)


def _pieces(data: Sequence[Any]) -> Iterator[tuple[bytes, bytes]]:
    """(what the server says of a mail, its bytes); words behind the bytes count as said, too."""
    for at, one in enumerate(data):
        if isinstance(one, tuple) and len(one) == 2:
            behind = data[at + 1] if at + 1 < len(data) and isinstance(data[at + 1], bytes) else b""
            yield one[0] + b" " + behind, one[1]


def _head(told: bytes, body: bytes) -> Head | None:
    uid, size, came = _UID.search(told), _SIZE.search(told), _DATE.search(told)
    if uid is None or size is None:
        return None
    named = re.sub(rb"\r?\n[ \t]+", b" ", body).partition(b":")[2].strip()
    return Head(
        uid=int(uid[1]),
        size=int(size[1]),
        message_id=named.decode("ascii", "replace"),
        at=_moment(came[1].decode("ascii", "replace")) if came else None,
    )


def _moment(told: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(told.strip().replace("-", " ", 2))
    except (ValueError, IndexError):
        return None
    return found if found.tzinfo else None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as problem:
        raise Refused(f"邮箱服务器的证书核对不过：{problem.verify_message}") from problem
    except TimeoutError as problem:
        raise Unavailable("邮箱服务器很久没有回答，下次再读") from problem
    except (OSError, imaplib.IMAP4.error, ValueError, AttributeError) as problem:
        raise Unavailable("连不上邮箱服务器，或者它中途断开，下次再读") from problem
