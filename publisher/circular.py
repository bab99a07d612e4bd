"""The words that accompany a bulletin, a correction or a withdrawal on its way to one recipient.

Pure; Telegram, which stands abroad, and groups of a work chat are told number and link and nothing else.
"""

from __future__ import annotations

from typing import Final

from huanyu.types import Addressee
from huanyu.types import Bulletin
from huanyu.types import Draft
from huanyu.types import PaperCorrection

PURPOSE: Final = "bulletin"
CHAT: Final = "chat"  #: 企业微信, 钉钉, 飞书: the address is the robot's key in accounts.toml
BRIEF: Final = frozenset({"telegram", CHAT})
ACCOUNTS: Final = {"mail": "mail", "telegram": "telegram"}  #: keys in accounts.toml, where no other is found
FORMS: Final = {
    "pdf": "全文见附件（PDF），也可登录舆情台阅读：",
    "docx": "全文见附件（Word），也可登录舆情台阅读：",
    "link": "全文请登录舆情台阅读：",
}


def issue_name(made: Bulletin) -> str:
    """《每日舆情》2026年第3期"""
    return f"《{made.series_name}》{made.year}年第{made.number}期"


def issue(made: Bulletin, to: Addressee, link: str, account: str = "") -> Draft | None:
    """The bulletin itself; None where nothing is sent because it waits on the console."""
    lines = [f"{to.name}：", "", f"{issue_name(made)}（总第{made.total}期）现送上：{made.title}。"]
    if made.late_note:
        lines.append(made.late_note)
    lines.append(FORMS[to.form])
    return _draft(to, f"{issue_name(made)} {made.title}", lines, link, issue_name(made), account)


def correction(
    made: Bulletin, put_right: PaperCorrection, signer: str, to: Addressee, link: str
) -> Draft | None:
    """更正: which figure, what was printed, what is right and why."""
    name = f"{issue_name(made)}更正{put_right.number}"
    lines = [f"{to.name}：", "", f"{name}：{sentence(put_right)}", f"签发：{signer}。原件不作改动，见："]
    return _draft(to, name, lines, link, name)


def withdrawal(made: Bulletin, reason: str, signer: str, to: Addressee, link: str) -> Draft | None:
    """撤回: the issue is void, its number stays taken."""
    name = f"{issue_name(made)}撤回"
    lines = [
        f"{to.name}：",
        "",
        f"{issue_name(made)}现予撤回，请勿再引用。原因：{reason}",
        f"签发：{signer}。期号保留不再使用，原件留档备查，见：",
    ]
    return _draft(to, name, lines, link, name)


def sentence(put_right: PaperCorrection) -> str:
    """“新立投诉”原载5件，应为4件。原因：…"""
    unit = put_right.unit
    told = f"“{put_right.label}”原载{put_right.printed}{unit}，应为{put_right.correct}{unit}。"
    return f"{told}原因：{put_right.why}"


def _draft(
    to: Addressee, title: str, lines: list[str], link: str, name: str, account: str = ""
) -> Draft | None:
    robot = to.address if to.channel == CHAT else ""
    if not robot and to.channel not in ACCOUNTS:
        return None
    short = to.channel in BRIEF
    return Draft(
        channel=to.channel,
        account=robot or account or ACCOUNTS[to.channel],
        purpose=PURPOSE,
        title=name if short else title,
        text=f"{name} {link}" if short else "\n".join(lines),
        recipient="" if robot else to.address,
        link="" if short else link,
    )
