"""What one table of the bureau says of another: names used and not defined, doubles, texts without reviews.

Told by file and line, all at once. Reading the tables is the business of `huanyu.config`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from huanyu import mistakes
from huanyu.bureau import Bureau
from huanyu.errors import ConfigError
from huanyu.review_rows import CLASSES

Where = Callable[[str], Path]  #: the file a table was read from

#: What tells one row of a table from another, where that is not its key.
NAMED_BY = {"route": "id", "enterprise": "name", "term": "name"}


def check(where: Where, bureau: Bureau) -> None:
    """Raise ConfigError for names that one table uses and another does not define."""
    problems = _doubles(where, bureau) or [
        *_unknown_units(where, bureau),
        *_unknown_areas(where, bureau),
        *_wrong_templates(where, bureau),
        *_missing_chains(where, bureau),
    ]
    if problems:
        raise ConfigError("\n".join(problems))


def _doubles(where: Where, bureau: Bureau) -> list[str]:
    told = []
    for name, key, values in (
        ("units", "unit", [unit.key for unit in bureau.units]),
        ("routes", "route", [route.id for route in bureau.routes]),
        ("sources", "source", [source.key for source in bureau.sources]),
        ("accounts", "account", [account.key for account in bureau.accounts]),
        ("enterprises", "enterprise", [firm.name for firm in bureau.enterprises]),
        ("heat", "term", [term.name for term in bureau.heat]),
        ("bulletins", "series", [series.key for series in bureau.bulletins]),
        ("recipients", "recipient", [recipient.key for recipient in bureau.recipients]),
        ("review", "chain", [chain.key for chain in bureau.review]),
        ("occasions", "occasion", [row.key for row in bureau.occasions]),
    ):
        path = where(name)
        seen: set[str] = set()
        for number, value in enumerate(values):
            if value in seen:
                line = mistakes.line_of(
                    path.read_text(encoding="utf-8-sig"), key, number, NAMED_BY.get(key, "key")
                )
                told.append(f"{path} 第 {line} 行: {value} 重复")
            seen.add(value)
    return told


def _unknown_units(where: Where, bureau: Bureau) -> list[str]:
    departments = {unit.department for unit in bureau.units}
    keys = {unit.key for unit in bureau.units}
    routes, units = where("routes"), where("units")
    told = []
    for number, route in enumerate(bureau.routes):
        for field, names in (("department", (route.department,)), ("assist", route.assist)):
            told += [
                f"{routes} 第 {mistakes.line_of(routes.read_text(encoding='utf-8-sig'), 'route', number, field)} 行: "
                f"规则 {route.id} 的部门 {name} 在 units.toml 中没有任何单位"
                for name in names
                if name not in departments
            ]
    for number, unit in enumerate(bureau.units):
        if unit.parent and unit.parent not in keys:
            line = mistakes.line_of(units.read_text(encoding="utf-8-sig"), "unit", number, "parent")
            told.append(f"{units} 第 {line} 行: 单位 {unit.key} 的上级 {unit.parent} 不存在")
    return told


def _unknown_areas(where: Where, bureau: Bureau) -> list[str]:
    areas = {place.unit for place in bureau.places if place.level in {"county", "zone"}}
    used = (
        ("units", "unit", "area", "单位", "辖区", [(unit.key, unit.area) for unit in bureau.units]),
        (
            "enterprises",
            "enterprise",
            "unit",
            "企业",
            " unit",
            [(f.name, f.unit) for f in bureau.enterprises],
        ),
    )
    return [
        f"{path} 第 {mistakes.line_of(path.read_text(encoding='utf-8-sig'), key, number, field)} 行: "
        f"{what} {name} 的{word} {area} 不在 places.toml 中"
        for table, key, field, what, word, rows in used
        for path in [where(table)]
        for number, (name, area) in enumerate(rows)
        if area and area not in areas
    ]


def _wrong_templates(where: Where, bureau: Bureau) -> list[str]:
    """Blocks that no bulletin has, by the line of the file they stand in."""
    path = where("bulletins")
    text = path.read_text(encoding="utf-8-sig")
    told = []
    for number, series in enumerate(bureau.bulletins):
        begins = mistakes.line_of(text, "series", number, "template")
        opened = text.splitlines()[begins - 1].rstrip().endswith(('"""', "'''"))
        for line, fault in series.faults():
            told.append(
                f"{path} 第 {begins + line - (0 if opened else 1)} 行: [[series]] {series.key} 的模板: {fault}"
            )
    return told


def _missing_chains(where: Where, bureau: Bureau) -> list[str]:
    """Classes of texts without reviews: such a text would never leave, and nobody would know why."""
    missing = [
        f"{name} {key}" for key, name in CLASSES.items() if key not in {row.key for row in bureau.review}
    ]
    return [f"{where('review')}: 缺少 [[chain]] {'、'.join(missing)}"] if missing else []
