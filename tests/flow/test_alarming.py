"""监测报警: one matter however often and in whatever order its alarms arrive; signed or not at all. Both databases."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from flow import alarming
from flow import cycle
from flow import life
from flow import replay
from flow.alarming import Signed
from huanyu import signature
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.errors import NotKnown
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import everything
from tests.flow.outside import OTHER
from tests.flow.outside import install
from tests.flow.outside import issue


def said(hours: float = 0, **more: object) -> dict[str, object]:
    at = NOW - timedelta(hours=1) + timedelta(hours=hours)
    values = {"point": "1号排口", "substance": "化学需氧量", "value": 212.5, "limit": 50, "unit": "mg/L"}
    return values | {"time": at.isoformat()} | more


def test_an_alarm_is_an_item_with_what_was_measured(office: Office) -> None:
    token, station = issue(office.desk, NOW).token, install(office.desk, NOW).station
    found = alarming.receive(office.desk, token, station, said(), NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    case = office.desk.store.cases.by_number(found.case_number)
    assert (case.type, case.channel, case.source_kind) == ("alarm", "monitor", "platform")
    assert case.happened_at == NOW - timedelta(hours=1)
    assert case.unit
    assert case.fields == {
        "station": "顺河污水处理厂 1号排口",
        "factor": "化学需氧量",
        "value": "212.5",
        "unit": "mg/L",
        "limit": "50",
        "at": "2026-03-10T09:00",
    }
    assert "超标 3.25 倍" in case.first_text


def test_repeats_in_any_order_are_one_item_with_each_alarm_once(office: Office) -> None:
    token, station = issue(office.desk, NOW).token, install(office.desk, NOW).station
    alarms = [said(-hours, number=f"BJ-{hours}") for hours in range(12)]
    sent = [*alarms, *alarms]
    random.Random(7).shuffle(sent)
    found = [alarming.receive(office.desk, token, station, one, NOW) for one in sent]
    assert sorted(one.result for one in found) == ["joined"] * 11 + ["known"] * 12 + ["new"]
    assert len({one.case_number for one in found}) == 1
    assert office.desk.store.cases.by_number(found[0].case_number).posts == 12


def test_alarms_at_the_very_same_moment_are_one_item(office: Office) -> None:
    token, station = issue(office.desk, NOW).token, install(office.desk, NOW).station
    alarms = [said(-hour, number=f"BJ-{hour}") for hour in range(3)]
    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(alarming.receive, office.desk, token, station, one, NOW) for one in alarms * 2]
        found = [job.result() for job in jobs]
    assert not [one.told for one in found if one.told]
    assert len({one.case_number for one in found}) == 1
    assert sorted(one.result for one in found) == ["joined"] * 2 + ["known"] * 3 + ["new"]


def test_another_point_substance_or_day_is_another_item(office: Office) -> None:
    token, station = issue(office.desk, NOW).token, install(office.desk, NOW).station
    sent = (said(), said(point="2号排口"), said(substance="氨氮"), said(-25))
    found = [alarming.receive(office.desk, token, station, one, NOW) for one in sent]
    assert [one.result for one in found] == ["new"] * 4
    assert alarming.receive(office.desk, token, station, said(-1), NOW).case_number == found[0].case_number


def test_what_is_over_is_not_added_to(office: Office) -> None:
    token, station = issue(office.desk, NOW).token, install(office.desk, NOW).station
    first = alarming.receive(office.desk, token, station, said(-2), NOW)
    case = office.desk.store.cases.by_number(first.case_number)
    life.refuse(office.desk, office.press, case.id, case.version, "仪器校准期间的误报，已核对运维记录", NOW)
    assert alarming.receive(office.desk, token, station, said(), NOW).result == "new"


def test_a_bad_alarm_is_told_why_kept_and_taken_by_a_person_later(office: Office) -> None:
    token, station = issue(office.desk, NOW).token, install(office.desk, NOW).station
    for wrong, told in (
        (said(value="很高"), "value：应为数字"),
        (said(limit="无"), "limit：应为数字"),
        (said(time="昨夜"), "time：应为时间"),
        (said(point=""), "point：至少要写 1 个字"),
        (said(time=(NOW + timedelta(hours=1)).isoformat()), "晚于现在"),
        ([], "应为对象"),
    ):
        found = alarming.receive(office.desk, token, station, wrong, NOW)
        assert (found.result, told in found.told) == ("bad", True), found.told
    assert len(office.desk.store.posts.rejects()) == 6
    old = alarming.receive(office.desk, token, station, said(-24 * 40, number="BJ-OLD"), NOW)
    assert "30 天以前" in old.told
    kept = office.desk.store.posts.rejects()[0]
    done = replay.replay(office.desk, office.press, kept.id, NOW)
    assert (done.new, done.reason) == (1, "")
    assert len(office.desk.store.posts.rejects()) == 6


def test_only_the_stations_own_signature_counts_and_only_for_its_unit(office: Office) -> None:
    desk, token = office.desk, issue(office.desk, NOW).token
    installed, other = install(desk, NOW), install(desk, NOW, code="LQ-01", unit=OTHER)
    at, body = str(int(NOW.timestamp())), b"{}"

    def ask(code: str = "LC-DJ-01", secret: str = installed.secret, when: str = at) -> object:
        signed = signature.sign(secret, when, body)
        request = Signed(station=code, timestamp=when, signature=signed, body=body)
        return alarming.station_of(desk, token, request, NOW)

    assert ask() == installed.station
    early = str(int(NOW.timestamp()) - 301)
    for wrong in (
        {"secret": other.secret},
        {"code": "LC-DJ-02"},
        {"code": ""},
        {"code": "汉"},
        {"when": early},
    ):
        with pytest.raises(NotKnown):
            ask(**wrong)
    with pytest.raises(NotAllowed, match="不属于"):
        ask("LQ-01", other.secret)
    alarming.revoke_station(desk, None, installed.station.id, NOW)
    with pytest.raises(NotKnown):
        ask()
    with pytest.raises(NotFound, match="停用"):
        alarming.receive(desk, token, installed.station, said(), NOW)
    rows = "\n".join(line for lines in everything(desk).values() for line in lines)
    assert installed.secret not in rows


def test_a_station_is_asked_for_what_it_needs(office: Office) -> None:
    install(office.desk, NOW)
    with pytest.raises(Conflict, match="LC-DJ-01"):
        install(office.desk, NOW)
    for wrong, told in (
        ({"code": "一号"}, "站点编码"),
        ({"code": "B-1", "place": " "}, "地点"),
        ({"code": "B-1", "area": "1"}, "辖区"),
        ({"code": "B-1", "kind": "x"}, "污染类型"),
        ({"code": "B-1", "unit": "x"}, "单位"),
        ({"code": "B-1", "name": "x"}, "站点名称"),
    ):
        with pytest.raises(BadInput, match=told):
            install(office.desk, NOW, **wrong)
