"""The text of a 更正 or 撤回 for each account where the original is out, from one sentence and what it should have been.

Pure. Which number it bears and where the original stands is handed in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any
from typing import Final

from huanyu import clock
from huanyu.bureau import BureauRow
from huanyu.errors import BadInput
from huanyu.types import Draft
from huanyu.types import Message
from publisher.channels import weibo

CORRECTION: Final = "correction"
WITHDRAWAL: Final = "withdrawal"
STAGES: Final = frozenset({CORRECTION, WITHDRAWAL})
LABEL: Final = {CORRECTION: "更正", WITHDRAWAL: "撤回"}
#: Where a published text is changed in place; elsewhere a notice of its own goes out.
IN_PLACE: Final = frozenset({"site", "telegram"})
SHORTEST: Final = 2  # characters of what was wrong: one character stands everywhere
_TEXTS: Final[Mapping[str, Any]] = tomllib.loads(
    (resources.files("publisher") / "data" / "corrections.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a person says was wrong, or why a text is taken back."""

    kind: str  #: correction | withdrawal
    reason: str
    wrong: str = ""
    right: str = ""


def demand(slip: Proposal, originals: Sequence[Message]) -> None:
    """Raise BadInput unless the slip can be carried out on what stands there."""
    if not slip.reason:
        raise BadInput(f"请填写{LABEL[slip.kind]}的理由")
    if slip.kind == WITHDRAWAL:
        return
    if len(slip.wrong) < SHORTEST or not slip.right:
        raise BadInput("请填写原文有误的话（照原文抄，至少两个字）和更正后的话")
    if slip.wrong == slip.right:
        raise BadInput("更正后的话与原文相同")
    if not any(slip.wrong in one.text for one in originals):
        raise BadInput("已发布的各条中都没有这句话，请照原文抄写有误之处")


def drafts(
    slip: Proposal, originals: Sequence[Message], serial: str, bureau: BureauRow, now: datetime
) -> list[Draft]:
    """One message for each account where the original is out; the page on our own site goes first."""
    on_site = any(one.channel == "site" for one in originals)
    return [_draft(slip, one, serial, bureau, now, after_site=on_site) for one in originals]


def changes_in_place(message: Message) -> bool:
    """Whether this message takes the place of the text it corrects."""
    return message.stage == CORRECTION and message.about is not None and message.channel in IN_PLACE


def _draft(
    slip: Proposal, original: Message, serial: str, bureau: BureauRow, now: datetime, *, after_site: bool
) -> Draft:
    words = _words(slip, original, serial, bureau, now)
    in_place = slip.kind == CORRECTION and original.channel in IN_PLACE
    return Draft(
        channel=original.channel,
        account=original.account,
        purpose=original.purpose,
        title=original.title if in_place else _title(slip, original, words),
        text=_in_place(slip, original, words) if in_place else _notice(slip, original, words),
        case_id=original.case_id,
        reply_to=original.reply_to,
        recipient=original.recipient,
        link=original.link,
        after="site" if after_site and original.channel != "site" else "",
        content_class=original.content_class,
        stage=slip.kind,
        serial=serial,
        about=original.id,
        generated=original.generated,
    )


def _words(
    slip: Proposal, original: Message, serial: str, bureau: BureauRow, now: datetime
) -> dict[str, str]:
    return {
        "serial": serial,
        "bureau": bureau.name,
        "phone": bureau.phone,
        "day": _day(original.sent_at or original.created_at),
        "today": f"{clock.local(now).year}年{_day(now)}",
        "title": original.title,
        "wrong": slip.wrong,
        "right": slip.right,
        "reason": slip.reason.rstrip("。"),
        "link": original.link,
    }


def _title(slip: Proposal, original: Message, words: Mapping[str, str]) -> str:
    name = "notice_title" if slip.kind == CORRECTION else "withdrawal_title"
    return _TEXTS[name].format(**words) if original.title else ""


def _in_place(slip: Proposal, original: Message, words: Mapping[str, str]) -> str:
    """The whole text put right, with a line that says so: nothing is changed in secret."""
    put_right = original.text.replace(slip.wrong, slip.right)
    return f"{put_right}\n{_TEXTS['in_place'].format(**words)}"


def _notice(slip: Proposal, original: Message, words: Mapping[str, str]) -> str:
    """The fullest notice the platform takes."""
    forms = list(_forms(slip, original, words))
    if original.channel != "weibo":
        return forms[0]
    return next((form for form in forms if weibo.length(form) <= weibo.LIMITS.length), forms[-1])


def _forms(slip: Proposal, original: Message, words: Mapping[str, str]) -> Iterator[str]:
    if slip.kind == WITHDRAWAL and original.channel == "site":
        yield _TEXTS["withdrawal"].format(**words)
        return
    forms = [
        form
        for form in _TEXTS["notice" if slip.kind == CORRECTION else "withdrawal_short"]
        if original.title or "{title}" not in form
    ]
    yield from (form.format(**words) for form in forms)


def _day(moment: datetime) -> str:
    here = clock.local(moment)
    return f"{here.month}月{here.day}日"
