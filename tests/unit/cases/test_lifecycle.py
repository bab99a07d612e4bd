"""The state table is whole, tells its sources, and the diagram in docs/ is printed from it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from cases import lifecycle
from huanyu.errors import IllegalMove

STATES_MD = Path(__file__).parents[3] / "docs" / "states.md"


def _reachable(start: str) -> set[str]:
    seen, waiting = set(), [start]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += lifecycle.ALLOWED[state]
    return seen


def test_the_diagram_in_docs_is_the_table():
    assert STATES_MD.read_text(encoding="utf-8") == lifecycle.document()


def test_every_state_is_named_and_has_arrows():
    assert set(lifecycle.ALLOWED) == set(lifecycle.LABEL)
    assert {to for arrows in lifecycle.ALLOWED.values() for to in arrows} <= set(lifecycle.LABEL)


def test_every_arrow_names_its_source():
    sources = [source for arrows in lifecycle.ALLOWED.values() for source in arrows.values()]
    assert all("：" in source and source.partition("：")[0] for source in sources)


def test_every_state_can_be_reached_from_the_start():
    assert _reachable(lifecycle.START) == set(lifecycle.LABEL)


@pytest.mark.parametrize("state", lifecycle.LABEL)
def test_no_case_is_stuck_short_of_an_end(state):
    assert _reachable(state) & lifecycle.ENDS


def test_the_usual_life_of_a_case_is_allowed():
    life = ["pending", "assigned", "signed", "handled", "replying", "answered", "closed"]
    for state, to in pairwise(life):
        lifecycle.check(state, to)


@pytest.mark.parametrize(
    ("state", "to"), [("pending", "closed"), ("closed", "answered"), ("assigned", "answered")]
)
def test_a_short_cut_is_refused_in_the_words_of_the_screen(state, to):
    with pytest.raises(IllegalMove, match=lifecycle.LABEL[state]):
        lifecycle.check(state, to)


#: What may follow a state, beside the usual life.
ARROWS = (
    ("assigned", "onsite reported transferred"),
    ("signed", "onsite reported transferred"),
    ("onsite", "reported handled returned paused transferred assigned joined"),
    ("accepted", "paused refused"),
    ("paused", "accepted assigned signed onsite"),
    ("reported", "handled signed transferred joined"),
    ("handled", "interim transferred"),
    ("answered", "interim visited closed"),
    ("interim", "signed handled closed"),
    ("visited", "closed assigned pending"),
    ("refused", "accepted pending"),
    ("transferred", "pending"),
)


@pytest.mark.parametrize(("state", "to"), [(state, to) for state, many in ARROWS for to in many.split()])
def test_the_arrows_of_the_longer_ways_are_there(state, to):
    lifecycle.check(state, to)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        ("pending", "onsite"),  # nobody has it yet
        ("accepted", "reported"),
        ("reported", "replying"),  # nobody looked at it yet
        ("reported", "closed"),
        ("reported", "returned"),
        ("reported", "paused"),
        ("onsite", "signed"),  # it was signed for, or counts as signed for
        ("onsite", "closed"),
        ("handled", "visited"),  # the people have heard nothing yet
        ("interim", "answered"),
        ("interim", "joined"),
        ("interim", "pending"),
        ("answered", "joined"),
        ("visited", "joined"),
        ("visited", "signed"),  # done anew means handed over anew
        ("visited", "interim"),
        ("closed", "visited"),
        ("transferred", "accepted"),
    ],
)
def test_no_step_of_them_may_be_left_out(state, to):
    with pytest.raises(IllegalMove, match=lifecycle.LABEL[state]):
        lifecycle.check(state, to)


def test_a_unit_does_not_pass_its_own_report():
    for state in ("assigned", "signed", "onsite", "interim", "replying"):
        lifecycle.check_record(state)
    with pytest.raises(IllegalMove, match="正在审核"):
        lifecycle.check_record("reported")
    with pytest.raises(IllegalMove, match="待受理"):
        lifecycle.check_record("pending")


def test_the_straight_way_shows_a_detour_only_where_the_case_took_it():
    plain = ("pending", "assigned", "signed", "handled", "replying", "answered", "closed")
    assert lifecycle.way("signed", ["pending", "assigned", "assigned", "signed"]) == plain
    seen = lifecycle.way("reported", ["pending", "assigned", "onsite", "reported"])
    assert [state for state in seen if state not in plain] == ["onsite", "reported"]
    assert lifecycle.way("onsite", []) == ("pending", "assigned", "signed", "onsite", *plain[3:])


@pytest.mark.parametrize("again", ["pending", "assigned"])
def test_the_detours_of_an_earlier_round_are_not_shown(again):
    first = ["pending", "assigned", "onsite", "handled", "replying", "answered", "visited"]
    assert lifecycle.way("signed", [*first, again, "signed"]) == lifecycle.way("signed", [])


def test_every_step_of_the_straight_way_follows_on_another():
    assert lifecycle.DETOURS < set(lifecycle.WAY) < set(lifecycle.LABEL)
    for state, to in pairwise(lifecycle.WAY):
        lifecycle.check(state, to)


def test_what_moves_nothing_names_its_source_and_is_printed():
    printed = lifecycle.document().partition("## 不改变状态的办理行为")[2]
    assert [act.name for act in lifecycle.ACTS.values()] == [
        *("延期", "督办", "回避", "改级", "协办意见", "包案", "升级为突发环境事件")
    ]
    for key, act in lifecycle.ACTS.items():
        assert key not in lifecycle.LABEL and "：" in act.source
        assert f"| {act.name} `{key}` | {act.what} | {act.source} |" in printed


def test_an_unknown_state_is_refused():
    with pytest.raises(IllegalMove, match="没有这种办件状态"):
        lifecycle.check("pending", "lost")


def test_only_the_ends_are_not_open():
    assert {state for state in lifecycle.LABEL if not lifecycle.is_open(state)} == lifecycle.ENDS
