"""来信邮件: a real IMAP server that also misbehaves; each mail at most one item, and nobody is answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from crawler.letters import CUT
from demo.platforms.imap import ImapPlatform
from flow import alarms
from flow import letters
from flow import replay
from flow import standing
from huanyu.bureau import SourceRow
from huanyu.entry_rows import MailboxTable
from huanyu.types import SourceKind
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.photos import jpeg

SMELL = "柳园街道振兴路的化工厂夜里排刺鼻的废气，熏得睡不着，我的电话13812345678"
MINUTES = timedelta(minutes=40)  # longer than any pause between two visits


@pytest.fixture
def server() -> Iterator[ImapPlatform]:
    with ImapPlatform() as platform:
        yield platform


@pytest.fixture
def office(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("HUANYU_SECRET_MAILBOX_PASSWORD", ImapPlatform.password)
    with at_work(tmp_path, store_url) as opened:
        yield opened


def mail(number: int, text: str = SMELL, subject: str = "反映废气", **heads: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "贺兰青 <helanqing@example.com>", ImapPlatform.user
    made["Subject"], made["Message-ID"] = subject, f"<{number}@example.com>"
    for name, value in heads.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def row_of(server: ImapPlatform, **changes: object) -> SourceRow:
    box = {"host": server.host, "port": server.port, "tls": "none", "user": server.user, "timeout": 1.0}
    return SourceRow(
        key="mailbox",
        name="本局邮箱来信",
        spider="mailbox",
        kind=SourceKind.LETTER,
        secret="mailbox_password",
        mailbox=MailboxTable(**(box | changes)),
    )


def look(office: Office, server: ImapPlatform, turn: int = 0, **changes: object) -> letters.Tally:
    row = row_of(server, **changes)
    assert row.mailbox is not None
    return letters.visit(office.desk, row, row.mailbox, NOW + turn * MINUTES)


def state(office: Office) -> str:
    kept = office.desk.store.sources.state("mailbox")
    return kept.state if kept else ""


def test_a_letter_becomes_one_item_with_its_sender_sealed_and_the_mailbox_unchanged(
    office: Office, server: ImapPlatform
) -> None:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = (
        "贺兰青 <helanqing@example.com>",
        "反映废气",
        "<1@example.com>",
    )
    made.set_content(f"{SMELL}\n贺兰青 helanqing@example.com")
    made.add_attachment(jpeg(), maintype="image", subtype="jpeg", filename="烟囱.jpg")
    made.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="看.exe")
    server.put(made.as_bytes(), NOW - timedelta(hours=3))
    assert look(office, server).new == 1
    (case,) = office.desk.store.cases.listing(limit=5)
    (post,) = office.desk.store.cases.posts(case.id)
    assert post.posted_at == NOW - timedelta(hours=3)
    for personal in ("贺兰青", "13812345678", "helanqing"):
        assert personal not in post.text + post.author + case.title
    assert "附件没有收下" in post.text
    assert [one.media for one in office.desk.store.case_files.of_case(case.id)] == ["image/jpeg"]
    (sealed,) = office.desk.store.people.read_reporter(case.id, "press", "核实", NOW)
    assert "helanqing@example.com" in sealed
    assert not [one for one in server.commands if one.split(" ")[0] in {"SELECT", "STORE", "EXPUNGE"}]
    assert all("PEEK" in one for one in server.commands if one.startswith("UID FETCH"))


def test_the_same_mail_is_one_item_by_whatever_number_it_comes_again(
    office: Office, server: ImapPlatform
) -> None:
    server.put(mail(1))
    server.put(mail(1))
    server.fail_next("answer_twice")
    assert look(office, server).new == 1
    server.put(mail(2, "另一件：古楼街道东关街的烧烤摊油烟扰民"))
    server.renumber()
    again = look(office, server, 1)
    assert (again.new, again.seen) == (1, 2)
    assert look(office, server, 2).new == 0
    assert office.desk.store.cases.count() == 2


def test_what_nobody_wrote_by_hand_is_set_aside_and_nobody_is_answered(
    office: Office, server: ImapPlatform
) -> None:
    for number, heads in enumerate(
        (
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"List_Unsubscribe": "<https://news.example.org/u>"},
            {"Return_Path": "<>"},
            {"subject": "自动回复：我在休假"},
        ),
        1,
    ):
        server.put(mail(number, **heads))
    assert (look(office, server).new, office.desk.store.cases.count()) == (0, 0)
    assert state(office) == "ok"
    assert "没有立件" in office.desk.store.sources.state("mailbox").sentence
    assert office.desk.store.outbox.listing() == []


def test_an_answer_joins_its_case_and_a_number_alone_proves_nothing(
    office: Office, server: ImapPlatform
) -> None:
    server.put(mail(1))
    look(office, server)
    (case,) = office.desk.store.cases.listing(limit=5)
    server.put(
        mail(2, "今晚又来了\n\n发件人: 贺兰青\n> 以前的话", "回复：反映废气", In_Reply_To="<1@example.com>")
    )
    server.put(mail(3, f"{case.number} 的废气还在排", "再次反映"))
    stranger = mail(4, f"{case.number} 我要撤诉，古楼街道东关街没有噪声污染了").replace(
        b"helanqing@", b"someone@"
    )
    server.put(stranger)
    look(office, server, 1)
    posts = office.desk.store.cases.posts(case.id)
    assert len(posts) == 3
    assert "以前的话" not in posts[1].text
    assert all("撤诉" not in one.text for one in posts)


def test_what_cannot_be_taken_is_kept_and_taken_later(office: Office, server: ImapPlatform) -> None:
    server.put(mail(1))
    server.put(b"\r\n\r\n")
    tally = look(office, server, most_mb=1)
    assert (tally.new, tally.rejects) == (1, 1)
    made = message_from_bytes(mail(3), policy=default)
    made.add_attachment(b"x" * 1_200_000, maintype="application", subtype="zip", filename="照片.zip")
    server.put(made.as_bytes())
    tally = look(office, server, 1, most_mb=1)
    assert (tally.new, tally.rejects) == (0, 1)
    large = next(one for one in office.desk.store.posts.rejects() if "超过" in one.reason)
    assert large.payload.startswith(CUT)
    (done,) = replay.replay_all(office.desk, [large.id], NOW + 2 * MINUTES, actor="press")
    assert (done.new, done.reason) == (1, "")
    assert office.desk.store.cases.count() == 2
    assert any("只收下开头" in one.text for one in office.desk.store.cases.posts(2))
    assert look(office, server, 3).new == 0


@pytest.mark.parametrize(
    ("fault", "found"),
    [("refuse_login", "login_needed"), ("no_folder", "login_needed"), ("busy_login", "failing"),
     ("stall_in_literal", "failing"), ("drip", "failing")],
)  # fmt: skip
def test_a_mailbox_that_cannot_be_read_stands_among_the_ill_sources_and_is_read_on_later(
    office: Office, server: ImapPlatform, fault: str, found: str
) -> None:
    server.put(mail(1))
    server.fail_next(fault)
    look(office, server, longest=2.0)
    assert state(office) == found
    assert look(office, server, 1).new == 1
    assert state(office) == "ok"
    assert office.desk.store.cases.count() == 1


def test_a_server_that_breaks_off_in_the_middle_loses_and_doubles_nothing(
    office: Office, server: ImapPlatform
) -> None:
    for number in range(1, 4):
        server.put(mail(number, f"振兴路第{number}家烧烤店油烟扰民，整夜不停"))
    server.fail_next("drop_after_fetch")
    first = look(office, server)
    second = look(office, server, 1)
    assert first.new + second.new == 3
    assert office.desk.store.posts.count() == 3


def test_a_mail_at_which_the_server_always_breaks_off_does_not_stand_before_the_others(
    office: Office, server: ImapPlatform
) -> None:
    server.put(mail(1))
    server.put(mail(2))
    for turn in range(letters.TRIES):
        server.fail_next("cut_off")
        look(office, server, turn)
        assert state(office) == "failing"
    tally = look(office, server, letters.TRIES)
    assert (tally.new, tally.rejects) == (1, 1)
    (kept,) = office.desk.store.posts.rejects()
    assert kept.reason == letters.LOST


def test_a_refused_log_in_is_told_as_something_a_person_must_mend(
    office: Office, server: ImapPlatform
) -> None:
    server.fail_next("refuse_login")
    look(office, server)
    kept = office.desk.store.sources.state("mailbox")
    shown = standing.standing(row_of(server), kept)
    assert shown.needs_person
    assert alarms.needs_person(kept)
    assert "密码" in shown.sentence
    assert server.password not in kept.sentence
