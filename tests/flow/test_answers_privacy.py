"""Ten thousand people report by WeChat and by the bot, and no answer, notice or button holds a name, telephone or handle.

Every message is signed, sealed, heard and answered as the platform sends it; only the network between is left out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from ahocorasick_rs import AhoCorasick

from cases.lifecycle import LABEL
from console import callbacks
from flow import bot
from flow import bot_acts
from flow import chat_notices
from flow import talking
from huanyu.types import Assignment
from huanyu.types import Case
from huanyu.types import Chat
from huanyu.types import Event
from huanyu.types import Talk
from huanyu.types import User
from publisher.channels.telegram_bot import Update
from publisher.channels.wechat_push import Asked
from tests.flow.office import NOW
from tests.flow.test_wechat_callback import Town
from tests.flow.test_wechat_callback import town
from tests.flow.wechat_client import OURS
from tests.flow.wechat_client import TOKEN
from tests.flow.wechat_client import seal
from tests.flow.wechat_client import sign
from tests.flow.wechat_client import unseal

MANY = 10_000
UNIT, CONSOLE = "gaoxin", "https://yuqing.example.org"
SURNAMES, GIVEN = "岳柴冯卞褚卫尤姜", "青岚素月启明望川"
STATES = tuple(LABEL)
HANDLER = User(id=7, name="lilan", full_name="李岚", role="handler", unit=UNIT)
PRESS = User(id=8, name="press", full_name="宣晓敏", role="press", unit="")
STRANGER = User(id=9, name="elsewhere", full_name="赵敏", role="handler", unit="linqing")


@dataclass(frozen=True)
class Someone:
    """Who reported."""

    name: str
    phone: str
    handle: str

    @property
    def words(self) -> str:
        return f"我叫{self.name}，电话{self.phone}，网名{self.handle}，许营镇赵庄东头夜里喷漆味熏人"


def people() -> list[Someone]:
    dice = random.Random(9)
    return [
        Someone(
            dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2)),
            f"13{dice.randrange(10**9):09d}",
            f"水城夜行{index:05d}",
        )
        for index in range(MANY)
    ]


def named(everybody: list[Someone], lines: list[str]) -> list[str]:
    """Every secret of anybody's that stands in any line."""
    secrets = sorted({secret for who in everybody for secret in (who.name, who.phone, who.handle)})
    return AhoCorasick(secrets).find_matches_as_strings("\n".join(lines))


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An office that lets ten thousand wait."""
    folder: Path = tmp_path_factory.mktemp("wide")
    with ExitStack() as running:
        yield town(folder, f"sqlite:///{folder / 'wide.db'}", running, most_waiting=3 * MANY)


def wechat(town: Town, who: Someone, number: int, content: str) -> str:
    """A sealed text message and the words it is answered with, without the address of the answer."""
    stamp, nonce = str(int(NOW.timestamp())), str(number)
    xml = (
        f"<xml><ToUserName><![CDATA[{OURS}]]></ToUserName><FromUserName><![CDATA[{who.handle}]]></FromUserName>"
        f"<CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content><MsgId>{24380000000000000 + number}</MsgId></xml>"
    )
    hidden = seal(xml)
    asked = Asked(
        signature=sign(TOKEN, stamp, nonce),
        timestamp=stamp,
        nonce=nonce,
        msg_signature=sign(TOKEN, stamp, nonce, hidden),
        encrypt_type="aes",
    )
    body = f"<xml><ToUserName><![CDATA[{OURS}]]></ToUserName><Encrypt><![CDATA[{hidden}]]></Encrypt></xml>"
    said = callbacks._heard(town.office.desk, "wechat", asked, body.encode(), NOW)
    plain, _ = unseal(said.split("<Encrypt><![CDATA[")[1].split("]]>")[0])
    return plain.replace(f"<ToUserName><![CDATA[{who.handle}]]></ToUserName>", "")


def test_wechat_answers_ten_thousand_and_names_nobody(wide: Town) -> None:
    everybody = people()
    with (
        wide.office.desk.store.together()
    ):  # one commit for all of them: ten thousand take minutes of waiting
        lines = [wechat(wide, who, number, who.words) for number, who in enumerate(everybody, start=1)]
    assert sum("已收到。编号 W" in line for line in lines) == MANY
    assert named(everybody, lines) == []


def test_the_bot_answers_ten_thousand_citizens_and_names_nobody(wide: Town) -> None:
    desk, everybody = wide.office.desk, people()
    with desk.store.together():
        lines = [
            answer.text
            for number, who in enumerate(everybody, start=1)
            for answer in bot._citizen(
                desk, "telegram", Update(id=number, kind="text", chat=who.handle, text=who.words), NOW
            )
        ]
    assert sum("已收到。编号 W" in line for line in lines) == MANY
    assert named(everybody, lines) == []


def case_of(who: Someone, index: int) -> Case:
    return Case(
        id=index,
        number=f"HY2026-{index:06d}",
        public_id=f"bcdfghjkmnprst{index:06d}",
        state=STATES[index % len(STATES)],
        title=f"{who.name}反映喷漆味",
        kinds=("air.odour",),
        area="371502",
        place=f"{who.name}家楼下",
        urgent=False,
        level="一般",
        learned_at=NOW,
        opened_at=NOW,
        version=1,
        unit=UNIT,
        why=f"{who.name} {who.phone}",
        first_author=who.handle,
        first_text=who.words,
        external_number=who.phone,
        fields={"contact": who.name},
    )


def spoken(case: Case, who: Someone) -> Iterator[str]:
    """Everything that is said of a case in chats: the notice, the card of whoever asks, the progress."""
    given = Assignment(
        id=case.id,
        case_id=case.id,
        round=1,
        unit=UNIT,
        part="lead",
        given_at=NOW,
        given_by=who.name,
        why=case.why,
    )
    chat = Chat(id=1, user_id=HANDLER.id, account="telegram", chat_id="80001", wants=("mine",), bound_at=NOW)
    key, draft = chat_notices.given_notice(chat, HANDLER, given, case, CONSOLE)
    yield f"{key} {draft}"
    for user in (HANDLER, PRESS, STRANGER):
        card = bot_acts.drawn(user, given, case, CONSOLE)
        yield card.text
        yield from (f"{key.label} {key.data} {key.url}" for row in card.keys for key in row)


def test_every_line_about_ten_thousand_cases_names_nobody(wide: Town) -> None:
    table, everybody = wide.office.desk.bureau.talk, people()
    lines: list[str] = []
    for index, who in enumerate(everybody, start=1):
        case = case_of(who, index)
        history = [Event(at=NOW, actor=who.name, action="moved", note=who.words, state=case.state)]
        talk = Talk(
            id=index, platform="wechat", account="wechat", begun_at=NOW, last_at=NOW, look_at=None, tries=0
        )
        number = f"W260310-{index:05d}"
        lines += spoken(case, who)
        lines.append(talking.told_progress(table, number, talk, case, history, (NOW + timedelta(1)).date()))
    assert sum("已转你单位" in line for line in lines) == MANY
    assert sum(line.startswith("W260310-") for line in lines) == MANY
    assert named(everybody, lines) == []
