"""What one table of the bureau says of another: names used and not defined, doubles, texts without reviews.

Told by file and line, all at once. Reading the tables is the business of `huanyu.config`.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

from huanyu import mistakes
from huanyu.bureau import Bureau
from huanyu.errors import ConfigError
from huanyu.handling_rows import LocalLawRow
from huanyu.handling_rows import RouteRow
from huanyu.kinds import LEAVES
from huanyu.review_rows import CLASSES
from huanyu.types import SourceKind

Where = Callable[[str], Path]  #: the file a table was read from

#: Channels whose accounts are robots of a work chat.
CHATS = frozenset({"wecom", "dingtalk", "feishu"})
#: What tells one row of a table from another, where that is not its key.
NAMED_BY = {
    "route": "id",
    "clock": "id",
    "enterprise": "name",
    "term": "name",
    "campaign": "name",
    "media": "name",
}


def check(where: Where, bureau: Bureau) -> None:
    """Raise ConfigError for names that one table uses and another does not define."""
    problems = _doubles(where, bureau) or [
        *_unknown_units(where, bureau),
        *_unknown_areas(where, bureau),
        *_wrong_templates(where, bureau),
        *_missing_chains(where, bureau),
        *_unknown_towns(where, bureau),
        *_unknown_types(where, bureau),
        *_strange_limits(where, bureau),
        *_unknown_listeners(where, bureau),
        *_unknown_ways(where, bureau),
    ]
    if problems:
        raise ConfigError("\n".join(problems))


def check_laws(where: Where, routes: Sequence[RouteRow], laws: Sequence[LocalLawRow]) -> None:
    """Raise ConfigError for ordinances of rules that there are not: nobody would ever read them."""
    path, known = where("local_law"), {row.id for row in routes}
    text = path.read_text(encoding="utf-8-sig")
    problems = [
        f"{path} 第 {mistakes.line_of(text, 'law', number, 'rule')} 行: routes.toml 中没有规则 {row.rule}"
        for number, row in enumerate(laws)
        if row.rule not in known
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
        ("campaigns", "campaign", [row.name for row in bureau.campaigns]),
        ("media", "media", [row.name for row in bureau.media]),
        ("measures", "measure", [row.key for row in bureau.measures]),
        ("bases", "basis", [row.key for row in bureau.bases]),
        ("forms", "form", [row.key for row in bureau.forms]),
        ("forms", "form", [row.mark for row in bureau.forms]),
        ("item_types", "type", [row.key for row in bureau.item_types]),
        ("channels", "channel", [row.key for row in bureau.channels]),
        ("reasons", "reason", [row.key for row in bureau.reasons]),
        ("clocks", "clock", [row.id for row in bureau.clocks if row.id]),
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
        robot = bureau.account(unit.robot) if unit.robot else None
        if unit.robot and (robot is None or robot.channel not in CHATS):
            line = mistakes.line_of(units.read_text(encoding="utf-8-sig"), "unit", number, "robot")
            told.append(
                f"{units} 第 {line} 行: 单位 {unit.key} 的 robot {unit.robot} 不是 accounts.toml 中的群机器人"
            )
    return told


def _unknown_areas(where: Where, bureau: Bureau) -> list[str]:
    areas = set(bureau.areas())
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


def _unknown_towns(where: Where, bureau: Bureau) -> list[str]:
    """Units of a township that places.toml does not have in their area, or of one that another unit has already."""
    path = where("units")
    towns = {(place.name, place.unit) for place in bureau.places if place.level == "township"}
    told, taken = [], set()
    for number, unit in enumerate(bureau.units):
        if not unit.place:
            continue
        here = (unit.department, unit.place, unit.area, unit.valid_from)
        if (unit.place, unit.area) in towns and here not in taken:
            taken.add(here)
            continue
        line = mistakes.line_of(path.read_text(encoding="utf-8-sig"), "unit", number, "place")
        wrong = "已有别的单位" if here in taken else "不在 places.toml 的这个辖区中"
        told.append(f"{path} 第 {line} 行: 单位 {unit.key} 的乡镇（街道） {unit.place} {wrong}")
    return told


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


def _unknown_types(where: Where, bureau: Bureau) -> list[str]:
    """Channels whose items are of a type nobody has described."""
    path, known = where("channels"), {row.key for row in bureau.item_types}
    return [
        f"{path} 第 {mistakes.line_of(path.read_text(encoding='utf-8-sig'), 'channel', number, 'type')} 行: "
        f"渠道 {row.key} 的事项类型 {row.type} 不在 item_types.toml 中"
        for number, row in enumerate(bureau.channels)
        if row.type not in known
    ]


def _strange_limits(where: Where, bureau: Bureau) -> list[str]:
    """Limits for channels and types of items that there are not: such a row would never count."""
    path = where("clocks")
    known = (
        ("channels", "渠道", {row.key for row in bureau.channels} | {str(kind) for kind in SourceKind}),
        ("types", "事项类型", {row.key for row in bureau.item_types}),
        ("campaigns", "专项行动", {row.name for row in bureau.campaigns}),
        ("matters", "污染类型", {*LEAVES, *(leaf.partition(".")[0] for leaf in LEAVES)}),
        (
            "dated",
            "日期项目",
            {asked.key for row in bureau.item_types for asked in row.fields if asked.kind == "date"},
        ),
    )
    return [
        f"{path} 第 {mistakes.line_of(path.read_text(encoding='utf-8-sig'), 'clock', number, field)} 行: "
        f"{row.label} 的{word} {name} 没有定义"
        for number, row in enumerate(bureau.clocks)
        for field, word, names in known
        for name in getattr(row, field)
        if name not in names
    ]


def _unknown_listeners(where: Where, bureau: Bureau) -> list[str]:
    """Accounts that are to listen and are none of their platform, channels of theirs that there are not."""
    path, talk = where("talk"), bureau.talk
    text, known = path.read_text(encoding="utf-8-sig"), {row.key for row in bureau.channels}
    told = []
    for platform, key, channel in (
        ("wechat", talk.wechat, talk.wechat_channel),
        ("telegram", talk.telegram, talk.telegram_channel),
    ):
        account = bureau.account(key)
        if key and (account is None or account.channel != platform):
            line = mistakes.line_of(text, platform, None, platform)
            told.append(f"{path} 第 {line} 行: {platform} {key} 不是 accounts.toml 中的这种账号")
        if key and channel not in known:
            line = mistakes.line_of(text, f"{platform}_channel", None, f"{platform}_channel")
            told.append(f"{path} 第 {line} 行: {platform}_channel {channel} 不在 channels.toml 中")
    return told


def _unknown_ways(where: Where, bureau: Bureau) -> list[str]:
    """Channels that a form of 快速登记 offers and nobody has described."""
    path, known = where("entries"), {row.key for row in bureau.channels}
    text = path.read_text(encoding="utf-8-sig")
    return [
        f"{path} 第 {mistakes.line_of(text, 'form', number, 'channels')} 行: 表单 {row.key} 的渠道 {name} 不在 channels.toml 中"
        for number, row in enumerate(bureau.entries.form)
        for name in row.channels
        if name not in known
    ]
