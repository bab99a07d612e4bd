"""The limits of the shipped table: which run for a case and when they are due; cards are test_ladder."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import clocks
from cases.calendar import LIBRARY_LAST
from cases.calendar import WorkCalendar
from cases.lifecycle import ENDS
from cases.lifecycle import LABEL
from huanyu.bureau import Calendar
from huanyu.bureau import ClockRow
from huanyu.clock import SHANGHAI
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Extension
from huanyu.types import Stop

PLAIN = WorkCalendar(Calendar())


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)


LEARNED = at(2026, 3, 10, 9, 0)


def case_of(learned_at: datetime = LEARNED, **more: object) -> Case:
    known = {
        "id": 7,
        "number": "HY2026-000007",
        "public_id": "p",
        "state": "assigned",
        "title": "许营镇 施工噪声",
        "kinds": ("noise.construction",),
        "area": "高新区",
        "place": "许营镇",
        "urgent": False,
        "level": "一般",
        "opened_at": learned_at,
        "version": 1,
        "source_kind": "weibo",
    }
    return Case(learned_at=learned_at, **(known | more))


def by_name(found: tuple[Clock, ...]) -> dict[str, datetime]:
    return {clock.name: clock.due for clock in found}


def test_an_ordinary_post_has_48_hours_five_working_days_and_a_day_to_sign(clock_rows, calendar):
    found = by_name(clocks.due(case_of(), clock_rows, calendar))
    assert found == {
        "accept": at(2026, 3, 13, 17, 30),  # noise: handled or passed on within three days
        "first_response": at(2026, 3, 12, 9, 0),
        "handling": at(2026, 3, 17, 17, 30),  # Tuesday to Tuesday
        "sign": at(2026, 3, 11, 17, 30),
    }


@pytest.mark.parametrize("level", ["重大", "特别重大"])
def test_a_major_matter_has_five_hours_and_a_press_conference_in_24(clock_rows, calendar, level):
    found = by_name(clocks.due(case_of(level=level), clock_rows, calendar))
    assert found["first_response"] == at(2026, 3, 10, 14, 0)
    assert found["press"] == at(2026, 3, 11, 9, 0)


def test_hours_run_through_the_holidays(clock_rows, calendar):
    found = by_name(clocks.due(case_of(at(2026, 2, 16, 20, 0)), clock_rows, calendar))
    assert found["first_response"] == at(2026, 2, 18, 20, 0)


@pytest.mark.parametrize(
    ("learned_at", "due"),
    [
        (at(2026, 3, 13, 16, 0), at(2026, 3, 20, 17, 30)),  # Friday -> Friday
        (at(2026, 3, 14, 2, 0), at(2026, 3, 20, 17, 30)),  # Saturday night: counts from Monday
        (
            at(2026, 2, 12, 10, 0),
            at(2026, 2, 26, 17, 30),
        ),  # over 春节; Saturday 14 and 28 February are worked
        (at(2026, 9, 28, 10, 0), at(2026, 10, 10, 17, 30)),  # over 国庆, ends on a worked Saturday
        (at(2025, 12, 30, 10, 0), at(2026, 1, 7, 17, 30)),  # 元旦 1-3 January, Sunday 4 January is worked
    ],
)
def test_working_days_know_make_up_days(clock_rows, calendar, learned_at, due):
    assert by_name(clocks.due(case_of(learned_at), clock_rows, calendar))["handling"] == due


def test_a_letter_has_sixty_calendar_days_and_a_last_day_off_moves_on(clock_rows, calendar):
    letter = case_of(at(2026, 8, 6, 10, 0), source_kind="letter")  # the 60th day is 5 October
    assert by_name(clocks.due(letter, clock_rows, calendar))["handling"] == at(2026, 10, 8, 17, 30)


def test_signing_counts_from_the_dispatch(clock_rows, calendar):
    late = at(2026, 3, 16, 10, 0)
    assert by_name(clocks.due(case_of(), clock_rows, calendar, late))["sign"] == at(2026, 3, 17, 17, 30)


def test_handing_back_is_a_right_and_no_running_limit(clock_rows, calendar):
    limit = clocks.objection(case_of(), clock_rows, calendar, at(2026, 3, 10, 9, 0))
    assert limit is not None
    assert limit.due == at(2026, 3, 12, 17, 30)
    assert "objection" not in by_name(clocks.due(case_of(), clock_rows, calendar))


def test_every_limit_tells_its_source(clock_rows, calendar):
    told = [clock.why for clock in clocks.due(case_of(level="重大"), clock_rows, calendar)]
    assert len(told) == 5
    assert all("（" in why and why[-2] != "（" for why in told)
    assert "国办发〔2016〕61号" in "".join(told)


def test_a_limit_into_a_year_without_notice_is_provisional_and_then_certain(clock_rows):
    year = LIBRARY_LAST + 1
    letter = case_of(at(LIBRARY_LAST, 12, 1, 9, 0), source_kind="letter")
    before = clocks.due(letter, clock_rows, PLAIN)
    after = clocks.due(letter, clock_rows, WorkCalendar(Calendar(published_until=year)))
    assert {clock.name: clock.provisional for clock in before}["handling"]
    assert not any(clock.provisional for clock in after)
    assert not {clock.name: clock.provisional for clock in before}["first_response"]


def test_the_first_row_that_fits_counts(calendar):
    rows = (
        ClockRow(name="handling", label="甲", amount=1, unit="working_days", levels=("重大",), source="试"),
        ClockRow(name="handling", label="乙", amount=2, unit="working_days", source="试"),
        ClockRow(name="handling", label="丙", amount=3, unit="working_days", source="试"),
    )
    assert [clock.why for clock in clocks.due(case_of(), rows, calendar)] == ["乙：2个工作日（试）"]


def test_handling_due_without_a_case_is_that_of_an_ordinary_post(clock_rows, calendar):
    start = at(2026, 3, 10, 9, 0)
    handling = by_name(clocks.due(case_of(start), clock_rows, calendar))["handling"]
    assert clocks.handling_due(start, clock_rows, calendar) == handling
    assert clocks.handling_due(start, (), calendar) is None


@pytest.mark.parametrize(
    ("channel", "due"),
    [
        ("", at(2026, 3, 17, 17, 30)),
        ("weibo", at(2026, 3, 17, 17, 30)),
        ("desk_12345", at(2026, 3, 17, 17, 30)),
        ("petition", at(2026, 5, 9, 17, 30)),  # 60 days, a Saturday at work
        ("letter", at(2026, 5, 9, 17, 30)),
    ],
)
def test_handling_due_follows_the_channel_where_it_is_told(clock_rows, calendar, channel, due):
    assert clocks.handling_due(LEARNED, clock_rows, calendar, channel) == due


def test_what_was_met_is_due_no_more():
    met = Clock(name="first_response", due=LEARNED, met_at=LEARNED, met_how="contact")
    open_one = Clock(name="handling", due=at(2026, 3, 17, 17, 30))
    assert clocks.next_due(case_of(clocks=(met, open_one))) == open_one


@pytest.mark.parametrize(
    ("name", "state", "counts"),
    [
        ("sign", "assigned", True),
        ("sign", "signed", False),
        ("handling", "signed", True),
        ("handling", "returned", True),
        ("handling", "paused", False),
        ("handling", "handled", False),
        ("first_response", "replying", True),
        ("first_response", "paused", True),
        ("first_response", "answered", False),
        ("sign", "accepted", False),
        ("sign", "onsite", False),
        ("sign", "reported", False),
        ("handling", "onsite", True),
        ("handling", "reported", False),
        ("handling", "interim", False),
        ("first_response", "onsite", True),
        ("first_response", "reported", True),
        ("first_response", "interim", True),
        ("first_response", "visited", False),
        ("press", "visited", False),
        ("inform", "signed", True),
        ("inform", "closed", False),
        ("accept", "pending", True),
        ("accept", "assigned", False),
        ("arrive", "signed", True),
        ("arrive", "onsite", False),
        ("arrive", "paused", False),
    ],
)
def test_a_limit_ends_with_what_it_asks_for(name, state, counts):
    clock = Clock(name=name, due=at(2026, 3, 11, 17, 30))
    assert clocks.runs(clock, case_of(state=state)) is counts


@pytest.mark.parametrize(
    ("name", "state", "counts"),
    [
        ("first_response", "interim", False),
        ("press", "signed", False),
        ("handling", "signed", True),
        ("handling", "interim", False),
    ],
)
def test_what_the_answer_ended_does_not_run_again_in_its_round(name, state, counts):
    clock = Clock(name=name, due=at(2026, 3, 11, 17, 30))
    told = at(2026, 3, 10, 12, 0)
    assert clocks.runs(clock, case_of(state=state, answered_at=told)) is counts


@pytest.mark.parametrize("name", sorted(set(clocks.STOPPED_IN) - {"rectify", "reexamine", "reverify"}))
def test_nothing_runs_for_a_case_that_is_over(name):
    clock = Clock(name=name, due=at(2026, 3, 11, 17, 30))
    assert not any(clocks.runs(clock, case_of(state=state)) for state in ENDS)
    assert set(clocks.STOPPED_IN[name]) <= set(LABEL)


def test_what_is_to_be_put_right_is_looked_at_again_though_the_case_is_closed():
    clock = Clock(name="rectify", due=at(2026, 3, 11, 17, 30))
    assert {state for state in ENDS if clocks.runs(clock, case_of(state=state))} == {"closed"}


@pytest.mark.parametrize("name", ["reexamine", "reverify"])
def test_what_was_asked_for_after_the_answer_is_decided_though_the_case_is_closed(name):
    clock = Clock(name=name, due=at(2026, 3, 11, 17, 30))
    assert {state for state in LABEL if not clocks.runs(clock, case_of(state=state))} == {"joined"}


def test_a_part_owes_the_reporter_nothing_of_its_own(clock_rows, calendar):
    part = case_of(parent_id=1, level="重大", channel="petition")
    whole = {"first_response", "press", "inform"}
    assert whole <= set(by_name(clocks.due(replace(part, parent_id=None), clock_rows, calendar)))
    assert whole.isdisjoint(by_name(clocks.due(part, clock_rows, calendar)))
    assert clocks.revisit(replace(part, answered_at=LEARNED), clock_rows, calendar) is None


def test_each_assisting_unit_has_a_limit_of_its_own(clock_rows, calendar):
    given = at(2026, 3, 12, 10, 0)
    found = clocks.due(case_of(), clock_rows, calendar, given, assist=("chengguan", "zhujian"))
    owed = {clock.owed_by: clock.due for clock in found if clock.name == "opinion"}
    assert owed == dict.fromkeys(("chengguan", "zhujian"), at(2026, 3, 16, 17, 30))
    assert not clocks.due(case_of(), clock_rows, calendar, given)[-1].owed_by


def test_a_unit_that_goes_on_assisting_keeps_its_day_and_what_it_has_said(clock_rows, calendar):
    given, later = at(2026, 3, 12, 10, 0), at(2026, 3, 13, 10, 0)
    first = clocks.due(case_of(), clock_rows, calendar, given, assist=("chengguan", "zhujian"))
    said = [
        replace(clock, met_at=later, met_how="opinion") if clock.owed_by == "zhujian" else clock
        for clock in first
    ]
    again = clocks.due(
        case_of(clocks=tuple(said)), clock_rows, calendar, later, assist=("chengguan", "zhujian", "jiaotong")
    )
    owed = {clock.owed_by: (clock.due, clock.met_at) for clock in again if clock.name == "opinion"}
    assert owed == {
        "chengguan": (at(2026, 3, 16, 17, 30), None),
        "zhujian": (at(2026, 3, 16, 17, 30), later),
        "jiaotong": (at(2026, 3, 17, 17, 30), None),
    }


def test_what_an_assisting_unit_owes_is_not_the_next_limit_of_the_case(clock_rows, calendar):
    owed = Clock(name="opinion", due=LEARNED, owed_by="chengguan")
    own = Clock(name="handling", due=LEARNED + timedelta(days=7))
    assert clocks.next_due(case_of(clocks=(owed, own))) is own


@pytest.mark.parametrize("kind", ["proposal", "inspection"])
def test_the_day_written_on_a_letter_wins_over_the_row(clock_rows, calendar, kind):
    letter = case_of(type=kind, channel=kind, source_kind="letter", fields={"due": "2026-05-03"})
    handling = next(one for one in clocks.due(letter, clock_rows, calendar) if one.name == "handling")
    assert handling.due == at(2026, 5, 3, 17, 30)  # as written, though it is a day off
    assert "2026-05-03" in handling.why
    assert not clocks.pauses(handling)


@pytest.mark.parametrize("written", ["", "三月底", "2026-13-01"])
def test_a_letter_that_names_no_day_goes_by_the_table(clock_rows, calendar, written):
    letter = case_of(type="proposal", channel="proposal", source_kind="letter", fields={"due": written})
    handling = next(one for one in clocks.due(letter, clock_rows, calendar) if one.name == "handling")
    assert (handling.rule, handling.unit) == ("handling_letter", "calendar_days")


def test_more_time_granted_moves_the_day_of_a_letter_on(clock_rows, calendar):
    letter = case_of(type="proposal", source_kind="letter", fields={"due": "2026-04-30"})
    handling = next(one for one in clocks.due(letter, clock_rows, calendar) if one.name == "handling")
    more = Extension(
        id=1,
        case_id=7,
        round=1,
        clock="handling",
        asked_by="lucheng",
        asked_at=at(2026, 4, 20),
        reason="待检测",
        amount=3,
        unit="calendar_days",
        old_due=handling.due,
        new_due=handling.due,
        decision="agreed",
    )
    pause = Stop(
        id=1, case_id=7, round=1, kind="test", reason="检测", from_at=at(2026, 4, 1), until_at=at(2026, 4, 9)
    )
    anew = clocks.reckoned(handling, calendar, [pause], [more])
    assert (anew.due, anew.base_due) == (at(2026, 5, 6, 17, 30), at(2026, 4, 30, 17, 30))  # over 1–5 May
    assert clocks.reckoned(anew, calendar, [], [more]).due == anew.due


def test_what_was_to_be_put_right_is_looked_at_within_five_working_days(clock_rows, calendar):
    found = clocks.recheck(case_of(), at(2026, 3, 20).date(), clock_rows, calendar)
    assert found is not None
    assert (found.name, found.due) == ("rectify", at(2026, 3, 27, 17, 30))


def test_asking_the_reporter_counts_from_the_answer(clock_rows, calendar):
    assert clocks.revisit(case_of(), clock_rows, calendar) is None
    found = clocks.revisit(
        case_of(state="answered", answered_at=at(2026, 3, 20, 18, 0)), clock_rows, calendar
    )
    assert found is not None
    assert (found.from_at, found.due) == (at(2026, 3, 20, 18, 0), at(2026, 3, 27, 17, 30))
    answered = case_of(state="answered", answered_at=at(2026, 3, 20))
    assert clocks.runs(found, answered)
    assert not clocks.runs(found, replace(answered, state="visited"))


@given(day=st.dates(at(2020, 1, 1).date(), at(2027, 12, 31).date()), later=st.integers(0, 60))
def test_a_later_day_of_putting_right_is_never_looked_at_earlier(clock_rows, calendar, day, later):
    first = clocks.recheck(case_of(), day, clock_rows, calendar)
    second = clocks.recheck(case_of(), day + timedelta(days=later), clock_rows, calendar)
    assert first is not None
    assert second is not None
    assert day < first.due.date() <= second.due.date()
    assert calendar.is_workday(first.due.date())


def test_the_next_limit_is_the_nearest_that_still_runs(clock_rows, calendar):
    assigned = case_of()
    assigned = replace(assigned, clocks=clocks.due(assigned, clock_rows, calendar))
    signed = replace(assigned, state="signed")
    assert clocks.next_due(assigned).name == "sign"
    assert clocks.next_due(signed).name == "first_response"
    assert clocks.next_due(replace(assigned, state="closed")) is None


DAY_ROWS = st.builds(
    ClockRow,
    name=st.just("handling"),
    label=st.just("办结"),
    amount=st.integers(1, 90),
    unit=st.sampled_from(["calendar_days", "working_days"]),
    source=st.just("试"),
)
STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)


@given(STARTS, DAY_ROWS)
def test_a_limit_in_days_never_ends_on_a_day_off_or_too_soon(start, row):
    (clock,) = clocks.due(case_of(start), (row,), PLAIN)
    assert PLAIN.is_workday(clock.due.date())
    assert (clock.due.date() - start.date()) >= timedelta(days=row.amount)
    assert (clock.due.hour, clock.due.minute) == (17, 30)


@given(STARTS, STARTS, DAY_ROWS)
def test_limits_are_monotone_in_the_start(one, other, row):
    first, second = sorted((one, other))
    assert clocks.handling_due(first, (row,), PLAIN) <= clocks.handling_due(second, (row,), PLAIN)


@given(STARTS, st.integers(1, 60), st.sampled_from(["hours", "calendar_days", "working_days"]))
def test_limits_are_monotone_in_the_amount(start, amount, unit):
    rows = [
        ClockRow(name="handling", label="办结", amount=size, unit=unit, source="试")
        for size in (amount, amount + 1)
    ]
    shorter, longer = (clocks.handling_due(start, (row,), PLAIN) for row in rows)
    assert shorter <= longer


def test_the_fast_lane_has_two_hours_to_sign_and_the_day_to_arrive(clock_rows, calendar):
    night = at(2026, 3, 10, 20, 10)
    found = by_name(clocks.due(case_of(night, lane="fast"), clock_rows, calendar, night))
    assert found["sign"] == at(2026, 3, 10, 22, 10)
    assert found["arrive"] == at(2026, 3, 10, 23, 59)


def test_a_petition_is_told_in_fifteen_days_and_handled_sixty_days_after_it_was_accepted(
    clock_rows, calendar
):
    accepted = at(2026, 3, 12, 9, 0)
    petition = case_of(channel="petition", accepted_at=accepted)
    found = by_name(clocks.due(petition, clock_rows, calendar))
    assert found["inform"] == at(2026, 3, 25, 17, 30)
    assert found["handling"] == at(2026, 5, 11, 17, 30)


def test_a_second_hand_over_does_not_begin_the_sixty_days_anew(clock_rows, calendar):
    first, second = at(2026, 3, 10, 9, 0), at(2026, 3, 20, 9, 0)
    petition = case_of(channel="petition")
    petition = replace(petition, clocks=clocks.due(petition, clock_rows, calendar, first))
    again = by_name(clocks.due(petition, clock_rows, calendar, second))
    assert again["handling"] == by_name(petition.clocks)["handling"]
    assert again["sign"] > by_name(petition.clocks)["sign"]


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({}, "handling"),
        ({"channel": "desk_12345"}, "handling_12345"),
        ({"source_kind": "hotline"}, "handling_12345"),
        ({"channel": "phone_12369"}, "handling_letter"),
        ({"type": "inspection"}, "handling_inspection"),
        ({"type": "inspection", "level": "重大"}, "handling_inspection_major"),
        ({"type": "media"}, "handling_media"),
        ({"channel": "desk_12345", "urgent": True}, "handling_urgent"),
    ],
)
def test_each_channel_and_type_has_its_own_limit(clock_rows, calendar, more, rule):
    found = {clock.name: clock.rule for clock in clocks.due(case_of(**more), clock_rows, calendar)}
    assert found["handling"] == rule


def stop(first: datetime, last: datetime | None) -> Stop:
    return Stop(id=1, case_id=7, round=1, kind="", reason="", from_at=first, until_at=last)


def more_time(amount: int, decision: str, clock: str = "handling") -> Extension:
    moment = at(2026, 3, 11, 9, 0)
    return Extension(
        id=1,
        case_id=7,
        round=1,
        clock=clock,
        asked_by="li",
        asked_at=moment,
        reason="待检测",
        amount=amount,
        unit="working_days",
        old_due=moment,
        new_due=moment,
        decision=decision,
    )


def test_a_pause_moves_what_may_stand_still_and_nothing_else(clock_rows, calendar):
    stops = [stop(at(2026, 3, 10, 12, 0), at(2026, 3, 12, 9, 0))]
    plain = by_name(clocks.due(case_of(), clock_rows, calendar))
    held = by_name(clocks.due(case_of(), clock_rows, calendar, stops=stops))
    assert held["handling"] == at(2026, 3, 19, 17, 30)
    assert held["first_response"] == plain["first_response"]


def test_a_pause_that_has_not_ended_moves_nothing_yet(clock_rows, calendar):
    stops = [stop(at(2026, 3, 10, 12, 0), None)]
    assert clocks.due(case_of(), clock_rows, calendar, stops=stops) == clocks.due(
        case_of(), clock_rows, calendar
    )


def test_only_what_was_agreed_for_a_limit_makes_it_longer(clock_rows, calendar):
    plain = by_name(clocks.due(case_of(), clock_rows, calendar))

    def due_with(one: Extension) -> dict[str, datetime]:
        return by_name(clocks.due(case_of(), clock_rows, calendar, extensions=[one]))

    assert due_with(more_time(5, "agreed"))["handling"] == at(2026, 3, 24, 17, 30)
    assert due_with(more_time(5, "agreed", "sign")) != due_with(more_time(5, "agreed"))
    assert due_with(more_time(5, "refused")) == plain
    assert due_with(more_time(5, "")) == plain


def test_a_limit_remembers_what_it_was_before_it_was_made_longer(clock_rows, calendar):
    found = clocks.due(case_of(), clock_rows, calendar, extensions=[more_time(5, "agreed")])
    handling = next(clock for clock in found if clock.name == "handling")
    assert (handling.base_due, handling.due) == (at(2026, 3, 17, 17, 30), at(2026, 3, 24, 17, 30))
    assert (handling.rule, handling.from_at, handling.calendar) == ("handling", LEARNED, calendar.digest)


def test_an_extension_of_an_earlier_run_does_not_count_for_the_next(calendar):
    handling = Clock(
        name="handling", due=LEARNED, from_at=at(2026, 4, 1, 9, 0), unit="working_days", amount=5
    )
    assert clocks.reckoned(handling, calendar, (), [more_time(5, "agreed")]).due == at(2026, 4, 9, 17, 30)


def test_a_limit_from_before_these_columns_keeps_its_moment(calendar):
    old = Clock(name="handling", due=at(2026, 3, 16, 17, 30))
    kept = clocks.reckoned(old, calendar, [stop(LEARNED, at(2026, 3, 12, 9, 0))])
    assert (kept.due, kept.calendar) == (old.due, calendar.digest)
