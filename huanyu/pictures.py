"""Which addresses of pictures are new beside those a post has already. Pure; asks no site.

Platforms hand out one picture under changing hosts, sizes and signed queries; its file name stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

MOST = 200  # pictures of one post; a site that names its pictures anew each time must not fill the desk
NAME = re.compile(r"[^/]{12,}\.(?:jpe?g|png|gif|webp|bmp|heic|avif)", re.I)  # 1.jpg is many a picture's name


def joined(known: tuple[str, ...], seen: Iterable[str]) -> tuple[str, ...]:
    """The pictures a post has, and behind them those of this sighting that it had not; none is dropped."""
    names = {name(url) for url in known}
    more: list[str] = []
    for url in seen:
        if len(known) + len(more) < MOST and name(url) not in names:
            names.add(name(url))
            more.append(url)
    return (*known, *more)


def name(url: str) -> str:
    """By what a picture is known again: a long file name, else the whole address."""
    try:
        last = urlsplit(url).path.rpartition("/")[2]
    except ValueError:  # no address at all
        return url
    return last if NAME.fullmatch(last) else url
