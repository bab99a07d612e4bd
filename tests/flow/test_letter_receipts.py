"""来信回执: who wrote is told number and code, once, off by default, and no program is ever answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from demo.platforms.imap import ImapPlatform
from demo.platforms.smtp import Mail
from flow import cycle
from flow import letters
from flow import public_progress
from huanyu.entry_rows import MailboxTable
from huanyu.types import MessageState
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.test_letters import MINUTES
from tests.flow.test_letters import mail
from tests.flow.test_letters import row_of

TEXT = "您的来信已收到。受理编号 {number}，校验码 {code}，查询进度：{page}"
WRITER = "helanqing@example.com"
FINAL = {MessageState.SENT, MessageState.REFUSED, MessageState.UNKNOWN}


@pytest.fixture
def server() -> Iterator[ImapPlatform]:
    with ImapPlatform() as platform:
        yield platform


@pytest.fixture
def office(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("HUANYU_SECRET_MAILBOX_PASSWORD", ImapPlatform.password)
    with at_work(tmp_path, store_url) as opened:
        yield opened


def look(office: Office, server: ImapPlatform, turn: int = 0, receipt: str = TEXT) -> None:
    row = row_of(server, receipt=receipt)
    assert row.mailbox is not None
    letters.visit(office.desk, row, row.mailbox, NOW + turn * MINUTES)


def told(office: Office) -> list[Mail]:
    """The mails that arrived at whoever wrote."""
    return [one for one in office.platforms.mail.published if WRITER in one.recipients]


def deliver(office: Office, minutes: int = 0) -> None:
    cycle.run(office.desk, "deliver", NOW + timedelta(minutes=minutes))


def test_who_wrote_is_told_number_and_code_once_and_the_desk_keeps_neither_address_nor_code(
    office: Office, server: ImapPlatform
) -> None:
    server.put(mail(1), NOW)
    look(office, server)
    (waiting,) = office.desk.store.outbox.listing(purpose="receipt")
    assert (waiting.recipient, waiting.state) == ("来信人", MessageState.APPROVED)
    for turn in range(3):
        deliver(office, turn)
        look(office, server, turn + 1)
    (came,) = told(office)
    number, code = re.search(r"受理编号 (SP\S+)，校验码 ([0-9A-Z-]{14})，", came.text).groups()
    progress = public_progress.look(office.desk, number, code)
    assert progress is not None
    assert progress.case_number == office.desk.store.cases.listing(limit=2)[0].number
    assert came.message["Auto-Submitted"] == "auto-replied"
    assert came.message["X-Auto-Response-Suppress"] == "All"
    assert "振兴路" not in came.message.as_string()
    (kept,) = office.desk.store.outbox.listing(purpose="receipt")
    assert kept.state is MessageState.SENT
    for secret in (WRITER, "贺兰青", code):
        assert secret not in repr(kept)
    case = office.desk.store.cases.listing(limit=1)[0]
    assert [one.reason for one in office.desk.store.people.identity_reads(case.id)] == ["寄发来信回执"]


def test_nobody_is_answered_unless_somebody_approved_a_text(office: Office, server: ImapPlatform) -> None:
    server.put(mail(1), NOW)
    look(office, server, receipt="")
    assert office.desk.store.cases.count() == 1
    assert office.desk.store.outbox.listing(purpose="receipt") == []


def test_no_program_no_answer_and_no_old_letter_is_answered(office: Office, server: ImapPlatform) -> None:
    server.put(mail(1), NOW - timedelta(days=9))
    for number, heads in enumerate(
        (
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "list"},
            {"List_Id": "<news.example.org>"},
            {"Return_Path": "<>"},
            {"subject": "退信：地址不存在"},
        ),
        2,
    ):
        server.put(mail(number, **heads), NOW)
    server.put(mail(9, "今晚又来了", "回复：反映废气", In_Reply_To="<1@example.com>"), NOW)
    look(office, server)
    assert office.desk.store.cases.count() == 1
    assert office.desk.store.outbox.listing(purpose="receipt") == []


def test_two_programs_that_answer_each_other_stop(office: Office, server: ImapPlatform) -> None:
    for number in range(1, 9):
        server.put(mail(number, f"振兴路第{number}家烧烤店油烟扰民，整夜不停"), NOW)
    look(office, server)
    assert office.desk.store.cases.count() == 8
    assert len(office.desk.store.outbox.listing(purpose="receipt")) == 3


@pytest.mark.parametrize(
    ("fault", "state", "arrived"),
    [
        ("refuse_recipient", MessageState.REFUSED, 0),
        ("refuse_data", MessageState.REFUSED, 0),
        ("greylist", MessageState.SENT, 1),
        ("drop_at_data", MessageState.UNKNOWN, 0),
        ("drop_after_data", MessageState.UNKNOWN, 1),
    ],
)
def test_a_mail_server_that_misbehaves_gets_it_once_at_most(
    office: Office, server: ImapPlatform, fault: str, state: MessageState, arrived: int
) -> None:
    server.put(mail(1), NOW)
    look(office, server)
    office.platforms.mail.fail_next(fault)
    for minutes in (0, 30, 90, 300):
        deliver(office, minutes)
    (kept,) = office.desk.store.outbox.listing(purpose="receipt")
    assert kept.state is state
    assert len(told(office)) == arrived
    assert WRITER not in f"{kept!r}"


def test_an_address_that_is_kept_no_more_is_told_as_such(office: Office, server: ImapPlatform) -> None:
    server.put(mail(1), NOW)
    look(office, server)
    with office.desk.store._database.write() as tx:
        tx.exec_driver_sql("DELETE FROM identities")
    deliver(office)
    (kept,) = office.desk.store.outbox.listing(purpose="receipt")
    assert (kept.state, kept.note) == (MessageState.REFUSED, "来信人的地址已不再保存")
    assert told(office) == []


@pytest.mark.parametrize("text", ["已收到", "编号 {number}", "{number} {code} {name}", "{number} {code} {"])
def test_a_text_that_says_too_little_or_too_much_is_no_receipt(text: str) -> None:
    with pytest.raises(ValidationError):
        MailboxTable(host="imap.example.org", user="hb@example.org", receipt=text)
