"""What the ledger tells by itself: cards by mail, once each, and the digests of a week; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta

from flow import cycle
from flow import issues
from flow import ledger
from flow import ledger_areas
from flow import morning
from flow import oversight
from huanyu.clock import SHANGHAI
from huanyu.types import LedgerEntry
from tests.flow.office import NOW
from tests.flow.office import Office

YELLOW = datetime(2026, 4, 21, 10, 0, tzinfo=SHANGHAI)  # a Tuesday, nine days before the limit
RED = datetime(2026, 5, 6, 9, 30, tzinfo=SHANGHAI)
ENTRY = LedgerEntry(
    title="徒骇河振兴街道段排污口混入污水",
    origin="case",
    unit="zhifa",
    person="支队三大队大队长",
    due=date(2026, 4, 30),
    goal="断面达到Ⅳ类",
    measures="封堵错接管口",
)


def mails(office: Office) -> list[tuple[str, str]]:
    sent = office.desk.store.outbox.listing(purpose="internal", limit=100)
    return sorted((one.title, one.recipient) for one in sent if "台账" in one.title)


def test_each_card_is_told_of_once_in_office_hours(office: Office) -> None:
    desk = office.desk
    unit = desk.bureau.unit("zhifa")
    office_row = next(row for row in desk.bureau.units if row.short == desk.bureau.bureau.office)
    assert unit is not None
    to = unit.mail or office_row.mail
    line = ledger.enter(desk, office.press, ENTRY, NOW)
    assert cycle.run(desk, "ledger_cards", NOW) == 0  # weeks are left
    assert cycle.run(desk, "ledger_cards", YELLOW.replace(hour=22)) == 0
    assert (cycle.run(desk, "ledger_cards", YELLOW), cycle.run(desk, "ledger_cards", YELLOW)) == (1, 0)
    assert mails(office) == [("【黄牌】台账 ZG2026-001 还有9天到期", to)]
    cycle.run(desk, "ledger_cards", RED)
    cycle.run(desk, "ledger_cards", RED + timedelta(days=1))
    assert [title for title, _ in mails(office)] == [
        "【红牌】台账 ZG2026-001 已过期6天",
        "【黄牌】台账 ZG2026-001 还有9天到期",
    ]
    assert desk.store.ledger.get(line.id).version == line.version


def test_who_does_not_tell_how_it_goes_is_asked_once_for_each_span_of_silence(office: Office) -> None:
    desk = office.desk
    first = ledger.enter(desk, office.press, ENTRY, NOW)
    second = ledger.enter(desk, office.press, replace(ENTRY, title="茌平区堆场没有覆盖"), NOW)
    assert cycle.run(desk, "ledger_silent", NOW) == 0
    later = datetime(2026, 3, 18, 10, 0, tzinfo=SHANGHAI)  # a Wednesday, after the seven days of the table
    assert cycle.run(desk, "ledger_silent", later.replace(hour=22)) == 0
    assert [cycle.run(desk, "ledger_silent", later) for _ in range(2)] == [1, 0]
    assert [title for title, _ in mails(office)] == ["【催报】台账2条没有按时报进展"]
    ledger.tell(desk, office.press, first.id, first.version, "已进场施工", later)
    assert cycle.run(desk, "ledger_silent", later + timedelta(days=2)) == 0
    again = datetime(2026, 3, 24, 10, 0, tzinfo=SHANGHAI)
    assert [cycle.run(desk, "ledger_silent", again) for _ in range(2)] == [1, 0]
    (asked,) = [
        one
        for one in desk.store.outbox.listing(purpose="internal", limit=100)
        if one.title == "【催报】台账1条没有按时报进展"
    ]
    assert second.number in asked.text
    assert first.number not in asked.text
    assert "天没有报；整改时限2026-04-30" in asked.text


def test_a_line_under_oversight_says_so_when_its_progress_is_asked_for(office: Office) -> None:
    desk = office.desk
    line = ledger.enter(desk, office.press, ENTRY, NOW)
    oversight.list_line(
        desk, office.leader, line.id, line.version, "市级挂牌", "整改缓慢", date(2026, 4, 20), NOW
    )
    cycle.run(desk, "ledger_silent", datetime(2026, 3, 18, 10, 0, tzinfo=SHANGHAI))
    (asked,) = [
        one for one in desk.store.outbox.listing(purpose="internal", limit=100) if "催报" in one.title
    ]
    assert "市级挂牌督办，期限2026-04-20；整改时限2026-04-30" in asked.text


def test_the_week_of_a_ledger_is_told_and_counts_again_to_the_same(office: Office) -> None:
    desk = office.desk
    office.fill()
    ledger.enter(desk, office.press, ENTRY, NOW)
    done = ledger.enter(desk, office.press, ENTRY, NOW)
    ledger.tell(desk, office.press, done.id, done.version, "已进场施工", NOW)
    monday = NOW + timedelta(days=7 - NOW.weekday(), hours=2)
    wanted = [(series.key, period) for series, period in morning.due(desk, monday) if series.about]
    assert [key for key, _ in wanted] == ["ledger_weekly"]
    made = issues.issue(desk, issues.subject(desk, "ledger_weekly", wanted[0][1].last), monday)
    assert made is not None
    told = "".join(one.text for part in made.bulletin.sections for one in part.sentences)
    assert "整改台账在账2条" in told
    assert "新挂账2条" in told
    assert "各单位报进展1次；退回整改0次；销号0条" in told
    ledger.enter(desk, office.press, ENTRY, monday + timedelta(hours=1))
    assert morning.verify(desk, made.id) == []


def test_a_desk_without_a_ledger_has_no_digest_of_it(office: Office) -> None:
    office.fill()
    assert not [one for one, _ in morning.due(office.desk, NOW + timedelta(days=40)) if one.about]


def test_the_ledger_is_rolled_up_by_area_with_all_of_it_last(office: Office) -> None:
    desk = office.desk
    ledger.enter(desk, office.press, ENTRY, NOW)
    marked = ledger.enter(desk, office.press, replace(ENTRY, area="371524"), NOW)
    ledger.enter(desk, office.press, replace(ENTRY, unit="guanxian"), NOW)
    oversight.list_line(
        desk, office.leader, marked.id, marked.version, "市级挂牌", "整改缓慢", date(2026, 4, 20), NOW
    )
    listed = {one.line_id for one in desk.store.oversight.listings()}
    found = ledger_areas.rows(desk, ledger.listing(desk, office.press, YELLOW), listed)
    assert [one.cells() for one in found] == [
        ("东阿县", 1, 0, 1, 0, 1, 1, 1),
        ("冠县", 1, 0, 1, 0, 1, 1, 0),
        ("市本级", 1, 0, 1, 0, 1, 1, 0),
        ("合计", 3, 0, 3, 0, 3, 3, 1),
    ]
    assert ledger_areas.rows(desk, [], ()) == []
