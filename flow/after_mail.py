"""The mails to the press office about what became of published messages; which of them is due is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cases.forms import ACCOUNT
from flow.alarms import INTERNAL
from flow.alarms import press_office
from flow.desk import Desk
from huanyu.clock import local
from huanyu.redact import mask
from huanyu.text import shorten
from huanyu.types import Alarm
from huanyu.types import Copy
from huanyu.types import CopyState
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import Seen
from huanyu.types import Sighting

QUOTED = 200  # characters of a text in a mail
#: What a person does about a published message that is not as we left it.
ADVICE: Mapping[CopyState, str] = MappingProxyType(
    {
        CopyState.CHANGED: "请登录平台核对；确需改动的，从消息页办理更正，不要直接在平台上改。",
        CopyState.GONE: (
            "请登录平台查明是谁删的、为什么删；删除不等于撤回，确需撤回的从消息页办理，误删的请核实后另行发布。"
        ),
        CopyState.LIVE: "不需要处理。",
    }
)


def of_copy(desk: Desk, message: Message, copy: Copy, sighting: Sighting) -> Alarm | None:
    """A published message is changed, gone, or well again."""
    name, few = _account(desk, message.account), for_few(desk, message)
    head = "发布恢复" if sighting.state is CopyState.LIVE else "发布告警"
    texts = [
        f"本局发布的内容：{shorten(message.text, QUOTED)}",
        f"平台现在显示：{shorten(mask(sighting.found), QUOTED)}" if sighting.found else "",
    ]
    parts = [
        f"账号“{name}”上的{called(desk, message, 30)}：{sighting.note}。",
        f"发布时间：{local(message.sent_at):%Y-%m-%d %H:%M}。" if message.sent_at else "",
        *([] if few else texts),
        f"怎么办：{ADVICE[sighting.state]}",
    ]
    key = f"after:{message.id}:{copy.checks + 1}"
    return _alarm(
        desk, key, f"【{head}】{name}：{sighting.note}", parts, f"/outbox/{message.id}", message.case_id
    )


def of_stray(desk: Desk, account: str, seen: Seen) -> Alarm | None:
    """A text on an official account that the desk did not send."""
    name = _account(desk, account)
    parts = [
        f"账号“{name}”上有一条内容不是本系统发出的。",
        f"时间：{local(seen.at):%Y-%m-%d %H:%M}。" if seen.at else "",
        f"内容：{shorten(mask(seen.text), QUOTED)}",
        f"网址：{seen.url}" if seen.url else "",
        "怎么办：请立即查明是谁发的。不是本局人员发的，请删除、改密码、收回授权；是本局人员直接发的，请在控制台写明。",
    ]
    return _alarm(
        desk,
        f"stray:{account}:{seen.platform_id}",
        f"【账号告警】{name}：有一条不明内容",
        parts,
        "/published",
    )


def of_takeover(desk: Desk, message: Message, unhappy: int) -> Alarm | None:
    """People are not content with the answers in a case."""
    if message.case_id is None:
        return None
    case = desk.store.cases.get(message.case_id)
    parts = [
        f"案件 {case.number}{'' if case.restricted else f'“{case.title}”'}：本局答复之下已有 {unhappy} 条以上不满的回应。",
        "程序不再为这一件拟稿，也不再自动发固定文字。",
        "怎么办：请指定一人接手，看过群众的话再答复；接手后在案件页点“由我接手”。",
    ]
    return _alarm(
        desk,
        f"takeover:{case.id}",
        f"【人工接手】{case.number} 的答复引起不满",
        parts,
        f"/cases/{case.id}",
        case.id,
    )


def for_few(desk: Desk, message: Message) -> bool:
    """Whether the message is of a case that only few may read: what is told of it leaves out every word of it."""
    return message.case_id is not None and desk.store.cases.get(message.case_id).restricted


def called(desk: Desk, message: Message, length: int) -> str:
    """What a message is called where others read of it: its title or first words, the number of a case for few."""
    if message.case_id is not None and (case := desk.store.cases.get(message.case_id)).restricted:
        return f"第{case.number}号件的发布内容"
    return f"“{message.title or shorten(message.text, length)}”"


def of_breaker(desk: Desk, message: Message, reason: str) -> Alarm | None:
    """One text drew so much anger that cheerful ones stay back."""
    name = _account(desk, message.account)
    parts = [
        f"账号“{name}”：{reason}。答复群众和突发信息照常发布。",
        "怎么办：看过评论再定：该更正、撤回的从消息页办理，该补充答复的指定专人；处理完毕后在“发布开关”页解除冻结，写明理由。",
    ]
    return _alarm(
        desk, f"breaker:{message.id}", f"【评论异常】{name}：宣传类已自动暂停", parts, f"/outbox/{message.id}"
    )


def _alarm(
    desk: Desk, key: str, title: str, parts: list[str], path: str, case_id: int | None = None
) -> Alarm | None:
    office = press_office(desk)
    if office is None:
        return None
    told = "\n".join(filter(None, parts))
    draft = Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=INTERNAL,
        title=title,
        text=f"{office.name}：\n\n{told}",
        recipient=office.mail,
        case_id=case_id,
        link=f"{desk.config.settings.console_url.rstrip('/')}{path}",
    )
    return Alarm(key=key, draft=draft)


def _account(desk: Desk, key: str) -> str:
    row = desk.bureau.account(key)
    return row.name if row else key
