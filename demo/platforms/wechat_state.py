"""The local WeChat account: a token, pictures, drafts, publishing jobs, mass sendings and comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Any

from demo.platforms.pages import Card
from demo.platforms.pages import page
from demo.platforms.server import Fault
from demo.platforms.server import Platform
from demo.platforms.server import Upload
from demo.platforms.wechat_kept import APP_ID
from demo.platforms.wechat_kept import PUBLISHED
from demo.platforms.wechat_kept import PUBLISHING
from demo.platforms.wechat_kept import REMOVED
from demo.platforms.wechat_kept import Comment
from demo.platforms.wechat_kept import Published
from demo.platforms.wechat_kept import job_finished
from demo.platforms.wechat_kept import rows_of
from demo.platforms.wechat_kept import sending_finished
from demo.platforms.wechat_kept import told
from demo.platforms.wechat_kept import total
from demo.platforms.wechat_talk import Talk
from huanyu import clock

SECRET = "demo-wechat-secret"  # noqa: S105 - opens nothing but this server
MEDIA_HOST = "https://mmbiz.example.org"
OK = {"errcode": 0, "errmsg": "ok"}
_KB = 1024
_WINDOW = timedelta(hours=24)  # in which the same clientmsgid counts as the same sending
_IMAGE = re.compile(r'<img[^>]*\ssrc="([^"]*)"[^>]*>')


class WechatState(Platform):
    """One official account."""

    def __init__(self, app_id: str = APP_ID, secret: str = SECRET, port: int = 0) -> None:
        self.app_id, self.secret = app_id, secret
        self.expired = False  #: set to let every call meet a dead token, fresh ones too
        self.takes = timedelta(0)  #: from submit until the article is out
        self.next_status = PUBLISHED  #: how the next job ends: 0, or 2 3 4 for a failure
        self.tokens_given = 0
        self.today: datetime | None = None  #: when what comes now is published; None = now
        self.talk = Talk()
        self.followers, self.reads = 12345, (40, 678)  #: of one day after another
        self.sent: dict[str, Upload] = {}  #: what people sent to the account, by media_id
        self._token = "token-1"  # noqa: S105 - opens nothing but this server
        self._media: dict[str, Upload] = {}
        self._images: dict[str, Upload] = {}
        self._drafts: dict[str, dict[str, Any]] = {}
        self._kept: dict[str, Published] = {}
        self._jobs: dict[str, str] = {}  # publish_id -> article_id
        self._comments: dict[int, Comment] = {}
        super().__init__(port)

    @property
    def api(self) -> str:
        """The base address for accounts.toml."""
        return f"{self.url}/cgi-bin"

    @property
    def published(self) -> tuple[Published, ...]:
        """Articles and mass sendings that are out and not taken down, oldest first."""
        with self.lock:
            return tuple(one for one in self._kept.values() if self._status(one) == PUBLISHED)

    @property
    def push_url(self) -> str:
        """The address of the service behind the account, for accounts.toml."""
        return f"{self.url}/push"

    @property
    def draft_box(self) -> tuple[Mapping[str, Any], ...]:
        with self.lock:
            return tuple(self._drafts.values())

    @property
    def images(self) -> tuple[Upload, ...]:
        """Pictures uploaded for use inside articles."""
        with self.lock:
            return tuple(self._images.values())

    @property
    def covers(self) -> tuple[Upload, ...]:
        with self.lock:
            return tuple(self._media.values())

    @property
    def replies(self) -> tuple[Comment, ...]:
        """Comments that the account answered."""
        with self.lock:
            return tuple(one for one in self._comments.values() if one.reply)

    # --- what a test arranges -----------------------------------------------------------------------------

    def expire_token(self) -> None:
        """The token in use dies; the next stable_token gives another."""
        self._token = f"token-{int(self._token.partition('-')[2]) + 1}"

    def fault_at(self, call: str, *, publishing: bool) -> Fault:
        """The fault for this call: `at` names one, without it the next publishing call is meant."""
        with self.lock:
            wanted = str(self._queue[0].options.get("at", "")) if self._queue else ""
        if wanted == call or (publishing and not wanted):
            return self.next_fault() or Fault("none")
        return Fault("none")

    def remove(self, native_id: str, status: int = REMOVED) -> None:
        """Somebody deletes an article by hand; status 6 when the platform bans it."""
        with self.lock:
            self._kept[native_id] = replace(self._kept[native_id], status=status)

    def stray(self, title: str, content: str = "") -> str:
        """Somebody publishes on the account by hand; returns the article_id."""
        return self._publish({"title": title, "content": content or title, "content_source_url": ""}).id

    def citizen_comments(self, data_id: int, text: str) -> int:
        """A reader comments on what has this msg_data_id; returns the comment's id."""
        with self.lock:
            made = Comment(len(self._comments) + 1, data_id, text, clock.now())
            self._comments[made.id] = made
        return made.id

    def callback(self, job: str) -> bytes:
        """PUBLISHJOBFINISH of a job, or MASSSENDJOBFINISH of a msg_id, as it is posted to the account's address."""
        with self.lock:
            kept = self._kept[self._jobs.get(job, job)]
        made = job_finished if kept.job else sending_finished
        return made(kept, self._status(kept), self._address(kept))

    # --- token, pictures, drafts --------------------------------------------------------------------------

    def stable_token(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        if asked.get("grant_type") != "client_credential" or asked.get("appid") != self.app_id:
            return 40013
        if asked.get("secret") != self.secret:
            return 40125
        self.tokens_given += 1
        if asked.get("force_refresh"):
            self.expire_token()
        return {"access_token": self._token, "expires_in": 7200}

    def check_token(self, token: str) -> int:
        if self.expired:
            return 42001
        if not token:
            return 41001
        return 0 if token == self._token else 40001

    def add_material(self, kind: str, media: Upload | None) -> Mapping[str, Any] | int:
        limits = {"thumb": 64 * _KB, "image": 10 * _KB * _KB}
        if media is None or kind not in limits:
            return 40004
        if len(media.body) > limits[kind]:
            return 40009
        with self.lock:
            name = f"MEDIA_{len(self._media) + 1}"
            self._media[name] = media
        return {"media_id": name, "url": f"{MEDIA_HOST}/{name}"}

    def upload_image(self, media: Upload | None) -> Mapping[str, Any] | int:
        if media is None or media.media not in {"image/jpeg", "image/png"}:
            return 40005
        if len(media.body) > _KB * _KB:
            return 40009
        with self.lock:
            url = f"{MEDIA_HOST}/image/{len(self._images) + 1}"
            self._images[url] = media
        return {"url": url}

    def add_draft(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        articles = asked.get("articles") or [{}]
        if code := self._check_draft(articles[0]):
            return code
        with self.lock:
            name = f"DRAFT_{len(self._drafts) + len(self._kept) + 1}"
            self._drafts[name] = dict(articles[0])
        return {"media_id": name}

    def update_draft(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        name = str(asked.get("media_id"))
        if name not in self._drafts:
            return 40007
        if code := self._check_draft(asked["articles"]):
            return code
        with self.lock:
            self._drafts[name] = dict(asked["articles"])
        return OK

    def drafts(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        with self.lock:
            rows = list(reversed(self._drafts.items()))
        return rows_of(rows, asked, lambda row: {"media_id": row[0], "content": {"news_item": [row[1]]}})

    def _check_draft(self, draft: Mapping[str, Any]) -> int:
        images = set(_IMAGE.findall(str(draft.get("content", ""))))
        rules = (
            (not draft.get("title") or not draft.get("content"), 44003),
            (len(str(draft.get("title"))) > 64, 45003),
            (len(str(draft.get("author", ""))) > 16, 45110),
            (len(str(draft.get("digest", ""))) > 120, 45004),
            (len(str(draft.get("content"))) >= 20_000, 45002),
            (len(str(draft.get("content_source_url", ""))) > _KB, 40066),
            (draft.get("thumb_media_id") not in self._media, 40007),
            (bool(images - set(self._images)), 40007),
        )
        return next((code for broken, code in rules if broken), 0)

    # --- publishing ---------------------------------------------------------------------------------------

    def submit(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        with self.lock:
            draft = self._drafts.pop(str(asked.get("media_id")), None)
        if draft is None:
            return 40007
        kept = self._publish(draft)
        self.count(kept.title)
        return OK | {"publish_id": kept.job, "msg_data_id": str(kept.data_id)}

    def job(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        with self.lock:
            kept = self._kept.get(self._jobs.get(str(asked.get("publish_id")), ""))
        if kept is None:
            return 40059
        told = {"publish_id": kept.job, "publish_status": self._status(kept), "fail_idx": []}
        if told["publish_status"] != PUBLISHED:
            return told
        detail = {"count": 1, "item": [{"idx": 1, "article_url": self._address(kept)}]}
        return told | {"article_id": kept.id, "article_detail": detail}

    def articles(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        out = [one for one in reversed(self.published) if one.job]
        return rows_of(out, asked, self._item)

    def article(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        kept = self._by_id(asked.get("article_id"))
        return {"news_item": [self._news(kept)]} if kept is not None and kept.job else 53600

    def delete(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        kept = self._by_id(asked.get("article_id"))
        if kept is None or self._status(kept) != PUBLISHED:
            return 53600
        self.remove(kept.id)
        return OK

    def send_all(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        client_id, media_id = str(asked.get("clientmsgid", "")), asked["mpnews"]["media_id"]
        with self.lock:
            told = [one for one in self._kept.values() if client_id and one.client_id == client_id]
            draft = self._drafts.pop(media_id, None)
        if told and clock.now() - told[-1].at < _WINDOW:
            return {"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": int(told[-1].id)}
        if draft is None:
            return 40007
        kept = self._publish(draft, client_id=client_id, mass=True)
        self.count(kept.title)
        done = {"errcode": 0, "errmsg": "send job submission success"}
        return done | {"msg_id": int(kept.id), "msg_data_id": kept.data_id}

    def mass_state(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        kept = self._by_id(asked.get("msg_id"))
        if kept is None or kept.job:
            return 40059
        named = {PUBLISHED: "SEND_SUCCESS", PUBLISHING: "SENDING", REMOVED: "DELETE"}
        return {"msg_id": int(kept.id), "msg_status": named.get(self._status(kept), "SEND_FAIL")}

    def mass_delete(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        kept = self._by_id(asked.get("msg_id"))
        if kept is None or kept.job:
            return 40059
        self.remove(kept.id)
        return OK

    # --- figures -------------------------------------------------------------------------------------------

    def cumulate(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        if asked["begin_date"] != asked["end_date"]:
            return 61501
        return {
            "list": [{"ref_date": asked["begin_date"], "user_source": 0, "cumulate_user": self.followers}]
        }

    def article_total(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        if asked["begin_date"] != asked["end_date"]:
            return 61501
        sent = [one for one in self.published if not one.job and f"{one.at:%Y-%m-%d}" == asked["begin_date"]]
        return {"list": [total(one, self.reads) for one in sent]}

    # --- comments -----------------------------------------------------------------------------------------

    def comments(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        with self.lock:
            under = [one for one in self._comments.values() if one.data_id == int(asked["msg_data_id"])]
        first, count = int(asked.get("begin", 0)), int(asked.get("count", 20))
        if count >= 50:
            return 45009
        shown = [told(one) for one in under[first : first + count]]
        return OK | {"total": len(under), "comment": shown}

    def reply(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        with self.lock:
            found = self._comments.get(int(asked["user_comment_id"]))
            if found is None or found.data_id != int(asked["msg_data_id"]):
                return 88003
            text = str(asked["content"])
            self._comments[found.id] = replace(found, reply=text, replied_at=clock.now())
        self.count(text)
        return OK

    def unreply(self, asked: Mapping[str, Any]) -> Mapping[str, Any] | int:
        with self.lock:
            found = self._comments.get(int(asked["user_comment_id"]))
            if found is None or not found.reply:
                return 88008
            self._comments[found.id] = replace(found, reply="", replied_at=None)
        return OK

    def page(self) -> str:
        """What the demo's user opens in a browser."""
        cards = [
            Card(
                one.title,
                one.text,
                f"{one.at:%Y-%m-%d %H:%M:%S} · {'群发' if not one.job else '发布'} {one.id}",
            )
            for one in reversed(self.published)
        ]
        said = [
            Card("群众发来", one, f"答复：{answer or '（不答复）'}")
            for one, answer in reversed(self.talk.carried)
        ]
        note = "本机演示用，只显示本系统发布的文章；可以在这里以群众身份给公众号发消息。"
        field = "给公众号发消息" if self.talk.callback else ""
        return page("模拟微信公众号", note, "#15803d", [*said, *cards], says=field)

    # --- how it is kept -----------------------------------------------------------------------------------

    def _publish(self, news: Mapping[str, Any], *, client_id: str = "", mass: bool = False) -> Published:
        with self.lock:
            number = len(self._kept) + 1
            name = str(3_147_000_000 + number) if mass else f"ARTICLE_{number}"
            job = "" if mass else str(100_000_000 + number)
            kept = Published(
                name,
                job,
                news,
                self.today or clock.now(),
                self.next_status,
                self.app_id,
                client_id,
                2_455_000_000 + number,
            )
            self.next_status = PUBLISHED
            self._kept[kept.id] = kept
            self._jobs |= {job: kept.id} if job else {}
        return kept

    def _status(self, kept: Published) -> int:
        waiting = kept.status in {0, 2, 3, 4} and clock.now() - kept.at < self.takes
        return PUBLISHING if waiting else kept.status

    def _by_id(self, name: object) -> Published | None:
        with self.lock:
            return self._kept.get(str(name))

    def _address(self, kept: Published) -> str:
        return f"https://mp.example.org/s/{kept.id}"

    def _news(self, kept: Published) -> Mapping[str, Any]:
        content = str(kept.news["content"]).replace(' src="', ' data-src="')  # as WeChat does
        gone = self._status(kept) != PUBLISHED
        return {**kept.news, "content": content, "url": self._address(kept), "is_deleted": gone}

    def _item(self, kept: Published) -> Mapping[str, Any]:
        content = {"news_item": [self._news(kept)]}
        return {"article_id": kept.id, "content": content, "update_time": int(kept.at.timestamp())}
