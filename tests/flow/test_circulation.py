"""A bulletin on its way: signed by a person, once to everybody on the list, corrected and withdrawn in the open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from flow import circulation
from flow import cycle
from flow import doubts
from flow import issues
from flow import lookback
from flow import teaching
from flow import verifying
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import MessageState
from huanyu.types import PaperCorrection
from huanyu.types import PostType
from huanyu.types import StoredBulletin
from tests.flow.office import MORNING
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work

SOON = MORNING + timedelta(minutes=20)
RECIPIENTS = """
[[recipient]]
key = "office"
name = "宣教科"
channel = "mail"
address = "xuanjiao@sthj.example.org"
form = "docx"
when = "compiled"

[[recipient]]
key = "group"
name = "局党组成员"
channel = "mail"
address = "dangzu@sthj.example.org"

[[recipient]]
key = "weekly_only"
name = "只看周报的人"
channel = "mail"
address = "zhoubao@sthj.example.org"
series = ["weekly"]

[[recipient]]
key = "leader"
name = "分管领导"
channel = "console"
address = "leader"

[[recipient]]
key = "duty"
name = "值班群"
channel = "telegram"
address = "@zhiban"
form = "link"
"""


@contextmanager
def at_desk(folder: Path, url: str) -> Iterator[Office]:
    """The office with its list of recipients."""
    (folder / "config").mkdir()
    (folder / "config" / "recipients.toml").write_text(RECIPIENTS, encoding="utf-8")
    with at_work(folder, url) as opened:
        yield opened


@pytest.fixture(scope="module")
def morning_after(pattern_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A working day, the slips to the units, and its bulletin the next morning; lived through once."""
    with at_desk(tmp_path_factory.mktemp("morning"), pattern_url) as office:
        office.fill()
        cycle.turn(office.desk, NOW, ("deliver",))
        cycle.run(office.desk, "bulletin", MORNING)


@pytest.fixture
def office(morning_after: None, copied_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_desk(tmp_path, copied_url) as opened:
        yield opened


@pytest.fixture
def issued(office: Office) -> StoredBulletin:
    """The bulletin of the working day."""
    made = office.desk.store.bulletins.by_day("daily", NOW.date())
    assert made is not None
    return made


def mails(office: Office) -> list[tuple[str, str]]:
    """(recipient, subject) of every bulletin mail that arrived."""
    return sorted(
        (mail.recipients[0], str(mail.message["Subject"]))
        for mail in office.platforms.mail.published
        if "《" in str(mail.message["Subject"])
    )


def files(office: Office, address: str) -> list[tuple[str | None, bytes]]:
    """Attachments of the mails to one address."""
    return [
        (part.get_filename(), part.get_payload(decode=True))
        for mail in office.platforms.mail.published
        if address in mail.recipients
        for part in mail.message.iter_attachments()
    ]


def test_the_press_office_has_it_without_a_signature_and_nobody_else(office, issued):
    for _ in range(3):
        cycle.turn(office.desk, MORNING, ("circulate", "deliver"))
    name = f"每日舆情2026年第{issued.bulletin.number}期.docx"
    assert files(office, "xuanjiao@sthj.example.org") == [(name, issued.docx)]
    assert [address for address, _ in mails(office)] == ["xuanjiao@sthj.example.org"]


def test_signing_sends_it_once_to_everybody_on_the_list(office, issued):
    cycle.turn(office.desk, MORNING, ("circulate", "deliver"))
    assert circulation.sign(office.desk, office.press, issued.id, SOON) == 3
    for later in range(3):
        cycle.turn(office.desk, SOON + timedelta(hours=later), ("circulate", "deliver"))
    assert [address for address, _ in mails(office)] == [
        "dangzu@sthj.example.org",
        "xuanjiao@sthj.example.org",
    ]
    ((_, pdf),) = files(office, "dangzu@sthj.example.org")
    assert pdf == issued.pdf, "byte for byte what lies in the archive"
    standing = office.desk.store.archive.standing(issued.id)
    assert standing.signed.actor == "press"
    assert {one.recipient for one in standing.deliveries} == {"office", "group", "leader", "duty"}
    with pytest.raises(Conflict):
        circulation.sign(office.desk, office.leader, issued.id, SOON)


def test_telegram_is_told_number_and_link_and_nothing_else(office, issued):
    circulation.sign(office.desk, office.press, issued.id, SOON)
    sent = [one for one in office.desk.store.outbox.listing(purpose="bulletin") if one.channel == "telegram"]
    number, link = issued.bulletin.number, f"http://127.0.0.1:8460/bulletins/{issued.id}"
    assert [one.text for one in sent] == [f"《每日舆情》2026年第{number}期 {link}"]


def test_on_the_console_it_is_unread_until_it_is_opened(office, issued):
    archive = office.desk.store.archive
    circulation.sign(office.desk, office.press, issued.id, SOON)
    assert archive.unread("leader") == [issued.id]
    assert archive.unread("reviewer") == []
    for later in range(2):
        office.desk.store.circulation.open(issued.id, "leader", SOON + timedelta(hours=later))
    assert archive.unread("leader") == []
    assert [(one.reader, one.at) for one in archive.standing(issued.id).opened] == [("leader", SOON)]


def test_what_could_not_be_delivered_is_shown_and_tried_again_later(office, issued):
    office.platforms.mail.fail_next("greylist")
    circulation.circulate(office.desk, MORNING)
    cycle.run(office.desk, "deliver", MORNING)
    (stuck,) = office.desk.store.archive.undelivered()
    assert (stuck.state, stuck.attempts, stuck.recipient) == (MessageState.APPROVED, 1, "office")
    assert stuck.due_at > MORNING
    assert "稍后" in stuck.note
    cycle.run(office.desk, "deliver", MORNING)
    assert mails(office) == [], "not before its time"
    cycle.run(office.desk, "deliver", stuck.due_at)
    assert len(mails(office)) == 1
    assert office.desk.store.archive.undelivered() == []


def test_a_mail_that_may_have_arrived_is_never_sent_again(office, issued):
    office.platforms.mail.fail_next("drop_after_data")
    circulation.circulate(office.desk, MORNING)
    for later in range(4):
        cycle.turn(office.desk, MORNING + timedelta(hours=later), ("circulate", "deliver"))
    assert len(mails(office)) == 1
    (stuck,) = office.desk.store.archive.undelivered()
    assert stuck.state is MessageState.UNKNOWN


def test_cut_off_between_signature_and_delivery_everybody_still_gets_it_once(office, issued):
    circulation.sign(office.desk, office.press, issued.id, SOON)
    taken = office.desk.store.outbox.due(SOON, 10, live=True)[0]
    assert office.desk.store.outbox.claim(taken, now=SOON) is not None, "the process dies here"
    doubts.sweep(office.desk, SOON + timedelta(hours=1))
    for later in range(1, 4):
        cycle.turn(office.desk, SOON + timedelta(hours=later), ("circulate", "deliver"))
    addresses = [address for address, _ in mails(office)]
    assert len(addresses) == len(set(addresses)) == 1
    assert len(office.desk.store.archive.undelivered()) >= 1, "a person looks after the one cut off"


def test_whoever_joins_the_list_is_not_sent_old_issues(office, issued):
    assert circulation.circulate(office.desk, MORNING + timedelta(days=2)) == 0


def test_a_correction_is_numbered_signed_and_sent_to_whoever_has_the_bulletin(office, issued):
    desk, printed = office.desk, issued.bulletin.figures[0]
    circulation.sign(desk, office.press, issued.id, SOON)
    made = circulation.correct(
        desk, office.leader, issued.id, printed.key, printed.value + 2, "漏计两条来信", SOON
    )
    assert (made.number, made.printed, made.correct) == (1, printed.value, printed.value + 2)
    again = circulation.correct(
        desk, office.leader, issued.id, printed.key, printed.value + 1, "其中一条重复计入", SOON
    )
    assert again.number == 2
    cycle.run(desk, "deliver", SOON)
    name = f"《每日舆情》2026年第{issued.bulletin.number}期更正1"
    assert ("dangzu@sthj.example.org", name) in mails(office)
    assert not [one for one in mails(office) if one[0].startswith("zhoubao")]
    texts = {m.recipients[0]: m.text for m in office.platforms.mail.published if m.message["Subject"] == name}
    told = texts["dangzu@sthj.example.org"]
    assert f"原载{printed.value}{printed.unit}，应为{printed.value + 2}{printed.unit}" in told
    assert "漏计两条来信" in told
    assert "leader同志" in told
    assert desk.store.bulletins.get(issued.id) == issued, "the issue itself is not touched"


def test_a_correction_stands_in_the_archive_under_a_number_of_its_own_and_names_the_issue(office, issued):
    desk, printed = office.desk, issued.bulletin.figures[0]
    for step in (2, 1):
        circulation.correct(
            desk, office.leader, issued.id, printed.key, printed.value + step, "漏计两条来信", SOON
        )
    second, first = desk.store.archive.listing(series="correction")
    assert [(one.number, one.signed, one.series_name) for one in (first, second)] == [
        (1, True, "更正"),
        (2, True, "更正"),
    ]
    paper = desk.store.bulletins.by_scope("correction", f"correction:{issued.id}:1")
    (told, _) = paper.bulletin.sections[0].sentences
    assert f"《每日舆情》2026年第{issued.bulletin.number}期" in told.text
    assert f"应为{printed.value + 2}{printed.unit}" in told.text
    assert (told.author, paper.bulletin.audit_head != "") == ("leader同志", True)
    assert verifying.verify(desk, paper.id).holds
    assert len(desk.store.archive.standing(issued.id).corrections) == 2, "and the issue says so"
    assert circulation.circulate(desk, SOON) == 1, "the daily; a correction goes to whoever has the issue"
    figures = desk.store.figures.day(SOON.date(), (), SOON + timedelta(hours=1))
    assert {one.key: one.value for one in figures.counts}["bulletins_issued"] == 0, "no issue of a series"


def test_a_correction_whose_paper_a_crash_cut_off_gets_it_later_and_once(office, issued):
    desk, printed = office.desk, issued.bulletin.figures[0]
    made = PaperCorrection(
        number=1,
        at=SOON,
        actor="leader",
        figure=printed.key,
        label=printed.label,
        unit=printed.unit,
        printed=printed.value,
        correct=printed.value + 1,
        why="漏计一条来信。",
    )
    desk.store.circulation.correct(issued.id, made, ())
    reserved = desk.store.bulletins.reserve(
        "correction", SOON.date(), SOON, scope=f"correction:{issued.id}:1"
    )
    for later in range(1, 3):
        cycle.run(desk, "bulletin", SOON + timedelta(minutes=later))
    (row,) = desk.store.archive.listing(series="correction")
    assert (row.id, row.number, row.signed) == (reserved.id, 1, True)
    assert desk.store.bulletins.unfinished() == []


@pytest.mark.parametrize(
    ("figure", "step", "why", "told"),
    [
        ("no_such_figure", 1, "统计口径有误", "没有刊载这个数字"),
        (None, 0, "统计口径有误", "没有要更正的"),
        (None, 1, "错", "更正原因要写清楚"),
        (None, 1, "长" * 501, "更正原因要写清楚"),
    ],
)
def test_a_correction_without_sense_is_told_why(office, issued, figure, step, why, told):
    printed = issued.bulletin.figures[0]
    with pytest.raises(BadInput, match=told):
        circulation.correct(
            office.desk, office.press, issued.id, figure or printed.key, printed.value + step, why, SOON
        )
    assert office.desk.store.archive.standing(issued.id).corrections == ()


def test_a_withdrawn_issue_is_kept_marked_and_keeps_its_number(office, issued):
    desk = office.desk
    circulation.sign(desk, office.press, issued.id, SOON)
    circulation.withdraw(desk, office.leader, issued.id, "把外地的事项编了进来", SOON)
    assert desk.store.bulletins.get(issued.id) == issued
    (row,) = desk.store.archive.listing()
    assert (row.withdrawn, row.signed) == (True, True)
    cycle.run(desk, "deliver", SOON)
    assert ("dangzu@sthj.example.org", f"《每日舆情》2026年第{issued.bulletin.number}期撤回") in mails(office)
    later = desk.store.bulletins.reserve("daily", MORNING.date(), now=SOON)
    assert later.number == issued.bulletin.number + 1
    with pytest.raises(Conflict):
        circulation.withdraw(desk, office.leader, issued.id, "再撤一次看看", SOON)
    figure = issued.bulletin.figures[0]
    with pytest.raises(Conflict):
        circulation.correct(desk, office.leader, issued.id, figure.key, 99, "撤回之后再更正", SOON)


def test_a_withdrawn_issue_is_not_sent_to_anybody_any_more(office, issued):
    circulation.withdraw(office.desk, office.press, issued.id, "把外地的事项编了进来", MORNING)
    assert circulation.circulate(office.desk, MORNING) == 0
    with pytest.raises(Conflict):
        circulation.sign(office.desk, office.press, issued.id, SOON)


@pytest.mark.parametrize("role", ["reviewer"])
def test_only_the_press_office_and_leaders_sign_correct_and_withdraw(office, issued, role):
    user, figure = getattr(office, role), issued.bulletin.figures[0].key
    for act in (
        lambda: circulation.sign(office.desk, user, issued.id, SOON),
        lambda: circulation.withdraw(office.desk, user, issued.id, "把外地的编了进来", SOON),
        lambda: circulation.correct(office.desk, user, issued.id, figure, 7, "统计口径有误", SOON),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_missed_morning_comes_under_its_own_date_and_the_mail_says_so(store_url, tmp_path):
    with at_desk(tmp_path, store_url) as office:
        office.fill()
        back = MORNING + timedelta(days=2)
        cycle.turn(office.desk, back, ("bulletin", "circulate", "deliver"))
        made = office.desk.store.bulletins.by_day("daily", NOW.date())
        assert made.bulletin.late_note
        told = [m.text for m in office.platforms.mail.published if made.bulletin.title in m.text]
        assert [made.bulletin.late_note in one for one in told] == [True]


def test_every_figure_holds_right_after_it_was_issued(office, issued):
    found = verifying.verify(office.desk, issued.id)
    assert found.holds
    assert found.counted("same") == len(issued.bulletin.figures) > 20
    assert found.unsupported == ()


def test_a_label_changed_later_explains_exactly_the_figures_it_bears_on(office, issued):
    desk = office.desk
    (post,) = (one for one, _ in desk.store.posts.iterate() if one.text == PAINT)
    teaching.correct_label(desk, office.press, post.id, PostType.OTHER, (), SOON)
    found = verifying.verify(desk, issued.id)
    changed = {check.figure.key: check for check in found.checks if check.state != "same"}
    assert {"complaints_weibo"} <= changed.keys()
    assert {check.state for check in changed.values()} == {"explained"}
    assert all(check.posts == (post.id,) for check in changed.values())
    assert found.holds
    told = "\n".join(verifying.told(found, {"press": "宣晓敏"}))
    assert f"帖文 {post.id}" in told
    assert "宣晓敏改判，投诉改为非投诉" in told


def test_a_figure_that_nobody_changed_by_the_rules_is_a_difference(office, issued):
    desk = office.desk
    with desk.store._database.write() as tx:
        tx.execute(text("UPDATE verdicts SET is_complaint = :no WHERE is_complaint"), {"no": False})
    found = verifying.verify(desk, issued.id)
    assert not found.holds
    assert found.counted("differs") > 0
    assert "不一致" in "\n".join(verifying.told(found, {}))


def test_a_correction_by_a_person_explains_the_difference_it_names(office, issued):
    desk = office.desk
    with desk.store._database.write() as tx:
        tx.execute(text("UPDATE verdicts SET is_complaint = :no WHERE is_complaint"), {"no": False})
    circulation.correct(desk, office.press, issued.id, "complaints_weibo", 0, "这些信息误判为投诉", SOON)
    found = verifying.verify(desk, issued.id)
    states = {check.figure.key: check.state for check in found.checks}
    assert states["complaints_weibo"] == "explained"
    assert not found.holds, "the others are still unexplained"


@pytest.mark.parametrize("series", ["weekly", "monthly", "quarterly", "yearly"])
def test_every_series_holds_and_a_label_changed_later_explains_it(office, series):
    desk = office.desk
    later = NOW + timedelta(days=400)
    made = issues.issue(desk, issues.subject(desk, series, NOW.date()), later)
    assert made is not None
    assert verifying.verify(desk, made.id).counted("same") == len(made.bulletin.figures) > 20
    for post, verdict in list(desk.store.posts.iterate()):
        if verdict is not None and verdict.is_complaint and post.text in (PAINT, RIVER):
            type_ = PostType.OTHER if post.text == PAINT else PostType.COMPLAINT
            kinds = () if post.text == PAINT else ("noise.construction",)
            teaching.correct_label(desk, office.press, post.id, type_, kinds, later + timedelta(days=1))
    found = verifying.verify(desk, made.id)
    assert found.counted("explained") > 2
    assert found.holds, "\n".join(verifying.told(found, {}))


def test_copies_are_numbered_where_the_issue_is_classified_and_nowhere_else(office, issued):
    with pytest.raises(BadInput, match="没有密级"):
        lookback.numbered_copy(office.desk, issued.id, 1)
