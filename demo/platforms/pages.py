"""The pages on which a person sees what a local platform was given."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

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
class Card:
    """One published thing."""

    head: str
    text: str
    foot: str


def page(title: str, note: str, tint: str, cards: Iterable[Card], *, says: str = "") -> str:
    """A plain page: newest first, nothing loaded from anywhere; with `says` a field to write in, called so."""
    shown: Sequence[str] = [
        f"<article><h2>{escape(card.head)}</h2><p>{escape(card.text)}</p><small>{escape(card.foot)}</small></article>"
        for card in cards
    ] or ["<p>还没有发布内容。</p>"]
    field = _field(says) if says else ""
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f'<style>{_STYLE}</style><body style="--tint:{tint}"><header><h1>{escape(title)}</h1>'
        f"<p>{escape(note)}</p></header><main>{field}{''.join(shown)}</main></body></html>"
    )


def _field(name: str) -> str:
    """Where somebody writes to the account as a citizen would."""
    return (
        '<article><form method="post" action="/say">'
        f'<label>{escape(name)}<br><textarea name="text" rows="3" required style="width:100%"></textarea></label>'
        "<br><button>发送</button></form></article>"
    )
