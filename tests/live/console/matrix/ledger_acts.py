"""Who may ask for what of console.pages.ledger_acts; there is no line 999999, whoever is let in learns that."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry
from matrix.entry import roles

UNITS = roles("press", "handler")
REVIEWERS = roles("press", "reviewer", "leader")
LEADERS = roles("leader")
PRESS = roles("press")
DAY = "2026-03-05"


def line(step: str, allowed: frozenset[str], **form: str) -> tuple[tuple[str, str], Entry]:
    return ("POST", f"/ledger/{{line_id}}/{step}"), Entry(f"/ledger/999999/{step}", allowed, form)


MATRIX = dict(
    (
        line("progress", UNITS, progress="已进场"),
        line("check", UNITS, done="已完成", evidence="照片", opinion="达标"),
        line("review", REVIEWERS, visited=DAY, people="王某", opinion="同意"),
        line("pass", REVIEWERS, opinion="合格"),
        line("notice", PRESS, text="整改情况公示"),
        line("publish", LEADERS),
        line("end-notice", SIGNERS, feedback="无异议"),
        line("sign", SIGNERS, post="党委主要负责人", name="甲某", signed=DAY),
        line("cancel", LEADERS),
        line("back", REVIEWERS, reason="未达标"),
        line("list", LEADERS, grade="市级挂牌", reason="多次反映"),
        line("unlist", LEADERS, reason="完成"),
        line("charge", LEADERS, leader="丁某", post="副市长"),
        line("uncharge", LEADERS, reason="完成"),
        line("visits", SIGNERS, visited=DAY, note="到场"),
    )
)
