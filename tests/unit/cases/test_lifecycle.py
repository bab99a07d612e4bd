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


def test_an_unknown_state_is_refused():
    with pytest.raises(IllegalMove, match="没有这种办件状态"):
        lifecycle.check("pending", "lost")


def test_only_the_ends_are_not_open():
    assert {state for state in lifecycle.LABEL if not lifecycle.is_open(state)} == lifecycle.ENDS
