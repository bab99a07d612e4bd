"""An act of a person that is cut off before any of its statements leaves nothing; done again it is whole."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import event

from flow import by_link
from flow import link_making
from flow import matters
from huanyu.errors import NotFound
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import everything
from tests.flow.office import found

LATER = NOW + timedelta(hours=1)
MOST = 400  #: statements of one act, far more than any has
Act = Callable[[], object]


class Killed(BaseException):
    """The process ends here: nobody catches it, and what was not committed is gone."""


@pytest.fixture
def office(filled_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        yield opened


@contextmanager
def killed_before(statement: int) -> Iterator[list[int]]:
    """The statement that this was before, and the end of its transaction, never happen."""
    seen = [0]

    def count(*_: object) -> None:
        seen[0] += 1
        if seen[0] == statement:
            raise Killed

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", count)
        event.remove(Engine, "commit", count)


def cut_off_everywhere(office: Office, act: Act) -> None:
    """Cut the act off before each of its statements in turn; then let it through."""
    before = everything(office.desk)
    for statement in range(1, MOST):
        with killed_before(statement):
            try:
                act()
            except Killed:
                pass
            else:
                break
        assert everything(office.desk) == before, f"cut off before statement {statement}"
    else:
        pytest.fail("the act never ended")
    assert everything(office.desk) != before
    assert office.desk.store.audit.verify(office.desk.store.audit.seal(LATER)) == []


def graver(office: Office) -> tuple[int, int, str]:
    """Two cases, the later one raised by a person: joining them raises the earlier one, with limits and a slip."""
    case, river = office.case("assigned"), office.case("assigned", RIVER)
    raised = office.desk.store.moves.grade(river, "重大", "鱼塘大面积死鱼", NOW, actor="leader")
    return case.id, case.version, raised.number


def token(office: Office, one: str = PAINT) -> str:
    """A link of the unit that has the case, which logs in no more."""
    case = office.case("assigned", one)
    (given,) = [
        each
        for each in office.desk.store.hand_overs.of_case(case.id)
        if each.ended_at is None and each.part == "lead"
    ]
    made = "t" * 22
    office.desk.store.links.make(given.id, link_making.hashed(made), LATER + timedelta(days=3), NOW)
    return made


def test_joining_a_case_that_a_person_raised_is_whole_or_nothing(office):
    case_id, version, number = graver(office)
    cut_off_everywhere(
        office, lambda: matters.join(office.desk, office.press, case_id, version, number, "同一家", LATER)
    )
    merged = office.desk.store.cases.get(case_id)
    assert (merged.level, merged.posts) == ("重大", 3)
    assert any(clock.met_at is None for clock in merged.clocks)


def test_what_is_done_through_a_link_and_its_use_are_whole_or_nothing(office):
    made = token(office)
    cut_off_everywhere(office, lambda: by_link.sign(office.desk, made, LATER))
    opened = by_link.look(office.desk, made, LATER)
    assert (opened.case.state, opened.link.used_at) == ("signed", LATER)
    by_link.report(office.desk, made, found(LATER), LATER)
    assert by_link.look(office.desk, made, LATER).acts == frozenset()


def test_nothing_of_an_act_is_kept_where_a_later_part_of_it_is_refused(office):
    case = office.case("assigned")
    with pytest.raises(NotFound), office.desk.store.together():
        office.desk.store.moves.grade(case, "较大", "又有反映", NOW)
        assert office.desk.store.cases.get(case.id).level == "较大"
        office.desk.store.cases.get(10_000)
    assert office.desk.store.cases.get(case.id) == case
