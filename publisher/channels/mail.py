"""Mail over SMTP: forwarding notices, bulletins with their files, press releases.

The Message-ID comes from the message's key, so a second copy of the same message is recognisable as one.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from email.utils import parseaddr
from typing import Final

from huanyu.errors import BadInput
from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.review_rows import RECEIPT
from huanyu.types import Attachment
from huanyu.types import Health
from huanyu.types import Message
from huanyu.types import Receipt
from publisher import pictures
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits

LIMITS: Final = Limits(length=0, per_minute=30, source="RFC 5321; 30 a minute is our own courtesy")
PICTURES: Final = 10  # our own limit: mailboxes take about 20 MB
ACCEPTED: Final = frozenset({250, 251})
LATER: Final = range(400, 500)  # RFC 5321 4.2.1: transient
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})  # a relay on this machine: nothing crosses a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The mail server; `user` "" = no log-in, which servers inside an office network often allow."""

    host: str
    port: int
    sender: str
    tls: bool = False  #: STARTTLS; port 465 speaks TLS from the start
    user: str = ""
    timeout: float = 20.0


class MailChannel:
    """The desk's own mailbox, sending only."""

    abilities: Final = Abilities(health=True, pictures=PICTURES)
    limits: Final = LIMITS

    def __init__(self, smtp: Smtp, password: str = "") -> None:
        self._smtp, self._password = smtp, password

    def send(self, message: Message) -> Receipt:
        """Hand the mail to the server for `message.recipient`."""
        self._check_log_in()
        mail = _mail(message, self._smtp.sender)
        body = _wire(mail)
        with _session(self._smtp) as session:
            with _before_data():
                self._greet(session)
                _expect(session.mail(parseaddr(self._smtp.sender)[1]), "发件人")
                _expect(session.rcpt(parseaddr(message.recipient)[1]), "收件人")
            _data(session, body)
        return Receipt(platform_id=str(mail["Message-ID"]))

    def read_back(self, message: Message) -> Receipt | None:  # noqa: ARG002
        """Always None: a sent mail cannot be looked up."""
        return None

    def health(self, now: datetime) -> Health:  # noqa: ARG002
        """Whether the server answers and takes the password; nothing is sent."""
        try:
            self._check_log_in()
            with _session(self._smtp) as session, _before_data():
                self._greet(session)
        except Refused as problem:
            return Health(state="revoked", note=str(problem.args[0]))
        except Unavailable as problem:
            return Health(state="failing", note=str(problem.args[0]))
        return Health(state="ok")

    def _check_log_in(self) -> None:
        """Raise Refused where the log-in cannot work, or would show the password to everybody on the way."""
        server = self._smtp
        if not server.user:
            return
        if not self._password:
            raise Refused("邮箱设了用户名而没有密码，请先填写密钥 smtp_password")
        if not f"{server.user}{self._password}".isascii():
            raise Refused("邮箱用户名或密码含有全角或中文字符，无法登录")
        if not (server.tls or server.port == smtplib.SMTP_SSL_PORT or server.host in HERE):
            raise Refused("不加密的连接不传送密码，请打开 smtp_tls 或改用465端口")

    def _greet(self, session: smtplib.SMTP) -> None:
        session.ehlo_or_helo_if_needed()
        if self._smtp.tls and not isinstance(session, smtplib.SMTP_SSL):
            session.starttls(context=ssl.create_default_context())
            session.ehlo()
        if self._smtp.user:
            session.login(self._smtp.user, self._password)


def message_id(key: str, sender: str) -> str:
    """The Message-ID of a key: the same key gives the same id for ever."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{re.sub(r'[^A-Za-z0-9.]+', '.', key)}@{domain}>"


def _mail(message: Message, sender: str) -> EmailMessage:
    mail = EmailMessage(policy=WIRE)
    try:
        mail["From"], mail["To"] = sender, message.recipient
        mail["Subject"] = message.title or message.text.splitlines()[0][:40]
        mail["Message-ID"] = message_id(message.key, sender)
        mail["Date"] = format_datetime(message.due_at)
        _told_by_a_program(mail, answers=message.purpose == RECEIPT)
        mail.set_content(f"{message.text}\n\n{message.link}" if message.link else message.text)
        for file in (*message.attachments, *_shown(message)):
            family, _, kind = file.media.partition("/")
            mail.add_attachment(file.body, maintype=family, subtype=kind, filename=file.name)
    except (ValueError, IndexError) as problem:
        raise Refused(f"邮件的标题或地址不合规：{problem}") from problem
    if "@" not in parseaddr(message.recipient)[1]:
        raise Refused(f"收件地址不完整：{message.recipient or '（空）'}")
    if not parseaddr(message.recipient)[1].isascii() or not parseaddr(sender)[1].isascii():
        raise Refused(f"邮箱地址含有全角或中文字符：{message.recipient}")
    return mail


def _told_by_a_program(mail: EmailMessage, answers: bool) -> None:
    """RFC 3834: no holiday answers, please; Exchange wants to be told in its own words."""
    mail["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
    if answers:
        mail["X-Auto-Response-Suppress"] = "All"


def _shown(message: Message) -> Iterator[Attachment]:
    """Pictures as files, without what the camera wrote into them; the caption goes into the name."""
    for number, picture in enumerate(message.pictures, 1):
        try:
            made = pictures.cleaned(picture)
        except BadInput as problem:
            raise Refused(str(problem)) from problem
        told = "，".join(part for part in (picture.caption, picture.credit) if part)
        name = f"图{number}{f' {told}' if told else ''}{pictures.SUFFIX[made.media]}"
        yield Attachment(name=re.sub(r'[\\/:*?"<>|\r\n]+', "", name), media=made.media, body=made.body)


def _wire(mail: EmailMessage) -> bytes:
    """The mail as it crosses the line, made before anything is said to the server."""
    try:
        return mail.as_bytes(policy=WIRE)
    except ValueError as problem:
        raise Refused(f"邮件的标题或正文无法编码：{problem}") from problem


@contextmanager
def _session(server: Smtp) -> Iterator[smtplib.SMTP]:
    try:
        session = _connected(server)
    except ssl.SSLCertVerificationError as problem:
        raise Refused(f"邮件服务器的证书核对不过：{problem.verify_message}") from problem
    except (OSError, ValueError, smtplib.SMTPException) as problem:  # ValueError: a host that is no name
        raise Unavailable("连不上邮件服务器，尚未发出") from problem
    try:
        yield session
    finally:
        session.close()  # QUIT could only turn an accepted mail into an error


def _connected(server: Smtp) -> smtplib.SMTP:
    if server.port == smtplib.SMTP_SSL_PORT:
        context = ssl.create_default_context()  # smtplib's own would take any certificate
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=server.timeout)


@contextmanager
def _before_data() -> Iterator[None]:
    """Until DATA nothing can have been accepted."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as problem:
        if problem.smtp_code in LATER:  # 454: the server cannot check passwords just now
            raise Unavailable("邮件服务器暂时不能核对密码，尚未发出") from problem
        raise Refused("邮箱用户名或密码不对，请管理员更换") from problem
    except ssl.SSLCertVerificationError as problem:
        raise Refused(f"邮件服务器的证书核对不过：{problem.verify_message}") from problem
    except smtplib.SMTPNotSupportedError as problem:
        raise Refused(f"邮件服务器不支持：{problem}") from problem
    except (OSError, smtplib.SMTPException) as problem:
        raise Unavailable("邮件服务器中断，尚未发出") from problem


def _data(session: smtplib.SMTP, body: bytes) -> None:
    try:
        _expect(session.data(body), "正文")
    except smtplib.SMTPDataError as problem:
        raise _answer(problem.smtp_code, problem.smtp_error, "正文") from problem
    except (OSError, smtplib.SMTPException) as problem:
        raise Unknown("邮件服务器在收信时中断，可能已收下") from problem


def _expect(answer: tuple[int, bytes], what: str) -> None:
    code, text = answer
    if code not in ACCEPTED:
        raise _answer(code, text, what)


def _answer(code: int, text: bytes | str, what: str) -> ChannelError:
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if code in LATER:
        return Unavailable(f"邮件服务器要求稍后再试（{what}，{code} {told[:80]}）")
    return Refused(f"邮件服务器拒绝（{what}，{code} {told[:80]}）")
