"""Whatever a platform answers, a channel raises Refused, Unavailable or Unknown, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from demo.platforms.server import Handler
from demo.platforms.server import Platform
from huanyu import clock
from huanyu.bureau import AccountRow
from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from publisher.channels import Channel
from publisher.channels import open_channel
from tests import photos
from tests.live.publish.conftest import MakeMessage

WORST = 1 << 70
#: Values in the places of others; every verb meets each of them as the whole answer and inside one.
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    WORST,
    "",
    "x",
    "9" * 5000,
    [],
    [1],
    [[]],
    {},
    {"": 1},
    ["x", {"id": {}}],
)
FIELDS = (
    *("id", "idstr", "error_code", "errcode", "user", "status", "statuses", "comments", "created_at", "text"),
    *("deleted", "expire_in", "followers_count", "reply_comment", "access_token", "media_id", "url", "item"),
    *("publish_id", "publish_status", "article_detail", "msg_id", "msg_status", "comment", "content", "list"),
    *("news_item", "update_time", "is_autoreply_open", "keyword_autoreply_info", "ok", "result", "code"),
)
ROWS = ("statuses", "comments", "item", "comment", "list", "news_item")
VERBS = ("read_back", "look", "amend", "withdraw", "recent", "responses", "reach", "health")
BASES = {"weibo": "/2", "wechat": "/cgi-bin", "telegram": "/bot", "feishu": ""}


class _Answers(Handler):
    server: Any

    def do_GET(self) -> None:
        self.form()
        odd: OddPlatform = self.server.platform
        token = {"access_token": "t", "errcode": 0}
        # WeChat's token comes first: without one nothing else would ever be asked.
        plain = token if self.path.endswith("stable_token") and odd.gives_token else odd.body
        self.send(json.dumps(plain), "application/json", odd.status)

    do_POST = do_GET  # noqa: N815 - http.server calls it so


class OddPlatform(Platform):
    """A platform that answers everything alike."""

    handler = _Answers
    body: Any = None
    status: int = HTTPStatus.OK
    gives_token: bool = True


@pytest.fixture(scope="module")
def odd() -> Iterator[OddPlatform]:
    with OddPlatform() as running:
        yield running


def bodies() -> Iterator[Any]:
    """Some hundreds of answers; which value meets which verb changes from account to account."""
    yield from ODD
    for turn, field in enumerate(FIELDS):
        yield from ({"errcode": 0, field: value} for value in ODD[turn % 3 :: 3])
    for turn, rows in enumerate(ROWS):
        yield from ({rows: [{field: ODD[(turn + at) % len(ODD)]}]} for at, field in enumerate(FIELDS))
    for value in ODD:
        yield {"item": [{"content": {"news_item": [value]}, "update_time": 1_767_225_600}]}
        yield {"ok": True, "result": value}
        yield {"ok": False, "error_code": value, "description": value}
        yield {"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": value}}


def opened(channel: str, url: str, folder: Path, bureau: BureauRow) -> Channel:
    (folder / "cover.jpg").write_bytes(photos.jpeg())
    name, _, mode = channel.partition("-")
    account = AccountRow(
        key="a",
        channel=name,  # type: ignore[arg-type]
        name="某账号",
        base_url=f"{url}{BASES[name]}",
        user_id="7",
        app_id="wx1",
        chat_id="@a",
        cover="cover.jpg",
        comments=True,
        mode=mode or "publish",  # type: ignore[arg-type]
        verified=True,
    )
    return open_channel(account, "1:t", site_dir=folder / "site", bureau=bureau)


@pytest.mark.parametrize("channel", ["weibo", "wechat", "wechat-mass", "telegram", "feishu"])
def test_an_odd_answer_is_one_of_three_errors(
    channel: str, odd: OddPlatform, tmp_path: Path, bureau: BureauRow, make_message: MakeMessage
) -> None:
    way = opened(channel, odd.url, tmp_path, bureau)
    native = {"wechat": "publish:1", "wechat-mass": "mass:1:2"}.get(channel, "7")
    article = replace(make_message(platform_id=native, attempts=2), sent_at=clock.now())
    more = {"recent": (clock.now() - timedelta(days=9),), "health": (clock.now(),), "amend": (article, "改")}
    verbs = ["send", *(verb for verb in VERBS if getattr(way.abilities, verb))]
    seen = set()
    for number, odd.body in enumerate(bodies()):
        odd.gives_token = number % 7 != 0
        verb = verbs[number % len(verbs)]
        one = article if number % 2 else replace(article, reply_to="77/1" if channel != "telegram" else "77")
        seen.add(_outcome(getattr(way, verb), more.get(verb, (one,))))
    assert len(seen) > 1


def _outcome(verb: Callable[..., object], arguments: tuple[object, ...]) -> str:
    try:
        verb(*arguments)
    except (Refused, Unavailable, Unknown) as problem:
        return type(problem).__name__
    return "done"
