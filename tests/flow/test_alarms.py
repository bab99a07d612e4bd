"""One mail when a source comes to need a person, one when it is well again, and none in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import cycle
from flow import replies
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import SourceState
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import everything

SOURCES = """
[[source]]
key = "luntan"
name = "鲁西生活圈论坛"
spider = "discuz"
kind = "forum"
base_url = "https://forum.example.org"
boards = ["2"]

[[source]]
key = "chenxun"
name = "水城晨讯"
spider = "feed"
kind = "news"
urls = ["https://news.example.org/rss.xml"]
enabled = false
"""
SINCE = NOW - timedelta(hours=3)
DEAD = SourceState(
    source="luntan",
    state="login_needed",
    since=SINCE,
    sentence="登录已失效, 请更新该来源的登录凭据",
    last_ok=SINCE - timedelta(minutes=30),
    failures=1,
)


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    with at_work(tmp_path, store_url) as opened:
        yield opened


def told(office: Office, state: SourceState, now: datetime = NOW) -> list[Message]:
    """The alarms there are once the source is in that state."""
    office.desk.store.sources.save_state(state, now=now)
    cycle.run(office.desk, "alarm", now)
    return alarms(office)


def alarms(office: Office) -> list[Message]:
    return office.desk.store.outbox.listing(purpose="internal")


def well(since: datetime) -> SourceState:
    return replace(DEAD, state="ok", since=since, sentence="正常, 没有新内容", last_ok=since, failures=0)


def test_a_dead_login_is_one_mail_to_the_press_office_and_only_one(office: Office) -> None:
    (mail,) = told(office, DEAD)
    assert (mail.channel, mail.state, mail.case_id) == ("mail", MessageState.APPROVED, None)
    assert mail.recipient == "xuanjiao@sthj.example.org"
    assert mail.title == "【来源告警】鲁西生活圈论坛：需登录"
    for said in ("鲁西生活圈论坛", "3月10日07:00", "登录已失效", "3月10日06:30", "怎么办：", "立即读取"):
        assert said in mail.text
    assert mail.link == "http://127.0.0.1:8460/sources/luntan"

    later = NOW + timedelta(hours=1)
    assert told(office, replace(DEAD, failures=9, last_try=later), later) == [mail]


def test_the_mail_really_arrives_and_a_second_turn_of_the_crank_sends_none(office: Office) -> None:
    told(office, DEAD)
    cycle.turn(office.desk, NOW, ("deliver",))
    cycle.turn(office.desk, NOW, ("alarm", "deliver"))
    (sent,) = office.platforms.mail.published
    assert [mail.state for mail in alarms(office)] == [MessageState.SENT]
    assert "xuanjiao@sthj.example.org" in str(sent)


def test_the_end_is_told_once_with_the_time_the_source_was_blind(office: Office) -> None:
    told(office, DEAD)
    again = NOW + timedelta(hours=2)
    assert len(told(office, well(again), again)) == 2
    assert len(told(office, replace(well(again), last_new=4), again + timedelta(hours=1))) == 2
    end = alarms(office)[-1]
    assert end.title == "【来源恢复】鲁西生活圈论坛"
    assert "3月10日12:00" in end.text and "3月10日07:00" in end.text and "需登录" in end.text


def test_a_new_episode_of_the_same_trouble_is_told_again(office: Office) -> None:
    told(office, DEAD)
    told(office, well(NOW), NOW)
    relapse = replace(DEAD, since=NOW + timedelta(hours=4))
    assert [mail.title[:6] for mail in told(office, relapse, NOW + timedelta(hours=4))] == [
        "【来源告警】",
        "【来源恢复】",
        "【来源告警】",
    ]


@pytest.mark.parametrize(("failures", "mails"), [(1, 0), (2, 0), (3, 1)])
def test_failing_is_told_from_the_third_time_in_a_row(office: Office, failures: int, mails: int) -> None:
    state = replace(DEAD, state="failing", sentence="网站没有在规定时间内回应", failures=failures)
    assert len(told(office, state)) == mails


@pytest.mark.parametrize("state", ["wall", "robots_closed", "silent"])
def test_every_state_that_waiting_does_not_mend_is_told(office: Office, state: str) -> None:
    assert len(told(office, replace(DEAD, state=state))) == 1


@pytest.mark.parametrize("state", ["ok", "slow"])
def test_a_source_that_was_never_in_need_is_not_told_to_be_well(office: Office, state: str) -> None:
    assert told(office, replace(DEAD, state=state)) == []


def test_being_slow_after_trouble_is_not_yet_being_well(office: Office) -> None:
    told(office, DEAD)
    assert len(told(office, replace(DEAD, state="slow", since=NOW))) == 1


def test_neither_a_paused_nor_a_disabled_source_is_complained_about(office: Office) -> None:
    office.desk.store.sources.pause("luntan", "对方正在搬家", actor="press", now=NOW)
    assert told(office, DEAD) == []
    assert told(office, replace(DEAD, source="chenxun")) == []
    office.desk.store.sources.resume("luntan", actor="press", now=NOW)
    assert len(told(office, DEAD)) == 1


def test_a_crash_between_the_mail_and_its_note_sends_no_second_mail(office: Office) -> None:
    told(office, DEAD)
    office.desk.store.settings.put("alarm/luntan", "", now=NOW)  # the note did not reach the disk
    before = len(alarms(office))
    cycle.run(office.desk, "alarm", NOW)
    assert len(alarms(office)) == before == 1


def test_a_turn_without_news_writes_nothing(office: Office) -> None:
    told(office, DEAD)
    before = everything(office.desk)
    assert cycle.run(office.desk, "alarm", NOW + timedelta(minutes=5)) == 0
    assert everything(office.desk) == before


def test_in_rehearsal_the_mail_is_rehearsed_like_every_mail_of_the_house(
    store_url: str, tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    with at_work(tmp_path, store_url, live=False) as office:
        (mail,) = told(office, DEAD)
        assert not replies.is_live(office.desk, mail)
        cycle.run(office.desk, "deliver", NOW)
        assert [one.state for one in alarms(office)] == [MessageState.REHEARSED]
        assert office.is_silent()
