"""Every state of a case has its place: a colour, a part of the list, and a part in what may be done."""

from __future__ import annotations

from collections import Counter

from cases import lifecycle
from console import case_now
from console.case_views import VIEWS
from console.pages.cases import JOINABLE
from console.view import STATE_COLOURS
from flow import composing
from flow import fixed_texts
from flow import matters
from flow import routing

STATES = set(lifecycle.LABEL)


def test_every_state_has_a_colour():
    assert set(STATE_COLOURS) == STATES


def test_every_state_says_what_the_case_waits_for():
    assert set(case_now.WAITS) == STATES


def test_every_state_is_on_exactly_one_part_of_the_list():
    parts = [states for key, (_, states) in VIEWS.items() if key not in {"open", "all"}]
    assert Counter(state for states in parts for state in states) == Counter(STATES)
    assert VIEWS["open"][1] == STATES - lifecycle.ENDS


def test_a_text_may_be_written_in_every_open_state_that_has_been_taken_in():
    assert composing.OPEN | composing.TOLD | {"pending", "closed", "refused", "joined"} == STATES
    assert not composing.OPEN & composing.TOLD


def test_a_case_whose_people_have_their_answer_takes_nothing_in_any_more():
    assert matters.TOLD == composing.TOLD | lifecycle.ENDS
    assert not matters.TOLD & JOINABLE
    assert routing.AT_WORK <= set(lifecycle.JOINS) <= JOINABLE


def test_fixed_texts_are_told_only_while_a_case_is_open():
    for states in fixed_texts.STATES.values():
        assert set(states) <= composing.OPEN
    assert set(fixed_texts.STATES["forwarded"]) <= set(fixed_texts.STATES["accepted"])
