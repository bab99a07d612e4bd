"""What goes along with a message in the moment it leaves: a bulletin's file from the archive, a text's pictures."""

from __future__ import annotations

from dataclasses import replace

from flow.desk import Desk
from huanyu.media import PAPERS
from huanyu.types import Attachment
from huanyu.types import Message
from huanyu.types import StoredBulletin

PURPOSE = "bulletin"
PUBLIC = frozenset({"reply", "press"})  # purposes


def enclosed(desk: Desk, message: Message) -> Message:
    """The message with its pictures, or its bulletin as the recipient wants it; any other comes back as it is."""
    if message.purpose in PUBLIC:
        return desk.store.composing.with_pictures(message)
    if message.purpose != PURPOSE or message.channel != "mail":
        return message
    delivery = desk.store.circulation.of_message(message.id)
    if delivery.correction or delivery.form not in PAPERS:
        return message
    return replace(
        message, attachments=(attachment(desk.store.bulletins.get(delivery.bulletin_id), delivery.form),)
    )


def attachment(stored: StoredBulletin, form: str) -> Attachment:
    """One form of an issued bulletin as a file: byte for byte what lies in the archive."""
    body = stored.pdf if form == "pdf" else stored.docx
    return Attachment(name=file_name(stored, form), media=PAPERS[form], body=body)


def file_name(stored: StoredBulletin, form: str, note: str = "") -> str:
    """每日舆情2026年第3期.pdf, with a note 每日舆情2026年第3期（已撤回）.pdf"""
    made = stored.bulletin
    return f"{made.series_name}{made.year}年第{made.number}期{f'（{note}）' if note else ''}.{form}"
