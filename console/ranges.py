"""Parts of a file: a browser that plays a recording asks for the piece it is at.

Knows bytes and the Range header; whose file it is has been asked before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.responses import Response

#: One stretch, as players ask; anything else is answered with the whole file, as the standard allows.
ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def stretch(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last; None = the whole. An empty stretch lies outside the file."""
    found = ONE.fullmatch(asked.strip())
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return min(int(first), size), min(int(last) + 1, size) if last else size


def answer(body: bytes, asked: str, headers: Mapping[str, str]) -> Response:
    """The file, or the stretch of it that is asked for."""
    told = {**headers, "Accept-Ranges": "bytes"}
    wanted = stretch(asked, len(body))
    if wanted is None:
        return Response(body, headers=told)
    first, end = wanted
    if first >= end:
        return Response(status_code=416, headers={**told, "Content-Range": f"bytes */{len(body)}"})
    told["Content-Range"] = f"bytes {first}-{end - 1}/{len(body)}"
    return Response(body[first:end], status_code=206, headers=told)
