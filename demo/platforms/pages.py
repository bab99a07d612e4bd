"""The pages on which a person sees what a local platform was given."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from html import escape
from types import MappingProxyType

_STYLE = """
:root{color-scheme:light dark}
body{margin:0;background:#f2f4f5;color:#1f2a2e;font:16px/1.75 "Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
header{background:var(--tint);color:#fff;padding:1rem}
header p,header h1,main{max-width:42rem;margin:0 auto}
header h1{font-size:1.25rem}header p{font-size:.875rem}
main{padding:1rem}
article{background:#fff;border-radius:8px;padding:1rem 1.25rem;margin:0 0 .75rem;box-shadow:0 1px 2px #0002}
article h2{font-size:1rem;margin:0}article p{margin:.35rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
small{color:#5d6b70}
@media (prefers-color-scheme:dark){body{background:#12181a;color:#e4eaec}article{background:#1c2528}small{color:#a3b1b6}}
"""


@dataclass(frozen=True, slots=True)
class Key:
    """A button below a message: an address, or what pressing it sends."""

    label: str
    url: str = ""
    sends: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """One published thing."""

    head: str
    text: str
    foot: str
    keys: tuple[Key, ...] = ()  #: buttons below it


def page(
    title: str,
    note: str,
    tint: str,
    cards: Iterable[Card],
    *,
    says: str = "",
    who: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A plain page: newest first, nothing loaded from anywhere.

    With `says` a field to write in, called so; `who` are those one may write as: value -> name.
    """
    shown: Sequence[str] = [_shown(card) for card in cards] or ["<p>还没有发布内容。</p>"]
    field = _field(says, who) if says else ""
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f'<style>{_STYLE}</style><body style="--tint:{tint}"><header><h1>{escape(title)}</h1>'
        f"<p>{escape(note)}</p></header><main>{field}{''.join(shown)}</main></body></html>"
    )


def _shown(card: Card) -> str:
    keys = "".join(_key(one) for one in card.keys)
    return (
        f"<article><h2>{escape(card.head)}</h2><p>{escape(card.text)}</p>"
        f"<small>{escape(card.foot)}</small>{f'<div>{keys}</div>' if keys else ''}</article>"
    )


def _key(key: Key) -> str:
    if key.url:
        return f'<a href="{escape(key.url)}" target="_blank" rel="noopener">{escape(key.label)}</a> '
    sent = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in key.sends.items()
    )
    return f'<form method="post" action="/press" style="display:inline">{sent}<button>{escape(key.label)}</button></form> '


def _field(name: str, who: Mapping[str, str]) -> str:
    """Where somebody writes to the account as a citizen or a colleague would."""
    people = "".join(f'<option value="{escape(key)}">{escape(one)}</option>' for key, one in who.items())
    choice = f'<label>身份 <select name="who">{people}</select></label> ' if people else ""
    return (
        '<article><form method="post" action="/say" enctype="multipart/form-data">'
        f'<label>{escape(name)}<br><textarea name="text" rows="3" style="width:100%"></textarea></label><br>'
        f'{choice}<label>照片或录音 <input type="file" name="file" accept="image/*,audio/*"></label> '
        '<label>位置 <input name="position" size="18" placeholder="36.45,115.98" '
        'pattern="-?[0-9.]+,-?[0-9.]+"></label> <button>发送</button></form></article>'
    )
