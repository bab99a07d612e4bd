"""Rewards over both databases: from a case that fits to what was paid, each step once, by its own person, nobody's name out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from datetime import timedelta
from pathlib import Path

import pytest
import python_calamine

import cases.rewards
from flow import cycle
from flow import life
from flow import matters
from flow import permits
from flow import public_progress
from flow import recusing
from flow import reward_claims
from flow import reward_facts
from flow import reward_figures
from flow import reward_payments
from flow import rewards
from flow import talking
from flow.reward_claims import FIELDS
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import Claimant
from huanyu.types import Reward
from huanyu.types import Spoken
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.office import everything

LAKE = "东昌湖南岸烧烤摊半夜还在烧炭，油烟呛人，垃圾往湖里倒，没人管"
WHO = {
    "name": "苏文清",
    "id_number": "371502199003071230",
    "phone": "13806350000",
    "bank": "水城农商行东昌支行",
    "account": "6222 0212 3456 7890 128",
}
PHONED = {"name": "苏文清", "phone": "138 0635 0000"}


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        opened.fill((PAINT, RIVER))
        yield opened


def payer(office: Office) -> User:
    return colleague(office.desk, "caiwu", "payer")


def settled(office: Office, one: str = PAINT) -> Case:
    office.handle(office.case("assigned", one))
    return office.case("handled", one)


def opened(office: Office, one: str = PAINT) -> Reward:
    return rewards.open_(office.desk, office.press, settled(office, one).id, "clue", NOW)


def proposed(office: Office, one: str = PAINT) -> Reward:
    made = opened(office, one)
    return rewards.propose(office.desk, office.press, made.id, made.version, "", "", NOW)


def approved(office: Office, one: str = PAINT) -> Reward:
    made = proposed(office, one)
    return rewards.approve(office.desk, office.leader, made.id, made.version, NOW)


def notified(office: Office, one: str = PAINT) -> Reward:
    made = approved(office, one)
    return reward_claims.notify(office.desk, office.press, made.id, made.version, NOW)


def code(office: Office, reward: Reward) -> str:
    return reward_claims.code_of(office.desk, office.press, reward)


def claimed(office: Office, one: str = PAINT) -> Reward:
    made = notified(office, one)
    return reward_claims.claim(office.desk, made.report_number, code(office, made), PHONED, NOW)


def test_every_case_that_fits_and_every_reward_is_reached_however_many_there_are(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, press = office.desk, office.press
    older, newer = sorted((settled(office).id, settled(office, RIVER).id))
    for most, enough in ((1, 20), (100, 1)):
        monkeypatch.setattr(rewards, "MOST", most)
        monkeypatch.setattr(rewards, "ENOUGH", enough)
        first = rewards.chances(desk, press, NOW)
        assert ([one.case.id for one in first.found], first.below) == ([newer], newer)
        rest = rewards.chances(desk, press, NOW, first.below)
        assert ([one.case.id for one in rest.found], rest.below) == ([older], None)
    monkeypatch.setattr(rewards, "PER_PAGE", 1)
    made = [rewards.open_(desk, press, case, "clue", NOW) for case in (older, newer)]
    page = rewards.part(desk, press)
    assert ([one.reward.id for one in page.lines], page.below) == ([made[1].id], made[1].id)
    page = rewards.part(desk, press, "pending", page.below)
    assert ([one.reward.id for one in page.lines], page.below) == ([made[0].id], None)
    assert desk.store.rewards.counts() == {"pending": 2}
    recusing.recuse(desk, press, older, office.leader.name, "与被反映人有亲属关系", NOW)
    assert desk.store.rewards.counts(office.leader.id) == {"pending": 1}
    assert desk.store.rewards.counts(press.id) == {"pending": 2}


def test_from_a_case_that_fits_to_what_was_paid(office: Office) -> None:
    desk = office.desk
    case = settled(office)
    assert [one.case.id for one in rewards.chances(desk, office.press, NOW).found] == [case.id]
    made = rewards.open_(desk, office.press, case.id, "clue", NOW)
    assert rewards.open_(desk, office.press, case.id, "clue", NOW) == made, "opened twice it is one"
    assert rewards.chances(desk, office.press, NOW) == rewards.Chances(found=(), below=None)
    made = rewards.propose(desk, office.press, made.id, made.version, "50", "先到先得", NOW)
    assert (made.state, made.tier, made.amount_cents, made.channel) == (
        "proposed", "fixed", 5000, "随手拍、官方微博、论坛",
    )  # fmt: skip
    made = rewards.approve(desk, office.leader, made.id, made.version, NOW)
    made = reward_claims.notify(desk, office.press, made.id, made.version, NOW)
    assert made.claim_until == NOW.date() + timedelta(days=30)
    told = reward_claims.offer(desk, made.report_number, code(office, made), NOW)
    assert told is not None
    assert (told.state, told.fields) == ("notified", ("name", "phone"))
    assert "2026年4月9日" in told.text
    assert made.report_number in told.text
    for _ in range(2):
        made = reward_claims.claim(desk, made.report_number, code(office, made), PHONED, NOW)
    assert made.state == "claimed"
    person = payer(office)
    who = reward_payments.look(desk, person, made.id, made.version, "核对领取信息", NOW)
    assert who == Claimant(name="苏文清", id_number="", phone="13806350000", bank="", account="")
    name, book = reward_payments.sheet(desk, person, "本月支付", NOW)
    assert name == "奖励支付清单 2026-03-10.xlsx"
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[1][1:6] == [made.number, "通讯补贴", "苏文清", "", "13806350000"]
    assert (rows[2][0], rows[2][1], rows[2][-1]) == ("合计", "1 件", 50)
    for _ in range(2):
        paid = reward_payments.pay(desk, person, made.id, made.version, NOW.date(), "记-0317", NOW)
    assert paid.state == "paid"
    with pytest.raises(Conflict, match="已经支付过"):
        reward_payments.pay(desk, person, made.id, paid.version, NOW.date(), "记-0318", NOW)
    steps = [one.action for one in desk.store.rewards.steps(made.id)]
    assert steps == [
        *("opened", "proposed", "approved", "notified", "claimed", "read", "listed", "paid"),
    ]
    assert set(steps) <= set(cases.rewards.STEPS)
    told = reward_claims.offer(desk, made.report_number, code(office, made), NOW)
    assert told is not None
    assert (told.state, told.fields) == ("paid", ())


def test_each_step_is_its_own_persons(office: Office) -> None:
    desk, made = office.desk, proposed(office)
    for who in (office.press, office.reviewer, payer(office), office.handler("dongchangfu_fj")):
        with pytest.raises(NotAllowed):
            rewards.approve(desk, who, made.id, made.version, NOW)
    with pytest.raises(NotAllowed):
        rewards.whole(desk, office.handler("dongchangfu_fj"), made.id, NOW)
    as_leader = replace(office.press, role="leader")
    with pytest.raises(IllegalMove, match="不同的人"):
        rewards.approve(desk, as_leader, made.id, made.version, NOW)
    assert rewards.whole(desk, office.leader, made.id, NOW).acts == {"approve", "send_back"}
    back = rewards.send_back(desk, office.leader, made.id, made.version, "金额再核", NOW)
    assert back.state == "pending"
    with pytest.raises(Conflict, match="刚被他人改过"):
        rewards.approve(desk, office.leader, made.id, made.version, NOW)
    away = replace(office.desk.store.cases.get(made.case_id), recused=(office.leader.id,))
    assert rewards.acts(office.leader, made, away) == frozenset()


def test_nobody_but_whoever_pays_reads_who_claims_and_each_look_is_kept(office: Office) -> None:
    desk, made = office.desk, claimed(office)
    for who in (office.press, office.leader, office.reviewer, colleague(desk, "admin", "admin")):
        with pytest.raises(NotAllowed):
            reward_payments.look(desk, who, made.id, made.version, "核对领取信息", NOW)
        with pytest.raises(NotAllowed):
            reward_payments.sheet(desk, who, "核对领取信息", NOW)
    with pytest.raises(BadInput, match="请写明理由"):
        reward_payments.look(desk, payer(office), made.id, made.version, "", NOW)
    before = len(desk.store.rewards.steps(made.id))
    reward_payments.look(desk, payer(office), made.id, made.version, "核对领取信息", NOW)
    looked = desk.store.rewards.steps(made.id)
    assert len(looked) == before + 1
    assert (looked[-1].action, looked[-1].actor, looked[-1].note) == ("read", "caiwu", "核对领取信息")


def test_what_will_not_do_is_said_by_field_and_not_repeated(office: Office) -> None:
    wrong = {"name": "1", "id_number": "371502199003071234", "phone": "12", "bank": "x", "account": "6222"}
    with pytest.raises(BadInput) as told:
        reward_claims.read(tuple(FIELDS), wrong)
    assert str(told.value).count("；") == 4
    assert all(value not in str(told.value) for value in ("371502199003071234", "6222"))
    assert reward_claims.read(tuple(FIELDS), WHO).account == "6222021234567890128"
    assert reward_claims.read(("name", "phone"), PHONED | {"name": "苏𬭎"}).name == "苏𬭎"
    made = notified(office)
    with pytest.raises(NotFound):
        reward_claims.claim(office.desk, made.report_number, "AAAA-AAAA-AAAA", PHONED, NOW)
    assert reward_claims.offer(office.desk, made.report_number, "AAAA-AAAA-AAAA", NOW) is None


def test_what_nobody_claims_in_time_is_given_up_and_may_be_renewed(office: Office) -> None:
    desk, made = office.desk, notified(office)
    last = NOW + timedelta(days=30)
    assert reward_claims.lapse(desk, last) == 0
    late = last + timedelta(days=1)
    told = reward_claims.offer(desk, made.report_number, code(office, made), late)
    assert told is not None
    assert (told.state, told.fields) == ("forfeited", ())
    with pytest.raises(IllegalMove, match="期限已过"):
        reward_claims.claim(desk, made.report_number, code(office, made), PHONED, late)
    assert [reward_claims.lapse(desk, late) for _ in range(2)] == [1, 0]
    gone = desk.store.rewards.get(made.id)
    assert gone.state == "forfeited"
    again = reward_claims.renew(desk, office.leader, gone.id, gone.version, "住院期间未能办理", late)
    assert again.claim_until == late.date() + timedelta(days=30)
    assert reward_claims.claim(desk, made.report_number, code(office, made), PHONED, late).state == "claimed"


def test_a_claim_sent_back_and_one_taken_back_keep_nothing_of_the_claimant(office: Office) -> None:
    desk, made = office.desk, claimed(office)
    back = reward_claims.send_back(desk, payer(office), made.id, made.version, "户名与手机不符", NOW)
    assert back.state == "notified"
    assert desk.store.rewards.claimed_by(made.id) is None
    taken = reward_claims.take(desk, office.press, back.id, back.version, PHONED, NOW)
    assert desk.store.rewards.claimed_by(made.id) == (NOW, "电话")
    gone = rewards.revoke(desk, office.leader, taken.id, taken.version, "认定有误", NOW)
    assert gone.state == "revoked"
    assert desk.store.rewards.claimed_by(made.id) is None
    anew = rewards.reopen(desk, office.press, gone.id, gone.version, "更正后重新认定", NOW)
    assert (anew.state, anew.amount_cents, anew.post_id, anew.approved_by) == ("pending", 0, None, "")
    assert reward_claims.offer(desk, made.report_number, "", NOW) is None


def test_a_refusal_has_a_reason_of_the_table_and_an_amount_its_tier(office: Office) -> None:
    desk, made = office.desk, opened(office)
    with pytest.raises(BadInput, match="一档的金额为 50 元"):
        rewards.propose(desk, office.press, made.id, made.version, "51", "", NOW)
    with pytest.raises(BadInput, match="请选择不予奖励的理由"):
        rewards.refuse(desk, office.press, made.id, made.version, "dislike", "", NOW)
    done = rewards.refuse(desk, office.press, made.id, made.version, "known", "电话13806350000", NOW)
    assert (done.state, done.denial, done.ended_at) == ("refused", "known", NOW)
    assert "13806350000" not in desk.store.rewards.steps(made.id)[-1].note
    other = rewards.open_(desk, office.press, settled(office, RIVER).id, "report", NOW)
    with pytest.raises(BadInput, match="该渠道不在有奖举报的范围"):
        rewards.propose(desk, office.press, other.id, other.version, "200", "", NOW)


def test_a_colleagues_name_is_told_to_whoever_pays_without_the_name(office: Office) -> None:
    made = notified(office)
    staff = {"name": "press同志", "phone": "13806350000"}
    with pytest.raises(BadInput):  # Latin letters and Chinese in one name are no name
        reward_claims.claim(office.desk, made.report_number, code(office, made), staff, NOW)
    office.desk.store.people.add_user(
        name="wang", full_name="王立群", role="press", unit="", password_hash="", now=NOW
    )
    typed = {"name": "王立群", "phone": "13806350000"}
    reward_claims.claim(office.desk, made.report_number, code(office, made), typed, NOW)
    told = office.desk.store.rewards.claimed_by(made.id)
    assert told is not None
    assert told[1] == "网页；与本局在册人员同名，支付前请核实"


def test_joined_reports_are_one_reward_for_the_first(office: Office) -> None:
    """并案：最先的一条可以申领，后来的看不到；同一事实不再奖励。"""
    desk, first = office.desk, settled(office)
    found = {one.scheme.key: one for one in reward_facts.judgements(desk, first, NOW)}
    posts = sorted(one.id for one in desk.store.cases.posts(first.id))
    assert found["clue"].first is not None
    assert found["clue"].first.post_id == posts[0]
    made = claimed_of(office, first)
    assert public_progress.find(desk, made.report_number, code(office, made)) is not None
    with pytest.raises(IllegalMove):
        rewards.propose(desk, office.press, made.id, made.version, "", "", NOW)


def claimed_of(office: Office, case: Case) -> Reward:
    made = rewards.open_(office.desk, office.press, case.id, "clue", NOW)
    made = rewards.propose(office.desk, office.press, made.id, made.version, "", "", NOW)
    made = rewards.approve(office.desk, office.leader, made.id, made.version, NOW)
    return reward_claims.notify(office.desk, office.press, made.id, made.version, NOW)


def test_who_told_it_in_a_chat_claims_with_the_number_and_code_the_chat_gave(office: Office) -> None:
    desk = office.desk
    said = Spoken(platform="wechat", account="wechat", sender="湖畔行人", mark="1", text=LAKE, at=NOW)
    hit = re.search(r"编号 (\S+)，查询码 (\w{8})", talking.hear(desk, said, NOW))
    assert hit is not None
    number, code = hit.groups()
    cycle.turn(desk, NOW + timedelta(minutes=11), names=("talks", "understand", "open", "route"))
    report = public_progress.find(desk, number, code)
    assert report is not None
    case = desk.store.cases.get(desk.store.posts.case_of(report.post_id) or 0)
    made = desk.store.rewards.open(case.id, 1, "clue", "approved", "press", NOW)
    values = {"post_id": report.post_id}
    made = desk.store.rewards.move(made, "approved", values, "", "leader", NOW)
    made = reward_claims.notify(desk, office.press, made.id, made.version, NOW)
    assert made.report_number == number
    assert reward_claims.code_of(desk, office.press, made) == "", (
        "it is the reporter's own, and not told again"
    )
    shown = public_progress.look(desk, number, code)
    assert shown is not None
    assert shown.number == number, "the form sends it back beside the same code"
    assert reward_claims.claim(desk, shown.number, code, PHONED, NOW).state == "claimed"


def test_a_second_click_is_no_stranger(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, made = office.desk, notified(office)
    number, secret = made.report_number, code(office, made)
    reward_claims.claim(desk, number, secret, PHONED, NOW)
    monkeypatch.setattr(reward_claims, "_of", lambda *_: made)  # as the other click read it before
    assert reward_claims.claim(desk, number, secret, PHONED, NOW).state == "claimed"
    assert [one.action for one in desk.store.rewards.steps(made.id)].count("claimed") == 1


def test_what_whoever_pays_types_names_no_claimant(office: Office) -> None:
    desk, made, person = office.desk, claimed(office), payer(office)
    reward_payments.look(desk, person, made.id, made.version, "核对苏文清的13806350000", NOW)
    reward_payments.sheet(desk, person, "给苏文清等人支付", NOW)
    reward_claims.send_back(desk, person, made.id, made.version, "苏文清与手机不符", NOW)
    notes = [one.note for one in desk.store.rewards.steps(made.id)][-3:]
    assert all(note for note in notes)
    assert not any("苏文清" in note or "13806350000" in note for note in notes)


def test_a_matter_reported_anew_has_a_reward_for_each_round_and_neither_takes_the_others_reporter(
    office: Office,
) -> None:
    desk, case, later = office.desk, settled(office), NOW + timedelta(days=3)
    early = rewards.open_(desk, office.press, case.id, "clue", NOW)
    life.close(desk, office.press, case.id, case.version, "已当面答复", NOW, "told_in_person")
    office.fill((PAINT, RIVER, f"{PAINT}！！"), later)
    office.handle(office.case("assigned"), later)
    again = office.case("handled")
    assert again.round == 2
    old, new = sorted(one.id for one in desk.store.cases.posts(case.id))
    early = rewards.propose(desk, office.press, early.id, early.version, "", "", later)
    assert early.post_id == old
    anew = rewards.open_(desk, office.press, case.id, "clue", later)
    anew = rewards.propose(desk, office.press, anew.id, anew.version, "", "", later)
    assert (anew.round, anew.post_id) == (2, new)
    assert rewards.approve(desk, office.leader, early.id, early.version, later).state == "approved"


def test_a_matter_taken_up_anew_without_a_report_is_still_the_first_reporters_but_once(
    office: Office,
) -> None:
    desk, case, later = office.desk, settled(office), NOW + timedelta(days=3)
    early = rewards.open_(desk, office.press, case.id, "clue", NOW)
    early = rewards.refuse(desk, office.press, early.id, early.version, "known", "", NOW)
    closed = life.close(desk, office.press, case.id, case.version, "已当面答复", NOW, "told_in_person")
    life.reopen(desk, office.press, closed.id, closed.version, "夜里又开工", later, "again")
    cycle.turn(desk, later, ("route",))
    office.handle(office.case("assigned"), later)
    anew = rewards.open_(desk, office.press, case.id, "clue", later)
    anew = rewards.propose(desk, office.press, anew.id, anew.version, "", "", later)
    assert anew.post_id == desk.store.cases.posts(case.id)[0].id
    early = rewards.reopen(desk, office.press, early.id, early.version, "举报人有异议", later)
    with pytest.raises(IllegalMove, match=f"同一条举报已有奖励 {anew.number}"):
        rewards.propose(desk, office.press, early.id, early.version, "", "", later)


def test_of_two_cases_that_are_joined_afterwards_one_is_paid(office: Office) -> None:
    desk, made, person = office.desk, claimed(office), payer(office)
    other = notified(office, RIVER)
    later, earlier = (desk.store.cases.get(one.case_id) for one in (other, made))
    other = reward_claims.claim(desk, other.report_number, code(office, other), PHONED, NOW)
    matters.join(desk, office.press, later.id, later.version, earlier.number, "同一家", NOW)
    with pytest.raises(IllegalMove, match=f"已有奖励 {made.number}"):
        reward_payments.pay(desk, person, other.id, other.version, NOW.date(), "记-2", NOW)
    assert reward_payments.pay(desk, person, made.id, made.version, NOW.date(), "记-1", NOW).state == "paid"


def test_a_payment_counts_on_its_day_whenever_it_is_noted(office: Office) -> None:
    desk, made, person = office.desk, claimed(office), payer(office)
    with pytest.raises(BadInput, match="不能早于审批"):
        reward_payments.pay(desk, person, made.id, made.version, NOW.date() - timedelta(days=1), "记-1", NOW)
    reward_payments.pay(
        desk, person, made.id, made.version, date(2026, 12, 31), "记-1", NOW + timedelta(days=300)
    )
    assert [reward_figures.counted(desk, year).paid for year in (2026, 2027)] == [1, 0]


def test_figures_add_up_and_name_nobody(office: Office) -> None:
    desk, made = office.desk, claimed(office)
    reward_payments.pay(desk, payer(office), made.id, made.version, NOW.date(), "记-1", NOW)
    proposed(office, RIVER)
    found = reward_figures.year(desk, office.leader, 2026)
    assert found.faults == ()
    assert (found.opened, found.paid, found.cents) == (2, 1, 5000)
    assert sum(one.opened for one in found.lines) == 2
    assert {"paid": 1, "proposed": 1}.items() <= found.states.items()
    assert [one.held for one in reward_figures.published(desk, 2026)] == [True]


def test_nothing_readable_of_a_claimant_stands_in_any_table(office: Office) -> None:
    made = claimed(office)
    cycle.run(office.desk, "seal", NOW)
    rows = "\n".join(line for lines in everything(office.desk).values() for line in lines)
    assert made.number in rows
    for value in ("苏文清", "13806350000"):
        assert value not in rows


def test_when_its_time_is_over_the_claim_goes_and_the_reward_stays(office: Office) -> None:
    desk, made = office.desk, claimed(office)
    reward_payments.pay(desk, payer(office), made.id, made.version, NOW.date(), "记-1", NOW)
    days = next(row.days for row in desk.bureau.retention if row.what == "reward_claims")
    before, after = NOW + timedelta(days=days - 1), NOW + timedelta(days=days, minutes=1)
    old = timedelta(days=days)
    assert desk.store.retaining.due("reward_claims", before - old) == 0
    assert desk.store.retaining.remove("reward_claims", days, after - old, 100, after) == 1
    assert desk.store.rewards.claimed_by(made.id) is None
    assert desk.store.rewards.get(made.id).state == "paid"


def test_the_rights_are_in_the_table_of_roles() -> None:
    assert permits.PERMITS["pay_reward"] == {"payer"}
    assert permits.PERMITS["approve_reward"].isdisjoint(permits.PERMITS["judge_reward"])
    assert {"approve_reward", "pay_reward"} <= permits.PROVEN
