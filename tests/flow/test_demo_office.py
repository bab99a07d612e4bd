"""What the demo's press office does beside the cases: done once, however often a demo was killed and started again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from demo import conferences
from demo import ranked
from demo import rewarded
from demo.city import city
from demo.crew import Crew
from demo.office import Office as Played
from flow import interviews
from flow import press_log
from flow import rewards
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import everything

LATER = NOW + timedelta(days=1, hours=7)


@pytest.fixture
def office(tmp_path: Path, store_url: str) -> Iterator[Office]:
    with at_work(tmp_path, store_url, live=False) as found:
        yield found


@pytest.fixture
def played(office: Office, tmp_path: Path) -> Played:
    crew = Crew(office.desk, "", NOW)
    crew.arrive()
    return Played(office.desk, crew, city(), tmp_path)


def test_a_conference_is_planned_held_and_printed_once(played: Played) -> None:
    desk = played.desk
    for _ in range(2):
        conferences.planned(played, NOW)
    (one,) = desk.store.conferences.all()
    assert (one.state, one.approver) == ("approved", "fangwei")
    said = desk.store.press_answers.of_conference(one.id)
    assert [each.state for each in said] == ["approved", "approved", "draft"]
    for _ in range(2):
        conferences.held(played, LATER)
    assert [each.state for each in desk.store.conferences.all()] == ["planned", "held"]
    year = press_log.year(desk, 2026, LATER)
    assert "发布会1场、到会媒体2家" in year.sentence
    assert year.faults == ()
    assert len(desk.store.rejects.heads(press_log.SOURCE)) == 1


def test_a_circular_is_signed_and_the_last_one_asked_to_come_once(played: Played) -> None:
    desk = played.desk
    for _ in range(2):
        told = ranked.told(played, NOW)
    assert told.startswith("关于2026年2月各县（市、区）环境空气质量的通报已签发印发")
    (one,) = desk.store.rankings.listing(("proposed", "issued"))
    assert (one.state, one.made_by, one.signed_by) == ("issued", "shenlan", "fangwei")
    (asked,) = desk.store.interviews.listing()
    board = desk.store.rankings.get(one.id).content["board"]
    last = next(line["spot"] for line in board["lines"] if line["rank"] == 11)
    assert asked.subject == interviews.authority(last[1], last[2])
    assert desk.calendar.office_hours(asked.at)


def test_each_reward_is_brought_to_its_end_and_no_further(office: Office, played: Played) -> None:
    office.fill((PAINT, RIVER))
    for text in (PAINT, RIVER):
        office.handle(office.case("assigned", text))
    rewarded.told(played, LATER)
    first = everything(played.desk)
    assert played.desk.store.rewards.counts() == {"claimed": 1, "notified": 1}
    rewarded.told(played, LATER)
    assert everything(played.desk) == first, "nothing is written twice"
    assert rewards.chances(played.desk, played.press, LATER).found == ()
