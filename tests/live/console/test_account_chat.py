"""One's own chat with the bot, as its owner sees it: a code against the password, what is told of, the end."""

from __future__ import annotations

import re

import made_desk
from made_console import NAMES
from made_console import Console

from flow import chat_binding
from huanyu.config import SHIPPED

BOT = """
[[account]]
key = "staff_bot"
channel = "telegram"
name = "工作机器人"
secret = "staff_bot"
"""


def with_bot(console: Console) -> None:
    talk = (
        (SHIPPED / "talk.toml")
        .read_text(encoding="utf-8")
        .replace('telegram = ""', 'telegram = "staff_bot"', 1)
    )
    tables = console.desk.config.home / "config"
    with (tables / "accounts.toml").open("a", encoding="utf-8") as accounts:
        accounts.write(BOT)
    (tables / "talk.toml").write_text(talk, encoding="utf-8")
    console.desk.take_in()


def test_without_a_bot_the_page_says_nothing_of_it(console: Console) -> None:
    with console.sign_in("press") as client:
        assert "Telegram" not in client.get("/account").text
        assert client.post("/account/chat/code", data={"password": made_desk.PASSWORD}).status_code == 422


def test_a_code_is_shown_once_against_the_password_and_binds(console: Console) -> None:
    with_bot(console)
    with console.sign_in("press") as client:
        assert "未绑定" in client.get("/account").text
        refused = client.post("/account/chat/code", data={"password": "wrong"})
        assert (refused.status_code, "密码不对" in refused.text) == (403, True)
        shown = client.post("/account/chat/code", data={"password": made_desk.PASSWORD}).text
        (code,) = re.findall(r"<code>([A-Z2-9]{8})</code>", shown)
        assert code not in client.get("/account").text
        chat_binding.bind(console.desk, "staff_bot", "70001", code, console.clock())
        page = client.get("/account").text
        assert "已绑定" in page
        assert "70001" not in page
        assert page.count("checked") == 4
        client.post("/account/chat/wants", data={"want": ["review", "no-such"]})
        user = made_desk.user(console.desk, NAMES["press"])
        chat = console.desk.store.chats.of_user(user.id)
        assert chat is not None
        assert chat.wants == ("review",)
        client.post("/account/chat/unbind")
        assert console.desk.store.chats.of_user(user.id) is None
        assert "绑定到您的账号" in client.get("/account").text, "the news of it stays"
