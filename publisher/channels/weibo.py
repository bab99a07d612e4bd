"""Weibo open platform v2: a post (statuses/share), a comment under a citizen's post, an answer to a comment.

`reply_to` is the post's id, or post/comment. From open.weibo.com/wiki: 2/statuses/share, 2/comments/create,
2/comments/reply, 2/statuses/destroy, Error_code. From memory, to be tried before ticking `verified`: user_timeline,
comments/show, show_batch, by_me and destroy, statuses/show, users/show, oauth2/get_token_info.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final
from urllib.parse import urlsplit

import httpx

from huanyu.bureau import AccountRow
from huanyu.errors import BadInput
from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Health
from huanyu.types import Message
from huanyu.types import Receipt
from huanyu.types import Response
from huanyu.types import Seen
from publisher import pictures
from publisher.channels import weibo_codes as codes
from publisher.channels import weibo_rows as rows
from publisher.channels import wire
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits

BASE_URL: Final = "https://api.weibo.com/2"
NAME: Final = "微博"
LIMITS: Final = Limits(
    length=140, per_minute=0, source="open.weibo.com/wiki/2/statuses/share; quotas: codes only"
)
TIMEOUT: Final = wire.TIMEOUT
SHORT_LINK: Final = 10  # a link counts at least as t.cn/xxxxxxx would
CLOCK_SKEW: Final = timedelta(minutes=10)  # between their clock and ours, when reading back
PAGE, PAGES = 100, 5  # rows of a list, lists read
PICTURE: Final = 5 * 1024 * 1024  # bytes; "less than 5M"
PICTURE_MEDIA: Final = frozenset({"image/jpeg", "image/png", "image/gif"})
EXPIRING: Final = timedelta(days=7)

_TOPIC = re.compile(r"#[^#\n]+#")
_THREAD = re.compile(r"(?P<post>\d+)(?:/(?P<comment>\d+))?")


def length(text: str) -> int:
    """Length in 汉字: an ASCII character is half of one; a link at least as long as its short form."""
    links = rows.URL.findall(text)
    half = sum(1 if char < "\x80" else 2 for char in rows.URL.sub("", text))
    return math.ceil(half / 2 + sum(max(SHORT_LINK, len(link) / 2) for link in links))


class WeiboChannel:
    """One official account on Weibo."""

    abilities: Final = Abilities(
        read_back=True, look=True, withdraw=True, recent=True, responses=True, health=True, pictures=1
    )
    limits: Final = LIMITS

    def __init__(
        self, account: AccountRow, token: str, own_site: str, timeout: httpx.Timeout = TIMEOUT
    ) -> None:
        self._account, self._token, self._timeout = account, token, timeout
        self._base = (account.base_url or BASE_URL).rstrip("/")
        self._domain = urlsplit(own_site).hostname or ""

    # --- out ----------------------------------------------------------------------------------------------

    def send(self, message: Message) -> Receipt:
        """Comment under `message.reply_to`, or post; a repeated text is looked for before anything is said."""
        self._check(message)
        path, form, files = self._form(message)
        body = self._post(path, form, publishes=True, files=files)
        code = codes.code_of(body)
        if code is None:
            return rows.receipt(body, message, self._account)
        if code == codes.DELAYED:
            return self._delayed(message)
        if code in codes.REPEATED:
            return self._already(message, codes.REPEATED[code])
        raise codes.error(code, body)

    def read_back(self, message: Message) -> Receipt | None:
        """Look for the text under the citizen's post or on the account's own timeline."""
        earliest = (message.claimed_at or message.created_at) - CLOCK_SKEW
        found = (
            self._under(rows.post_of(message), PAGES) if message.reply_to else self._own("statuses", earliest)
        )
        for item in found:
            if self._is_ours(item, message, earliest):
                return rows.receipt(item, message, self._account, note="回读确认已发布")
        return None

    def _check(self, message: Message) -> None:
        if length(message.text) > LIMITS.length:
            raise Refused(f"超过{LIMITS.length}字（共{length(message.text)}字）")
        if _TOPIC.search(message.text):
            raise Refused("接口发布的微博不能带 #话题#")
        hosts = {urlsplit(link).hostname for link in rows.URL.findall(message.text)}
        if not message.reply_to and self._domain not in hosts:
            raise Refused(f"微博必须带本局网站（{self._domain}）的链接")
        if message.reply_to and not _THREAD.fullmatch(message.reply_to):
            raise Refused("原微博编号不是数字，无法评论")
        if len(message.pictures) > (0 if message.reply_to else self.abilities.pictures):
            raise Refused("微博接口一条只能带一张图片，评论不能带图片")

    def _form(self, message: Message) -> tuple[str, dict[str, str], dict[str, Any] | None]:
        if not message.reply_to:
            return "statuses/share.json", {"status": message.text}, _picture(message)
        post, _, comment = message.reply_to.partition("/")
        form = {"id": post, "comment": message.text}
        if comment:
            return "comments/reply.json", form | {"cid": comment}, None
        return "comments/create.json", form, None

    def _delayed(self, message: Message) -> Receipt:
        """Published, and no number yet: the list may have it already, else it is out all the same."""
        note = "微博已发布，平台数据同步有延迟"
        try:
            found = self.read_back(message)
        except ChannelError:
            return Receipt(platform_id="", note=note)
        return replace(found, note=note) if found else Receipt(platform_id="", note=note)

    def _already(self, message: Message, why: str) -> Receipt:
        try:
            found = self.read_back(message)
        except ChannelError as problem:
            raise Unknown(f"微博提示{why}，但回读失败，请人工核实") from problem
        if found is None:
            raise Unknown(f"微博提示{why}，但回读未见到，请人工核实")
        return found

    def _is_ours(self, item: Mapping[str, Any], message: Message, earliest: datetime) -> bool:
        if item.get("deleted") or rows.user_id(item) != self._account.user_id:
            return False
        written = rows.time_of(item.get("created_at"))
        if written is None or written < earliest:
            return False
        return rows.bare(str(item.get("text"))) == rows.bare(message.text)

    # --- afterwards ---------------------------------------------------------------------------------------

    def look(self, message: Message) -> Seen | None:
        """The post or comment as it stands, with its counts; None when it was taken down."""
        native = self._number(message)
        if not native:
            return None
        if message.reply_to:
            body = self._get("comments/show_batch.json", {"cids": native})
            found = [item for item in rows.items(body, "comments") if rows.native_id(item) == native]
            return rows.seen(found[0], self._account) if found else None
        body = self._get("statuses/show.json", {"id": native}, allow=codes.GONE)
        is_gone = codes.code_of(body) in codes.GONE or body.get("deleted") or "user" not in body
        return None if is_gone else rows.seen(body, self._account)

    def withdraw(self, message: Message) -> Receipt:
        """Delete the post or comment; what is gone stays gone."""
        native = message.platform_id
        if not native.isdecimal():  # never taken for gone: what has no number may well be there
            raise Refused("没有微博编号，请到平台上撤下后写明")
        if message.reply_to:
            path, form = "comments/destroy.json", {"cid": native}
        else:
            path, form = "statuses/destroy.json", {"id": native}
        body = self._post(path, form, publishes=False)
        code = codes.code_of(body)
        if code is None or code in codes.GONE:
            note = "已撤回" if code is None else "撤回时平台上已不存在"
            return Receipt(platform_id=native, url=message.platform_url, note=note)
        raise _reading(codes.error(code, body))

    def recent(self, since: datetime) -> Sequence[Seen]:
        """The account's posts and comments since then, whoever wrote them."""
        found = [*self._own("statuses", since), *self._own("comments", since)]
        return [rows.seen(item, self._account) for item in found if not item.get("deleted")]

    def responses(self, message: Message) -> Sequence[Response]:
        """What others wrote under the post, or in answer to the comment."""
        native = self._number(message)
        if not native:
            return []
        under = self._under(rows.post_of(message) if message.reply_to else native, PAGES)
        return [
            Response(
                platform_id=rows.native_id(item),
                text=str(item.get("text")),
                at=rows.time_of(item.get("created_at")),
            )
            for item in under
            if rows.user_id(item) != self._account.user_id
            and (not message.reply_to or rows.native_id(item.get("reply_comment") or {}) == native)
        ]

    def health(self, now: datetime) -> Health:
        """How long the token lasts and how many follow."""
        url = f"{self._base.removesuffix('/2')}/oauth2/get_token_info"
        try:
            told = self._call("POST", url, publishes=False, data={"access_token": self._token})
            if (code := codes.code_of(told)) is not None:
                raise _reading(codes.error(code, told))
        except Refused as problem:
            return Health(state="revoked", note=str(problem.args[0]))
        except Unavailable as problem:
            is_quota = problem.ids.get("code") in codes.QUOTA
            return Health(state="quota" if is_quota else "failing", note=str(problem.args[0]))
        left = timedelta(seconds=int(told.get("expire_in") or 0))
        note = f"授权将于{left.days}天后到期，请管理员重新授权" if left < EXPIRING else ""
        return Health(
            state="expiring" if note else "ok",
            note=note,
            token_expires_at=now + left,
            followers=self._followers(),
        )

    def _followers(self) -> int | None:
        try:
            body = self._get("users/show.json", {"uid": self._account.user_id})
        except ChannelError:
            return None  # a figure for the statistics, no reason for an alarm
        count = body.get("followers_count")
        return count if isinstance(count, int) else None

    def _number(self, message: Message) -> str:
        """The platform's number; a delayed post has none until it is found. "" where it cannot be seen."""
        if message.platform_id.isdecimal():
            return message.platform_id
        found = self.read_back(message)
        return found.platform_id if found else ""

    # --- lists and calls ----------------------------------------------------------------------------------

    def _own(self, key: str, since: datetime) -> Iterator[Mapping[str, Any]]:
        """The account's own posts or comments, newest first, none older than `since`."""
        path = "statuses/user_timeline.json" if key == "statuses" else "comments/by_me.json"
        asked = {"uid": self._account.user_id} if key == "statuses" else {}
        for item in self._pages(path, asked, key):
            written = rows.time_of(item.get("created_at"))
            if written is not None and written < since:
                return
            yield item

    def _under(self, post: str, pages: int) -> Iterator[Mapping[str, Any]]:
        yield from self._pages("comments/show.json", {"id": post, "filter_by_author": "0"}, "comments", pages)

    def _pages(
        self, path: str, asked: Mapping[str, str], key: str, pages: int = PAGES
    ) -> Iterator[Mapping[str, Any]]:
        for number in range(1, pages + 1):
            shown = rows.items(self._get(path, {**asked, "count": str(PAGE), "page": str(number)}), key)
            yield from shown
            if len(shown) < PAGE:
                return

    def _get(
        self, path: str, params: Mapping[str, str], allow: frozenset[int] = frozenset()
    ) -> dict[str, Any]:
        body = self._call("GET", f"{self._base}/{path}", publishes=False, params=params)
        code = codes.code_of(body)
        if code is not None and code not in allow:
            raise Unavailable(f"微博读取失败：{codes.told(code, body)}", code=code)
        return body

    def _post(self, path: str, form: Mapping[str, str], *, publishes: bool, **more: Any) -> dict[str, Any]:
        signed = {"access_token": self._token, **form}
        if self._account.operator_ip:
            signed["rip"] = self._account.operator_ip
        return self._call("POST", f"{self._base}/{path}", publishes=publishes, data=signed, **more)

    def _call(self, method: str, url: str, *, publishes: bool, **request: Any) -> dict[str, Any]:
        headers = {"Authorization": f"OAuth2 {self._token}"}  # keeps the token out of logged addresses
        response = wire.exchange(
            NAME, method, url, publishes=publishes, timeout=self._timeout, headers=headers, **request
        )
        return _body(response, publishes=publishes)


def _picture(message: Message) -> dict[str, Any] | None:
    """The multipart part `pic`, without what the camera wrote into it."""
    if not message.pictures:
        return None
    try:
        made = pictures.cleaned(message.pictures[0])
    except BadInput as problem:
        raise Refused(str(problem)) from problem
    if made.media not in PICTURE_MEDIA:
        raise Refused(f"微博图片须为 JPEG、PNG 或 GIF：{message.pictures[0].name}")
    if len(made.body) >= PICTURE:
        raise Refused(f"微博图片须小于5MB：{message.pictures[0].name}")
    return {"pic": (made.name, made.body, made.media)}


def _body(response: httpx.Response, *, publishes: bool) -> dict[str, Any]:
    """The JSON object of an answer, or the error its status stands for."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if isinstance(body, list) and response.is_success:  # show_batch is a bare list
        return {"comments": body}
    if isinstance(body, dict) and (response.is_success or "error_code" in body):
        return body
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        wait = wire.seconds(response.headers.get("Retry-After", ""))
        raise Unavailable("微博限制访问频率", retry_after=wait)
    if 300 <= status < 500 and status != httpx.codes.REQUEST_TIMEOUT:
        raise Refused(f"微博接口拒绝（HTTP {status}）", status=status)
    raise wire.no_answer(NAME, f"HTTP {status}", publishes=publishes)


def _reading(problem: ChannelError) -> ChannelError:
    """The error of a call that publishes nothing: an unclear outcome only means to ask again."""
    return Unavailable(str(problem.args[0])) if isinstance(problem, Unknown) else problem
