"""The list of cases as a file: exactly what the person sees, no formula, nobody's name; and the trail says who took it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow import exporting
from flow import rights
from huanyu.errors import NotAllowed
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague

REPORTER = {"name": "柳闻莺", "phone": "13906350177", "handle": "湖畔闻莺"}


@pytest.fixture
def texts() -> tuple[str, ...]:
    return (PAINT, RIVER, f"=1+1 {TEXTS[2]} 我叫柳闻莺，电话13906350177")


@pytest.fixture
def office(tmp_path: Path, filled_url: str) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        for case in opened.desk.store.cases.iterate():
            told = json.dumps(REPORTER, ensure_ascii=False)
            opened.desk.store.people.save_reporter(told, NOW, case_id=case.id)
        yield opened


def taken(office: Office, user: User) -> list[dict[str, str]]:
    made = exporting.case_list(office.desk, rights.present(office.desk, user, NOW), (), "", "", NOW)
    assert made.startswith(b"\xef\xbb\xbf")
    assert not [one for one in REPORTER.values() if one.encode() in made]
    return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def test_each_person_takes_out_what_their_list_shows_and_no_reporter(office: Office) -> None:
    store, case = office.desk.store, office.case("assigned", PAINT)
    everything = {one.number for one in store.cases.iterate()}
    assert {row["编号"] for row in taken(office, office.press)} == everything
    assert {row["编号"] for row in taken(office, office.leader)} == everything
    own = taken(office, office.handler(case.unit))
    assert case.number in {row["编号"] for row in own}
    assert {store.cases.by_number(row["编号"]).unit for row in own} == {case.unit}
    assert taken(office, colleague(office.desk, "wai", "handler", "guanxian")) == []


def test_no_cell_is_a_formula(office: Office) -> None:
    for row in taken(office, office.press):
        assert not [cell for cell in row.values() if cell[:1] in tuple("=+-@＝＋－＠")]


def test_the_trail_says_who_took_which_cases(office: Office) -> None:
    taken(office, office.press)
    lines = [line for line in office.desk.store.audit.listing(limit=5) if line.action == "case.export"]
    assert [(line.actor, sorted(line.ids)) for line in lines] == [
        (office.press.name, sorted(case.id for case in office.desk.store.cases.iterate()))
    ]


def test_whoever_looks_at_figures_only_takes_nothing_out(office: Office) -> None:
    for role in ("assessor", "admin"):
        with pytest.raises(NotAllowed):
            exporting.case_list(office.desk, colleague(office.desk, role, role), (), "", "", NOW)
