"""交下级单位: a head gives the own unit's case to a squad or a township below, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flow import assisting
from flow import cycle
from flow import findings
from flow import life
from flow import permits
from flow import rights
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from tests.flow.office import MANY
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.office import found

DUNG = next(one for one in TEXTS if "养殖场" in one)
BRANCH, SQUAD, SMALLER = "guanxian", "guanxian-dadui", "guanxian-zhongdui-1"
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def texts() -> tuple[str, ...]:
    return (DUNG,)


@pytest.fixture
def office(tmp_path: Path, filled_url: str):
    with at_work(tmp_path / "office", filled_url) as opened:
        yield opened


def signed(office):
    case = office.case("assigned", DUNG)
    assert case.unit == BRANCH
    return life.sign(office.desk, office.handler(BRANCH), case.id, case.version, NOW)


def head(office, unit=BRANCH, now=LATER):
    name = f"head-{unit}"
    known = office.desk.store.people.user(name)
    return rights.present(office.desk, known[0] if known else colleague(office.desk, name, "head", unit), now)


def town(office):
    return next(row for row in office.desk.bureau.units if row.place == "烟庄街道")


def down(office, case, unit=SQUAD, by=None, now=LATER):
    return life.hand_down(office.desk, by or head(office), case.id, case.version, unit, "当晚到场，采样", now)


def until(case, name):
    return next(one.due for one in case.clocks if one.name == name)


def mails(office, unit):
    whom = office.desk.bureau.unit(unit).mail
    sent = office.desk.store.outbox.listing(purpose="notice", limit=MANY)
    return [one for one in sent if one.recipient == whom]


def test_the_squad_has_it_then_signs_for_itself_and_the_matter_gains_no_time(office):
    case = signed(office)
    given = down(office, case)
    assert (given.state, given.unit, given.rule) == ("assigned", SQUAD, "by_hand")
    assert given.why == "由head-guanxian同志交下级单位办理：当晚到场，采样"
    assert until(given, "handling") == until(case, "handling")
    assert len(mails(office, SQUAD)) == 1
    with pytest.raises(NotAllowed):
        life.sign(office.desk, office.handler(BRANCH), given.id, given.version, LATER)
    assert permits.may_see(head(office), given), "the branch goes on seeing what its squad has"
    taken = life.sign(office.desk, office.handler(SQUAD), given.id, given.version, LATER)
    done = findings.record_result(
        office.desk, office.handler(SQUAD), taken.id, taken.version, found(LATER), LATER
    )
    assert done.result is not None


def test_a_squad_hands_on_to_a_smaller_one_and_the_branch_takes_it_back(office):
    case = down(office, signed(office))
    smaller = down(office, case, SMALLER, by=head(office, SQUAD))
    assert smaller.unit == SMALLER
    again = life.dispatch(office.desk, head(office), smaller.id, smaller.version, BRANCH, LATER)
    assert again.unit == BRANCH


def test_a_township_without_log_in_gets_its_slip_with_a_link(office):
    case = down(office, signed(office), town(office).key)
    cycle.run(office.desk, "deliver", LATER)
    (slip,) = mails(office, case.unit)
    assert case.department == "乡镇街道"
    (mail,) = [one for one in office.platforms.mail.published if slip.recipient in one.recipients]
    assert "/l/" in mail.text


@pytest.mark.parametrize("unit", ["chiping", "guanxian-chengguan", "chiping-dadui", BRANCH])
def test_to_nobody_who_is_not_below(office, unit):
    case = signed(office)
    with pytest.raises(NotAllowed, match="下属"):
        down(office, case, unit)
    assert office.desk.store.cases.get(case.id).unit == BRANCH


def test_a_head_moves_what_is_below_only_to_what_is_below(office):
    case = down(office, signed(office))
    for unit, assist in (("chiping", ()), (SMALLER, ("chiping",))):
        with pytest.raises(NotAllowed, match="下属"):
            life.dispatch(office.desk, head(office), case.id, case.version, unit, LATER, assist)
    with pytest.raises(NotAllowed, match="下属"):
        assisting.add(office.desk, head(office), case.id, case.version, "chiping", "", LATER)
    helped = assisting.add(office.desk, head(office), case.id, case.version, SMALLER, "", LATER)
    assert SMALLER in helped.assisting
    moved = life.dispatch(office.desk, office.press, helped.id, helped.version, "chiping", LATER)
    assert moved.unit == "chiping", "the office gives it to whomever it names"


def test_only_the_head_of_the_unit_that_has_it_and_only_while_it_works(office):
    case = signed(office)
    for user in (office.handler(BRANCH), office.press, office.leader, head(office, "chiping")):
        with pytest.raises(NotAllowed):
            down(office, case, by=user)
    with pytest.raises(NotFound):
        down(office, case, "nobody")
    few = office.desk.store.duties.act(case, "edited", "限定范围", "x", NOW, values={"restricted": True})
    with pytest.raises(BadInput, match="限定范围"):
        down(office, few)
    back = life.send_away(office.desk, office.handler(BRANCH), few.id, few.version, "不属本单位", NOW)
    with pytest.raises((IllegalMove, NotAllowed)):
        down(office, back)
