"""来信邮件 over TLS: a mailbox is read only behind a certificate somebody vouches for, and the source says what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from demo.platforms.imap import ImapPlatform
from flow import letters
from flow import standing
from huanyu.bureau import SourceRow
from huanyu.entry_rows import MailboxTable
from huanyu.types import SourceKind
from tests.authority import Authority
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.test_letters import mail

WAYS = ("tls", "starttls")
ASKED = {"tls": (), "starttls": ("STARTTLS",)}


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """One that this process trusts, and no other."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    return made


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("HUANYU_SECRET_MAILBOX_PASSWORD", ImapPlatform.password)
    with at_work(tmp_path, f"sqlite:///{tmp_path / 'letters.db'}") as opened:
        yield opened


@contextmanager
def looked(
    office: Office, server: ImapPlatform, tls: str, longest: float = 300.0
) -> Iterator[tuple[letters.Tally, str]]:
    """One look into the mailbox: what it brought, and the sentence that stands at the source."""
    box = MailboxTable(
        host=server.host, port=server.port, tls=tls, user=server.user, timeout=10.0, longest=longest
    )
    row = SourceRow(
        key="mailbox",
        name="本局邮箱来信",
        spider="mailbox",
        kind=SourceKind.LETTER,
        secret="mailbox_password",
        mailbox=box,
    )
    with server:
        server.put(mail(1))
        tally = letters.visit(office.desk, row, box, NOW)
        yield tally, standing.standing(row, office.desk.store.sources.state("mailbox")).sentence


@pytest.mark.parametrize("tls", WAYS)
def test_a_letter_comes_behind_a_certificate_that_is_vouched_for(
    office: Office, authority: Authority, tls: str
) -> None:
    server = ImapPlatform(tls=tls, context=authority.server())
    with looked(office, server, tls) as (tally, _):
        assert tally.new == 1
    assert office.desk.store.cases.count() == 1
    assert [one for one in server.commands if one in {"STARTTLS", "LOGIN"}] == [*ASKED[tls], "LOGIN"]


@pytest.mark.parametrize("tls", WAYS)
@pytest.mark.parametrize("wrong", ["strange", "other_name", "expired"])
def test_a_certificate_nobody_should_take_is_told_and_gets_no_password(
    office: Office, authority: Authority, tmp_path: Path, tls: str, wrong: str
) -> None:
    (tmp_path / "strange").mkdir()
    contexts = {
        "strange": lambda: Authority(tmp_path / "strange").server(),
        "other_name": lambda: authority.server("imap.example.com"),
        "expired": lambda: authority.server(ago=timedelta(days=9)),
    }
    server = ImapPlatform(tls=tls, context=contexts[wrong]())
    with looked(office, server, tls) as (tally, sentence):
        assert tally.new == 0
    assert "证书核对不过" in sentence
    assert "LOGIN" not in server.commands
    assert office.desk.store.sources.state("mailbox").state == "login_needed"


def test_a_server_without_encryption_gets_no_password(office: Office, authority: Authority) -> None:
    server = ImapPlatform()
    with looked(office, server, "starttls") as (tally, sentence):
        assert tally.new == 0
    assert "不支持 STARTTLS" in sentence
    assert "LOGIN" not in server.commands


@pytest.mark.parametrize("tls", WAYS)
def test_a_server_that_goes_on_speaking_without_end_is_left(
    office: Office, authority: Authority, tls: str
) -> None:
    server = ImapPlatform(tls=tls, context=authority.server())
    server.fail_next("drip")
    with looked(office, server, tls, longest=2.0) as (tally, sentence):
        assert tally.new == 0
    assert office.desk.store.sources.state("mailbox").state == "failing", sentence
