"""What the local Weibo keeps: one account's posts and comments, and what other people wrote under them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from demo.platforms.pages import Card
from demo.platforms.pages import page
from demo.platforms.server import Platform
from demo.platforms.server import Upload
from huanyu import clock

_LINK = re.compile(r"https?://[^\s\u4e00-\u9fff，。]+")
TOKEN = "demo-weibo-token"  # noqa: S105 - opens nothing but this server
CITIZEN = "7000000999"
_FIRST_ID = 5_200_000_000_000_001
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif"})
_CURSORS = {"previous_cursor": 0, "next_cursor": 0}


@dataclass(frozen=True, slots=True)
class Published:
    """A post, or a comment when `status_id` is set."""

    id: int
    text: str
    at: datetime
    status_id: str = ""
    rip: str = ""
    user_id: str = ""
    reply_to: str = ""  #: the comment answered
    picture: str = ""  #: file name
    picture_body: bytes = b""
    gone: bool = False


class WeiboState(Platform):
    """One account, its posts and its comments."""

    def __init__(
        self,
        token: str = TOKEN,
        user_id: str = "7000000001",
        domains: tuple[str, ...] = (),
        port: int = 0,
        name: str = "本局账号",
    ) -> None:
        self.name = name
        self.token, self.user_id, self.domains = token, user_id, domains
        self.expired = False  #: set to let every call meet an expired token
        self.expires_in = 30 * 86_400  #: seconds, as the token's own endpoint tells
        self.missing: set[str] = set()  #: ids of posts that do not exist any more
        self.lag = timedelta(0)  #: how long a new publication stays out of every list
        self._kept: dict[int, Published] = {}
        self._under: Counter[str] = Counter()  # comments of each post
        self._last = ""
        super().__init__(port)

    @property
    def api(self) -> str:
        """The base address for accounts.toml."""
        return f"{self.url}/2"

    @property
    def published(self) -> tuple[Published, ...]:
        """Everything the account published and did not take down again, oldest first."""
        with self.lock:
            return tuple(one for one in self._kept.values() if one.user_id == self.user_id and not one.gone)

    # --- what the account does ----------------------------------------------------------------------------

    def check_token(self, token: str) -> int:
        if self.expired:
            return 21327
        return 0 if token == self.token else 21332

    def check(self, form: Mapping[str, str], kind: str, picture: Upload | None) -> int:
        """The first rule a publication breaks, 0 = none."""
        is_comment = kind != "share"
        text = form.get("comment" if is_comment else "status", "")
        links = {urlsplit(link).hostname for link in _LINK.findall(text)}
        rules = (
            (not text, 20008),
            ("rip" not in form, 10016),
            (_length(text) > 140, 20012),
            (is_comment and (not form.get("id") or form["id"] in self.missing), 20101),
            (kind == "reply" and form.get("cid", "") in self.missing | {""}, 20201),
            (not is_comment and bool(re.search(r"#[^#]+#", text)), 20018),
            (not is_comment and not links, 20018),
            (bool(self.domains) and bool(links - set(self.domains)), 20018),
            (picture is not None and picture.media not in _PICTURES, 20005),
            (picture is not None and len(picture.body) >= 5 * 1024 * 1024, 20006),
            (text == self._last, 20019),
        )
        return next((code for broken, code in rules if broken), 0)

    def keep(self, form: Mapping[str, str], kind: str, picture: Upload | None = None) -> dict[str, Any]:
        """Accept a publication and return the platform's object for it."""
        text = form["status" if kind == "share" else "comment"]
        status_id, cid = (form["id"] if kind != "share" else ""), form.get("cid", "")
        file: dict[str, Any] = {"picture": picture.name, "picture_body": picture.body} if picture else {}
        kept = self._put(text, status_id=status_id, rip=form["rip"], reply_to=cid, **file)
        self._last = text
        self.count(text)
        return self._object(kept)

    def destroy(self, form: Mapping[str, str]) -> dict[str, Any] | int:
        """Take a post or a comment down."""
        is_comment = "cid" in form
        with self.lock:
            kept = self._kept.get(int(form.get("cid") or form.get("id") or 0))
            if kept is None or kept.gone or bool(kept.status_id) != is_comment:
                return 20201 if is_comment else 20101
            if kept.user_id != self.user_id:
                return 20203 if is_comment else 20102
            self._take_down(kept)
        return self._object(kept)

    # --- what others do -----------------------------------------------------------------------------------

    def stray(self, text: str) -> str:
        """Somebody posts on the account by hand; returns the id."""
        return str(self._put(text).id)

    def edit(self, native_id: str, text: str) -> None:
        """Somebody changes a post on the platform's own page."""
        with self.lock:
            self._kept[int(native_id)] = replace(self._kept[int(native_id)], text=text)

    def remove(self, native_id: str) -> None:
        """The platform, or somebody by hand, takes a post or comment down."""
        with self.lock:
            self._take_down(self._kept[int(native_id)])

    def citizen_comments(self, status_id: str, text: str, reply_to: str = "") -> str:
        """A citizen writes under a post, or answers one of our comments there; returns the comment's id."""
        return str(self._put(text, status_id=status_id, user_id=CITIZEN, reply_to=reply_to).id)

    # --- what can be read ---------------------------------------------------------------------------------

    def timeline(self, form: Mapping[str, str]) -> dict[str, Any]:
        return self._list("statuses", (one for one in self._newest() if self._own(one, "")), form)

    def own_comments(self, form: Mapping[str, str]) -> dict[str, Any]:
        own = (one for one in self._newest() if one.status_id and one.user_id == self.user_id)
        return self._list("comments", own, form)

    def comments(self, form: Mapping[str, str]) -> dict[str, Any]:
        under = (one for one in self._newest() if one.status_id and one.status_id == form.get("id"))
        return self._list("comments", under, form)

    def comments_by_id(self, form: Mapping[str, str]) -> list[dict[str, Any]]:
        wanted = set(form.get("cids", "").split(","))
        return [self._object(one) for one in self._newest() if one.status_id and str(one.id) in wanted]

    def status(self, form: Mapping[str, str]) -> dict[str, Any] | int:
        with self.lock:
            kept = self._kept.get(int(form.get("id") or 0))
        return 20101 if kept is None or kept.gone or kept.status_id else self._object(kept)

    def user(self, form: Mapping[str, str]) -> dict[str, Any] | int:
        if form.get("uid") != self.user_id:
            return 20003
        posts = sum(1 for one in self._newest() if self._own(one, ""))
        return self._user(self.user_id) | {"followers_count": 12345, "statuses_count": posts}

    def token_info(self) -> dict[str, Any]:
        created = int(clock.now().timestamp()) - 86_400
        times = {"create_at": created, "expire_in": self.expires_in}
        return {"uid": int(self.user_id), "appkey": 1000000001, "scope": None, **times}

    def page(self) -> str:
        """What the demo's user opens in a browser."""
        cards = [
            Card(
                self.name + (f" 回复了微博 {kept.status_id}" if kept.status_id else ""),
                kept.text,
                f"{kept.at:%Y-%m-%d %H:%M:%S} · 编号 {kept.id}",
            )
            for kept in reversed(self.published)
        ]
        return page(
            "模拟微博", "本机演示用的微博，只显示本系统发布的内容，与真实微博无关。", "#c2410c", cards
        )

    # --- how it is kept -----------------------------------------------------------------------------------

    def _put(self, text: str, *, user_id: str = "", **more: Any) -> Published:
        with self.lock:
            number = _FIRST_ID + len(self._kept)
            kept = Published(number, text, clock.now(), user_id=user_id or self.user_id, **more)
            self._kept[number] = kept
            self._under[kept.status_id] += 1
        return kept

    def _take_down(self, kept: Published) -> None:
        self._kept[kept.id] = replace(kept, gone=True)
        self._under[kept.status_id] -= 1

    def _newest(self) -> Iterator[Published]:
        until = clock.now() - self.lag
        with self.lock:
            kept = list(reversed(self._kept.values()))
        return (one for one in kept if not one.gone and one.at <= until)

    def _own(self, one: Published, status_id: str) -> bool:
        return one.user_id == self.user_id and one.status_id == status_id

    def _list(self, key: str, found: Iterable[Published], form: Mapping[str, str]) -> dict[str, Any]:
        count, number = int(form.get("count", 20)), int(form.get("page", 1))
        rows = list(found)
        shown = rows[count * (number - 1) : count * number]
        return {key: [self._object(one) for one in shown], "total_number": len(rows), **_CURSORS}

    def _object(self, kept: Published) -> dict[str, Any]:
        body: dict[str, Any] = {
            "created_at": kept.at.strftime("%a %b %d %H:%M:%S %z %Y"),
            "id": kept.id,
            "idstr": str(kept.id),
            "mid": str(kept.id),
            "text": _LINK.sub(lambda _: f"http://t.cn/A6{kept.id % 100000:05d}", kept.text),  # as Weibo does
            "source": '<a href="https://example.org" rel="nofollow">环舆</a>',
            "user": self._user(kept.user_id),
        }
        if not kept.status_id:
            pictures = [{"thumbnail_pic": f"{self.url}/pic/{kept.picture}"}] if kept.picture else []
            return body | self._counters(kept) | {"truncated": False, "geo": None, "pic_urls": pictures}
        own = self._kept.get(int(kept.status_id)) if kept.status_id.isdecimal() else None
        owner = self._user(own.user_id if own else CITIZEN)
        body["status"] = {"id": kept.status_id, "idstr": kept.status_id, "user": owner}
        answered = self._kept.get(int(kept.reply_to)) if kept.reply_to else None
        return body | ({"reply_comment": self._object(answered)} if answered else {})

    def _counters(self, kept: Published) -> dict[str, int]:
        return {"reposts_count": 3, "comments_count": self._under[str(kept.id)], "attitudes_count": 0}

    def _user(self, user_id: str) -> dict[str, Any]:
        own = user_id == self.user_id
        name = self.name if own else "网友"
        return {"id": int(user_id), "idstr": user_id, "screen_name": name, "verified": own}


def _length(text: str) -> int:
    """Weibo's own count: a link is t.cn/xxxxxxx, two ASCII characters are one."""
    half = sum(1 if char < "\x80" else 2 for char in _LINK.sub("x" * 20, text))
    return (half + 1) // 2
