"""Mail against aiosmtpd and against the demo's own server that misbehaves."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Keep
from aiosmtpd.smtp import AuthResult
from aiosmtpd.smtp import LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from demo.platforms.smtp import SmtpPlatform
from huanyu import clock
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Attachment
from publisher.channels.mail import MailChannel
from publisher.channels.mail import Smtp
from publisher.channels.mail import message_id
from tests import photos
from tests.live.publish.conftest import PATIENT
from tests.live.publish.conftest import MakeMessage

SENDER = "舆情办 <yuqing@sthj.example.org>"


class Mailbox(Keep):
    """Keeps what aiosmtpd received."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[object] = []

    def handle_message(self, message: object) -> None:
        self.mails.append(message)


@pytest.fixture
def smtp() -> Iterator[SmtpPlatform]:
    with SmtpPlatform() as platform:
        yield platform


def channel_to(port: int) -> MailChannel:
    return MailChannel(Smtp(host="127.0.0.1", port=port, sender=SENDER, timeout=PATIENT))


class MailServer(Controller):
    """One on a port nobody else can take: aiosmtpd calls itself up on the port it was told, so it cannot be told 0."""

    def __init__(self, mailbox: Mailbox, **more: Any) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        port = self._door.getsockname()[1]
        super().__init__(mailbox, hostname="127.0.0.1", port=port, ready_timeout=PATIENT, **more)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._door, ssl=self.ssl_context)


def notice(make_message: MakeMessage, **changes: str) -> object:
    values = {
        "channel": "mail",
        "key": "notice:7:1",
        "title": "转办单 HY2026-000007",
        "recipient": "dcf@example.org",
    }
    return make_message(**(values | {"text": "请于48小时内签收。", "link": ""} | changes))


def test_a_real_smtp_server_takes_the_notice(make_message: MakeMessage) -> None:
    mailbox = Mailbox()
    controller = MailServer(mailbox)
    controller.start()
    try:
        receipt = channel_to(controller.port).send(notice(make_message))
    finally:
        controller.stop()
    (mail,) = mailbox.mails
    read = message_from_bytes(mail.as_bytes(), policy=modern)
    assert receipt.platform_id == read["Message-ID"] == "<notice.7.1@sthj.example.org>"
    assert read["Subject"] == "转办单 HY2026-000007"
    assert read.get_content().strip() == "请于48小时内签收。"


def test_files_arrive_byte_for_byte_under_their_chinese_names(make_message: MakeMessage) -> None:
    mailbox = Mailbox()
    controller = MailServer(mailbox)
    controller.start()
    paper = bytes(range(256)) * 400 + b"\r\n.\r\n.."
    file = Attachment(name="每日舆情2026年第3期.pdf", media="application/pdf", body=paper)
    try:
        channel_to(controller.port).send(replace(notice(make_message), attachments=(file,)))
    finally:
        controller.stop()
    (mail,) = mailbox.mails
    read = message_from_bytes(mail.as_bytes(), policy=modern)
    (part,) = read.iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == (file.name, file.media)
    assert part.get_content() == paper
    assert read.get_body(("plain",)).get_content().strip() == "请于48小时内签收。"


def test_the_same_key_gives_the_same_message_id() -> None:
    assert message_id("notice:7:1", SENDER) == message_id("notice:7:1", SENDER)
    assert message_id("notice:7:1", SENDER) != message_id("notice:7:2", SENDER)


def test_the_demo_server_shows_the_mail(smtp: SmtpPlatform, make_message: MakeMessage) -> None:
    channel_to(smtp.port).send(notice(make_message))
    (mail,) = smtp.published
    assert mail.recipients == ("dcf@example.org",)
    assert mail.text == "请于48小时内签收。"
    assert "转办单 HY2026-000007" in httpx.get(smtp.url, trust_env=False).text


@pytest.mark.parametrize(
    ("fault", "error", "kept"),
    [
        ("refuse_recipient", Refused, 0),
        ("greylist", Unavailable, 0),
        ("refuse_data", Refused, 0),
        ("drop_at_data", Unknown, 0),
        ("drop_after_data", Unknown, 1),
    ],
)
def test_each_misbehaviour_is_the_right_kind_of_error(
    fault: str, error: type[Exception], kept: int, smtp: SmtpPlatform, make_message: MakeMessage
) -> None:
    smtp.fail_next(fault)
    with pytest.raises(error):
        channel_to(smtp.port).send(notice(make_message))
    assert len(smtp.published) == kept


def test_a_closed_port_means_nothing_was_sent(make_message: MakeMessage) -> None:
    with pytest.raises(Unavailable):
        channel_to(9).send(notice(make_message))


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b.cn\r\nBcc: c@d.cn"])
def test_a_bad_address_is_refused_before_anything_leaves(
    recipient: str, smtp: SmtpPlatform, make_message: MakeMessage
) -> None:
    with pytest.raises(Refused):
        channel_to(smtp.port).send(notice(make_message, recipient=recipient))
    assert smtp.published == ()


without_tls = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
USER, PASSWORD = "yuqing", "only-for-tests"


class Doorkeeper:
    """Lets one user in; answers `busy` instead while it is set."""

    def __init__(self) -> None:
        self.busy = False

    def __call__(
        self, server: object, session: object, envelope: object, how: str, data: object
    ) -> AuthResult:
        if self.busy:
            return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary failure")
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=known, handled=False)


@pytest.fixture
def doorkeeper() -> Doorkeeper:
    return Doorkeeper()


@pytest.fixture
def guarded(doorkeeper: Doorkeeper) -> Iterator[tuple[Mailbox, int]]:
    """A server that takes mail from users only."""
    mailbox = Mailbox()
    controller = MailServer(
        mailbox,
        authenticator=doorkeeper,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield mailbox, controller.port
    finally:
        controller.stop()


def user_channel(port: int, password: str = PASSWORD, **changes: object) -> MailChannel:
    values = {"host": "127.0.0.1", "port": port, "sender": SENDER, "timeout": 5, "user": USER}
    return MailChannel(Smtp(**(values | changes)), password)  # type: ignore[arg-type]


@without_tls
def test_a_server_that_wants_a_user_takes_the_notice(
    guarded: tuple[Mailbox, int], make_message: MakeMessage
) -> None:
    mailbox, port = guarded
    user_channel(port).send(notice(make_message))
    assert len(mailbox.mails) == 1


@without_tls
@pytest.mark.parametrize("changes", [{"password": "wrong"}, {"user": ""}])
def test_a_server_that_knows_us_not_refuses(
    changes: dict[str, str], guarded: tuple[Mailbox, int], make_message: MakeMessage
) -> None:
    mailbox, port = guarded
    with pytest.raises(Refused):
        user_channel(port, **changes).send(notice(make_message))
    assert mailbox.mails == []


@without_tls
def test_a_server_that_cannot_check_passwords_now_means_later(
    doorkeeper: Doorkeeper, guarded: tuple[Mailbox, int], make_message: MakeMessage
) -> None:
    doorkeeper.busy = True
    with pytest.raises(Unavailable):
        user_channel(guarded[1]).send(notice(make_message))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"password": ""}, "smtp_password"),
        ({"password": "密码"}, "全角"),
        ({"user": "舆情办"}, "全角"),
        ({"host": "mail.example.org"}, "smtp_tls"),
    ],
)
def test_a_log_in_that_cannot_work_is_refused_before_anybody_is_called(
    changes: dict[str, str], why: str, make_message: MakeMessage
) -> None:
    with pytest.raises(Refused, match=why):
        user_channel(9, **changes).send(notice(make_message))


@pytest.mark.parametrize(
    "changes", [{"recipient": "张三@example.org"}, {"text": "黑\ud800烟"}, {"title": "黑\ud800烟"}]
)
def test_what_mail_cannot_carry_is_refused(
    changes: dict[str, str], smtp: SmtpPlatform, make_message: MakeMessage
) -> None:
    with pytest.raises(Refused):
        channel_to(smtp.port).send(notice(make_message, **changes))
    assert smtp.published == ()


def test_a_recipient_may_have_a_name(smtp: SmtpPlatform, make_message: MakeMessage) -> None:
    channel_to(smtp.port).send(notice(make_message, recipient="东昌府分局 <dcf@example.org>"))
    assert smtp.published[0].recipients == ("dcf@example.org",)


def test_a_server_that_offers_no_encryption_gets_no_mail(
    smtp: SmtpPlatform, make_message: MakeMessage
) -> None:
    channel = MailChannel(Smtp(host="127.0.0.1", port=smtp.port, sender=SENDER, tls=True, timeout=PATIENT))
    with pytest.raises(Refused, match="不支持"):
        channel.send(notice(make_message))
    assert smtp.published == ()


def test_a_server_whose_certificate_nobody_vouches_for_gets_neither_password_nor_mail(
    tmp_path: Path, make_message: MakeMessage
) -> None:
    mailbox = Mailbox()
    controller = MailServer(mailbox, tls_context=self_signed(tmp_path))
    controller.start()
    try:
        with pytest.raises(Refused, match="证书"):
            user_channel(controller.port, tls=True).send(notice(make_message))
    finally:
        controller.stop()
    assert mailbox.mails == []


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start - timedelta(days=1))
        .not_valid_after(start + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_pictures_go_along_without_what_the_camera_wrote(
    smtp: SmtpPlatform, make_message: MakeMessage
) -> None:
    channel_to(smtp.port).send(make_message(recipient="news@example.org", pictures=(photos.photo(),)))
    (file,) = smtp.published[0].message.iter_attachments()
    assert file.get_filename() == "图1 整改后的清洗区，岳明 摄.jpg"
    assert file.get_content() == photos.jpeg(telling=False)


def test_health_asks_the_server_and_sends_nothing(smtp: SmtpPlatform, make_message: MakeMessage) -> None:
    assert channel_to(smtp.port).health(make_message().due_at).state == "ok"
    assert smtp.published == ()
    away = Smtp(host="127.0.0.1", port=9, sender="yuqing@sthj.example.org")
    assert MailChannel(away).health(make_message().due_at).state == "failing"
    nobody = Smtp(host="127.0.0.1", port=9, sender="yuqing@sthj.example.org", user="yuqing")
    assert MailChannel(nobody).health(make_message().due_at).state == "revoked"
