"""来信邮件 from a real IMAP server: each letter once, nothing in the mailbox changed, a rebuilt mailbox brings no double."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flow import letters
from flow import standing
from huanyu.bureau import SourceRow
from huanyu.entry_rows import MailboxTable
from huanyu.types import SourceKind
from tests import mailserver
from tests.authority import Authority
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.test_letters import mail

MINUTES = timedelta(minutes=10)
OTHER = "徒骇河振兴街道段排口排出黑水，连着三天了，请查一查。"


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    made.server()
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    return made


@pytest.fixture
def office(tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("HUANYU_SECRET_MAILBOX_PASSWORD", mailserver.PASSWORD)
    with at_work(tmp_path / "office", store_url) as opened:
        yield opened


def certificate(authority: Authority) -> Path:
    return authority.file.parent / f"{mailserver.HERE}-0.pem"


def looked(
    office: Office, box: mailserver.Mailbox, turn: int, **changes: object
) -> tuple[letters.Tally, str]:
    """One look into the mailbox: what it brought, and the sentence that stands at the source."""
    told = {"host": mailserver.HERE, "port": box.port, "tls": "starttls", "user": mailserver.USER}
    table = MailboxTable(**(told | {"timeout": 60.0} | changes))
    row = SourceRow(
        key="mailbox",
        name="本局邮箱来信",
        spider="mailbox",
        kind=SourceKind.LETTER,
        secret="mailbox_password",
        mailbox=table,
    )
    tally = letters.visit(office.desk, row, table, NOW + turn * MINUTES)
    return tally, standing.standing(row, office.desk.store.sources.state("mailbox")).sentence


def test_each_letter_comes_once_and_the_mailbox_stays_as_it_was(office: Office, authority: Authority) -> None:
    with mailserver.serving(certificate(authority), authority.file) as box:
        box.put(mail(1))
        box.put(mail(2, OTHER, "反映黑水"))
        assert looked(office, box, 0)[0].new == 2
        assert looked(office, box, 1)[0].new == 0
        box.put(mail(3, "许营镇赵庄村西养鸡场粪水进了沟，苍蝇成群。", "养鸡场"))
        assert looked(office, box, 2)[0].new == 1
        assert box.seen() == [False, False, False], "the bureau's own people still find them unread"
    assert office.desk.store.cases.count() == 3


def test_a_rebuilt_mailbox_brings_no_letter_twice(office: Office, authority: Authority) -> None:
    for turn in (0, 1):
        with mailserver.serving(certificate(authority), authority.file) as box:
            box.put(mail(1))
            assert looked(office, box, turn)[0].new == 1 - turn
    assert office.desk.store.cases.count() == 1


def test_a_wrong_password_and_a_missing_folder_are_told_at_the_source(
    office: Office, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailserver.serving(certificate(authority), authority.file) as box:
        assert "邮箱里没有文件夹“来信”" in looked(office, box, 0, folder="来信")[1]
        monkeypatch.setenv("HUANYU_SECRET_MAILBOX_PASSWORD", "cuo")
        assert "邮箱用户名或密码不对" in looked(office, box, 1)[1]
    assert office.desk.store.cases.count() == 0
