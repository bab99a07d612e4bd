"""Pictures of the spot go along with an answer where a person puts them there: the copies without metadata, nothing else.

The reviewers see the very bytes; another choice is another version, which is reviewed from the start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime

import publisher.outbox
from flow import case_files
from flow import permits
from flow.desk import Desk
from flow.typed import tidy
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import CaseFile
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Picture
from huanyu.types import User
from publisher import picture_checks
from publisher.channels import carries
from publisher.pictures import SUFFIX
from publisher.pictures import cleaned

PICTURE = "picture"
REPLY = "reply"
OPEN = frozenset({MessageState.DRAFT, MessageState.RETURNED})  #: what may still get other pictures
CAPTION, CREDIT = 200, 40  # characters


@dataclass(frozen=True, slots=True)
class Chosen:
    """A picture of the case that goes along, with the words beside it."""

    file_id: int
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What may go along with a message."""

    most: int
    files: tuple[CaseFile, ...]
    chosen: Mapping[str, Picture]  #: by hash: what goes along already


def offer(desk: Desk, user: User, message: Message, case: Case | None) -> Offer | None:
    """The pictures of the case this person may put beside the message; None where none can be."""
    if case is None or not permits.may_on(user, "edit_draft", case) or message.state not in OPEN:
        return None
    most = carries(message.channel, message.reply_to) if message.purpose == REPLY else 0
    files = _pictures(desk, user, case) if most else ()
    return Offer(most, files, {one.digest: one for one in message.pictures}) if files else None


def illustrate(
    desk: Desk, user: User, message_id: int, version: int, chosen: Sequence[Chosen], now: datetime
) -> Message:
    """配图: exactly these pictures go along, in this order; whatever was agreed to before is void."""
    message = desk.store.outbox.get(message_id)
    if message.case_id is None or message.purpose != REPLY:
        raise NotAllowed("只有对案件的答复可以配案件的图片", message=message.key)
    case = desk.store.cases.get(message.case_id)
    permits.demand_on(user, "edit_draft", case)
    if message.state is not MessageState.DRAFT:
        publisher.outbox.check(message.state, MessageState.DRAFT)
    most = carries(message.channel, message.reply_to)
    if len(chosen) > most:
        raise BadInput(f"这个账号的这一条最多配 {most} 张图片" if most else "这个账号的这一条不能带图片")
    known = {one.id: one for one in _pictures(desk, user, case)}
    if unknown := [one.file_id for one in chosen if one.file_id not in known]:
        raise BadInput("所选的图片不在这一件的照片里，请刷新后再选", file=unknown[0])
    pictures = [_picture(desk, known[one.file_id], one) for one in chosen]
    if faults := [one.reason for one in picture_checks.problems(pictures)]:
        raise BadInput("；".join(faults))
    return desk.store.composing.illustrate(replace(message, version=version), pictures, user.name, now)


def _pictures(desk: Desk, user: User, case: Case) -> tuple[CaseFile, ...]:
    """Those of the spot; a screenshot that came with the complaint may name whoever reported and is not among them."""
    found = case_files.of_case(desk, user, case)
    return tuple(one for one in found if one.kind == PICTURE and one.clean_sha256)


def _picture(desk: Desk, file: CaseFile, chosen: Chosen) -> Picture:
    """Cleaned once more: what was kept may be older than what we know to leave out."""
    body = desk.store.case_files.body(file.clean_sha256)
    made = cleaned(Picture(digest=file.clean_sha256, name=file.name, media=file.media, body=body))
    digest = hashlib.sha256(made.body).hexdigest()
    return Picture(
        digest=digest,
        name=f"{digest[:16]}{SUFFIX[made.media]}",
        media=made.media,
        caption=tidy("图片说明", chosen.caption).strip()[:CAPTION],
        credit=tidy("署名", chosen.credit).strip()[:CREDIT],
        body=made.body,
    )
