"""The buttons under a message to a colleague: which there are is told by the message's own key, what they do by others.

A button carries an act and a number, never a text: it is pressed minutes or days later, by whoever holds the telephone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton
from telegram import InlineKeyboardMarkup

GIVEN: Final = re.compile(r"staff:given:(\d+):\d+")  #: key of the message about a hand-over
SIGN, RETURN, BACK, WANT = "s", "r", "b", "w"


@dataclass(frozen=True, slots=True)
class Key:
    """A button: an act with its number, or an address that is opened."""

    label: str
    data: str = ""
    url: str = ""


def markup(keys: Sequence[Sequence[Key]]) -> InlineKeyboardMarkup | None:
    """The rows of buttons as Telegram wants them; None for none."""
    rows = [
        [
            InlineKeyboardButton(key.label, callback_data=key.data or None, url=key.url or None)
            for key in row
            if key.data or _opens(key.url)
        ]
        for row in keys
    ]
    return InlineKeyboardMarkup([row for row in rows if row]) if any(rows) else None


def of_message(key: str, link: str) -> list[list[Key]]:
    """The buttons of a message about to leave."""
    given = GIVEN.fullmatch(key)
    acts = of_hand_over(int(given[1]), can_sign=True, can_return=True) if given else []
    return [*acts, [Key("打开", url=link)]]


def of_hand_over(given: int, *, can_sign: bool, can_return: bool) -> list[list[Key]]:
    """What may be done with a hand-over."""
    row = [Key("签收", f"{SIGN}:{given}")] if can_sign else []
    return [row + ([Key("退单", f"{RETURN}:{given}")] if can_return else [])]


def _opens(url: str) -> bool:
    """Whether Telegram takes the address for a button: it refuses those of this machine; the text has it anyway."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.hostname == "localhost":
        return False
    try:
        return not ip_address(parts.hostname).is_loopback
    except ValueError:
        return True
