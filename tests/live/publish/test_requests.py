"""The requests as documented, field by field: what really crosses the wire, each beside the page it is from.

The pages: open.weibo.com/wiki/<path>, developers.weixin.qq.com/doc/subscription/api, core.telegram.org/bots/api. "memory"
marks what no page at hand confirms; such an account is tried by a person before it is ticked (publisher/channels/README.md).
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.platforms import telegram as telegram_platform
from demo.platforms import wechat as wechat_platform
from demo.platforms import weibo as weibo_platform
from demo.platforms.server import Call
from demo.platforms.server import Platform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import WechatPlatform
from demo.platforms.wechat_talk import PUSH_TOKEN
from demo.platforms.weibo import WeiboPlatform
from huanyu import clock
from huanyu.bureau import AccountRow
from huanyu.errors import Unknown
from huanyu.types import Message
from publisher.channels.telegram import TelegramChannel
from publisher.channels.wechat import WechatChannel
from publisher.channels.wechat import client_id
from publisher.channels.wechat_talk import WORDS
from publisher.channels.weibo import WeiboChannel
from tests import photos
from tests.live.publish.conftest import SITE
from tests.live.publish.conftest import MakeMessage

POST, COMMENT = "5100000000000001", "5100000000000002"
TOKEN = weibo_platform.TOKEN
RIP = "192.0.2.1"


def shown(call: Call) -> tuple[str, str, Mapping[str, str], Mapping[str, Any], tuple[str, ...]]:
    return call.method, call.path, call.query, call.fields, call.files


def calls(platform: Platform, verb: Callable[[], object]) -> list[Any]:
    """What one verb of a channel asks of its platform."""
    platform.calls.clear()
    with suppress(Unknown):  # WeChat only queues
        verb()
    return [shown(call) for call in platform.calls]


class TestWeibo:
    @pytest.fixture
    def channel(self, weibo_account: AccountRow) -> WeiboChannel:
        return WeiboChannel(weibo_account, TOKEN, SITE)

    @pytest.mark.parametrize(
        ("changes", "path", "fields", "files"),
        [
            # 2/statuses/share: access_token, status (must hold a link of ours), rip; pic in multipart
            ({}, "statuses/share", {"status": "…"}, ()),
            ({"pictures": (photos.photo(),)}, "statuses/share", {"status": "…"}, ("pic",)),
            # 2/comments/create: access_token, comment, id, rip
            ({"reply_to": POST}, "comments/create", {"id": POST, "comment": "…"}, ()),
            # 2/comments/reply: access_token, cid, id, comment, rip
            (
                {"reply_to": f"{POST}/{COMMENT}"},
                "comments/reply",
                {"cid": COMMENT, "id": POST, "comment": "…"},
                (),
            ),
        ],
    )
    def test_what_publishes(
        self,
        changes: dict[str, object],
        path: str,
        fields: dict[str, str],
        files: tuple[str, ...],
        weibo: WeiboPlatform,
        channel: WeiboChannel,
        make_message: MakeMessage,
    ) -> None:
        message = make_message(**changes)
        told = {name: message.text if value == "…" else value for name, value in fields.items()}
        wanted = {"access_token": TOKEN, "rip": RIP, **told}
        assert calls(weibo, lambda: channel.send(message)) == [("POST", f"/2/{path}.json", {}, wanted, files)]

    @pytest.mark.parametrize(
        ("reply_to", "verb", "method", "path", "query", "fields"),
        [
            # 2/statuses/destroy: access_token, id
            ("", "withdraw", "POST", "statuses/destroy", {}, {"id": "…"}),
            # memory: 2/comments/destroy: cid
            (POST, "withdraw", "POST", "comments/destroy", {}, {"cid": "…"}),
            # memory: 2/statuses/show: id
            ("", "look", "GET", "statuses/show", {"id": "…"}, {}),
            # memory: 2/comments/show_batch: cids
            (POST, "look", "GET", "comments/show_batch", {"cids": "…"}, {}),
            # memory: 2/statuses/user_timeline: uid, count ≤ 100, page
            ("", "read_back", "GET", "statuses/user_timeline", {"uid": "7000000001"}, {}),
            # memory: 2/comments/show: id, filter_by_author 0 all, count, page
            (POST, "read_back", "GET", "comments/show", {"id": POST, "filter_by_author": "0"}, {}),
        ],
    )
    def test_what_comes_afterwards(
        self,
        reply_to: str,
        verb: str,
        method: str,
        path: str,
        query: dict[str, str],
        fields: dict[str, str],
        weibo: WeiboPlatform,
        channel: WeiboChannel,
        make_message: MakeMessage,
    ) -> None:
        message = make_message(reply_to=reply_to)
        message = replace(message, platform_id=channel.send(message).platform_id)
        if verb == "read_back":
            query = query | {"count": "100", "page": "1"}
        asked = {name: message.platform_id if value == "…" else value for name, value in query.items()}
        told = {name: message.platform_id if value == "…" else value for name, value in fields.items()}
        signed = {"access_token": TOKEN, "rip": RIP} if method == "POST" else {}
        assert calls(weibo, lambda: getattr(channel, verb)(message)) == [
            (method, f"/2/{path}.json", asked, signed | told, ())
        ]

    def test_health(self, weibo: WeiboPlatform, channel: WeiboChannel) -> None:
        """memory: oauth2/get_token_info by POST with access_token; 2/users/show with uid."""
        assert calls(weibo, lambda: channel.health(clock.now())) == [
            ("POST", "/oauth2/get_token_info", {}, {"access_token": TOKEN}, ()),
            ("GET", "/2/users/show.json", {"uid": "7000000001"}, {}, ()),
        ]


class TestWechat:
    """`access_token` stands in every address, as every page has it; its own call is POST stable_token."""

    @pytest.fixture
    def row(self, wechat: WechatPlatform, wechat_account: AccountRow, tmp_path: Path) -> AccountRow:
        (tmp_path / "cover.jpg").write_bytes(photos.jpeg())
        return wechat_account.model_copy(update={"push_url": wechat.push_url, "comments": True})

    @pytest.fixture
    def channel(self, row: AccountRow, tmp_path: Path) -> WechatChannel:
        return WechatChannel(row, wechat_platform.SECRET, tmp_path, push_token=PUSH_TOKEN)

    @pytest.fixture
    def mass(self, row: AccountRow, tmp_path: Path) -> WechatChannel:
        return WechatChannel(row.model_copy(update={"mode": "mass"}), wechat_platform.SECRET, tmp_path)

    @pytest.fixture
    def article(self, make_message: MakeMessage) -> Message:
        return make_message(
            channel="wechat", account="wechat", text="已责令整改。", pictures=(photos.photo(),)
        )

    def asked(self, wechat: WechatPlatform, verb: Callable[[], object]) -> list[Any]:
        found = calls(wechat, verb)
        signed = [query.get("access_token") for _, path, query, _, _ in found if path != "/push"]
        assert set(signed) <= {None, "token-1"}
        assert signed.count(None) == sum(path.endswith("/stable_token") for _, path, *_ in found)
        left = [(m, p.removeprefix("/cgi-bin/"), {**q}, f, files) for m, p, q, f, files in found]
        for _, _, query, _, _ in left:
            query.pop("access_token", None)
        return left

    def test_an_article_onto_the_page(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Message
    ) -> None:
        found = self.asked(wechat, lambda: channel.send(article))
        token = {
            "grant_type": "client_credential",
            "appid": wechat_platform.APP_ID,
            "secret": wechat_platform.SECRET,
        }
        news = found[3][3]["articles"][0]
        assert found == [
            ("POST", "stable_token", {}, token, ()),  # 获取稳定版接口调用凭据
            ("POST", "material/add_material", {"type": "image"}, {}, ("media",)),  # 新增永久素材
            ("POST", "media/uploadimg", {}, {}, ("media",)),  # 上传图文消息内的图片
            ("POST", "draft/add", {}, {"articles": [news]}, ()),  # 新建草稿
            ("POST", "freepublish/submit", {}, {"media_id": "DRAFT_1"}, ()),  # 发布草稿
        ]
        assert news == {
            "title": article.title,
            "author": "聊城生态环境",
            "digest": "已责令整改。",
            "content": news["content"],
            "content_source_url": article.link,
            "thumb_media_id": "MEDIA_1",
            "need_open_comment": 1,
            "only_fans_can_comment": 0,
        }

    def test_an_article_to_every_follower(
        self, wechat: WechatPlatform, mass: WechatChannel, article: Message
    ) -> None:
        """群发消息 (sendall by filter.is_to_all) with clientmsgid, at most 64 characters."""
        last = self.asked(wechat, lambda: mass.send(article))[-1]
        wanted = {
            "filter": {"is_to_all": True},
            "mpnews": {"media_id": "DRAFT_1"},
            "msgtype": "mpnews",
            "send_ignore_reprint": 0,
            "clientmsgid": client_id(article.key),
        }
        assert last == ("POST", "message/mass/sendall", {}, wanted, ())

    @pytest.mark.parametrize(
        ("native", "verb", "path", "fields"),
        [
            ("publish:100000001", "read_back", "freepublish/get", {"publish_id": "100000001"}),
            ("", "read_back", "freepublish/batchget", {"offset": 0, "count": 20, "no_content": 0}),
            ("ARTICLE_1", "look", "freepublish/getarticle", {"article_id": "ARTICLE_1"}),
            ("ARTICLE_1", "withdraw", "freepublish/delete", {"article_id": "ARTICLE_1", "index": 0}),
            # memory: message/mass/get and delete
            ("mass:3147000001", "read_back", "message/mass/get", {"msg_id": "3147000001"}),
            (
                "mass:3147000001",
                "withdraw",
                "message/mass/delete",
                {"msg_id": "3147000001", "article_idx": 0},
            ),
        ],
    )
    def test_what_comes_afterwards(
        self,
        native: str,
        verb: str,
        path: str,
        fields: dict[str, object],
        wechat: WechatPlatform,
        channel: WechatChannel,
        mass: WechatChannel,
        article: Message,
    ) -> None:
        way = mass if native.startswith("mass:") else channel
        with pytest.raises(Unknown):
            way.send(article)
        found = self.asked(wechat, lambda: getattr(way, verb)(replace(article, platform_id=native)))
        assert found == [("POST", path, {}, fields, ())]

    def test_how_often_it_was_read(
        self, wechat: WechatPlatform, mass: WechatChannel, article: Message
    ) -> None:
        """数据统计, 获取图文群发总数据: one day at a time."""
        with pytest.raises(Unknown) as caught:
            mass.send(article)
        message = replace(article, platform_id=caught.value.platform_id, sent_at=(now := clock.now()))
        day = f"{now:%Y-%m-%d}"
        assert self.asked(wechat, lambda: mass.reach(message)) == [
            ("POST", "/datacube/getarticletotal", {}, {"begin_date": day, "end_date": day}, ())
        ]

    def test_comments(self, wechat: WechatPlatform, mass: WechatChannel, article: Message) -> None:
        """查看指定文章的评论数据, 回复评论; memory: 删除回复."""
        comment = wechat.citizen_comments(77, "什么时候整改完")
        place = {"msg_data_id": 77, "index": 0, "user_comment_id": comment}
        answer = replace(article, reply_to=f"77/{comment}", text="3月20日前完成。", pictures=())
        sent = self.asked(wechat, lambda: mass.send(answer))[-1]
        assert sent == ("POST", "comment/reply/add", {}, {**place, "content": answer.text}, ())
        listed = {"msg_data_id": 77, "index": 0, "begin": 0, "count": 49, "type": 0}
        assert self.asked(wechat, lambda: mass.read_back(answer)) == [
            ("POST", "comment/list", {}, listed, ())
        ]
        assert self.asked(wechat, lambda: mass.withdraw(answer)) == [
            ("POST", "comment/reply/delete", {}, place, ())
        ]

    def test_health_and_what_it_says_by_itself(self, wechat: WechatPlatform, channel: WechatChannel) -> None:
        """获取公众号的自动回复规则 by GET; the service is asked as 接收普通消息 and 接入指南 describe it."""
        now = clock.now()
        found = self.asked(wechat, lambda: channel.health(now))
        listed = {"offset": 0, "count": 1, "no_content": 1}
        assert found[1:3] == [
            ("POST", "freepublish/batchget", {}, listed, ()),
            ("GET", "get_current_autoreply_info", {}, {}, ()),
        ]
        day = f"{now - timedelta(days=1):%Y-%m-%d}"  # 数据统计, 获取累计用户数据
        assert found[-1] == (
            "POST",
            "/datacube/getusercumulate",
            {},
            {"begin_date": day, "end_date": day},
            (),
        )
        method, path, query, _, _ = found[3]
        assert (method, path, set(query)) == ("POST", "/push", {"signature", "timestamp", "nonce", "openid"})
        assert wechat.talk.asked == [WORDS]


class TestTelegram:
    """The real python-telegram-bot on the wire: core.telegram.org/bots/api#<method>."""

    @pytest.fixture
    def channel(self, telegram_account: AccountRow) -> TelegramChannel:
        return TelegramChannel(telegram_account, telegram_platform.TOKEN)

    @pytest.mark.parametrize(
        ("pictures", "method", "fields", "files"),
        [
            ((), "sendMessage", {"chat_id", "text", "link_preview_options", "reply_parameters"}, 0),
            ((photos.photo(),), "sendPhoto", {"chat_id", "caption", "reply_parameters"}, 1),
            ((photos.photo(), photos.photo()), "sendMediaGroup", {"chat_id", "media", "reply_parameters"}, 2),
        ],
    )
    def test_what_publishes(
        self,
        pictures: Sequence[Any],
        method: str,
        fields: set[str],
        files: int,
        telegram: TelegramPlatform,
        channel: TelegramChannel,
        make_message: MakeMessage,
    ) -> None:
        message = make_message(reply_to="7", pictures=pictures)
        ((verb, path, query, told, parts),) = calls(telegram, lambda: channel.send(message))
        assert (verb, path, query) == ("POST", f"/bot{telegram_platform.TOKEN}/{method}", {})
        assert set(told) - {"photo"} == fields
        assert told["chat_id"] == "@lchj"
        assert '"message_id": 7' in told["reply_parameters"]
        assert len(parts) == files

    @pytest.mark.parametrize(
        ("verb", "method", "fields"),
        [
            ("amend", "editMessageText", {"chat_id", "message_id", "text", "link_preview_options"}),
            ("withdraw", "deleteMessage", {"chat_id", "message_id"}),
        ],
    )
    def test_what_comes_afterwards(
        self,
        verb: str,
        method: str,
        fields: set[str],
        telegram: TelegramPlatform,
        channel: TelegramChannel,
        make_message: MakeMessage,
    ) -> None:
        message = make_message()
        message = replace(message, platform_id=channel.send(message).platform_id)
        more = ("改正后的话。",) if verb == "amend" else ()
        ((_, path, _, told, _),) = calls(telegram, lambda: getattr(channel, verb)(message, *more))
        assert (path, set(told)) == (f"/bot{telegram_platform.TOKEN}/{method}", fields)
