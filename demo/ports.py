"""Ports of the demo's servers: kept from run to run, so that addresses of posts and pages stay the same."""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import Self

SITES = 8
PLATFORMS = 7
FIRST, LAST = 18460, 28460


@dataclass(frozen=True, slots=True)
class Ports:
    """First of the eight reading sites, and one for each platform."""

    sites: int
    weibo: int
    telegram: int
    mail: int
    pages: int
    wechat: int
    public: int = 0  #: of the pages for citizens, while the console is open
    callback: int = 0  #: where the local WeChat calls, while the console is open

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The ports this folder's desk had before, or a free block."""
        kept = folder / "ports.json"
        if kept.is_file():
            had = json.loads(kept.read_text(encoding="utf-8"))
            ports = cls(**{"wechat": 0, **had})
            if not ports.wechat:  # a desk of an earlier version
                ports = replace(ports, wechat=free_block(1))
            if not ports.public:
                ports = replace(ports, public=_beside(ports))
            if not ports.callback:
                ports = replace(ports, callback=_beside(ports))
        else:
            first = free_block(SITES + PLATFORMS)
            ports = cls(first, *range(first + SITES, first + SITES + PLATFORMS))
        kept.write_text(json.dumps(asdict(ports)), encoding="utf-8")
        return ports


def free_block(size: int) -> int:
    """The first port of `size` free ones in a row; raises OSError when there is no such block."""
    for first in range(FIRST, LAST, size):
        if all(_free(port) for port in range(first, first + size)):
            return first
    raise OSError(f"no {size} free ports between {FIRST} and {LAST}")


def _beside(ports: Ports) -> int:
    """A free port that none of the desk's own servers will want."""
    taken = {*asdict(ports).values(), *range(ports.sites, ports.sites + SITES)}
    return next(port for port in range(FIRST, LAST) if port not in taken and _free(port))


def _free(port: int) -> bool:
    with ExitStack() as stack:
        probe = stack.enter_context(socket.socket())
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
