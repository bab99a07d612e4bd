"""Fixed texts of a standing rule: which words of the record may be filled in, and what stands against a template.

Pure. Nothing of what people wrote enters such a text; a fact that the record lacks stops it.
"""

from __future__ import annotations

from datetime import datetime
from string import Formatter
from typing import Final

from huanyu import clock
from huanyu import kinds
from huanyu.bureau import Bureau
from huanyu.redact import mask
from huanyu.text import without_position
from huanyu.types import Case
from publisher.channels import weibo

STAGES: Final = {"accepted": "已受理", "forwarded": "已转办"}
FIELDS: Final = {
    "number": "编号",
    "place": "地点",
    "kind": "类别",
    "unit": "承办单位",
    "phone": "联系电话",
    "day": "日期",
}
#: Long but likely values, to see beforehand whether a text fits where the shortest platform cuts it off.
_SAMPLE: Final = {
    "number": "HY2026-000128",
    "place": "某某某区某某街道某某路",
    "kind": "餐饮油烟",
    "unit": "市生态环境局某某某区分局",
    "phone": "0000-8350000",
    "day": "12月28日",
}


def faults(template: str) -> tuple[str, ...]:
    """What is wrong with a template, in Chinese, for whoever writes it."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        return ("花括号没有成对，只能写 {number} 这样的空",)
    named = [(name, spec, how) for _, name, spec, how in parts if name is not None]
    unknown = [name for name, _, _ in named if name not in FIELDS]
    told = []
    if unknown:
        known = "、".join(f"{{{key}}} {name}" for key, name in FIELDS.items())
        told.append(f"不能用 {{{'}、{'.join(unknown)}}}；只能用 {known}")
    if any(spec or how for _, spec, how in named):
        told.append("空里只写名称，不加格式")
    if "number" not in {name for name, _, _ in named}:
        told.append("须写明编号 {number}：没有编号的固定文字各条相同，会被平台当作刷屏")
    if not told and weibo.length(template.format(**_SAMPLE)) > weibo.LIMITS.length:
        told.append(f"填好以后超过 {weibo.LIMITS.length} 字，微博评论发不出")
    return tuple(told)


def fill(template: str, case: Case, bureau: Bureau, day: datetime) -> str | None:
    """The text for one case; None where the record lacks a fact that the template tells."""
    unit = bureau.unit(case.unit)
    local = clock.local(day)
    values = {
        "number": case.number,
        "place": mask(without_position(case.place)) or (bureau.area_name(case.area) if case.area else ""),
        "kind": kinds.label(case.kinds[0]).removesuffix("问题") if case.kinds else "",
        "unit": unit.name if unit else "",
        "phone": (unit.phone if unit else "") or bureau.bureau.phone,
        "day": f"{local.month}月{local.day}日",
    }
    wanted = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    return template.format(**values) if all(values.get(name) for name in wanted) else None
