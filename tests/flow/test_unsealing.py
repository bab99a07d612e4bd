"""A sealed row that cannot be opened is said by number and day, logged once; pages open and the rest is read."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary
from sqlalchemy import select
from sqlalchemy import update
from structlog.testing import capture_logs

from flow import identities
from flow import info_requests
from flow import printing
from flow import receiving
from flow import replay
from flow import reward_payments
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.store.keys import Keys
from huanyu.store.tables import entry_drafts
from huanyu.store.tables import identities as sealed
from huanyu.store.tables import info_applicants
from huanyu.store.tables import metadata
from huanyu.store.tables import press_contacts
from huanyu.store.tables import rejects
from huanyu.store.tables import reward_claims
from huanyu.store.tables import talk_messages
from huanyu.store.unsealing import CALLED
from huanyu.types import ContactEntry
from huanyu.types import Reject
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.test_info_requests import registered
from tests.flow.test_rewards import claimed
from tests.flow.test_rewards import payer
from tests.fresh import STORE_KEY

WHOLE = {"姓名": "周敏芝", "电话": "13563512345"}
OTHER_KEY = Keys("another key of the store, of years ago").seal(json.dumps({"姓名": "钱多多"}))


def spoil(desk: Desk, number: int, value: bytes) -> None:
    with desk.store._database.write() as tx:
        tx.execute(update(sealed).where(sealed.c.id == number).values(sealed=value))


@pytest.mark.parametrize(
    "value", [OTHER_KEY, OTHER_KEY[:40], b"", b"\xff\x00"], ids=["key", "cut", "none", "bytes"]
)
def test_one_reporter_that_cannot_be_opened_hides_no_other(office: Office, value: bytes) -> None:
    desk = office.desk
    office.fill((PAINT,))
    case = office.case(one=PAINT)
    broken = desk.store.people.save_reporter(json.dumps(WHOLE), NOW, case_id=case.id)
    desk.store.people.save_reporter(json.dumps(WHOLE), NOW + timedelta(days=1), case_id=case.id)
    spoil(desk, broken, value)
    with capture_logs() as lines:
        for _ in range(2):
            first, second = identities.read(desk, office.press, case.id, "电话回访核实", NOW)
        sheet = printing.take(desk, office.press, case.id, "full", "归档用一份", NOW)
    assert [one.value for one in second] == list(WHOLE.values())
    assert sheet.reporters == (first, second)
    (told,) = first
    assert told.name == "读不出" and f"举报人信息 {broken} 号（2026-03-10 保存）解不开" in told.value
    assert "2026-03-10 当时的台账密钥" in told.value and "备份" in told.value
    assert [one["number"] for one in lines if one["event"] == "broken_seal"] == [broken]
    assert not any(word in repr(lines) for word in ("周敏芝", "钱多多", "13563512345"))
    assert [one.number for one in desk.store.sealed.lost()] == [broken]
    with pytest.raises(ConfigError, match="解不开"):  # what looks for leaks must know every one
        desk.store.people.read_reporter(case.id, "系统", "发布前核查", NOW)
    spoil(desk, broken, desk.store.people._keys.seal(json.dumps(WHOLE)))
    assert list(desk.store.sealed.lost()) == []
    assert len(identities.read(desk, office.press, case.id, "电话回访核实", NOW)) == 2


def test_an_applicant_that_cannot_be_opened_is_said(office: Office) -> None:
    desk = office.desk
    found = registered(office)
    with desk.store._database.write() as tx:
        tx.execute(update(info_applicants).values(sealed=OTHER_KEY))
    assert desk.store.info_requests.names(found.id) == ()
    with pytest.raises(BadInput, match="信息公开申请人信息"):
        info_requests.applicant(desk, office.press, found.id, "电话核实邮寄地址", NOW)
    assert [one.table for one in desk.store.sealed.lost()] == ["info_applicants"]


def test_a_claim_that_cannot_be_opened_stands_in_the_list_and_not_in_its_total(office: Office) -> None:
    desk = office.desk
    office.fill((PAINT, RIVER))
    reward = claimed(office)
    with desk.store._database.write() as tx:
        tx.execute(update(reward_claims).values(sealed=OTHER_KEY))
    people = desk.store.rewards.claimants([reward], "listed", "支付", "caiwu", NOW)
    _, line, total = reward_payments.rows(desk, [reward], people)
    assert "奖励领取人信息" in str(line[3]) and "解不开" in str(line[3]) and total[-1] == 0
    with pytest.raises(BadInput, match="解不开"):
        reward_payments.look(desk, payer(office), reward.id, reward.version, "核对账户", NOW)
    assert desk.store.rewards.names([reward.id]) == ()


def test_an_answer_that_cannot_be_opened_stays_owed_and_is_told(office: Office) -> None:
    answers, store = office.desk.store.answers, office.desk.store
    later = NOW + timedelta(minutes=1)
    answers.owe("telegram", "change/1/2", {"text": "已签收"}, NOW, NOW)
    (number,) = answers.due("telegram", later)
    with store._database.write() as tx:
        whole = tx.scalar(select(talk_messages.c.sealed).where(talk_messages.c.id == number))
        tx.execute(update(talk_messages).values(sealed=OTHER_KEY))
    with capture_logs() as lines:
        assert [answers.take(number, later) for _ in range(2)] == [None, None]
    assert [one["event"] for one in lines] == ["broken_seal"]
    assert answers.due("telegram", later) == [number]
    (told,) = store.sealed.lost()
    assert f"聊天来话 {number} 号" in told.told
    with store._database.write() as tx:
        tx.execute(update(talk_messages).values(sealed=whole))
    taken = answers.take(number, later)
    assert taken is not None and taken.body == {"text": "已签收"}
    assert answers.due("telegram", later) == []


def test_a_draft_that_cannot_be_opened_hides_no_other(office: Office) -> None:
    drafts = office.desk.store.drafts
    for token in ("one", "two"):
        drafts.save(token, "hotline", {"text": token}, NOW, "press", NOW)
    with office.desk.store._database.write() as tx:
        tx.execute(update(entry_drafts).where(entry_drafts.c.token == "one").values(sealed=OTHER_KEY))
    assert [one.token for one in drafts.of("press")] == ["two"]
    with pytest.raises(BadInput, match="登记草稿"):
        drafts.get("one", "press")
    assert [one.table for one in office.desk.store.sealed.lost()] == ["entry_drafts"]


def test_a_contact_that_cannot_be_opened_is_said_and_typed_in_anew(office: Office) -> None:
    contacts = office.desk.store.press_contacts
    entry = ContactEntry(
        name="吴晓岚", outlet="鲁西晚报", kind="local", duty="记者", valid_from=None, valid_to=None
    )
    made = contacts.add(entry, "13563512345", "", "press", NOW)
    with office.desk.store._database.write() as tx:
        tx.execute(update(press_contacts).values(sealed=OTHER_KEY))
    with pytest.raises(BadInput, match="重新填一遍"):
        contacts.read(made.id, "press", NOW)
    with pytest.raises(BadInput, match="重新填一遍"):
        contacts.change(made, entry, {"phone": "13563512346"}, "press", NOW)
    contacts.change(made, entry, {"phone": "13563512346", "mail": ""}, "press", NOW)
    assert contacts.read(made.id, "press", NOW) == ("13563512346", "")
    assert list(office.desk.store.sealed.lost()) == []


UNREADABLE = (OTHER_KEY, Keys(STORE_KEY).seal_bytes(zlib.compress(b"{}")[:-4]))


@pytest.mark.parametrize("value", UNREADABLE, ids=["key", "cut"])
def test_a_bad_item_that_cannot_be_opened_stays_listed_and_hides_no_other(
    office: Office, value: bytes
) -> None:
    store = office.desk.store
    item = json.dumps({"channel": "grid", "item": {"number": "WG-0001"}}).encode()
    kept = {"source": "grid", "reason": "缺少辖区", "at": NOW, "callback": receiving.CALLBACK}
    store.posts.add_rejects([Reject(where=f"{at}", payload=item, **kept) for at in (1, 2)], now=NOW)
    with store._database.write() as tx:
        tx.execute(update(rejects).where(rejects.c.id == 1).values(payload=value))
    with capture_logs() as lines:
        first, second = replay.replay_all(office.desk, [1, 2], NOW)
    assert [(one["table"], one["number"]) for one in lines if one["event"] == "broken_seal"] == [
        ("rejects", 1)
    ]
    assert "读不懂的内容 1 号（2026-03-10 保存）解不开" in first.reason
    assert second.reason and "解不开" not in second.reason
    assert [one.id for one in store.rejects.heads()] == [2, 1]
    assert [(one.table, one.number) for one in store.sealed.lost()] == [("rejects", 1)]
    replay.resolve_reject(office.desk, office.press, 1, NOW)
    assert [one.id for one in store.rejects.heads()] == [2]


#: Tables with bytes that are not sealed: pages and signatures of what was public, papers as they were issued.
OPEN_BYTES = {"payloads", "blobs", "verdicts", "bulletins"}


def test_every_table_that_seals_is_looked_through() -> None:
    kept = {
        table.name
        for table in metadata.tables.values()
        if any(isinstance(column.type, LargeBinary) for column in table.c)
    }
    assert kept - OPEN_BYTES == set(CALLED)
