"""A press conference in the demo: planned with what may be said, held the next day, printed; the log of the year."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

from demo.office import Office
from flow import conferences
from flow import press_answers
from flow import press_contacts
from flow import press_log
from flow.press_answers import Said
from flow.press_contacts import Told
from huanyu.cells import workbook
from huanyu.clock import local
from huanyu.types import Conference
from huanyu.types import ConferencePlan

PLAN: Final = ("theme", "place", "host", "agenda", "background", "duties")
HOUR, NEXT = 15, timedelta(days=4)  #: o'clock on the day after the plan; when the next one is


def planned(office: Office, now: datetime) -> str:
    """For the next afternoon: plan, what may be said, whom to ask; another person approves."""
    desk, press, words = office.desk, office.press, office.words
    at = (local(now) + timedelta(days=1)).replace(hour=HOUR, minute=0)
    one = _known(office, words["conference"], at, now)
    for row in words["answer"]:
        _answer(office, one, row, now)
    for outlet in words["conference"]["invited"]:
        conferences.ask(desk, press, one.id, (), outlet, "", now)
    if not press_contacts.listing(desk, press, now):
        press_contacts.add(desk, press, Told(**words["contact"]), now)
    one = desk.store.conferences.get(one.id)
    if one.state == "planned":
        conferences.approve(desk, office.leader, one.id, one.version, now)
    return f"发布会“{one.theme}”方案审定, 口径和答问 {len(words['answer'])} 条"


def held(office: Office, now: datetime) -> str:
    """Held, who came, what was printed; the next one is being planned, the log of the year is handed in."""
    desk, press, words = office.desk, office.press, office.words
    one = _known(office, words["conference"], now, now)
    if one.state == "approved":
        conferences.held(desk, press, one.id, one.version, now)
    came = [
        each.id
        for each in desk.store.conferences.attendance(one.id)
        if each.outlet in words["conference"]["came"]
    ]
    conferences.came(desk, press, one.id, tuple(came), now)
    if not any(each.kind == words["coverage"]["kind"] for each in desk.store.press_log.of_conference(one.id)):
        told = {**words["coverage"], "day": local(now).date().isoformat()}
        conferences.printed(desk, press, one.id, told, now)
    _known(office, words["next"], (local(now) + NEXT).replace(hour=HOUR, minute=0), now)
    return f"发布会“{one.theme}”已召开, 到会媒体 {len(came)} 家; {_log(office, now)}"


def _known(office: Office, words: dict[str, Any], at: datetime, now: datetime) -> Conference:
    """The conference of this theme, planned now where there is none."""
    found = next((one for one in office.desk.store.conferences.all() if one.theme == words["theme"]), None)
    if found is not None:
        return found
    plan = ConferencePlan(
        at=at,
        speakers=tuple(words["speakers"]),
        invited=tuple(words["invited"]),
        **{name: words[name] for name in PLAN if name in words},
    )
    return conferences.plan(office.desk, office.press, plan, now)


def _answer(office: Office, conference: Conference, row: dict[str, Any], now: datetime) -> None:
    desk, press = office.desk, office.press
    said = Said(kind=row["kind"], question=row["question"], answer=row["answer"])
    library = press_answers.search(desk, press, "")
    one = next((each for each in library if each.question == said.question), None)
    one = one or press_answers.write(desk, press, said, now)
    if conference.state in {"planned", "approved"}:
        conferences.add_answer(desk, press, conference.id, one.id, now)
    if row["approved"] and one.state == "draft":
        press_answers.approve(desk, office.leader, one.id, one.version, now)


def _log(office: Office, now: datetime) -> str:
    """The list of the year as a workbook; taken in twice it is known."""
    told, today = office.words["log"], local(now).date()
    head = (told["head"][0], "日期", *told["head"][1:])
    rows = [(kind, (today - timedelta(days=back)).isoformat(), *rest) for back, kind, *rest in told["rows"]]
    path = office.folder / "报道和活动台账.xlsx"
    path.write_bytes(workbook({"台账": [head, *rows]}))
    done = press_log.take_in(office.desk, office.press, path, now)
    return f"台账登记 {done.new + done.known} 条, 留待处理 {len(done.bad)} 行"
