"""bulletin waiting, draft, remark, sign, withdraw, correct, retry: what a person does with an issue, from a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

import bulletins.render_html
from console import sessions
from console.commands.people import asked
from console.commands.work import desk
from console.throttle import Throttle
from flow import circulation
from flow import factors
from flow import papers
from flow import redelivery
from flow import unsigned
from flow.desk import Desk
from flow.issues import Subject
from huanyu.clock import local
from huanyu.clock import now
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.text import prose
from huanyu.types import Delivery
from huanyu.types import MessageState
from huanyu.types import StoredBulletin
from huanyu.types import User

DAYS = ["%Y-%m-%d"]
KINDS = {"研判": "judgement", "建议": "advice", **{key: key for key in papers.REMARKS}}

By = Annotated[
    str,
    typer.Option(
        metavar="用户名", help="谁做的: 控制台的用户名, 须有签发的权限; 密码 (及动态码) 从终端或标准输入读取"
    ),
]
Number = Annotated[int, typer.Argument(metavar="序号", help="编发时打印的序号, 也是控制台地址中的数字")]
Series = Annotated[
    str, typer.Argument(metavar="系列", help="bulletins.toml 中的键, 如 weekly、brief、special")
]
Day = Annotated[
    datetime | None,
    typer.Option(metavar="日期", formats=DAYS, help="周报、月报等: 时段中的任何一天; 缺省为今天"),
]
Cases = Annotated[list[str] | None, typer.Option("--case", metavar="编号", help="简报: 受理编号, 可写多次")]
SearchName = Annotated[str, typer.Option(metavar="名称", help="专报: 存好的检索条件")]
Since = Annotated[datetime | None, typer.Option(metavar="日期", formats=DAYS, help="专报: 从哪一天起")]
Until = Annotated[
    datetime | None, typer.Option(metavar="日期", formats=DAYS, help="专报: 到哪一天止, 含当天; 缺省为今天")
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an issue is to be about, as the options of a command say."""

    series: str
    day: datetime | None
    cases: tuple[str, ...]
    search: str
    since: datetime | None
    until: datetime | None

    def subject(self, opened: Desk, today: date) -> Subject:
        """Raises NotFound, BadInput."""
        if self.cases:
            ids = [id_of(opened, number) for number in self.cases]
            return papers.about(opened, self.series, today, papers.cases_scope(opened, ids))
        if self.search:
            until = self.until.date() if self.until else today
            since = self.since.date() if self.since else until
            scope = papers.search_scope(opened, search_of(opened, self.search), since, until, today)
            return papers.about(opened, self.series, today, scope)
        return papers.about(opened, self.series, self.day.date() if self.day else today)


def wanted(
    series: str,
    day: datetime | None,
    case: list[str] | None,
    search: str,
    since: datetime | None,
    until: datetime | None,
) -> Wanted:
    return Wanted(series, day, tuple(case or ()), search, since, until)


def id_of(opened: Desk, number: str) -> int:
    """The case with that number; raises NotFound."""
    found = opened.store.cases.listing(text=number.strip(), limit=50)
    case = next((one for one in found if one.number == number.strip()), None)
    if case is None:
        raise NotFound(f"没有受理编号为 {number} 的案件")
    return case.id


def search_of(opened: Desk, name: str) -> int:
    """The saved search of that name; raises NotFound."""
    known = {one.name: one.id for one in opened.store.writing.searches()}
    if name not in known:
        raise NotFound(f"没有名为 {name} 的检索条件, 现有: {'、'.join(known) or '无'}")
    return known[name]


def signer(opened: Desk, name: str) -> User:
    """The person who acts, by name and password; raises NotAllowed."""
    found = opened.store.people.user(name)
    person, hashed = found or (None, None)
    if not sessions.matches(Throttle(), hashed, asked()) or person is None or not person.active:
        raise NotAllowed("用户名或密码不对")
    if person.must_change:
        raise NotAllowed("初始密码还没有改, 请先在控制台登录一次")
    if person.second_factor:
        shown = factors.proof(opened, person, asked("动态码或恢复码: "), now())
        opened.store.factors.spend(person.id, shown, "cli", actor=person.name, now=now())
    return factors.present(opened, person, now())


def waiting() -> None:
    """列出等待签发的和在编的各期。"""
    with desk() as opened:
        found, coming = unsigned.asked(opened), unsigned.coming(opened, now())
        issued = opened.store.archive.unsigned()
    for one in found:
        told = one.asked
        print(f"送签: {one.about.series.name} {one.name}{f' ({told.author}: {told.text})' if told else ''}")
    for made in issued:
        print(f"待签发: 序号 {made.id} {made.series_name}{made.year}年第{made.number}期 {made.title}")
    for one in coming:
        when = f"{local(one.comes_at):%Y-%m-%d %H:%M} 自动编发" if one.comes_at else "签发时编号"
        typed = "".join(f", 有{papers.REMARKS[remark.kind]}" for remark in one.remarks)
        print(f"在编: {one.about.series.key} {one.about.series.name} {one.name} ({when}{typed})")
    if not (found or issued or coming):
        print("没有等待签发的")


def draft(
    series: Series,
    day: Day = None,
    case: Cases = None,
    search: SearchName = "",
    since: Since = None,
    until: Until = None,
    out: Annotated[Path | None, typer.Option(metavar="文件", help="另存样稿 (HTML)")] = None,
) -> None:
    """看样稿: 现在编会写些什么; 不编号, 不保存。

    例: huanyu bulletin draft special --search 夜间噪声 --since 2026-03-01 --until 2026-03-05
    """
    asked_for, at = wanted(series, day, case, search, since, until), now()
    with desk() as opened:
        made = papers.proof(opened, asked_for.subject(opened, at.date()), at).made
    print(f"{made.series_name}样稿: {made.title}")
    for part in made.sections:
        print(f"\n{part.heading}")
        for one in part.sentences:
            print(f"  {one.text.strip()}")
        for line in part.items:
            print(f"  {line.number} {line.title} ({line.unit}, {line.state})")
    if out is not None:
        out.write_bytes(bulletins.render_html.render(made))
        print(f"\n{out}")


def remark(
    series: Series,
    kind: Annotated[str, typer.Option(metavar="种类", help="研判 或 建议")],
    text: Annotated[str, typer.Option(metavar="文字", help="写空的即撤回")],
    by: By,
    day: Day = None,
    case: Cases = None,
    search: SearchName = "",
    since: Since = None,
    until: Until = None,
) -> None:
    """给还没有编发的一期写研判或建议, 印上写的人的姓名。

    例: huanyu bulletin remark weekly --kind 研判 --text 夜间噪声占三成。 --by xuanjiao
    """
    if kind not in KINDS:
        raise BadInput(f"--kind 写研判或建议, 不是 {kind}")
    asked_for, at = wanted(series, day, case, search, since, until), now()
    with desk() as opened:
        person, about = signer(opened, by), asked_for.subject(opened, at.date())
        last = about.period.last
        papers.remark(opened, person, series, last, KINDS[kind], text, at, scope=about.scope)
    said = f"{papers.REMARKS[KINDS[kind]]}{'已记下' if text.strip() else '已撤回'}"
    print(f"{about.series.name} {unsigned.name_of(about)}: {said} ({person.full_name})")


def sign(
    what: Annotated[
        str, typer.Argument(metavar="序号或系列", help="已编好的写序号; 签发时才编号的写系列和下面的选项")
    ],
    by: By,
    day: Day = None,
    case: Cases = None,
    search: SearchName = "",
    since: Since = None,
    until: Until = None,
) -> None:
    """签发并印发: 编好的一期, 或者选定事项的简报、按检索条件的专报, 签发时编号。

    例: huanyu bulletin sign 12 --by juzhang
    例: huanyu bulletin sign brief --case HY2026-000003 --case HY2026-000005 --by juzhang
    例: huanyu bulletin sign special --search 夜间噪声 --since 2026-03-01 --until 2026-03-05 --by juzhang
    """
    asked_for, at = wanted(what, day, case, search, since, until), now()
    with desk() as opened:
        person = signer(opened, by)
        if what.isdecimal():
            circulation.sign(opened, person, int(what), at)
            made = opened.store.bulletins.get(int(what))
        else:
            about = asked_for.subject(opened, at.date())
            if (
                about.series.compiled == "by_itself"
                and not about.anew
                and (out := _issued(opened, about)) is not None
            ):
                raise BadInput(f"{about.series.name}到时自动编号, 请写序号签发: {out.id}")
            made = papers.sign(opened, person, about, at)
        sent = opened.store.archive.standing(made.id).deliveries
    print(f"{named(made)} 序号 {made.id}: 已由{person.full_name}签发, 送 {len(sent)} 份")


def _issued(opened: Desk, about: Subject) -> StoredBulletin | None:
    return opened.store.bulletins.by_day(about.series.key, about.period.last)


def withdraw(
    number: Number,
    reason: Annotated[str, typer.Option(metavar="原因", help="会告诉收到过的人; 4 到 500 字")],
    by: By,
) -> None:
    """撤回一期: 原件留档、标明已撤回, 期号不再使用, 收到过的人会得到通知。"""
    with desk() as opened:
        person = signer(opened, by)
        circulation.withdraw(opened, person, number, reason, now())
        made = opened.store.bulletins.get(number)
    print(f"{named(made)} 已撤回")


def correct(
    number: Number,
    figure: Annotated[
        str, typer.Option(metavar="键", help="哪个数字: 印在末页“数据出处”里, 也见核对数字一页")
    ],
    value: Annotated[int, typer.Option(metavar="数", help="正确的数")],
    why: Annotated[str, typer.Option(metavar="原因", help="会随更正送出; 4 到 500 字")],
    by: By,
) -> None:
    """更正一个印错的数: 编号、署名, 送给收到过这一期的人; 原件不改。

    例: huanyu bulletin correct 12 --figure cases_opened --value 9 --why 前一晚有一件漏录 --by xuanjiao
    """
    with desk() as opened:
        person = signer(opened, by)
        done = circulation.correct(opened, person, number, figure, value, why, now())
        made = opened.store.bulletins.get(number)
    print(
        f"{named(made)}更正{done.number}: {done.label} {done.printed}{done.unit} 改为 {done.correct}{done.unit}"
    )


def deliveries(
    number: Number,
    retry: Annotated[int, typer.Option(metavar="投送号", help="把没有送到的这一份再送一次")] = 0,
    by: Annotated[str, typer.Option(metavar="用户名", help="再送时写: 谁要再送, 密码同上")] = "",
) -> None:
    """一期送给了谁, 送到没有, 谁打开过。

    例: huanyu bulletin deliveries 12
    例: huanyu bulletin deliveries 12 --retry 3 --by xuanjiao
    """
    if retry and not by:
        raise BadInput("再送要写 --by 用户名")
    with desk() as opened:
        if retry:
            redelivery.retry(opened, signer(opened, by), retry, now())
        standing = opened.store.archive.standing(number)
    opens = {one.reader: one.at for one in standing.opened}
    if standing.withdrawn:
        print(f"本期已撤回: {standing.withdrawn.note}")
    for one in standing.deliveries:
        print(f"投送 {one.id}: {one.name} {one.address} {become(one, opens)}")
    for reader, at in opens.items():
        print(f"打开: {reader} {local(at):%Y-%m-%d %H:%M}")
    if not standing.deliveries:
        print("还没有送出")


def become(one: Delivery, opens: dict[str, datetime]) -> str:
    """What became of a delivery, in a few words."""
    if one.state is None:
        return "控制台, 已读" if one.address in opens else "控制台, 未读"
    told = {
        MessageState.SENT: "已发出",
        MessageState.REHEARSED: "已演练",
        MessageState.REFUSED: "没有送到",
        MessageState.UNKNOWN: "结果不明, 请先核实",
        MessageState.SENDING: "发送中",
    }
    note = f" ({prose(one.note)})" if one.note else ""
    return f"{told.get(one.state, '等待再试' if one.attempts else '待送出')}{note}"


def named(made: StoredBulletin) -> str:
    """《舆情简报》2026年第3期"""
    return f"《{made.bulletin.series_name}》{made.bulletin.year}年第{made.bulletin.number}期"
