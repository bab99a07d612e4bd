"""Mail against aiosmtpd and against the demo's own server that misbehaves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default as modern

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Keep

from demo.platforms.smtp import SmtpPlatform
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from publisher.channels.mail import MailChannel
from publisher.channels.mail import Smtp
from publisher.channels.mail import message_id
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
    return MailChannel(Smtp(host="127.0.0.1", port=port, sender=SENDER, timeout=5))


def free_port() -> int:
    """aiosmtpd calls itself up on the port it was given, so it cannot be given 0."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


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
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
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
