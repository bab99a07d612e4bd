"""Tells the press office by mail that a source needs a person: once when it begins, and once when it is over.

What a source's state is, is decided in crawler.health; what becomes of a mail on its way, in publisher.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import structlog

from cases.forms import ACCOUNT
from flow.desk import Desk
from huanyu.bureau import SourceRow
from huanyu.bureau import UnitRow
from huanyu.clock import local
from huanyu.store.audit import SYSTEM
from huanyu.text import prose
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import SourceState

log = structlog.get_logger()

INTERNAL = "internal"  #: purpose of a mail that stays in the house
TOLD = (
    "alarm/"  #: setting of this name and the source's key: the episode that was told of, "" when it is over
)
WELL = "ok"
FAILURES = 3  # one failed visit is a hiccup

STATE_LABEL: Mapping[str, str] = MappingProxyType(
    {
        "ok": "正常",
        "slow": "偏慢",
        "wall": "被拦",
        "login_needed": "需登录",
        "robots_closed": "robots 不许",
        "silent": "无新内容",
        "failing": "读取失败",
        "paused": "已暂停",
    }
)
#: What a person does about each state that needs one.
ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "login_needed": "请管理员更换这个来源的令牌或 Cookie，写进密钥文件（邮箱是密码或授权码），再到来源页点“立即读取”。",
        "wall": "程序已经停下，不会硬闯，过一阵自己再试。连续几天如此，请调大间隔，或与网站联系取得许可。",
        "robots_closed": "请与网站联系；取得书面许可后写进来源设置的 permission，或者停用这个来源。",
        "silent": "请打开网站看一眼：真的没有消息，还是页面改版、版块换了地址。",
        "failing": "请看来源页上读不懂的内容；多半是网站改版或停了服务，请联系维护的人。",
    }
)


def alarm(desk: Desk, now: datetime) -> int:
    """Mail the press office about every source that has come to need a person, or is well again; returns how many."""
    office = press_office(desk)
    if office is None:
        return 0
    paused = desk.store.sources.paused()
    states = {state.source: state for state in desk.store.sources.states() if state.source not in paused}
    rows = [
        row for row in desk.bureau.sources if row.enabled and row.spider != "import" and row.key in states
    ]
    return sum(_tell(desk, row, states[row.key], office, now) for row in rows)


def press_office(desk: Desk) -> UnitRow | None:
    """The press office as a unit with a mailbox; None where units.toml has none."""
    name = desk.bureau.bureau.office
    return next((unit for unit in desk.bureau.units if unit.short == name and unit.mail), None)


def needs_person(state: SourceState) -> bool:
    """Whether waiting does not help here."""
    return state.state in ADVICE and (state.state != "failing" or state.failures >= FAILURES)


def bad_news(row: SourceRow, state: SourceState) -> tuple[str, str]:
    """Title and text of the mail that says what is the matter and what to do."""
    label = STATE_LABEL[state.state]
    parts = [
        f"来源“{row.name}”自{_moment(state.since)}起：{label}。",
        f"原因：{prose(state.sentence)}",
        f"最近一次正常读取：{_moment(state.last_ok) if state.last_ok else '还没有过'}。",
        "在此期间，它的新内容可能进不了舆情台，请先用别的办法留意。",
        f"怎么办：{ADVICE[state.state]}",
        "",
        "恢复正常后会再来信告知；在此之前不再重复提醒。",
    ]
    return f"【来源告警】{row.name}：{label}", "\n".join(parts)


def good_news(row: SourceRow, state: SourceState, told: str) -> tuple[str, str]:
    """Title and text of the mail that says it is over; `told` is the episode it ends."""
    label, _, since = told.partition(":")
    parts = [
        f"来源“{row.name}”自{_moment(state.since)}起恢复正常。",
        f"此前{_since(since)}：{STATE_LABEL.get(label, '故障')}。",
        "中断期间的内容，程序会从上次读到的地方补读；网站上已经删除的补不回来，要紧的日子请人工看一眼。",
    ]
    return f"【来源恢复】{row.name}", "\n".join(parts)


def _tell(desk: Desk, row: SourceRow, state: SourceState, office: UnitRow, now: datetime) -> bool:
    episode = f"{state.state}:{state.since.isoformat()}"
    told = desk.store.settings.get(TOLD + row.key) or ""
    if needs_person(state) and told != episode:
        (title, text), after = bad_news(row, state), episode
    elif state.state == WELL and told:
        (title, text), after = good_news(row, state, told), ""
    else:
        return False
    draft = _mail(desk, row, office, title, text)
    key = f"alarm:{row.key}:{episode}"
    added = desk.store.outbox.add(draft, key, MessageState.APPROVED, SYSTEM, now)
    desk.store.settings.put(TOLD + row.key, after, now)
    log.info("alarm", source=row.key, state=state.state)
    return added is not None


def _mail(desk: Desk, row: SourceRow, office: UnitRow, title: str, text: str) -> Draft:
    """Under the standing rule for the house's own mail: a fixed text that nobody needs to approve."""
    return Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=INTERNAL,
        title=title,
        text=f"{office.name}：\n\n{text}",
        recipient=office.mail,
        link=f"{desk.config.settings.console_url.rstrip('/')}/sources/{row.key}",
    )


def _since(told: str) -> str:
    """Of an episode whose begin cannot be read: without it."""
    try:
        return f"自{_moment(datetime.fromisoformat(told))}起"
    except ValueError:
        return ""


def _moment(moment: datetime) -> str:
    here = local(moment)
    return f"{here.month}月{here.day}日{here:%H:%M}"
