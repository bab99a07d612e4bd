"""A line to the work chat of an office of ours: what it is and where, nothing of the matter, beside the mail.

Which unit is told of what is decided by others; how a robot is spoken to is the channel's business.
"""

from __future__ import annotations

from flow.desk import Desk
from huanyu.bureau import UnitRow
from huanyu.types import Draft
from publisher.channels.chat import DIALECTS


def line(desk: Desk, unit: UnitRow, text: str, purpose: str, case_id: int | None = None) -> Draft | None:
    """The line for the robot of a unit's group (units.toml); None where it has none, or one that is switched off."""
    robot = desk.bureau.account(unit.robot) if unit.robot else None
    if robot is None or not robot.enabled or robot.channel not in DIALECTS:
        return None
    return Draft(channel=robot.channel, account=robot.key, purpose=purpose, text=text, case_id=case_id)
