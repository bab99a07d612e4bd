"""Records whose time is over go by rule and by day, with a line of proof; the audit trail stays whole without them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import conferences
from flow import cycle
from flow import life
from flow import press_contacts
from flow import registering
from flow import retaining
from flow.entries import Entry
from flow.press_contacts import Told
from huanyu.store.retaining import ACTION
from huanyu.types import Case
from huanyu.types import ConferencePlan
from huanyu.types import Reject
from tests.flow.office import MANY
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import raw

YEARS = timedelta(days=1825)
HALF_A_YEAR = timedelta(days=180)
HOUR = timedelta(hours=1)
WHO = {"name": "穆青禾", "phone": "13906350001"}
ENTRY = Entry(
    token="7a" * 16,
    type="complaint",
    channel="petition",
    text=PAINT,
    place="许营镇赵庄西头",
    learned_at=NOW,
    external_number="LXF2026030007",
    reporter=WHO,
)


@pytest.fixture
def office(tmp_path: Path, store_url: str):
    with at_work(tmp_path / "office", store_url) as opened:
        yield opened


def taken_down(office: Office, **more: object) -> Case:
    """A case somebody told by telephone, with who told it."""
    registering.register(office.desk, office.press, replace(ENTRY, **more), NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    return office.case(one=str(more.get("text", PAINT)))


def closed(office: Office, case: Case) -> Case:
    case = office.handle(case)
    case = office.desk.store.moves.move(case, "answered", action="answered", note="已书面答复", now=NOW)
    return life.close(office.desk, office.press, case.id, case.version, "已书面答复", NOW)


def broken(at: int) -> Reject:
    """A line nobody has looked at for two years."""
    old = NOW - timedelta(days=731)
    return Reject(source="luntan", where=f"第 {at} 行", reason="列数不对", payload=f"{at}".encode(), at=old)


def counted(office: Office, what: str, now: datetime) -> int:
    return next(one.count for one in retaining.due(office.desk, now) if one.row.what == what)


def lines(office: Office) -> list[tuple[str, int]]:
    listed = office.desk.store.audit.listing(MANY)
    return [(line.noun, len(line.ids)) for line in listed if line.action == ACTION]


def test_who_reported_is_forgotten_years_after_the_case_is_over(office: Office) -> None:
    store, case = office.desk.store, closed(office, taken_down(office))
    assert retaining.tend(office.desk, NOW + YEARS - HOUR) == 0
    assert store.people.has_reporter(case.id)
    assert counted(office, "reporters_of_cases", NOW + YEARS) == 1, "counting removes nothing"
    assert retaining.tend(office.desk, NOW + YEARS + timedelta(days=1)) >= 1
    assert not store.people.has_reporter(case.id)
    assert store.cases.get(case.id).state == "closed", "the case itself stays"


def test_the_chain_stays_whole_and_holds_the_proof(office: Office, store_url: str) -> None:
    store, case = office.desk.store, closed(office, taken_down(office))
    with store._database.read() as tx:
        sealed = tx.exec_driver_sql("SELECT sealed FROM identities").scalar_one()
    store.audit.seal(NOW)
    retaining.tend(office.desk, NOW + YEARS + HOUR)
    store.audit.seal(NOW + YEARS + HOUR)
    assert store.audit.verify() == []
    assert ("identity", 1) in lines(office)
    assert store.people.read_reporter(case.id, "系统", "核对", NOW + YEARS + HOUR) == ()
    if store_url.startswith("sqlite"):
        with store._database.engine.connect() as raw_connection:
            raw_connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        path = Path(str(store._database.url.database))
        assert bytes(sealed) not in path.read_bytes(), "deleted is deleted in the file, too"


def test_a_case_that_went_on_in_an_open_one_keeps_its_reporter(office: Office) -> None:
    store, first = office.desk.store, taken_down(office)
    second = taken_down(office, token="7b" * 16, text=RIVER, external_number="LXF2026030008")
    store.cases.join(second, first, "同一家", None, office.press.name, NOW)
    assert store.cases.get(second.id).closed_at is not None
    assert counted(office, "reporters_of_cases", NOW + YEARS + HOUR) == 0
    closed(office, store.cases.get(first.id))
    assert counted(office, "reporters_of_cases", NOW + YEARS + HOUR) == 2


def test_a_contact_of_the_press_goes_a_year_after_the_last_day(office: Office) -> None:
    store, last = office.desk.store, NOW.date()
    told = Told(name="闻笔", outlet="聊城日报", kind="记者", phone="0635-8000123")
    stays = press_contacts.add(office.desk, office.press, told, NOW)
    leaves = press_contacts.add(office.desk, office.press, replace(told, name="程声", valid_to=last), NOW)
    plan = ConferencePlan(theme="徒骇河", at=NOW, place="", host="", speakers=(), invited=())
    held = conferences.plan(office.desk, office.press, plan, NOW)
    conferences.ask(office.desk, office.press, held.id, (stays.id, leaves.id), "", "", NOW)
    year = timedelta(days=365)
    assert counted(office, "press_contacts", NOW + year) == 0
    retaining.tend(office.desk, NOW + year + timedelta(days=1))
    assert [one.id for one in store.press_contacts.all()] == [stays.id]
    asked = {one.name: one.contact_id for one in store.conferences.attendance(held.id)}
    assert asked == {"闻笔": stays.id, "程声": None}
    assert ("press_contact", 1) in lines(office)


def test_who_wrote_what_became_no_case_goes_after_half_a_year(office: Office) -> None:
    store = office.desk.store
    post = raw(7, "请问市民热线的电话是多少")
    store.posts.add([post], now=NOW, reporters={post.native_id: '{"name": "穆青禾"}'})
    assert counted(office, "reporters_without_case", NOW + HALF_A_YEAR - HOUR) == 0
    assert counted(office, "reporters_without_case", NOW + HALF_A_YEAR + HOUR) == 1
    assert retaining.tend(office.desk, NOW + HALF_A_YEAR + HOUR) == 1
    with store._database.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM identities").scalar_one() == 0


def test_it_is_gone_through_once_a_day(office: Office) -> None:
    store = office.desk.store
    assert retaining.tend(office.desk, NOW) == 0
    store.posts.add_rejects([broken(3)], NOW)
    assert retaining.tend(office.desk, NOW + HOUR) == 0, "this day has had its turn"
    assert retaining.tend(office.desk, NOW + timedelta(days=1)) == 1
    assert store.rejects.heads() == []
    assert lines(office) == [("reject", 1)]


def test_cases_are_counted_for_the_archive_and_never_removed(office: Office) -> None:
    case, late = closed(office, taken_down(office)), NOW + timedelta(days=3651)
    assert counted(office, "cases", late) == 1
    assert "cases" not in [one.row.what for one in retaining.remove(office.desk, late)]
    assert office.desk.store.cases.get(case.id).number == case.number


def test_more_than_one_range_goes_in_one_day(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retaining, "RANGE", 2)
    office.desk.store.posts.add_rejects([broken(at) for at in range(5)], NOW)
    assert retaining.tend(office.desk, NOW) == 5
    assert lines(office) == [("reject", 1), ("reject", 2), ("reject", 2)]
