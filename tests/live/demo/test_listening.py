"""The demo's stand-ins for WeChat and Telegram can be written to in a browser, and the desk answers through both."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import httpx

from console import up
from demo import desk as demo_desk
from demo.listening import listening
from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import WechatPlatform
from demo.platforms.weibo import WeiboPlatform
from demo.ports import free_block
from demo.sites import Sites
from demo.sites import content
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config

TEXT = "夜里工地打桩，吵得睡不着，在东昌府区湖南路与花园路口"
RECEIPT = re.compile(r"编号 W\d{6}-\d{5}，查询码 [A-Z2-7]{8}")


def answered(url: str) -> str:
    """The page, once it shows a receipt; as it stands after a while where it never does."""
    page, end = "", time.monotonic() + 240
    while not RECEIPT.search(page) and time.monotonic() < end:
        time.sleep(0.2)
        page = httpx.get(url, trust_env=False, timeout=60).text
    return page


def test_what_is_written_on_the_stand_ins_is_answered(tmp_path: Path) -> None:
    with (
        WeiboPlatform() as weibo,
        WechatPlatform() as wechat,
        TelegramPlatform() as telegram,
        SmtpPlatform() as mail,
        Sites(content.load(), now()).start() as sites,
    ):
        port = free_block(1)
        platforms = demo_desk.Platforms(weibo, wechat, telegram, mail)
        path = demo_desk.write_config(tmp_path, sites, platforms, callback_port=port)
        wechat.talk.callback = f"http://127.0.0.1:{port}/wechat/wechat"
        desk = Desk.open(Config.load(path))
        try:
            with up.called(desk), listening(desk):
                for one in (wechat, telegram):
                    assert "发送" in httpx.get(one.url, trust_env=False).text
                    sent = httpx.post(f"{one.url}/say", data={"text": TEXT}, trust_env=False)
                    assert sent.status_code == 303
                    assert RECEIPT.search(answered(one.url))
        finally:
            desk.close()


def test_a_button_of_the_bot_is_pressed_and_a_photo_sent_on_its_page() -> None:
    keys = {
        "inline_keyboard": [
            [{"text": "签收", "callback_data": "sign:7"}, {"text": "打开", "url": "http://a.example/"}]
        ]
    }
    with (
        TelegramPlatform() as telegram,
        httpx.Client(base_url=telegram.url, trust_env=False, timeout=60) as client,
    ):
        told = {"chat_id": "55502", "text": "转办 1 件", "reply_markup": json.dumps(keys)}
        assert client.post(f"/bot{telegram.token}/sendMessage", data=told).json()["ok"]
        page = client.get("/").text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        assert 'href="http://a.example/"' in page
        client.post("/press", data=fields)
        client.post(
            "/say",
            data={"text": "", "who": "55501", "position": "36.45,115.98"},
            files={"file": ("a.jpg", b"\xff\xd8", "image/jpeg")},
        )
        pressed, photo, place = telegram.talk.waiting
    assert (pressed["callback_query"]["data"], pressed["callback_query"]["from"]["id"]) == ("sign:7", 55502)
    assert telegram.talk.files[photo["message"]["photo"][0]["file_id"]] == b"\xff\xd8"
    assert place["message"]["location"] == {"latitude": 36.45, "longitude": 115.98}
