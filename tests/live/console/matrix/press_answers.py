"""Who may ask for what of console.pages.press_answers; `answer` is approved."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS = roles("press")
AT = "/press/answers/{answer}"
MATRIX = {
    ("GET", "/press/answers"): Entry("/press/answers", SEERS),
    ("POST", "/press/answers"): Entry("/press/answers", PRESS, {}),
    ("GET", "/press/answers/{answer_id}"): Entry(AT, SEERS),
    ("POST", "/press/answers/{answer_id}"): Entry(AT, PRESS, {}),
    ("POST", "/press/answers/{answer_id}/approve"): Entry(f"{AT}/approve", roles("reviewer", "leader"), {}),
    ("POST", "/press/answers/{answer_id}/withdraw"): Entry(
        f"{AT}/withdraw", roles("press", "reviewer", "leader"), {"reason": "过时"}
    ),
}
