"""A case on the spot, under review, settled in stages, visited: who may still do what with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flow import composing
from flow import cycle
from flow import findings
from flow import fixed_texts
from flow import matters
from flow import settling
from huanyu.errors import IllegalMove
from huanyu.types import Case
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import found

LATER = NOW + timedelta(hours=1)
TEXT = "您反映的{place}{kind}问题（编号{number}）已于{day}转{unit}办理。"
OWN = "昨夜十一点我们再次到现场，厂门已贴封条，您闻到的气味来自北侧排口，今天上午已封堵。"


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    target = tmp_path / "desk.db"
    target.write_bytes(sqlite_template.read_bytes())
    with at_work(tmp_path, f"sqlite:///{target.as_posix()}") as opened:
        opened.fill((PAINT, RIVER))
        yield opened


def go(office: Office, case: Case, *way: str) -> Case:
    for state in way:
        case = office.desk.store.moves.move(case, state, action=state, note="", now=NOW)
    return case


def record(office: Office, case: Case) -> Case:
    person = office.handler(case.unit)
    return findings.record_result(office.desk, person, case.id, case.version, found(LATER), LATER)


def test_a_result_from_the_spot_is_answered_and_one_under_review_waits_for_the_review(office: Office) -> None:
    there = record(office, go(office, office.case("assigned"), "onsite"))
    looked_at = go(office, office.case("assigned", RIVER), "signed", "reported")
    with pytest.raises(IllegalMove, match="正在审核"):
        record(office, looked_at)
    assert cycle.run(office.desk, "draft", LATER) == 1
    assert office.desk.store.cases.get(there.id).state == "replying"
    passed = go(office, looked_at, "handled")
    assert [case.id for case in office.desk.store.cases.handled(5)] == [passed.id]


def test_what_was_settled_in_stages_is_answered_again_with_its_last_result(office: Office) -> None:
    case = go(office, office.case("assigned"), "signed")
    halted = go(office, record(office, case), "interim")
    assert cycle.run(office.desk, "draft", LATER) == 0
    record(office, halted)
    assert cycle.run(office.desk, "draft", LATER) == 1
    assert office.case("replying").id == case.id


def test_a_unit_on_the_spot_is_told_of_a_join_and_a_visited_case_takes_nothing_in(office: Office) -> None:
    first, second = sorted((office.case("assigned"), office.case("assigned", RIVER)), key=lambda one: one.id)
    second = go(office, second, "onsite")
    into = (office.desk, office.press, second.id, second.version, first.number, "同一家")
    visited = go(office, first, "signed", "handled", "replying", "answered", "visited")
    with pytest.raises(IllegalMove, match="已回访，不能再并入"):
        matters.join(*into, LATER)
    pending = go(office, visited, "pending")
    assert matters.join(*into, LATER).id == pending.id
    slips = office.desk.store.outbox.listing(case_id=second.id, purpose="notice")
    assert any("并案告知" in slip.title for slip in slips)


def test_that_it_was_passed_on_is_told_while_the_unit_is_on_the_spot_and_not_once_it_is_answered(
    office: Office,
) -> None:
    rule = fixed_texts.NewRule(
        name="微博转办告知",
        stage="forwarded",
        accounts=("weibo",),
        template=TEXT,
        per_day=20,
        valid_until=NOW + timedelta(days=90),
    )
    made = fixed_texts.propose(office.desk, office.press, rule, NOW - timedelta(hours=1))
    fixed_texts.sign(office.desk, office.leader, made.id, NOW - timedelta(hours=1))
    there = go(office, office.case("assigned", RIVER), "onsite")
    go(office, office.case("assigned"), "signed", "handled", "replying", "answered", "visited")
    assert cycle.run(office.desk, "fixed_texts", LATER) == 1
    (told,) = office.desk.store.outbox.listing(case_id=there.id, purpose="reply")
    reported = go(office, there, "reported")
    assert office.desk.store.outbox.get(told.id).state is told.state, "it stays true"
    go(office, reported, "transferred")
    assert office.desk.store.outbox.get(told.id).state is not told.state


def test_whoever_took_over_a_visited_case_still_answers_in_their_own_words(office: Office) -> None:
    case, replies = office.replying()
    office.approve(replies)
    cycle.run(office.desk, "deliver", NOW)
    visited = go(office, office.case("answered"), "visited")
    office.desk.store.composing.hand_over(case.id, "两条不满的回应", None, LATER)
    settling.take_over(office.desk, office.press, case.id, LATER)
    assert composing.write_by_hand(office.desk, office.press, case.id, OWN, LATER)
    assert office.desk.store.cases.get(case.id).state == visited.state
