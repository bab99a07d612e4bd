"""更正 as a paper of its own: numbered, pointing at the issue it puts right, which itself is never touched.

Pure; its one statement is the word of the person who signed it, and says so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bulletins import wording
from huanyu.types import Bulletin
from huanyu.types import PaperCorrection
from huanyu.types import Section
from huanyu.types import Sentence
from huanyu.types.circulation import CORRECTION
from huanyu.types.circulation import CORRECTION_NAME

STAYS = "原期存档不作改动，期号不变；引用时以本更正为准。"


def paper(
    made: Bulletin,
    put_right: PaperCorrection,
    author: str,
    numbers: tuple[int, int],
    scope: str,
    issued_at: datetime,
    audit_head: str = "",
) -> Bulletin:
    """The 更正 of one figure of an issue, under its own numbers."""
    name = f"《{made.series_name}》{made.year}年第{made.number}期"
    unit = put_right.unit
    told = (
        f"{name}（总第{made.total}期，{made.issued_at.year}年{wording.day(made.issued_at)}印发）所载“{put_right.label}”一项有误："
        f"原载{put_right.printed}{unit}，应为{put_right.correct}{unit}。原因：{put_right.why}"
    )
    return replace(
        made,
        series=CORRECTION,
        series_name=CORRECTION_NAME,
        year=issued_at.year,
        number=numbers[0],
        total=numbers[1],
        day=issued_at.date(),
        first_day=None,
        span="day",
        title=f"关于{name}的更正（{put_right.number}）",
        issued_at=issued_at,
        sections=(
            Section(
                heading=CORRECTION_NAME, sentences=(Sentence(text=told, author=author), Sentence(text=STAYS))
            ),
        ),
        figures=(),
        trend=(),
        kinds=(),
        audit_head=audit_head,
        late_note="",
        scope=scope,
        search=None,
    )
