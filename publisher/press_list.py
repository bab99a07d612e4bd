"""One press release becomes one message for each contact: nobody sees who else got it, and one dead address stops no other.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from huanyu.errors import BadInput
from huanyu.types import Draft


def addressed(draft: Draft, contacts: Sequence[str]) -> tuple[tuple[str, Draft], ...]:
    """The draft for every contact, once each, with what tells their keys apart; raises BadInput where there is none."""
    wanted = list(dict.fromkeys(contact.strip() for contact in contacts if contact.strip()))
    if not wanted:
        raise BadInput("没有媒体联系人，请在 accounts.toml 的邮件账号中填写 contacts")
    if wrong := [contact for contact in wanted if "@" not in contact]:
        raise BadInput(f"媒体联系人应为邮箱地址：{'、'.join(wrong)}")
    return tuple((contact.lower(), replace(draft, recipient=contact)) for contact in wanted)
