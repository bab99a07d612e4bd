"""Several at once: each by itself through the function of a single one, each told of, and twice is once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow import exporting
from flow import life
from flow import several
from flow.several_acts import CASES
from flow.several_acts import POSTS
from flow.several_acts import Asked
from flow.several_acts import Ticked
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import Case
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.office import everything

WHY = "同一处的同一问题"
SUNSET, SOUP = TEXTS[9], TEXTS[12]


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        opened.fill()
        yield opened


def seen(office: Office, of: str, asked: Asked, *ids: int) -> list[several.Line]:
    return several.look(office.desk, office.press, of, asked, ids, NOW)


def confirmed(office: Office, of: str, asked: Asked, lines: list[several.Line]) -> list[several.Line]:
    ticked = [Ticked(line.id, line.version) for line in lines]
    return several.do(office.desk, office.press, of, asked, ticked, NOW)


def post(office: Office, said: str) -> int:
    (found,) = office.desk.store.posts.listing(text=said[:8], limit=5)
    return found[0].id


def pending(office: Office, one: str) -> Case:
    """The case of a text, as if nobody had looked at it yet."""
    case = office.case("", one)
    for state in ("transferred", "pending"):
        case = office.desk.store.moves.move(case, state, action="test", note="经过", now=NOW)
    return case


def test_what_can_be_accepted_is_and_what_cannot_says_why(office: Office) -> None:
    new, away = pending(office, PAINT), office.case("assigned", RIVER)
    asked = Asked(act="accept")
    lines = seen(office, CASES, asked, new.id, away.id)
    assert [(line.goes, line.told) for line in lines] == [
        (True, "待受理 → 已受理"),
        (False, "办件处于“已转办”，不能改为“已受理”"),
    ]
    done = confirmed(office, CASES, asked, lines)
    assert [(line.goes, line.number) for line in done] == [(True, new.number), (False, away.number)]
    assert office.desk.store.cases.get(new.id).state == "accepted"
    assert office.desk.store.cases.get(away.id) == away


def test_sent_twice_it_is_done_once(office: Office) -> None:
    case, asked = office.case("assigned", PAINT), Asked(act="dispatch", unit="xinfang")
    lines = seen(office, CASES, asked, case.id)
    assert confirmed(office, CASES, asked, lines)[0].goes
    before = everything(office.desk)
    (again,) = confirmed(office, CASES, asked, lines)
    assert not again.goes
    assert "承办" in again.told
    assert everything(office.desk) == before


def test_a_case_somebody_moved_meanwhile_is_left_alone_and_the_others_are_done(office: Office) -> None:
    mine, other = office.case("assigned", PAINT), office.case("assigned", RIVER)
    asked = Asked(act="dispatch", unit="xinfang")
    lines = seen(office, CASES, asked, mine.id, other.id)
    signed = life.sign(office.desk, office.handler(mine.unit), mine.id, mine.version, NOW)
    first, second = confirmed(office, CASES, asked, lines)
    assert (first.goes, second.goes) == (False, True)
    assert first.told
    assert office.desk.store.cases.get(mine.id) == signed
    assert office.desk.store.cases.get(other.id).unit == "xinfang"


def test_what_is_wrong_for_all_is_told_before_anything_is_done(office: Office) -> None:
    case = office.case("assigned", PAINT)
    ticked, before = [Ticked(case.id, case.version)], everything(office.desk)
    for asked, told in (
        (Asked(act="dispatch"), "请选择承办单位"),
        (Asked(act="close"), "理由"),
        (Asked(act="part", number=case.number), "理由"),
        (Asked(act="part", reason=WHY), "编号"),
    ):
        with pytest.raises(BadInput, match=told):
            several.do(office.desk, office.press, CASES, asked, ticked, NOW)
    with pytest.raises(BadInput, match="一条也没有动"):
        many = [Ticked(number, 1) for number in range(1, several.MOST + 2)]
        several.do(office.desk, office.press, CASES, Asked(act="accept"), many, NOW)
    with pytest.raises(BadInput, match="先勾选"):
        several.do(office.desk, office.press, CASES, Asked(act="accept"), [], NOW)
    with pytest.raises(NotFound):
        several.do(office.desk, office.press, CASES, Asked(act="yes"), ticked, NOW)
    assert everything(office.desk) == before


def test_cases_become_part_of_the_earliest_and_none_is_joined_the_other_way(office: Office) -> None:
    found = sorted((office.case("assigned", one) for one in TEXTS[3:6]), key=lambda one: one.id)
    early, middle, late = found
    ids = [one.id for one in (late, early, middle)]
    assert several.first_of(office.desk, office.press, ids) == early.number
    wrong = seen(office, CASES, Asked(act="part", number=late.number), *ids)
    assert [line.goes for line in wrong] == [False, False, False]
    assert "只能晚的并入早的" in wrong[1].told
    asked = Asked(act="part", number=early.number, reason=WHY)
    lines = seen(office, CASES, asked, *ids)
    assert [line.goes for line in lines] == [True, False, True]
    done = confirmed(office, CASES, asked, lines)
    assert [line.goes for line in done] == [True, False, True]
    assert office.desk.store.cases.get(early.id).posts == 3
    assert {office.desk.store.cases.get(one.id).joined_into for one in (late, middle)} == {early.id}


def test_cases_are_closed_with_a_reason_each_as_a_single_one_would_be(office: Office) -> None:
    case, early = office.case("assigned", PAINT), office.case("assigned", RIVER)
    for state in ("signed", "handled"):
        case = office.desk.store.moves.move(case, state, action="test", note="经过", now=NOW)
    asked = Asked(act="close", kind="told_in_person", reason="当面说明了整改情况")
    lines = seen(office, CASES, asked, case.id, early.id)
    done = confirmed(office, CASES, asked, lines)
    assert [line.goes for line in lines] == [line.goes for line in done] == [True, False]
    assert office.desk.store.cases.get(case.id).state == "closed"
    assert "当面说明了整改情况" in office.desk.store.cases.history(case.id)[-1].note


def test_posts_are_judged_and_a_judgement_meanwhile_stands(office: Office) -> None:
    sunset, soup, asked = post(office, SUNSET), post(office, SOUP), Asked(act="yes")
    lines = seen(office, POSTS, asked, sunset, soup)
    assert all(line.goes for line in lines)
    confirmed(office, POSTS, asked, lines[1:])
    confirmed(office, POSTS, Asked(act="no"), seen(office, POSTS, Asked(act="no"), soup))
    done = confirmed(office, POSTS, asked, lines)
    assert [line.goes for line in done] == [True, False]
    assert "已有人判过" in done[1].told
    held = [office.desk.store.posts.verdict(one) for one in (sunset, soup)]
    assert [one is not None and one.is_complaint for one in held] == [True, False]


def test_posts_are_appended_to_a_case_unless_they_are_in_one(office: Office) -> None:
    case, inside = office.case("assigned", PAINT), office.case("assigned", RIVER)
    (first,) = office.desk.store.cases.posts(inside.id)
    asked = Asked(act="append", number=case.number, reason=WHY)
    lines = seen(office, POSTS, asked, post(office, SUNSET), first.id, 999_999)
    assert [line.goes for line in lines] == [True, False, False]
    done = confirmed(office, POSTS, asked, lines)
    assert [line.goes for line in done] == [True, False, False]
    assert "已经在办件中" in done[1].told
    assert office.desk.store.cases.get(case.id).posts == case.posts + 1
    assert not confirmed(office, POSTS, asked, lines)[0].goes, "a second time it is there already"


def test_nobody_reads_or_moves_what_is_not_theirs(office: Office) -> None:
    mine, theirs = office.case("assigned", PAINT), office.case("assigned", RIVER)
    handler = office.handler(mine.unit)
    if theirs.unit == mine.unit:
        theirs = life.dispatch(office.desk, office.press, theirs.id, theirs.version, "xinfang", NOW)
    with pytest.raises(NotAllowed):
        several.do(office.desk, handler, CASES, Asked(act="accept"), [Ticked(mine.id, mine.version)], NOW)
    asked = Asked(act="export")
    own, other = several.look(office.desk, handler, CASES, asked, [mine.id, theirs.id], NOW)
    assert (own.goes, other.goes) == (True, False)
    assert (other.number, other.title) == ("", "")
    assert theirs.number not in other.told
    assert set(several.offered(handler, CASES)) == {"export"}
    assert several.offered(colleague(office.desk, "assessor", "assessor"), CASES) == {}


def test_a_file_holds_exactly_the_ticked_cases_or_is_not_made(office: Office) -> None:
    mine, theirs = office.case("assigned", PAINT), office.case("assigned", RIVER)
    made = exporting.ticked(office.desk, office.press, [mine.id, mine.id], NOW).decode()
    assert mine.number in made
    assert theirs.number not in made
    if theirs.unit == mine.unit:
        theirs = life.dispatch(office.desk, office.press, theirs.id, theirs.version, "xinfang", NOW)
    with pytest.raises(NotAllowed):
        exporting.ticked(office.desk, office.handler(mine.unit), [mine.id, theirs.id], NOW)
    with pytest.raises(BadInput, match="先勾选"):
        exporting.ticked(office.desk, office.press, [], NOW)
