"""更正 and 撤回 from a person's sentence to every account: reviewed, numbered, at most once, the original marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flow import corrections
from flow import cycle
from flow import outgoing
from flow import replies
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import CopyState
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import PublicCorrection
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague

C = CopyState
LATER = NOW + timedelta(hours=1)
WRONG, RIGHT, WHY = "未配套废气收集处理设施", "废气收集处理设施未正常运行", "录入时写错"


@pytest.fixture
def texts() -> tuple[str, ...]:
    return TEXTS[:1]


@pytest.fixture
def office(filled_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        yield opened


@pytest.fixture
def out(office: Office) -> dict[str, Message]:
    """The reply of one case, published on every account and seen there."""
    _, messages = office.replying()
    office.approve(messages)
    cycle.run(office.desk, "deliver", NOW)
    cycle.run(office.desk, "look", NOW + timedelta(minutes=3))
    return office.replies(office.case("answered"))


def slips(office: Office, made: PublicCorrection) -> dict[str, Message]:
    return {one.channel: one for one in office.desk.store.corrections.messages([made.serial])[made.serial]}


def reviewed(office: Office, made: PublicCorrection) -> dict[str, Message]:
    """Every message of a 更正 through its reviews; another press officer than its author takes the first step."""
    second = colleague(office.desk, "second", "press")
    helped = Office(office.desk, office.platforms, second, office.reviewer, office.leader)
    for message in slips(office, made).values():
        helped.sign_off(message, LATER, override="核对过原始记录，可以发布")
    return slips(office, made)


def publish(office: Office, minutes: int = 0) -> None:
    for name in ("deliver", "look"):
        cycle.run(office.desk, name, LATER + timedelta(minutes=minutes))


def correct(office: Office, message: Message) -> PublicCorrection:
    return corrections.correct(office.desk, office.press, message.id, WRONG, RIGHT, WHY, LATER)


def page(desk: Desk) -> str:
    (found,) = desk.config.site_dir.glob("r/*.html")
    return found.read_text("utf-8")


def alarms(office: Office) -> list[str]:
    return [mail.title for mail in office.desk.store.outbox.listing(purpose="internal")]


def copies(office: Office, messages: dict[str, Message]) -> dict[str, CopyState]:
    found = office.desk.store.published.of([one.id for one in messages.values()])
    return {channel: found[message.id].state for channel, message in messages.items()}


def test_a_correction_goes_to_every_account_and_only_after_its_reviews(
    office: Office, out: dict[str, Message]
) -> None:
    made = correct(office, out["weibo"])
    assert made.serial == "更正〔2026〕1号"
    waiting = slips(office, made)
    assert set(waiting) == {"site", "weibo", "telegram"}
    assert {one.state for one in waiting.values()} == {MessageState.DRAFT}
    publish(office)
    assert WRONG in page(office.desk)

    reviewed(office, made)
    publish(office, 1)
    assert {one.state for one in slips(office, made).values()} == {MessageState.SENT}
    assert RIGHT in page(office.desk) and f"原文“{WRONG}”有误" in page(office.desk)
    assert "（已更正）" in (office.desk.config.site_dir / "feed.xml").read_text("utf-8")
    notice = office.platforms.weibo.published[-1]
    assert made.serial in notice.text and notice.status_id == out["weibo"].reply_to
    (edited,) = office.platforms.telegram.published
    assert RIGHT in edited.text
    assert copies(office, out) == {"site": C.CORRECTED, "weibo": C.LIVE, "telegram": C.CORRECTED}
    assert any(made.serial in event.note for event in office.desk.store.cases.history(made.case_id or 0))


def test_the_corrected_page_is_watched_under_its_new_text(office: Office, out: dict[str, Message]) -> None:
    made = correct(office, out["site"])
    slip = reviewed(office, made)["site"]
    publish(office)
    publish(office, 3)
    assert office.desk.store.published.of([slip.id])[slip.id].state is C.LIVE
    (found,) = office.desk.config.site_dir.glob("r/*.html")
    found.unlink()
    publish(office, 16)
    assert alarms(office) == ["【发布告警】本局网站：回看发现平台上已看不到，不是本系统撤下的"]


def test_nobody_reviews_a_correction_of_their_own(office: Office, out: dict[str, Message]) -> None:
    made = correct(office, out["site"])
    slip = slips(office, made)["site"]
    with pytest.raises(NotAllowed):
        outgoing.approve(office.desk, office.press, slip.id, slip.version, LATER)


def test_a_withdrawal_takes_every_text_down_and_is_no_alarm(office: Office, out: dict[str, Message]) -> None:
    made = corrections.withdraw(office.desk, office.press, out["site"].id, "事实需要重新核实", LATER)
    reviewed(office, made)
    publish(office)
    publish(office, 20)
    assert {one.state for one in slips(office, made).values()} == {MessageState.SENT}
    assert not office.platforms.weibo.published and not office.platforms.telegram.published
    assert made.serial in page(office.desk) and WRONG not in page(office.desk)
    assert set(copies(office, out).values()) == {C.WITHDRAWN}
    assert alarms(office) == []
    with pytest.raises(IllegalMove, match="已经撤回"):
        correct(office, out["site"])


def test_a_withdrawal_of_unknown_outcome_settles_itself_once_the_post_is_seen_to_be_gone(
    office: Office, out: dict[str, Message]
) -> None:
    made = corrections.withdraw(office.desk, office.press, out["weibo"].id, "事实需要重新核实", LATER)
    for slip in reviewed(office, made).values():
        office.desk.store.outbox.claim(slip, now=LATER)
    office.platforms.weibo.remove(out["weibo"].platform_id)  # it was carried out, and the machine went down
    cycle.run(office.desk, "sweep", LATER + timedelta(minutes=30))
    cycle.run(office.desk, "look", LATER + timedelta(minutes=31))
    assert alarms(office) == []  # nobody knows yet: it may be our own doing
    cycle.run(office.desk, "read_back", LATER + timedelta(minutes=31))
    assert slips(office, made)["weibo"].state is MessageState.SENT
    cycle.run(office.desk, "look", LATER + timedelta(minutes=60))
    assert copies(office, out)["weibo"] is C.WITHDRAWN


def test_an_unknown_correction_on_our_site_settles_itself(office: Office, out: dict[str, Message]) -> None:
    made = correct(office, out["site"])
    slip = reviewed(office, made)["site"]
    taken = office.desk.store.outbox.claim(office.desk.store.outbox.get(slip.id), now=LATER)
    assert taken is not None
    channel = replies.open_account(office.desk, "site")
    corrections.carry_out(office.desk, channel, taken)  # the answer was lost: the machine went down
    cycle.run(office.desk, "sweep", LATER + timedelta(minutes=30))
    cycle.run(office.desk, "read_back", LATER + timedelta(minutes=31))
    assert office.desk.store.outbox.get(slip.id).state is MessageState.SENT


def test_a_second_correction_builds_on_the_first(office: Office, out: dict[str, Message]) -> None:
    reviewed(office, correct(office, out["site"]))
    publish(office)
    again = corrections.correct(
        office.desk, office.press, out["site"].id, RIGHT, "废气收集处理设施停用", "再次核实", LATER
    )
    assert again.serial == "更正〔2026〕2号"
    reviewed(office, again)
    publish(office, 1)
    assert "废气收集处理设施停用" in page(office.desk)
    assert copies(office, slips(office, again))["site"] is C.WAITING


def test_a_number_whose_texts_were_all_dropped_stays_in_the_register(
    office: Office, out: dict[str, Message]
) -> None:
    made = correct(office, out["site"])
    with pytest.raises(Conflict, match="还没有办完"):
        correct(office, out["site"])
    for one in slips(office, made).values():
        corrections.drop(office.desk, office.press, one.id, one.version, "原文没有错", LATER)
    assert correct(office, out["site"]).number == 2
    assert [one.number for one in office.desk.store.corrections.register()] == [2, 1]


@pytest.mark.parametrize(
    ("wrong", "right", "why", "told"),
    [
        (WRONG, RIGHT, " ", "理由"),
        ("没有这句话", RIGHT, WHY, "照原文抄写"),
        ("误" * 1001, RIGHT, WHY, "过长"),
    ],
)
def test_what_a_person_left_out_is_told(
    office: Office, out: dict[str, Message], wrong: str, right: str, why: str, told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        corrections.correct(office.desk, office.press, out["site"].id, wrong, right, why, LATER)
    assert office.desk.store.corrections.register() == []


def test_only_the_press_office_proposes_and_only_what_the_public_reads(
    office: Office, out: dict[str, Message]
) -> None:
    with pytest.raises(NotAllowed):
        corrections.withdraw(office.desk, office.reviewer, out["site"].id, "事实有误", LATER)
    (notice, *_) = office.desk.store.outbox.listing(purpose="notice")
    with pytest.raises(NotAllowed, match="对外发布"):
        corrections.withdraw(office.desk, office.press, notice.id, "事实有误", LATER)
    with pytest.raises(IllegalMove, match="只能作废更正"):
        corrections.drop(office.desk, office.press, out["site"].id, out["site"].version, "误", LATER)


def test_what_is_not_out_yet_is_sent_back_not_corrected(office: Office) -> None:
    _, messages = office.replying()
    with pytest.raises(HuanyuError, match="没有发布"):
        correct(office, messages["site"])
