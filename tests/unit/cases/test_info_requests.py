"""Limits of 政府信息公开申请 by the articles of the ordinance, and the yearly table, which foots."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import WorkCalendar
from cases.info_requests import OPEN
from cases.info_requests import VOID
from cases.info_requests import disputes
from cases.info_requests import due
from cases.info_requests import outcomes
from cases.info_requests import standing
from cases.info_requests import year
from huanyu.bureau import Calendar
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.types import Consultation
from huanyu.types import InfoDispute
from huanyu.types import InfoRequest

TABLE = load_bureau(SHIPPED).info_requests
CALENDAR = WorkCalendar(Calendar())
MONDAY = date(2026, 3, 2)  # no holiday until 4 April
REQUEST = InfoRequest(
    id=1,
    number="GK2026-0001",
    state=OPEN,
    received_on=MONDAY,
    way="online",
    applicant_kind="person",
    asked="2025年徒骇河水质监测月报",
    form="",
    amend_on=None,
    amend_until=None,
    amended_on=None,
    extend_days=0,
    extend_asked_by="",
    extension="",
    extension_told_on=None,
    outcome="",
    answered_on=None,
    serial="",
    made_by="press",
    made_at=datetime(2026, 3, 2, 10, tzinfo=SHANGHAI),
    ended_at=None,
    version=1,
)


def asked(on: date, ended: date | None, until: date = date(2026, 3, 31)) -> Consultation:
    return Consultation(id=1, request_id=1, whom="第三方", asked_on=on, due_on=until, ended_on=ended, view="")


def last(one: InfoRequest, *consulted: Consultation, today: date = MONDAY) -> date:
    return due(CALENDAR, TABLE, one, consulted, today)


def test_twenty_working_days_from_the_day_after_it_came() -> None:
    assert last(REQUEST) == date(2026, 3, 30)


def test_what_was_put_right_begins_the_limit_anew() -> None:
    again = replace(
        REQUEST, amend_on=date(2026, 3, 6), amend_until=date(2026, 3, 20), amended_on=date(2026, 3, 9)
    )
    assert last(again) == date(2026, 4, 7)  # 6 April is the day off after 清明


@pytest.mark.parametrize(
    ("extension", "expected"), [("asked", date(2026, 3, 30)), ("agreed", date(2026, 4, 14))]
)
def test_more_time_counts_once_it_is_agreed(extension: str, expected: date) -> None:
    assert last(replace(REQUEST, extend_days=10, extension=extension)) == expected


def test_the_time_of_those_asked_does_not_count_and_overlaps_count_once() -> None:
    first, second = asked(date(2026, 3, 3), date(2026, 3, 10)), asked(date(2026, 3, 5), date(2026, 3, 12))
    assert last(REQUEST, first) == date(2026, 4, 7)  # five working days more, 清明 between
    assert last(REQUEST, first, second) == date(2026, 4, 9)
    still = standing(CALENDAR, TABLE, REQUEST, [asked(date(2026, 3, 3), None)], date(2026, 3, 10))
    assert (still.due, still.stands, still.card) == (date(2026, 4, 7), True, "")


@pytest.mark.parametrize(
    ("today", "left", "card"),
    [
        (date(2026, 3, 20), 6, ""),
        (date(2026, 3, 23), 5, "yellow"),
        (date(2026, 3, 30), 0, "yellow"),
        (date(2026, 3, 31), -1, "red"),
    ],
)
def test_it_is_told_before_it_runs_out(today: date, left: int, card: str) -> None:
    found = standing(CALENDAR, TABLE, REQUEST, [], today)
    assert (found.left, found.card, found.late) == (left, card, left < 0)


def test_who_was_asked_and_does_not_answer_is_told_of() -> None:
    waiting = asked(date(2026, 3, 3), None, until=date(2026, 3, 24))
    assert standing(CALENDAR, TABLE, REQUEST, [waiting], date(2026, 3, 24)).card == ""
    assert standing(CALENDAR, TABLE, REQUEST, [waiting], date(2026, 3, 25)).card == "unheard"


def test_whoever_does_not_answer_in_time_holds_the_limit_up_no_more() -> None:
    waiting = asked(date(2026, 3, 3), None, until=date(2026, 3, 24))
    for day, card, stands in (
        (date(2026, 3, 24), "", True),
        (date(2026, 4, 13), "unheard", False),
        (date(2026, 4, 14), "yellow", False),
        (date(2026, 4, 23), "red", False),
    ):
        found = standing(CALENDAR, TABLE, REQUEST, [waiting], day)
        assert (found.due, found.card, found.stands) == (date(2026, 4, 21), card, stands)
    other = replace(waiting, due_on=date(2026, 3, 26))
    assert standing(CALENDAR, TABLE, REQUEST, [waiting, other], date(2026, 3, 27)).unheard_by == other.due_on


def test_more_time_that_the_applicant_was_not_told_of_is_told() -> None:
    agreed = replace(REQUEST, extend_days=10, extension="agreed")
    assert standing(CALENDAR, TABLE, agreed, [], date(2026, 3, 20)).card == "untold"
    told = replace(agreed, extension_told_on=date(2026, 3, 20))
    assert standing(CALENDAR, TABLE, told, [], date(2026, 3, 20)).card == ""


def test_while_the_applicant_puts_it_right_nothing_is_due_and_not_amended_comes_after_the_day() -> None:
    amending = replace(REQUEST, state="amending", amend_on=date(2026, 3, 6), amend_until=date(2026, 3, 20))
    for day, card, keys in (
        (date(2026, 3, 20), "", {"other"}),
        (date(2026, 3, 21), "unamended", {"other", "not_amended"}),
    ):
        found = standing(CALENDAR, TABLE, amending, [], day)
        assert (found.due, found.card) == (None, card)
        assert {row.key for row in outcomes(TABLE, amending, day)} == keys
    assert "not_amended" not in {row.key for row in outcomes(TABLE, REQUEST, MONDAY)}


def test_one_that_was_answered_stands_as_it_stood_then() -> None:
    answered = replace(REQUEST, state="answered", outcome="given", answered_on=date(2026, 3, 30))
    assert not standing(CALENDAR, TABLE, answered, [], date(2026, 6, 1)).late
    late = replace(answered, answered_on=date(2026, 3, 31))
    assert standing(CALENDAR, TABLE, late, [], date(2026, 6, 1)).late


DAYS = st.dates(date(2024, 12, 1), date(2027, 1, 31))


@st.composite
def requests(draw: st.DrawFn) -> InfoRequest:
    came = draw(DAYS)
    answered = draw(st.none() | st.dates(came, date(2027, 3, 1)))
    return replace(
        REQUEST,
        received_on=came,
        answered_on=answered,
        applicant_kind=draw(st.sampled_from([row.key for row in TABLE.applicant])),
        outcome="" if answered is None else draw(st.sampled_from([row.key for row in TABLE.outcome])),
        state=draw(st.sampled_from([OPEN if answered is None else "answered", VOID])),
    )


@given(st.lists(requests(), max_size=30), st.sampled_from([2025, 2026]))
def test_what_came_in_foots_to_what_was_answered_and_what_goes_on(found: list[InfoRequest], of: int) -> None:
    lines = year(TABLE, found, of)
    by = {line.name[:2]: line for line in lines if line.depth == 0}
    *groups, whole = (line for line in lines if line.depth == 1)
    assert (whole.name, by["三、"].counts) == ("（七）总计", ())
    for at in range(len(TABLE.applicant)):
        new, before, going = (by[name].counts[at] for name in ("一、", "二、", "四、"))
        assert new + before == whole.counts[at] + going
        assert whole.counts[at] == sum(line.counts[at] for line in groups)
    assert by["一、"].total == sum(one.received_on.year == of and one.state != VOID for one in found)


def dispute(kind: str, began: date, ended: date | None = None, ruling: str = "") -> InfoDispute:
    return InfoDispute(id=1, request_id=1, kind=kind, began_on=began, ended_on=ended, ruling=ruling)


def test_disputes_count_in_the_year_of_their_result_and_wait_at_the_end_of_each_other() -> None:
    found = [
        dispute("review", date(2025, 11, 3), date(2026, 1, 8), "upheld"),
        dispute("review", date(2026, 5, 6), date(2026, 7, 1), "corrected"),
        dispute("suit", date(2026, 8, 3), date(2027, 2, 1), "other"),
        dispute("suit_after", date(2026, 12, 31)),
        dispute("suit_after", date(2027, 1, 1)),
    ]
    told = {of: {one.name: one.counts for one in disputes(TABLE, found, of)} for of in (2025, 2026, 2027)}
    assert told == {
        2025: {"行政复议": (0, 0, 0, 1), "未经复议直接起诉": (0, 0, 0, 0), "复议后起诉": (0, 0, 0, 0)},
        2026: {"行政复议": (1, 1, 0, 0), "未经复议直接起诉": (0, 0, 0, 1), "复议后起诉": (0, 0, 0, 1)},
        2027: {"行政复议": (0, 0, 0, 0), "未经复议直接起诉": (0, 0, 1, 0), "复议后起诉": (0, 0, 0, 2)},
    }
    assert [one.total for one in disputes(TABLE, found, 2026)] == [2, 1, 1]
