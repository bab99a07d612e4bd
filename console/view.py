"""Templates and the Chinese words around values: labels, times, remaining time."""

from __future__ import annotations

import re
from datetime import date
from datetime import datetime
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from fastapi import Request
from jinja2 import pass_context
from jinja2.runtime import Context
from starlette.responses import Response
from starlette.templating import Jinja2Templates

import cases.happened
import cases.lifecycle
import publisher.afterwards
import publisher.correction
from console import audit_words
from console import marks
from console import table_words
from console.unit_options import unit_options
from flow import permits
from flow import row_corrections
from flow import standing
from flow import switches
from flow.desk import Desk
from huanyu.clock import local
from huanyu.kinds import KIND_LABEL
from huanyu.redact import mask
from huanyu.source_words import SOURCE_LABEL
from huanyu.store import RejectHead
from huanyu.text import prose
from huanyu.text import shorten
from huanyu.types import MessageState
from huanyu.types import User

TEMPLATES = Jinja2Templates(directory=Path(__file__).resolve().parent / "templates")

#: What comes from no source of the table.
OWN_SOURCES = {"register": "本局登记", "grid": "网格名单"}
TYPES = {
    "complaint": "投诉举报",
    "question": "咨询建议",
    "publicity": "宣传报道",
    "opinion": "议论感受",
    "other_request": "其他诉求",
    "other": "无关",
}
MOODS = {"negative": "负面", "neutral": "中性", "positive": "正面"}
MESSAGE_STATES = {
    MessageState.DRAFT: "待审核",
    MessageState.RETURNED: "退回修改",
    MessageState.APPROVED: "待发布",
    MessageState.SENDING: "发布中",
    MessageState.HANDED: "待人工发布",
    MessageState.SENT: "已发布",
    MessageState.REHEARSED: "已演练",
    MessageState.REFUSED: "没有发出",
    MessageState.UNKNOWN: "结果不明",
    MessageState.CANCELLED: "已取消",
}
CHANNELS = {
    "site": "局网站",
    "weibo": "微博",
    "wechat": "微信",
    "telegram": "Telegram",
    "mail": "邮件",
    "discuz": "论坛",
    "export": "报台供稿",
    "chat": "工作群",
    "wecom": "企业微信",
    "dingtalk": "钉钉",
    "feishu": "飞书",
    "console": "控制台",
}
PURPOSES = {
    "reply": "公开答复",
    "press": "宣传发布",
    "notice": "转办通知",
    "reminder": "催办提醒",
    "internal": "内部提醒",
    "staff": "同事提醒",
    "receipt": "来信回执",
    "bulletin": "简报",
}
QUOTED = re.compile("“[^”]*”?")
QUOTING = frozenset(
    {"import", "item", "letter"}
)  #: what kept items are read again by whose reasons quote them
UNTOLD = "导入的这一行有错，错在哪里只有宣教科可以查看"
MEDIA = {"html": "网页", "json": "数据（JSON）", "xml": "订阅（XML）", "text/": "文字", "image/": "图片"}
KEPT = 4000  #: excerpts remembered: lists show the same posts and cases all day, and masking is most of their cost
AHEAD, TAIL = 64, 48  # characters beyond an excerpt: looked at, and of these never shown
WEEKDAYS = "一二三四五六日"
CLOCKS = {
    "accept": "受理",
    "first_response": "首次回应",
    "press": "新闻发布",
    "inform": "受理告知",
    "handling": "办结",
    "sign": "签收",
    "arrive": "到场",
    "check": "核查",
    "opinion": "协办意见",
    "rectify": "整改复查",
    "revisit": "回访",
    "reexamine": "信访复查",
    "reverify": "信访复核",
}
SOURCE_COLOURS = {
    "ok": "success",
    "slow": "warning",
    "wall": "danger",
    "login_needed": "danger",
    "robots_closed": "danger",
    "silent": "warning",
    "failing": "danger",
}
COPY_COLOURS = {
    "waiting": "azure",
    "live": "green",
    "changed": "red",
    "gone": "red",
    "unseen": "secondary",
    "corrected": "orange",
    "withdrawn": "secondary",
}
DOTS = {"success": "green", "warning": "yellow", "danger": "red", "secondary": "secondary"}
MESSAGE_COLOURS = {
    MessageState.DRAFT: "orange",
    MessageState.RETURNED: "yellow",
    MessageState.APPROVED: "azure",
    MessageState.SENDING: "azure",
    MessageState.HANDED: "orange",
    MessageState.SENT: "green",
    MessageState.REHEARSED: "cyan",
    MessageState.REFUSED: "red",
    MessageState.UNKNOWN: "red",
    MessageState.CANCELLED: "secondary",
}
STATE_COLOURS = {
    "pending": "azure",
    "accepted": "azure",
    "assigned": "indigo",
    "signed": "blue",
    "onsite": "blue",
    "reported": "cyan",
    "handled": "cyan",
    "replying": "orange",
    "answered": "green",
    "interim": "yellow",
    "visited": "green",
    "closed": "secondary",
    "refused": "secondary",
    "transferred": "secondary",
    "joined": "secondary",
    "returned": "yellow",
    "paused": "yellow",
}


def page(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """Render one template with what every page shows around it."""
    user = getattr(request.state, "user", None)
    desk: Desk = request.app.state.desk
    with desk.store.looking():
        frame = _frame(request, desk, user, status)
    return TEMPLATES.TemplateResponse(request, template, frame | values, status_code=status)


def bare(request: Request, template: str, status: int, **values: object) -> Response:
    """Render a template without menu and name, of nothing that the store would have to be asked for."""
    desk: Desk = request.app.state.desk
    frame = {"user": None, "path": request.url.path, "now": request.app.state.now(), "status": status}
    frame["bureau"] = desk.bureau.bureau
    return TEMPLATES.TemplateResponse(request, template, frame | values, status_code=status)


def _frame(request: Request, desk: Desk, user: User | None, status: int) -> dict[str, object]:
    unit = desk.bureau.unit(user.unit) if user else None
    return {
        "user": user,
        "user_unit": unit.short if unit else "",
        "bureau": desk.bureau.bureau,
        "areas_called": desk.bureau.areas_called(),
        "live": switches.is_live(desk),
        "stopped": switches.is_stopped(desk),
        "freeze": switches.freeze(desk),
        "path": request.url.path,
        "needs_factor": user is not None and any(permits.may(user, action) for action in user.locked),
        "may": (lambda action: user is not None and permits.may(user, action)),
        "now": request.app.state.now(),
        "status": status,
        "who": desk.store.people.names() if user else {},
    }


def when(moment: datetime | None) -> str:
    """A moment as the desk writes it: 2026-03-05 10:22."""
    return local(moment).strftime("%Y-%m-%d %H:%M") if moment else "—"


def day(moment: date) -> str:
    """A day in a heading: 3月5日 星期四."""
    return f"{moment.month}月{moment.day}日 星期{WEEKDAYS[moment.weekday()]}"


@pass_context
def short_when(context: Context, moment: datetime | None) -> str:
    """Day and time; the year, too, where the page is of another one or, in a macro without context, of none known."""
    if moment is None:
        return "—"
    here, now = local(moment), context.get("now")
    same = isinstance(now, datetime) and local(now).year == here.year
    return here.strftime("%m-%d %H:%M" if same else "%Y-%m-%d %H:%M")


def field_time(moment: datetime) -> str:
    """A moment as a browser's field for day and time wants it."""
    return local(moment).strftime("%Y-%m-%dT%H:%M")


def left(due: datetime, now: datetime) -> str:
    """Time to a limit in words: 还剩 3 小时, 已超 2 天."""
    seconds = (due - now).total_seconds()
    hours = abs(seconds) / 3600
    amount = (
        f"{hours / 24:.0f} 天"
        if hours >= 48
        else f"{hours:.0f} 小时"
        if hours >= 1
        else f"{hours * 60:.0f} 分钟"
    )
    return f"还剩 {amount}" if seconds >= 0 else f"已超 {amount}"


def span(length: timedelta) -> str:
    """A length of time in words: 40 秒, 12 分钟, 3 小时, 2.5 天."""
    seconds = length.total_seconds()
    if seconds < 60:
        return f"{seconds:.0f} 秒"
    if seconds < 5400:
        return f"{seconds / 60:.0f} 分钟"
    return f"{seconds / 3600:.0f} 小时" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} 天"


def size(count: int) -> str:
    """Bytes in words: 820 字节, 12 KB, 1.4 MB."""
    if count < 1000:
        return f"{count} 字节"
    return f"{count / 1000:.0f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def media(told: str) -> str:
    """What a body is, in words: 网页, 数据（JSON）."""
    return next((name for part, name in MEDIA.items() if part in told.lower()), "类型不明")


def web(address: str) -> str:
    """An address that may stand behind a link; "" for anything a browser would run or open from its own disk."""
    return address if address.startswith(("https://", "http://")) else ""


@lru_cache(maxsize=KEPT)
def excerpt(text: str, limit: int) -> str:
    """At most `limit` characters with personal data starred; only the head of a long text is looked at.

    What the cut may have halved, such as a telephone number nobody would know any more, is left off with TAIL.
    """
    if len(text) <= limit + AHEAD:
        return shorten(mask(text), limit)
    shown = shorten(mask(text[: limit + AHEAD])[:-TAIL], limit)
    return shown if shown.endswith("…") else f"{shown}…"


def unquoted(sentence: str) -> str:
    """A sentence without what it quotes: a cell of a row that has slipped sideways may be somebody's name."""
    return QUOTED.sub("“……”", sentence)


def reason(reject: RejectHead, named: bool) -> str:
    """Why an item cannot be read; cells of a row that may name people are for those alone who may know them (`named`)."""
    if named:
        return reject.reason
    if reject.callback in QUOTING:
        return unquoted(reject.reason)
    return UNTOLD if row_corrections.names_people(reject) else reject.reason


def urgency(due: datetime, now: datetime) -> str:
    """Colour of a clock: red after, yellow within a day, green before."""
    hours = (due - now).total_seconds() / 3600
    return "danger" if hours < 0 else "warning" if hours < 24 else "success"


TEMPLATES.env.filters.update(
    when=when,
    short_when=short_when,
    kind=lambda code: KIND_LABEL.get(code, code),
    kinds=lambda codes: "、".join(KIND_LABEL.get(code, code) for code in codes) or "未定",
    state=lambda state: cases.lifecycle.LABEL.get(state, state),
    happened=lambda event: cases.happened.told(event.action, event.state),
    state_colour=lambda state: STATE_COLOURS.get(state, "secondary"),
    source_kind=lambda kind: SOURCE_LABEL.get(str(kind), str(kind)),
    source_name=lambda name: OWN_SOURCES.get(name, name),
    type=lambda kind: TYPES.get(str(kind), str(kind)),
    mood=lambda mood: MOODS.get(str(mood), str(mood)),
    message_colour=lambda state: MESSAGE_COLOURS.get(state, "secondary"),
    purpose=lambda purpose: PURPOSES.get(purpose, purpose),
    dot=lambda colour: DOTS.get(colour, "secondary"),
    day=day,
    message_state=lambda state: MESSAGE_STATES.get(state, str(state)),
    channel=lambda channel: CHANNELS.get(channel, channel),
    clock=lambda clock: CLOCKS.get(clock, clock),
    source_state=lambda state: (standing.LABEL.get(state, state), SOURCE_COLOURS.get(state, "secondary")),
    copy_state=lambda state: publisher.afterwards.LABEL[state],
    copy_colour=lambda state: COPY_COLOURS[str(state)],
    slip_kind=lambda kind: publisher.correction.LABEL.get(kind, kind),
    table_title=table_words.title_of,
    audit_action=audit_words.action,
    audit_noun=audit_words.noun,
    role=lambda role: permits.ROLES.get(role, role),
    web=web,
    marked=marks.marked,
    passage=marks.passage,
    mask=mask,
    excerpt=excerpt,
    span=span,
    seconds=lambda count: timedelta(seconds=count),
    size=size,
    shorten=shorten,
    prose=prose,
    media=media,
    field_time=field_time,
    unquoted=unquoted,
    reason=reason,
)
TEMPLATES.env.globals.update(left=left, urgency=urgency, unit_options=unit_options)
