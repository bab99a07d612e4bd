"""The statistics of a period in words: each channel with its own unit, bulletins by series, petitions side by side.

起, 件, 条 and 期 count different things in different ways: no two of them are ever added.
"""

from __future__ import annotations

from dataclasses import replace

from bulletins.sections import Desk
from huanyu.types import Section
from huanyu.types import Sentence

APART = "以上各数口径不同，来源可能重叠，分别统计，不相加。"


def statistics(desk: Desk) -> Section:
    """What came in by which way, how many bulletins went out, and what petitions did since a year ago."""
    now = desk.manner.now
    told = (
        desk.say(f"{now}官方微博接到网络舆情{{weibo_received}}{{weibo_received:change}}。"),
        desk.say(f"{now}舆情监测平台收到环保舆情{{platform_received}}{{platform_received:change}}。"),
        *_issued(desk),
        Sentence(text=APART),
        desk.say(
            f"{now}受理信访投诉（热线、来信、自有渠道）{{petitions_received}}{{petitions_received:change}}。"
        ),
        desk.say(
            f"{now}新立事项{{cases_opened}}{{cases_opened:change}}，办结{{cases_closed}}{{cases_closed:change}}。"
        ),
    )
    return Section(heading="统计", sentences=told)


def _issued(desk: Desk) -> tuple[Sentence, ...]:
    """Issues of each series; series are not added to each other either."""
    counted = [figure for key, figure in desk.cells.items() if key.startswith("issued:") and figure.value]
    if not counted:
        return (desk.say(f"{desk.manner.now}编发简报{{bulletins_issued}}。"),)
    words = "、".join(
        f"{desk.label(figure.key.partition(':')[2])}{figure.value}{figure.unit}" for figure in counted
    )
    base = Sentence(text=f"{desk.manner.now}编发{words}（含本期）。")
    return (replace(base, figures=tuple(figure.key for figure in counted)),)
