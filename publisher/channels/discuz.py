"""A Discuz! X forum: the floor to post and the page to post it on; a person posts it and tells the address (ADR 0014).

No log-in and no automated posting. Addresses of Discuz! X3.2–X3.5: viewthread and thread-T-P-1.html; redirect with
goto=findpost by pid alone is from memory: try it before ticking `verified`.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from huanyu.bureau import AccountRow
from huanyu.errors import Refused
from huanyu.types import Message
from huanyu.types import Receipt
from huanyu.types import Slip
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits

#: maxpostsize of a fresh installation is 10000 bytes; a Chinese character has up to three.
LIMITS: Final = Limits(
    length=3300, per_minute=0, source="Discuz! X: 全局 › 用户权限, 帖子最大字数 10000 字节"
)
TODO: Final = "请复制文稿，用本局账号在该帖回复，再把回复的网址填回这里"
_PARENT = re.compile(r"(?:(?P<thread>\d+)/)?(?P<post>\d+)")
_STATIC = re.compile(r"/thread-(?P<thread>\d+)-\d+-\d+\.html$")
_ANCHOR = re.compile(r"pid(?P<post>\d+)")


class DiscuzChannel:
    """One forum on which the bureau has an account that a person uses."""

    abilities: Final = Abilities(by_hand=True)
    limits: Final = LIMITS

    def __init__(self, account: AccountRow) -> None:
        self._base = account.base_url.rstrip("/")
        if not urlsplit(self._base).hostname:
            raise Refused(f"账号“{account.name}”没有论坛网址（base_url）", whole_account=True)

    def send(self, message: Message) -> Receipt:
        """Refused, always: only a person may post to a forum."""
        raise Refused("论坛只能由人工发布", key=message.key)

    def read_back(self, message: Message) -> Receipt | None:  # noqa: ARG002
        """Always None: nothing is ever out without a person who knows where."""
        return None

    def slip(self, message: Message) -> Slip:
        """The floor's text and the thread's address; `reply_to` is the citizen's post, or thread/post."""
        thread, post = _parent(message)
        if not message.text.strip():
            raise Refused("论坛答复没有文字")
        if len(message.text.encode()) > LIMITS.length * 3:
            raise Refused(f"论坛答复超过{LIMITS.length}字")
        known = f"&ptid={thread}" if thread else ""
        url = f"{self._base}/forum.php?mod=redirect&goto=findpost{known}&pid={post}"
        return Slip(text=message.text, url=url, note=TODO)

    def posted(self, message: Message, url: str) -> Receipt:
        """The receipt of the floor at `url`; raises Refused for another site, another thread or the citizen's own post."""
        address = urlsplit(url.strip())
        if address.scheme not in {"http", "https"} or address.hostname != urlsplit(self._base).hostname:
            raise Refused(f"这不是{urlsplit(self._base).hostname}上的网址")
        thread, post = _named(address)
        if not thread and not post:
            raise Refused("这不是帖子的网址，请打开回复所在的楼层，复制它的网址")
        wanted, asked = _parent(message)
        if wanted and thread and thread != wanted:
            raise Refused("这是另一个帖子的网址")
        if post == asked:
            raise Refused("这是原帖的网址，不是答复的网址")
        return Receipt(platform_id=post or url.strip(), url=url.strip(), note="人工发布，已登记网址")


def _parent(message: Message) -> tuple[str, str]:
    """Thread and post that are answered; the thread may be unknown."""
    match = _PARENT.fullmatch(message.reply_to)
    if match is None:
        raise Refused("没有要答复的帖子编号")
    return match["thread"] or "", match["post"]


def _named(address: SplitResult) -> tuple[str, str]:
    """Thread and post that an address names, "" where it names none."""
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    static, anchor = _STATIC.search(address.path), _ANCHOR.search(address.fragment)
    thread = static["thread"] if static else asked.get("ptid") or asked.get("tid") or ""
    post = anchor["post"] if anchor else asked.get("pid") or ""
    return (thread if thread.isdecimal() else "", post if post.isdecimal() else "")
