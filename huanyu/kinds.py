"""The kinds of environmental problem: codes, families and Chinese names.

One table for everybody (labels.md of the labelling guide). Knows no rule about any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: Leaf code -> Chinese name, in the order used by every table and chart.
KIND_LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "air.industrial": "工业废气",
        "air.odour": "恶臭异味",
        "air.dust": "扬尘烟粉尘",
        "air.cooking": "餐饮油烟",
        "air.burning": "露天焚烧",
        "air.exhaust": "机动车船尾气",
        "air.other": "其他大气污染",
        "water.industrial": "工业废水",
        "water.sewage": "生活污水",
        "water.blackodour": "黑臭水体",
        "water.livestock": "养殖废水",
        "water.drinking": "饮用水",
        "water.other": "其他水环境问题",
        "noise.construction": "施工噪声",
        "noise.industrial": "工业和设备噪声",
        "noise.social": "社会生活噪声",
        "noise.traffic": "交通噪声",
        "noise.other": "其他噪声",
        "waste.household": "生活垃圾",
        "waste.construction": "建筑垃圾渣土",
        "waste.hazardous": "工业固废和危险废物",
        "waste.other": "其他固体废物",
        "soil": "土壤污染",
        "radiation": "辐射",
        "ecology": "生态破坏",
        "other": "其他环境问题",
    }
)

#: Family code -> Chinese name, in the order of the ministry's monthly reports.
FAMILY_LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "air": "大气",
        "water": "水",
        "noise": "噪声",
        "waste": "固废",
        "soil": "土壤",
        "radiation": "辐射",
        "ecology": "生态",
        "other": "其他",
    }
)

LEAVES: Final[tuple[str, ...]] = tuple(KIND_LABEL)


def family(code: str) -> str:
    """The family a leaf belongs to; `soil`, `radiation`, `ecology` and `other` are their own."""
    return code.partition(".")[0]


def label(code: str) -> str:
    """The Chinese name of a leaf or family; the code itself when unknown."""
    return KIND_LABEL.get(code) or FAMILY_LABEL.get(code) or code


def covers(pattern: str, code: str) -> bool:
    """Whether `pattern`, a leaf or a family, includes `code`."""
    return pattern == code or code.startswith(f"{pattern}.")
