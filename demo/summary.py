"""What the demo made, told in one table, with the addresses to look at."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

from rich.console import Console
from rich.table import Table

from cases.lifecycle import LABEL
from demo.desk import Platforms
from demo.platforms.folder import FolderServer
from flow.desk import Desk
from huanyu.types import MessageState


class Played(Protocol):
    """What the summary looks at."""

    platforms: Platforms
    pages: FolderServer

    @property
    def desk(self) -> Desk: ...

    @property
    def told(self) -> str: ...


def tell(out: Console, show: Played) -> None:
    """Posts, complaints, cases by state, messages by state, bulletins, sources, and where to look."""
    store = show.desk.store
    out.print(_table("帖文", _posts(show.desk)))
    out.print(_table("案件", Counter(LABEL[case.state] for case in store.cases.iterate())))
    out.print(_table("发布与转办", _messages(show.desk)))
    out.print(_table("来源", {row.key: _state(show.desk, row.key) for row in show.desk.bureau.sources}))
    issues = [
        f"{_series(show.desk, one.series)}第{one.number}期 ({one.day:%m-%d})"
        for one in store.bulletins.listing()
    ]
    out.print(f"简报 {len(issues)} 期: {'、'.join(issues)}", highlight=False)
    case = store.cases.by_number(show.told)
    console = show.desk.config.settings.console_url
    out.print(f"第一章的群聊线索 {case.number} 从头到尾: {console}/cases/{case.id}", highlight=False)
    for name, url in (
        ("模拟微博", show.platforms.weibo.url),
        ("模拟微信公众号", show.platforms.wechat.url),
        ("模拟 Telegram", show.platforms.telegram.url),
        ("模拟邮箱", show.platforms.mail.url),
        ("局网站公开页", show.pages.url),
    ):
        out.print(f"{name}: {url}/", highlight=False)


def _posts(desk: Desk) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for _, verdict in desk.store.posts.iterate():
        counts["全部"] += 1
        if verdict is not None and verdict.is_complaint:
            counts["投诉"] += 1
            counts["其中紧急"] += verdict.urgent
            counts["其中外地"] += verdict.out_of_town
    return dict(counts) | {"留待处理": len(desk.store.posts.rejects())}


def _messages(desk: Desk) -> dict[str, int]:
    found = desk.store.outbox.listing(limit=100_000)
    names = {"reply": "答复", "notice": "转办", "internal": "内部提醒"}
    shown = {
        MessageState.SENT: "已发出",
        MessageState.DRAFT: "待审核",
        MessageState.APPROVED: "待发布",
        MessageState.RETURNED: "退回",
        MessageState.UNKNOWN: "结果不明, 待人工核实",
        MessageState.CANCELLED: "已取消",
        MessageState.REFUSED: "拒绝",
    }
    return Counter(
        f"{names.get(one.purpose, one.purpose)} {shown.get(one.state, one.state.value)}" for one in found
    )


def _series(desk: Desk, key: str) -> str:
    found = desk.bureau.series(key)
    return found.name if found else key


def _state(desk: Desk, key: str) -> str:
    state = desk.store.sources.state(key)
    return f"{state.state} {state.sentence}" if state else "由文件导入"


def _table(title: str, rows: dict[str, int] | dict[str, str] | Counter[str]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in rows.items():
        table.add_row(name, str(value))
    return table
