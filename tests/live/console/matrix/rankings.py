"""Who may ask for what of console.pages.rankings; `ranking` is put up, 999999 is none."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import READERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS, LEADER = roles("press"), roles("leader")
AT = "/rankings/{ranking}"
WHICH = "key=handling&year=2026&part=2"
MATRIX = {
    ("GET", "/rankings"): Entry("/rankings", EVERYBODY),
    ("GET", "/rankings/look"): Entry(f"/rankings/look?{WHICH}", EVERYBODY),
    ("GET", "/rankings/look/cases"): Entry(
        f"/rankings/look/cases?{WHICH}&place=371502&figure=on_time", READERS
    ),
    ("POST", "/rankings"): Entry("/rankings", PRESS, {"key": "nothing", "year": "2026", "part": "1"}),
    ("GET", "/rankings/tables/new"): Entry("/rankings/tables/new", PRESS),
    ("POST", "/rankings/tables"): Entry("/rankings/tables", PRESS, {"key": "air"}),
    ("GET", "/rankings/{ranking_id}"): Entry(AT, READERS),
    ("GET", "/rankings/{ranking_id}/cases"): Entry(f"{AT}/cases?place=371502&figure=on_time", READERS),
    ("POST", "/rankings/{ranking_id}/sign"): Entry("/rankings/999999/sign", LEADER, {"version": "1"}),
    ("POST", "/rankings/{ranking_id}/void"): Entry(
        "/rankings/999999/void", PRESS | LEADER, {"version": "1", "why": "数有误"}
    ),
    ("GET", "/rankings/{ranking_id}/files/circular.{form}"): Entry(f"{AT}/files/circular.xlsx", READERS),
}
