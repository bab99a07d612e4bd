"""What an item was read from, as text a person may look at: decoded, bounded, never as a page.

Also the headers under which such bytes leave the desk: a browser runs, frames and guesses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from starlette.responses import Response

from crawler.charset import decode
from huanyu.text import normalise

SHOWN = 20_000  # characters on a page; the rest is in the download
LOOKED = 8 * SHOWN  # bytes decoded for that
SANDBOX = "default-src 'none'; sandbox"
#: Of bytes from outside, whatever they are.
LOCKED: Mapping[str, str] = MappingProxyType(
    {"Content-Security-Policy": SANDBOX, "Cross-Origin-Resource-Policy": "same-origin"}
)


@dataclass(frozen=True, slots=True)
class Payload:
    """The part of a payload that is shown."""

    text: str
    size: int
    is_cut: bool
    damaged: bool  #: bytes that are no text in any charset were replaced


def shown(body: bytes, media: str = "") -> Payload:
    """The beginning of a payload as text; JSON is indented."""
    found = decode(body[:LOOKED], media)
    text = indented(body, found.text) or normalise(found.text)
    is_cut = len(body) > LOOKED or len(text) > SHOWN
    return Payload(text[:SHOWN], len(body), is_cut, found.damaged and not is_cut)


def indented(body: bytes, text: str) -> str:
    """JSON one value a line, "" for anything else."""
    if len(body) > LOOKED or not text.lstrip().startswith(("{", "[")):
        return ""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return ""


def download(body: bytes, name: str) -> Response:
    """The whole of it as a file; its name says that it is text, so that nothing opens it as a page."""
    headers = {
        **LOCKED,
        "Content-Type": "text/plain",
        "Content-Disposition": f'attachment; filename="{name}.txt"',
    }
    return Response(body, headers=headers)


def paper(body: bytes, name: str, media: str) -> Response:
    """A paper or table the desk made, as a file under its Chinese name; what a browser fetched is not kept."""
    headers = {
        **LOCKED,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=media, headers=headers)
