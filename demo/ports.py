"""Ports of the demo's servers: kept from run to run, so that addresses of posts and pages stay the same.

Two demos that were played one after the other have the same; when both are to be open at once, one of them gets others
for what only a browser opens, and is refused where its posts would have other addresses than before.
"""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from huanyu.errors import Conflict

SITES = 8
PLATFORMS = 7
FIRST, LAST = 18460, 28460
#: What no address of a post depends on.
OPENED = MappingProxyType({"public": "公众页面", "callback": "收微信消息的地址"})


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
        """The ports this folder's desk had before, or a free block; raises Conflict where another program has one."""
        kept = folder / "ports.json"
        if kept.is_file():
            had = json.loads(kept.read_text(encoding="utf-8"))
            ports = cls(**{"wechat": 0, **had})
            if not ports.wechat:  # a desk of an earlier version
                ports = replace(ports, wechat=free_block(1))
            ports._demand_free()
            for name, told in OPENED.items():
                ports = ports._with_a_free(name, told)
        else:
            first = free_block(SITES + PLATFORMS)
            ports = cls(first, *range(first + SITES, first + SITES + PLATFORMS))
        kept.write_text(json.dumps(asdict(ports)), encoding="utf-8")
        return ports

    def _with_a_free(self, name: str, told: str) -> Self:
        """With another port for what a browser opens, where that is another program's by now."""
        had: int = getattr(self, name)
        if had and _free(had):
            return self
        port = _beside(self)
        if had:
            print(f"端口 {had} 已被别的程序占用, {told}改用 {port}", flush=True)
        return replace(self, **{name: port})

    def _demand_free(self) -> None:
        """Raise Conflict where a server of the demo cannot begin at the address its posts have."""
        fixed = (
            *range(self.sites, self.sites + SITES),
            self.weibo,
            self.telegram,
            self.mail,
            self.pages,
            self.wechat,
        )
        if taken := [str(port) for port in fixed if not _free(port)]:
            raise Conflict(
                f"端口 {'、'.join(taken)} 已被别的程序占用 (可能是另一个演示): 先停掉它, 或用 --folder 换一个新文件夹演示"
            )


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
