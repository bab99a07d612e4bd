"""The figures of a unit as people read them: what they are called, and rates that say of how many.

Knows the counts only; where they come from is the store's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from huanyu.types import UnitCount

FEW: Final = 5  #: of fewer no rate is told
HEAD: Final = ("承办单位", "转办", "退单", "按时签收", "按时办结", "办理用时", "回访满意")
MEANING: Final = (
    "退单为其间转办的件中退回的；按时签收、按时办结为时限在其间办到或者到期的件中按时办到的，一项时限只计一次；"
    "办理用时为从转办到首次反馈的天数，不足一天的按一天，取中位数；回访满意为回访得到评价的件中满意和基本满意的。"
    "拆分出的子件计入各自的承办单位。基数不足五件的只列件数，不计百分比。"
)
#: group of the store's figures -> field of UnitCount
GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unit_given": "given",
        "unit_returned": "returned",
        "unit_sign_due": "sign_due",
        "unit_sign_met": "sign_met",
        "unit_due": "due",
        "unit_met": "met",
        "unit_reported": "reported",
        "unit_days": "days",
        "unit_asked": "asked",
        "unit_content": "content",
    }
)


def rate(part: int, whole: int) -> str:
    """3/4 of few, 9/12（75.0%）of enough, — of none."""
    if not whole:
        return "—"
    if whole < FEW:
        return f"{part}/{whole}"
    share = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{part}/{whole}（{share}%）"


def cells(one: UnitCount) -> tuple[str, ...]:
    """The line of a unit beside its name, in the order of HEAD."""
    return (
        str(one.given),
        rate(one.returned, one.given),
        rate(one.sign_met, one.sign_due),
        rate(one.met, one.due),
        f"{one.days}天（{one.reported}件）" if one.reported else "—",
        rate(one.content, one.asked),
    )
