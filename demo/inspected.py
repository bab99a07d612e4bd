"""A batch of 督察信访件 in the demo: handed over in the morning as a workbook, taken in by the press office as any other.

The letters are invented; one names two districts, so that the disclosure has a footnote.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from flow import inspection_import
from flow import inspections
from flow.desk import Desk
from flow.inspection_import import Sheet
from huanyu.cells import workbook
from huanyu.clock import local
from huanyu.types import User

HEAD: Final = ("序号", "受理编号", "交办问题基本情况", "行政区域", "污染类型", "重点关注")
SERIAL: Final = 11  # characters of a number behind its form: the day and a serial
#: What is told, which districts of the table (by place), what kind, whether 重点关注.
LETTERS: Final = (
    ("一家食品厂夜间排放废气，气味刺鼻，附近住户不敢开窗。", (0,), "大气", "是"),
    ("两处相邻的石料场物料露天堆放、道路扬尘大，车辆夜间噪声扰民。", (0, 1), "大气、噪声", "否"),
    ("一处养殖场粪污流进村边坑塘，水体发黑发臭。", (2,), "水", "否"),
)


def hand_over(desk: Desk, press: User, folder: Path, at: datetime) -> str:
    """Take the batch in; told in a line. A bureau without a campaign under way gets none."""
    rows = inspections.campaigns(desk, at)
    if not rows:
        return "没有正在进行的督察"
    rule, day = rows[-1], local(at).date()
    form, names = rule.example[:-SERIAL], list(desk.bureau.areas().values())
    lines = [
        (place, f"{form}{day:%Y%m%d}{place:03d}", text, "、".join(names[one] for one in where), kind, focus)
        for place, (text, where, kind, focus) in enumerate(LETTERS, 1)
    ]
    path = folder / "督察信访件第1批.xlsx"
    path.write_bytes(workbook({"第1批": [HEAD, *lines]}))
    sheet = Sheet(
        campaign=rule.campaign,
        level=rule.level,
        number=1,
        received_on=day,
        told_items=len(LETTERS),
        told_focus=1,
    )
    done = inspection_import.take_in(desk, press, sheet, path, at)
    return f"督察信访件第 1 批 {done.new + done.known} 件"
