"""A hand-over that arrives: every way is tried, the office is told once of what reached nobody; one-time links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from console.day_figures import DayFigures
from demo.platforms import robots as platform
from demo.platforms.robots import RobotsPlatform
from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.weibo import WeiboPlatform
from flow import by_link
from flow import cycle
from flow import handing_over
from flow import life
from flow import link_making
from flow import printing
from flow import rights
from flow import routing
from huanyu.config import SHIPPED
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.store.tables import cases
from huanyu.types import Case
from huanyu.types import Route
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import Platforms
from tests.flow.office import at_work
from tests.flow.office import configure
from tests.flow.office import everything
from tests.flow.office import found
from tests.flow.office import opened
from tests.flow.office import staffed

SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(hours=1)
ROBOT = """
[[account]]
key = "town_group"
channel = "wecom"
name = "镇环保站群"
base_url = {url}
secret = "robot_token"
verified = true
"""
#: Three towns that do not log in: one with a mailbox, one with neither mailbox nor robot, one with a robot.
TOWNS = """
[[unit]]
key = "hutun"
name = "湖屯镇人民政府"
short = "湖屯镇"
kind = "outside"
department = "镇政府"
mail = "hutun@zhen.example.org"
phone = "0635-8123456"
login = false
source = "例"
valid_from = 2019-01-01

[[unit]]
key = "mute"
name = "石桥镇人民政府"
short = "石桥镇"
kind = "outside"
department = "镇政府"
phone = "0635-8123457"
login = false
source = "例"
valid_from = 2019-01-01

[[unit]]
key = "grouped"
name = "柳林镇人民政府"
short = "柳林镇"
kind = "outside"
department = "镇政府"
login = false
robot = "town_group"
source = "例"
valid_from = 2019-01-01
"""
TOWN, MUTE, GROUP = "hutun", "mute", "grouped"
TOWN_MAIL, OFFICE_MAIL = "hutun@zhen.example.org", "xuanjiao@sthj.example.org"
LINK = re.compile(r"http://127\.0\.0\.1:8460/l/([A-Za-z0-9_-]{22})")


@pytest.fixture(scope="module")
def filled(pattern_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A working day's posts and cases, made once."""
    with at_work(tmp_path_factory.mktemp("filled"), pattern_url) as working:
        working.fill()
        cycle.run(working.desk, "deliver", NOW)


@pytest.fixture
def groups() -> Iterator[RobotsPlatform]:
    with RobotsPlatform() as running:
        yield running


@contextmanager
def opened_with(units: str, database: str, folder: Path, groups: RobotsPlatform) -> Iterator[Office]:
    """An office on the working day's cases with these units and the robot of a group."""
    with ExitStack() as running:
        platforms = Platforms(
            *(running.enter_context(one()) for one in (WeiboPlatform, TelegramPlatform, SmtpPlatform))
        )
        settings = configure(folder, database, platforms)
        with (folder / "config" / "accounts.toml").open("a", encoding="utf-8") as file:
            file.write(ROBOT.format(url=json.dumps(groups.url)))
        with (folder / "secrets.toml").open("a", encoding="utf-8") as file:
            file.write(f"robot_token = {json.dumps(platform.TOKEN)}\n")
        (folder / "config" / "units.toml").write_text(units, encoding="utf-8")
        desk = opened(settings)
        running.callback(desk.close)
        yield staffed(desk, platforms)


@pytest.fixture
def office(filled: None, copied_url: str, tmp_path: Path, groups: RobotsPlatform) -> Iterator[Office]:
    """An office with three towns that do not log in: one with a mailbox, one with a robot, one with neither."""
    shipped = (SHIPPED / "units.toml").read_text(encoding="utf-8")
    with opened_with(shipped + TOWNS, copied_url, tmp_path, groups) as working:
        yield working


@pytest.fixture
def chatting(filled: None, copied_url: str, tmp_path: Path, groups: RobotsPlatform) -> Iterator[Office]:
    """The same, where the press office, the bureau and the squad on duty have a work chat."""
    shipped = (SHIPPED / "units.toml").read_text(encoding="utf-8")
    for key in ("sthj", "xuanjiao", "zhifa"):
        assert f'key = "{key}"\n' in shipped
        shipped = shipped.replace(f'key = "{key}"\n', f'key = "{key}"\nrobot = "town_group"\n')
    with opened_with(shipped + TOWNS, copied_url, tmp_path, groups) as working:
        yield working


def given_to(office: Office, unit: str, one: str = PAINT) -> Case:
    """The case of a text in the hands of a unit, its slip delivered."""
    case = office.case(one=one)
    case = life.dispatch(office.desk, office.press, case.id, case.version, unit, SOON)
    cycle.turn(office.desk, SOON, ("hand_over_watch", "deliver"))
    return case


def mails(office: Office, to: str) -> list[str]:
    return [mail.text for mail in office.platforms.mail.published if to in mail.recipients]


def token_of(office: Office) -> str:
    (mail,) = mails(office, TOWN_MAIL)
    found_token = LINK.search(mail)
    assert found_token
    return found_token.group(1)


def open_of(office: Office, case: Case):
    return next(one for one in office.desk.store.hand_overs.of_case(case.id) if one.ended_at is None)


def test_a_unit_without_any_way_is_told_to_the_office_once_and_stands_on_the_list(office):
    case = given_to(office, MUTE)
    for hours in range(3):
        cycle.turn(office.desk, SOON + timedelta(hours=hours), ("hand_over_watch", "deliver"))
    told = [one for one in mails(office, OFFICE_MAIL) if "石桥镇人民政府" in one]
    assert len(told) == 1
    assert "没有邮箱、工作群和登录账号" in told[0]
    assert "0635-8123457" in told[0]
    assert [one.number for one in handing_over.unreached(office.desk, LATER) if one.unit.key == "mute"] == [
        case.number
    ]
    notes = [event.note for event in office.desk.store.cases.history(case.id) if event.action == "unreached"]
    assert len(notes) == 1


def test_a_signed_hand_over_leaves_the_list(office):
    case = given_to(office, MUTE)
    life.sign(office.desk, office.press, case.id, case.version, LATER)
    assert "mute" not in {one.unit.key for one in handing_over.unreached(office.desk, LATER)}


def test_what_reached_nobody_is_counted_once_a_write_and_asked_for_each_pair_of_eyes(office):
    desk, figures = office.desk, DayFigures()
    before = figures.lost(desk, LATER, rights.seer(office.press))
    case = given_to(office, MUTE)
    eyes = [rights.seer(one) for one in (office.press, office.handler("zhifa"))]
    counts = [figures.lost(desk, LATER, one) for one in eyes]
    assert counts == [len(handing_over.unreached(desk, LATER, one)) for one in eyes]
    assert counts[0] == before + 1
    assert counts[1] < counts[0]  # not of the squad's cases
    life.sign(desk, office.press, case.id, case.version, LATER)
    assert figures.lost(desk, LATER, eyes[0]) == before


def test_a_slip_that_arrived_worries_nobody(office):
    given_to(office, TOWN)
    cycle.run(office.desk, "hand_over_watch", LATER)
    assert "hutun" not in {one.unit.key for one in handing_over.unreached(office.desk, LATER)}
    assert not [one for one in mails(office, OFFICE_MAIL) if "湖屯镇人民政府" in one]


def test_a_refused_slip_is_told_once_by_whoever_tells_of_refusals(office):
    office.platforms.mail.fail_next("refuse_recipient", times=1)
    case = given_to(office, TOWN)
    cycle.turn(office.desk, LATER, ("hand_over_watch", "doubt", "hand_over_watch", "doubt", "deliver"))
    assert [one.number for one in handing_over.unreached(office.desk, LATER) if one.unit.key == "hutun"] == [
        case.number
    ]
    assert len([one for one in mails(office, OFFICE_MAIL) if "没有发出" in one]) == 1


def test_the_robot_of_a_unit_says_number_and_link_and_nothing_of_the_matter(office, groups):
    case = given_to(office, GROUP)
    (said,) = [one.text for one in groups.kept]
    assert re.fullmatch(rf"第{case.number}号转办单，请签收：{LINK.pattern}", said)
    cycle.turn(office.desk, LATER, ("hand_over_watch", "deliver"))
    assert len(groups.kept) == 1


def test_an_assisting_unit_gets_its_own_slip_and_answers_by_link(office):
    case = office.case(one=RIVER)
    route = Route(unit=case.unit, department=case.department, assist=(TOWN,), rule="x", why="请镇里协助")
    office.desk.store.moves.assign(case, route, (), None, SOON)
    cycle.turn(office.desk, SOON, ("hand_over_watch", "deliver"))
    token = token_of(office)
    assert by_link.look(office.desk, token, LATER).acts == {"sign", "opinion"}
    by_link.sign(office.desk, token, LATER)
    by_link.give_opinion(office.desk, token, "沟渠由村里清淤，三日内完成", LATER)
    (assisting,) = [one for one in office.desk.store.hand_overs.of_case(case.id) if one.unit == TOWN]
    assert assisting.opinion == "沟渠由村里清淤，三日内完成"
    assert assisting.signed_by == "湖屯镇（一次性链接）"
    assert by_link.look(office.desk, token, LATER).acts == frozenset()


def test_an_opinion_that_comes_at_the_same_time_does_not_replace_the_first(office):
    case = office.case(one=RIVER)
    route = Route(unit=case.unit, department=case.department, assist=(TOWN,), rule="x", why="请镇里协助")
    office.desk.store.moves.assign(case, route, (), None, SOON)
    cycle.turn(office.desk, SOON, ("hand_over_watch", "deliver"))
    seen = by_link.look(office.desk, token_of(office), LATER)
    say = partial(office.desk.store.links.opine, seen.link, seen.given, by="湖屯镇", now=LATER)
    say(opinion="三日内清淤")
    with pytest.raises(Conflict):
        say(opinion="与我镇无关")
    assert open_of_unit(office, case, TOWN).opinion == "三日内清淤"


def test_a_matter_that_becomes_one_for_few_closes_the_links_of_those_that_assist(office):
    case = office.case(one=RIVER)
    route = Route(unit=case.unit, department=case.department, assist=(TOWN,), rule="x", why="请镇里协助")
    office.desk.store.moves.assign(case, route, (), None, SOON)
    cycle.turn(office.desk, SOON, ("hand_over_watch", "deliver"))
    token = token_of(office)
    assert by_link.look(office.desk, token, LATER).acts
    with office.desk.store._database.write() as tx:
        tx.execute(update(cases).where(cases.c.id == case.id).values(restricted=True))
    with pytest.raises(NotFound, match=by_link.DEAD):
        by_link.look(office.desk, token, LATER)


def test_the_link_of_a_unit_that_answered_shows_nothing_of_what_another_unit_has_since(office):
    case = given_to(office, TOWN)
    token = token_of(office)
    by_link.report(office.desk, token, found(LATER), LATER)
    assert by_link.look(office.desk, token, LATER).acts == frozenset()
    route = Route(unit=MUTE, department="镇政府", assist=(), rule="x", why="属石桥镇")
    office.desk.store.moves.assign(office.desk.store.cases.get(case.id), route, (), None, LATER)
    with pytest.raises(NotFound, match=by_link.DEAD):
        by_link.look(office.desk, token, LATER)


def test_a_slip_that_cannot_leave_for_hours_is_told_to_the_office_once(office):
    case = office.case(one=PAINT)
    case = life.dispatch(office.desk, office.press, case.id, case.version, TOWN, SOON)
    patience = timedelta(hours=office.desk.bureau.bureau.unsent_hours)
    cycle.run(office.desk, "hand_over_watch", SOON + patience - timedelta(minutes=1))
    assert not handing_over.unreached(office.desk, SOON + patience - timedelta(minutes=1))
    for minutes in (1, 2):
        cycle.run(office.desk, "hand_over_watch", SOON + patience + timedelta(minutes=minutes))
    (note,) = [
        event.note for event in office.desk.store.cases.history(case.id) if event.action == "unreached"
    ]
    assert "迟迟没有发出" in note


def open_of_unit(office: Office, case: Case, unit: str):
    return next(one for one in office.desk.store.hand_overs.of_case(case.id) if one.unit == unit)


def test_the_token_of_a_mailed_link_is_kept_nowhere(office):
    given_to(office, TOWN)
    token = token_of(office)
    assert len(token) == 22
    kept = everything(office.desk)
    assert not [name for name, rows in kept.items() if any(token in row for row in rows)]
    assert any(link_making.hashed(token) in row for row in kept["links"])


def test_a_unit_signs_and_reports_through_its_link_each_once(office):
    case = given_to(office, TOWN)
    token = token_of(office)
    by_link.sign(office.desk, token, LATER)
    with pytest.raises(IllegalMove):
        by_link.sign(office.desk, token, LATER)
    by_link.report(office.desk, token, found(LATER), LATER)
    with pytest.raises(IllegalMove):
        by_link.report(office.desk, token, found(LATER), LATER)
    done = office.desk.store.cases.get(case.id)
    assert done.result is not None
    assert done.result.recorded_by == "湖屯镇（一次性链接）"
    used = [line for line in office.desk.store.audit.listing(limit=50) if line.action == "link.use"]
    assert len(used) == 2


def test_a_result_that_lacks_facts_is_told_and_nothing_is_kept(office):
    case = given_to(office, TOWN)
    token = token_of(office)
    with pytest.raises(BadInput, match="查明情况"):
        by_link.report(office.desk, token, found(LATER, found="有"), LATER)
    assert office.desk.store.cases.get(case.id).result is None


def test_a_case_that_was_sent_back_closes_its_link(office):
    case = given_to(office, TOWN)
    token = token_of(office)
    by_link.send_back(office.desk, token, "不在本镇辖区，应由邻镇办理", LATER)
    assert office.desk.store.cases.get(case.id).state == "returned"
    with pytest.raises(NotFound, match="链接不存在"):
        by_link.look(office.desk, token, LATER)


def test_an_expired_a_revoked_and_an_invented_link_say_the_same(office):
    case = given_to(office, TOWN)
    token = token_of(office)
    days = office.desk.bureau.bureau.link_days
    with pytest.raises(NotFound, match=by_link.DEAD):
        by_link.look(office.desk, token, SOON + timedelta(days=days, seconds=1))
    given = open_of(office, case)
    assert link_making.revoke(office.desk, office.press, case.id, given.id, LATER) == 1
    for dead in (token, "A" * 22, "短", "../../etc"):
        with pytest.raises(NotFound, match=by_link.DEAD):
            by_link.look(office.desk, dead, LATER)
    (kept,) = office.desk.store.links.of_case(case.id)
    assert kept.failed == 2


def test_a_link_shows_the_slip_without_the_reporter(office):
    given_to(office, TOWN)
    author = office.case(one=PAINT).first_author
    slip = by_link.look(office.desk, token_of(office), LATER)
    assert author
    assert author not in "".join((*slip.said, slip.title))
    assert "喷漆" in "".join(slip.said)


def test_the_office_makes_a_link_by_hand_only_for_who_does_not_log_in(office):
    case = given_to(office, MUTE)
    address = link_making.make(office.desk, office.press, case.id, open_of(office, case).id, LATER)
    by_link.sign(office.desk, address.rpartition("/")[2], LATER)
    assert office.desk.store.cases.get(case.id).state == "signed"
    other = office.case("assigned", RIVER)
    with pytest.raises(BadInput, match="登录"):
        link_making.make(office.desk, office.press, other.id, open_of(office, other).id, LATER)
    with pytest.raises(NotAllowed):
        link_making.make(office.desk, office.handler(other.unit), other.id, open_of(office, other).id, LATER)


def test_a_slip_that_comes_too_late_carries_no_link(office):
    case = office.case(one=PAINT)
    case = life.dispatch(office.desk, office.press, case.id, case.version, TOWN, SOON)
    life.dispatch(office.desk, office.press, case.id, case.version, MUTE, SOON)
    cycle.run(office.desk, "deliver", SOON)
    (mail,) = mails(office, TOWN_MAIL)
    assert "/l/" not in mail
    assert "现不由你单位直接办理" in mail


def test_the_title_of_a_matter_for_few_is_neither_listed_nor_mailed(office):
    case = office.case(one=PAINT)
    with office.desk.store._database.write() as tx:
        tx.execute(update(cases).where(cases.c.id == case.id).values(restricted=True))
    life.dispatch(office.desk, office.leader, case.id, case.version, MUTE, SOON)
    cycle.turn(office.desk, SOON, ("hand_over_watch", "deliver"))
    (told,) = [one for one in mails(office, OFFICE_MAIL) if "石桥镇人民政府" in one]
    assert case.number in told
    assert case.title not in told
    assert [one.title for one in handing_over.unreached(office.desk, LATER) if one.unit.key == MUTE] == [""]


def test_a_redacted_print_names_no_reporter_and_a_handler_gets_no_other(office):
    case = office.case(one=PAINT)
    handler = office.handler(case.unit)
    sheet = printing.take(office.desk, handler, case.id, "redacted", "", LATER)
    assert case.first_author
    assert case.first_author not in repr((sheet.said, sheet.history, sheet.title, sheet.reporters))
    with pytest.raises(NotAllowed):
        printing.take(office.desk, handler, case.id, "full", "核实地点", LATER)
    with pytest.raises(BadInput, match="理由"):
        printing.take(office.desk, office.press, case.id, "full", "", LATER)
    assert office.desk.store.people.identity_reads(case.id) == []
    full = printing.take(office.desk, office.press, case.id, "full", "移交纪检", LATER)
    assert case.first_author in repr(full.said)
    assert sheet.kept.mark != full.kept.mark
    assert len(office.desk.store.people.identity_reads(case.id)) == 1


def test_the_office_hears_of_what_reached_nobody_in_its_work_chat_too(chatting, groups):
    case = given_to(chatting, MUTE)
    cycle.turn(chatting.desk, LATER, ("hand_over_watch", "deliver"))
    cycle.turn(chatting.desk, LATER + timedelta(hours=2), ("hand_over_watch", "deliver"))
    (said,) = [one.text for one in groups.kept if "没有送到" in one.text]
    assert re.fullmatch(rf"第{case.number}号转办没有送到石桥镇，请电话告知：\S+/cases/{case.id}", said)
    assert case.title not in said


def test_a_grave_limit_reaches_whoever_is_on_duty_in_the_work_chat_by_night(chatting, groups):
    desk, night = chatting.desk, NOW.replace(hour=22)
    person = chatting.handler("zhifa")
    begun, ends = night - timedelta(hours=4), night + timedelta(hours=9)
    desk.store.rosters.add_shift("zhifa", person.id, begun, ends, "夜班", "press", NOW)
    case = chatting.case("assigned")
    routing.raise_to(desk, case, "重大", "涉及学校", night)
    cycle.turn(desk, night + timedelta(minutes=1), ("plan_cards", "cards", "deliver"))
    told = [one.text for one in groups.kept]
    assert any(f"值班：{person.full_name}" in one and case.number in one for one in told)
    assert not any(case.title in one for one in told)
    before = len(told)
    cycle.turn(desk, night + timedelta(minutes=2), ("plan_cards", "cards", "deliver"))
    assert len(groups.kept) == before
