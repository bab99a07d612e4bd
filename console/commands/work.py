"""doctor, step, posts, cases: commands on a desk."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Annotated
from typing import Any

import typer

import cases.route_check
from bulletins import glyphs
from console.usage import Command
from console.usage import family
from flow import backing_up
from flow import before_upgrade
from flow import condition
from flow import cycle
from flow import factors
from flow import rejudge
from flow import rules
from flow import sampling
from flow import setting_aside
from flow import standing
from flow import table_journal
from flow.desk import Desk
from flow.known import MEMORY
from huanyu.clock import local
from huanyu.clock import now
from huanyu.config import Config
from huanyu.errors import NotFound
from huanyu.store.backups import DONE

app = family()

#: What each step does, in a word.
STEPS = MappingProxyType(
    {
        "talks": "把公众号来话立成件",
        "understand": "研判",
        "reposts": "认转载",
        "open": "立案、并件",
        "route": "派单、转办",
        "reroute": "重新核对派单",
        "incident_watch": "认突发事件",
        "recalendar": "重算时限",
        "revisits": "回访计时",
        "plan_cards": "排提醒",
        "cards": "催办、亮牌",
        "ledger_cards": "提醒台账红黄牌",
        "ledger_silent": "催报台账进展",
        "info_cards": "提醒信息公开申请的期限",
        "hand_over_watch": "查转办送到没有",
        "flash": "编发快报",
        "alarm": "告警",
        "fixed_texts": "按常设规则答复",
        "occasions": "拟日子的宣传稿",
        "draft": "拟答复",
        "sweep": "清点中断的发布",
        "read_back": "回读结果不明的",
        "doubt": "告知要人核实的",
        "accounts": "查看账号",
        "chat_notices": "给同事的 Telegram 提醒",
        "deliver": "发布、发通知",
        "look": "回看已发布的",
        "timelines": "看账号上有无不明内容",
        "bulletin": "编发简报",
        "circulate": "送简报",
        "probe": "查漏",
        "sample": "抽查",
        "expire": "清除过期原始数据",
        "seal": "封存审计",
        "evidence": "取投诉的图片",
        "backup": "按时备份",
        "letters": "收邮箱来信",
    }
)
#: States of a source of which there is nothing to be said.
SOUND = frozenset({"ok", "new", "import", "off"})
NAMED = tuple(f"{key} {told}" for key, told in STEPS.items())


@contextmanager
def desk() -> Iterator[Desk]:
    """The configured desk, closed afterwards."""
    opened = Desk.open(Config.load())
    try:
        yield opened
    finally:
        opened.close()


@app.command(cls=Command)
def doctor() -> None:
    """检查设置、各表、模型、来源和审计链; 有要注意的, 逐条说明, 退出码 1。"""
    with desk() as opened:
        print("\n".join(summary(opened.config)))
        for told in kept_before(opened):
            print(told)
        print(f"抽查: 近 {sampling.PERIOD} 天, {sampling.missed(opened, now()).told}")
        problems = [
            *rules.problems(opened.bureau),
            *cases.route_check.hint_problems(opened.bureau.hints),
            *unequipped(opened.config),
            *unproven(opened),
            *opened.store.audit.verify(),
            *opened.store.archive.damaged(),
            *opened.store.registry.gaps(),
            *unwell(opened, now()),
            *unmeasured(opened, now()),
            *outdated(opened, now()),
            *unkept(opened, now()),
            *setting_aside.warnings(opened),
            *(one.told for one in opened.store.sealed.lost()),
            *condition.left_jobs(opened, now()),
            *table_journal.warnings(opened.config),
        ]
        opened.reader.read(["检查模型"])
    for problem in problems:
        print(f"注意: {problem}")
    print(f"有 {len(problems)} 处需要注意" if problems else "一切正常")
    raise typer.Exit(1 if problems else 0)


def kept_before(opened: Desk) -> Iterator[str]:
    """The backup that was made before the last upgrade, as long as it is there."""
    rows = (one for one in opened.store.backups.listing(1000) if one.key.startswith(before_upgrade.KEY))
    last = next((one for one in rows if one.state == DONE and not one.dropped_at), None)
    if last is not None:
        yield f"升级前的备份: {last.path} ({local(last.begun_at):%Y-%m-%d %H:%M}{'' if last.verified_at else ', 还没有验证'})"


def unkept(opened: Desk, at: datetime) -> Iterator[str]:
    """What is to be said of the machine, of work that is stuck, and of backups where people work here already."""
    if not condition.has_room(opened):
        yield f"{opened.config.data_dir} 所在的盘快满了, 剩余不到 {condition.LEAST_DISK >> 20} MB"
    if not glyphs.has_fonts():
        yield "没有中文字体 (pylopdf-fonts-zh-cn), 简报和公文的 PDF 做不出来"
    if ahead := condition.clock_ahead(opened, at):
        yield f"本机时间比台账里最近一次写入早 {ahead}, 请校准时钟"
    yield from condition.stuck(opened, at)
    if opened.store.people.any_user():
        yield from backing_up.warnings(opened, at)


def unwell(opened: Desk, at: datetime) -> Iterator[str]:
    """What is to be said of the sources: those that are not read as they should be, what they miss, what was unreadable."""
    figures = standing.figures(opened, at)
    for one in standing.standings(opened):
        name, told = f"来源 {one.row.key} ({one.row.name})", figures[one.row.key]
        if one.state not in SOUND:
            since = (
                f", 自 {local(one.kept.since):%m-%d %H:%M}"
                if one.kept and one.state == one.kept.state
                else ""
            )
            yield f"{name} {one.label}{since}: {one.sentence}"
        if told.is_blind:
            yield f"{name} 覆盖不足: 近 30 天已知的 {told.known} 条帖文里只有 {told.captured} 条"
        if told.rejects:
            yield f"{name} 有 {told.rejects} 项读不懂: huanyu replay --source {one.row.key}, 或在来源页上处理"


def unmeasured(opened: Desk, at: datetime) -> Iterator[str]:
    """What is to be said of the daily sample: nobody judges it, or it shows that too much is missed."""
    found, row = sampling.missed(opened, at), opened.bureau.bureau.sample
    if found.overdue:
        yield f"抽查有 {found.overdue} 条超过 {row.overdue_days} 天没有人判"
    if found.share is not None and found.share.low > row.most_missed:
        yield f"漏判的投诉多于 {row.most_missed:.0%}: {found.told}"


def outdated(opened: Desk, at: datetime) -> Iterator[str]:
    """What is to be said of verdicts that an older model gave."""
    if count := rejudge.outdated(opened, at):
        yield (
            f"近 {MEMORY.days} 天的帖文有 {count} 条是以前的模型判的: "
            "huanyu reclassify --dry-run 先看会有哪些变化, 去掉 --dry-run 重判"
        )


def summary(config: Config) -> list[str]:
    """Which desk this is and what may leave it."""
    settings = config.settings
    here, zone = now(), now().astimezone(None)
    other = "" if zone.utcoffset() == here.utcoffset() else f"; 本机时区是 {zone:%Z}, 程序一律按北京时间"
    return [
        f"时间: {here:%Y-%m-%d %H:%M} (北京时间){other}",
        f"设置: {config.path or '没有 huanyu.toml, 全部用缺省值'}",
        f"数据: {config.data_dir}{' 和 PostgreSQL' if settings.database else ''}",
        f"官方账号: {'实发, 须有两人签署' if settings.publish_live else '演练'}; "
        f"转办邮件: {'实发' if settings.notify_live else '演练'}",
    ]


def unequipped(config: Config) -> list[str]:
    """Accounts and sources that are switched on and lack what they need."""
    bureau = config.bureau
    wanted = [
        *(
            (f"账号 {row.key}", row.secret)
            for row in bureau.accounts
            if row.enabled and row.channel != "mail"
        ),
        *((f"来源 {row.key}", row.secret) for row in bureau.sources if row.enabled),
    ]
    told = [
        f"{name} 已启用, 但密钥 {secret} 还没有填写 (写在 {config.secrets_path})"
        for name, secret in wanted
        if secret and not config.secret(secret)
    ]
    if not any(unit.short == bureau.bureau.office and unit.mail for unit in bureau.units):
        told.append(f"units.toml 中没有简称为{bureau.bureau.office}、写有邮箱的单位, 来源告警发不出去")
    if config.settings.notify_live and not config.settings.smtp_host:
        told.append("notify_live 已打开, 但没有填写 smtp_host, 转办邮件发不出去")
    return told


def unproven(opened: Desk) -> Iterator[str]:
    """What is to be said of people without a second factor while texts really leave."""
    if opened.config.settings.publish_live and opened.config.settings.second_factor == "never":
        yield "publish_live 已打开, 而 second_factor 是 never: 只凭密码就能放行和签发"
    people = [person for person in opened.store.people.users() if person.active and not person.second_factor]
    if lacking := [person.full_name for person in people if factors.is_asked_for(opened, person)]:
        yield f"还没有启用动态码, 因此不能审核、放行或签发: {'、'.join(lacking)} (本人在“我的账号”中启用)"


@app.command(cls=Command)
def step(
    name: Annotated[str, typer.Argument(metavar="步骤", help=f"all 全部 (缺省)、{'、'.join(NAMED)}")] = "all",
) -> None:
    """运行流程中的一步, 缺省为全部各一遍; 每行是步骤和处理的件数。可以随时再运行。"""
    known = (*cycle.STEPS, *cycle.SLOW)
    if name != "all" and name not in known:
        raise NotFound(f"没有 {name} 这一步, 可选: all、{'、'.join(known)}")
    with desk() as opened:
        names = known if name == "all" else (name,)
        for done, count in cycle.turn(opened, now(), names).items():
            print(f"{done} {STEPS[done]}: {count}")


@app.command(cls=Command)
def posts(
    since: Annotated[
        datetime | None, typer.Option(metavar="日期", formats=["%Y-%m-%d"], help="只要这一天起的")
    ] = None,
) -> None:
    """导出帖文和研判, 每行一个 JSON: {"post", "verdict"}。"""
    with desk() as opened:
        for post, verdict in opened.store.posts.iterate(
            since.replace(tzinfo=now().tzinfo) if since else None
        ):
            emit({"post": post, "verdict": verdict})


@app.command("cases", cls=Command)
def cases_() -> None:
    """导出案件, 每行一个 JSON。"""
    with desk() as opened:
        for case in opened.store.cases.iterate():
            emit(case)


def emit(value: object) -> None:
    print(json.dumps(plain(value), ensure_ascii=False))


def plain(value: Any) -> Any:
    """Nouns as JSON values; bytes such as signatures are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        values = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: plain(one) for name, one in values if not isinstance(one, bytes)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
