"""A WeChat official account: an article onto its page (freepublish) or to every follower (mass), a reply to a comment.

Both ways only queue: `send` ends in Unknown with what WeChat called the job, and `read_back` tells what became of it.
Endpoints from developers.weixin.qq.com, checked page by page but for comment/reply/delete and message/mass/delete,
which are from memory: try them before ticking `verified`.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from typing import Final

import httpx

from huanyu.bureau import AccountRow
from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Health
from huanyu.types import Message
from huanyu.types import Picture
from huanyu.types import Receipt
from huanyu.types import Response
from huanyu.types import Seen
from publisher.channels import wechat_article as articles
from publisher.channels import wechat_codes as codes
from publisher.channels import wechat_figures as figures
from publisher.channels import wechat_talk as talk
from publisher.channels import wire
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits
from publisher.channels.wechat_api import WechatApi
from publisher.channels.wechat_api import code_of

LIMITS: Final = Limits(
    length=articles.CONTENT, per_minute=60, source="developers.weixin.qq.com: draft/add; 群发接口每分钟60次"
)
CLOCK_SKEW: Final = timedelta(minutes=10)  # between their clock and ours, when reading back
PAGE, PAGES = 20, 5  # rows of a list, lists read back
COMMENTS: Final = 49  # 50 and more are refused
PICTURES: Final = 20  # our own limit: an article, not an album
JOB, DRAFT, MASS = "publish", "draft", "mass"  #: what a platform_id begins with until the article has its own

_PUBLISH = Abilities(read_back=True, look=True, withdraw=True, recent=True, health=True, pictures=PICTURES)
#: Within 24 hours, as long as WeChat remembers a clientmsgid.
_MASS = Abilities(
    read_back=True,
    idempotent=True,
    withdraw=True,
    responses=True,
    reach=True,
    health=True,
    pictures=PICTURES,
)


class WechatChannel:
    """One official account."""

    limits: Final = LIMITS

    def __init__(
        self,
        account: AccountRow,
        secret: str,
        folder: Path,
        timeout: httpx.Timeout = wire.TIMEOUT,
        push_token: str = "",
    ) -> None:
        self._account, self._folder, self._timeout = account, folder, timeout
        self._api = WechatApi(account.base_url, account.app_id, secret, timeout)
        self._push_token = push_token
        mass = replace(_MASS, responses=account.comments)
        self.abilities = mass if account.mode == "mass" else _PUBLISH

    # --- out ----------------------------------------------------------------------------------------------

    def send(self, message: Message) -> Receipt:
        """Queue the article, or answer the comment `reply_to` (msg_data_id/user_comment_id).

        An article always ends in Unknown: WeChat has only taken the job, `read_back` finds out.
        """
        if message.reply_to:
            return self._reply(message)
        articles.check(message)
        draft = self._draft(message)
        return self._mass(message, draft) if self._account.mode == "mass" else self._publish(draft)

    def _draft(self, message: Message) -> str:
        """The media_id of the message's draft; nothing is public yet, so every failure here means later."""
        shown = [articles.cleaned(picture) for picture in message.pictures]
        thumb = self._thumb(shown)
        images = [self._named(self._api.upload("media/uploadimg", picture), "url") for picture in shown]
        entry = articles.article(message, images, thumb, self._account)
        if message.attempts > 1 and (left := self._left_over(entry)):
            self._api.call("draft/update", {"media_id": left, "index": 0, "articles": entry})
            return left
        return self._named(self._api.call("draft/add", {"articles": [entry]}), "media_id")

    def _thumb(self, shown: Sequence[Picture]) -> str:
        cover = articles.as_cover(shown[0] if shown else self._cover())
        kept = self._api.upload("material/add_material", cover, type=articles.COVER_KIND)
        return self._named(kept, "media_id")

    def _cover(self) -> Picture:
        """The account's own cover, for articles that bring no picture."""
        if not self._account.cover:
            raise Refused(
                f"文章没有图片，账号“{self._account.name}”也没有设置封面（accounts.toml 的 cover）",
                whole_account=True,
            )
        path = self._folder / self._account.cover
        try:
            body = path.read_bytes()
        except OSError as problem:
            raise Refused(f"封面文件读不出来：{self._account.cover}", whole_account=True) from problem
        return articles.cleaned(Picture(digest="cover", name=path.name, media="", body=body))

    def _left_over(self, entry: Mapping[str, Any]) -> str:
        """The draft that an earlier attempt left in the box: it is used again instead of a second one."""
        body = self._api.call("draft/batchget", {"offset": 0, "count": PAGE, "no_content": 1})
        for row in _rows(body):
            news = articles.item_of(row)
            wanted = (entry["title"], entry["content_source_url"])
            if (news.get("title"), news.get("content_source_url")) == wanted:
                return str(row.get("media_id") or "")
        return ""

    def _publish(self, draft: str) -> Receipt:
        try:
            body = self._api.call("freepublish/submit", {"media_id": draft}, publishes=True)
        except Unknown as problem:
            raise Unknown(str(problem.args[0]), platform_id=f"{DRAFT}:{draft}") from problem
        if not body.get("publish_id"):
            raise Unknown("微信应答中没有发布任务编号，可能已受理", platform_id=f"{DRAFT}:{draft}")
        raise Unknown("微信已受理，正在发布", platform_id=f"{JOB}:{body['publish_id']}")

    def _mass(self, message: Message, draft: str) -> Receipt:
        asked = {
            "filter": {"is_to_all": True},
            "mpnews": {"media_id": draft},
            "msgtype": "mpnews",
            "send_ignore_reprint": 0,
            "clientmsgid": client_id(message.key),
        }
        allow = {codes.REPEATED}
        body = self._api.call("message/mass/sendall", asked, publishes=True, allow=allow)
        if not body.get("msg_id"):
            raise Unknown("微信应答中没有群发编号，可能已受理")
        again = (
            "微信提示已有同一次群发，等待结果" if code_of(body) == codes.REPEATED else "微信已受理，正在群发"
        )
        native = f"{MASS}:{body['msg_id']}"
        raise Unknown(
            again, platform_id=f"{native}:{data_id}" if (data_id := body.get("msg_data_id")) else native
        )

    def _reply(self, message: Message) -> Receipt:
        place = _comment(message.reply_to)
        self._api.call("comment/reply/add", {**place, "content": message.text}, publishes=True)
        return Receipt(platform_id=message.reply_to)

    # --- read back ----------------------------------------------------------------------------------------

    def read_back(self, message: Message) -> Receipt | None:
        """What became of the job; by title, link and text where WeChat never told its number."""
        kind, _, name = message.platform_id.partition(":")
        if message.reply_to:
            return self._replied(message)
        if kind == JOB:
            return finished(self._api.call("freepublish/get", {"publish_id": name}))
        if kind == MASS:
            return self._mass_state(message.platform_id)
        return None if self._account.mode == "mass" else self._on_page(message)

    def _mass_state(self, native: str) -> Receipt | None:
        body = self._api.call("message/mass/get", {"msg_id": _part(native, 1)})
        state = str(body.get("msg_status", ""))
        if state in codes.MASS_ENDS:
            raise Refused(f"微信：{codes.MASS_ENDS[state]}")
        return Receipt(platform_id=native, note="微信确认已群发") if state == codes.MASS_SENT else None

    def _on_page(self, message: Message) -> Receipt | None:
        for row in self._listed((message.claimed_at or message.created_at) - CLOCK_SKEW):
            news = articles.item_of(row)
            same = (news.get("title"), news.get("content_source_url")) == (
                message.title.strip(),
                message.link,
            )
            if same and articles.says(str(news.get("content")), message.text) and not news.get("is_deleted"):
                native, url = str(row.get("article_id")), str(news.get("url") or "")
                return Receipt(platform_id=native, url=url, at=_time(row), note="回读确认已发布")
        return None

    def _replied(self, message: Message) -> Receipt | None:
        place = _comment(message.reply_to)
        for one in self._comments(str(place["msg_data_id"])):
            answer = one.get("reply") or {}
            if (
                one.get("user_comment_id") == place["user_comment_id"]
                and answer.get("content") == message.text
            ):
                return Receipt(platform_id=message.reply_to, at=_time(answer, "create_time"))
        return None

    # --- afterwards ---------------------------------------------------------------------------------------

    def look(self, message: Message) -> Seen | None:
        """The article as it stands; None when it was deleted."""
        asked = {"article_id": _article(message)}
        body = self._api.call("freepublish/getarticle", asked, allow=codes.GONE)
        news = articles.item_of(body)
        if not news or news.get("is_deleted"):
            return None
        return Seen(
            platform_id=asked["article_id"],
            text=articles.plain(str(news.get("content"))),
            url=str(news.get("url") or ""),
        )

    def withdraw(self, message: Message) -> Receipt:
        """Delete the article, the mass sending or the reply; what is gone stays gone."""
        if message.reply_to:
            self._api.call(
                "comment/reply/delete", _comment(message.reply_to), allow={88008}
            )  # memory: no reply
        elif message.platform_id.startswith(f"{MASS}:"):
            asked = {"msg_id": _part(message.platform_id, 1), "article_idx": 0}
            self._api.call("message/mass/delete", asked, allow=codes.GONE)
        else:
            asked = {"article_id": _article(message), "index": 0}
            self._api.call("freepublish/delete", asked, allow=codes.GONE)
        return Receipt(platform_id=message.platform_id, url=message.platform_url, note="已撤回")

    def recent(self, since: datetime) -> Sequence[Seen]:
        """Every article on the account's page since then; mass sendings are in no list."""
        found = [(row, articles.item_of(row)) for row in self._listed(since)]
        return [
            Seen(
                platform_id=str(row.get("article_id")),
                text=f"{news.get('title', '')}\n{articles.plain(str(news.get('content', '')))}",
                url=str(news.get("url") or ""),
                at=_time(row),
            )
            for row, news in found
            if not news.get("is_deleted")
        ]

    def responses(self, message: Message) -> Sequence[Response]:
        """What followers wrote under a mass sending; an article of the page has no number to ask by."""
        data_id = _part(message.platform_id, 2)
        if not data_id:
            return []
        return [
            Response(
                platform_id=f"{data_id}/{one.get('user_comment_id')}",
                text=str(one.get("content") or ""),
                at=_time(one, "create_time"),
            )
            for one in self._comments(data_id)
        ]

    def reach(self, message: Message) -> int | None:
        """How often a mass sending was read; articles of the page are not counted by themselves."""
        data_id = _part(message.platform_id, 2)
        return figures.reads(self._api, data_id, message.sent_at or message.due_at) if data_id else None

    def health(self, now: datetime) -> Health:
        """Whether token and interface work and nothing answers unread; the AppSecret has no date on which it ends."""
        try:
            self._api.call("freepublish/batchget", {"offset": 0, "count": 1, "no_content": 1})
        except Refused as problem:
            return Health(state="revoked", note=str(problem.args[0]))
        except Unavailable as problem:
            is_quota = problem.ids.get("code") in codes.LATER
            return Health(state="quota" if is_quota else "failing", note=str(problem.args[0]))
        except ChannelError as problem:
            return Health(state="failing", note=str(problem.args[0]))
        return self._talk(now)

    def _talk(self, now: datetime) -> Health:
        """Whether it answers people with what nobody approved; not knowing is told, and no alarm."""
        found, note = [], ""
        try:
            found = talk.of_rules(self._api.read("get_current_autoreply_info"), self._account.auto_replies)
            if self._account.push_url:
                found += talk.of_service(self._account, self._push_token, now, self._timeout)
        except ChannelError as problem:
            note = talk.trouble(self._account, problem)
        state, told = ("unsafe", "；".join(found)) if found else ("ok", note)
        return Health(state=state, note=told, followers=figures.followers(self._api, now))

    # --- lists --------------------------------------------------------------------------------------------

    def _listed(self, since: datetime) -> Iterator[Mapping[str, Any]]:
        for number in range(PAGES):
            asked = {"offset": number * PAGE, "count": PAGE, "no_content": 0}
            rows = _rows(self._api.call("freepublish/batchget", asked))
            for row in rows:
                if (at := _time(row)) is not None and at >= since:
                    yield row
            oldest = _time(rows[-1]) if rows else None
            if len(rows) < PAGE or oldest is None or oldest < since:
                return

    def _comments(self, data_id: str) -> Iterator[Mapping[str, Any]]:
        for number in range(PAGES):
            asked = {"msg_data_id": int(data_id), "index": 0, "begin": number * COMMENTS, "count": COMMENTS}
            body = self._api.call("comment/list", {**asked, "type": 0})
            rows = _rows(body, "comment")
            yield from rows
            if len(rows) < COMMENTS:
                return

    def _named(self, body: Mapping[str, Any], name: str) -> str:
        if not body.get(name):
            raise Unavailable(f"微信应答中没有 {name}，尚未发布")
        return str(body[name])


def client_id(key: str) -> str:
    """The clientmsgid of a message's key: at most 64 letters and digits, the same for ever."""
    return sha256(key.encode()).hexdigest()[:32]


def finished(job: Mapping[str, Any]) -> Receipt | None:
    """What a publishing job came to; None while it runs. Raises Refused where it will never be out."""
    status = int(job.get("publish_status", codes.PUBLISHING))
    if status == codes.PUBLISHING:
        return None
    if status != codes.PUBLISHED:
        raise codes.ended(status)
    items = (job.get("article_detail") or {}).get("item") or [{}]
    url = str(items[0].get("article_url") or "")
    return Receipt(platform_id=str(job.get("article_id") or ""), url=url, note="微信确认已发布")


def _article(message: Message) -> str:
    """The article_id; raises Refused while WeChat has not given one."""
    native = message.platform_id
    if not native or ":" in native or "/" in native:
        raise Refused("还没有文章编号，先核实是否已发布")
    return native


def _comment(reply_to: str) -> dict[str, Any]:
    data_id, _, comment = reply_to.partition("/")
    if not (data_id.isdecimal() and comment.isdecimal()):
        raise Refused("微信留言编号应为 msg_data_id/user_comment_id")
    return {"msg_data_id": int(data_id), "index": 0, "user_comment_id": int(comment)}


def _part(native: str, number: int) -> str:
    parts = native.split(":")
    return parts[number] if parts[0] == MASS and len(parts) > number else ""


def _rows(body: Mapping[str, Any], key: str = "item") -> list[Mapping[str, Any]]:
    found = body.get(key)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _time(row: Mapping[str, Any], key: str = "update_time") -> datetime | None:
    told = row.get(key)
    return datetime.fromtimestamp(told, UTC) if isinstance(told, int) else None
