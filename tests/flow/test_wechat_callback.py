"""The WeChat callback over real HTTP with real bytes, on both databases: signed, sealed, repeated, late, too many."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from demo.platforms.server import Upload
from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import SECRET
from demo.platforms.wechat import WechatPlatform
from demo.platforms.weibo import WeiboPlatform
from flow import cycle
from flow import life
from huanyu.config import SHIPPED
from tests import photos
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office
from tests.flow.office import Platforms
from tests.flow.office import configure
from tests.flow.office import everything
from tests.flow.office import opened
from tests.flow.office import staffed
from tests.flow.outside import Clock
from tests.flow.wechat_client import AES_KEY
from tests.flow.wechat_client import APP_ID
from tests.flow.wechat_client import OPENID
from tests.flow.wechat_client import TOKEN
from tests.flow.wechat_client import Citizen
from tests.flow.wechat_client import listening
from tests.flow.wechat_client import seal

ROW = """
[[account]]
key = "wechat"
channel = "wechat"
name = "水城生态环境"
base_url = {api}
app_id = {app_id}
secret = "wechat_secret"
push_token = "wechat_push"
push_key = "{push_key}"
verified = true
"""
RECEIPT = re.compile(r"编号 (W\d{6}-\d{5})，查询码 ([A-Z2-7]{8})")
LATER = NOW + timedelta(minutes=11)


@dataclass
class Town:
    """An office whose account people write to."""

    office: Office
    wechat: WechatPlatform
    clock: Clock
    citizen: Citizen

    def neighbour(self, openid: str) -> Citizen:
        return replace(self.citizen, openid=openid)

    def rows(self, table: str) -> list[str]:
        return everything(self.office.desk)[table]


def town(folder: Path, store_url: str, running: ExitStack, sealed: bool = True, **settings: object) -> Town:
    wechat = running.enter_context(WechatPlatform())
    platforms = Platforms(
        running.enter_context(WeiboPlatform()),
        running.enter_context(TelegramPlatform()),
        running.enter_context(SmtpPlatform()),
    )
    path = configure(folder, store_url, platforms)
    told = ROW.format(
        api=json.dumps(wechat.api), app_id=json.dumps(APP_ID), push_key="wechat_key" if sealed else ""
    )
    with (folder / "config" / "accounts.toml").open("a", encoding="utf-8") as accounts:
        accounts.write(told)
    wechat.app_id = APP_ID
    with (folder / "secrets.toml").open("a", encoding="utf-8") as secrets:
        secrets.write(f'wechat_secret = "{SECRET}"\nwechat_push = "{TOKEN}"\nwechat_key = "{AES_KEY}"\n')
    lines = (SHIPPED / "talk.toml").read_text(encoding="utf-8").replace('wechat = ""', 'wechat = "wechat"', 1)
    for key, value in settings.items():
        lines = re.sub(rf"(?m)^{key} = \S+", f"{key} = {value}", lines)
    (folder / "config" / "talk.toml").write_text(lines, encoding="utf-8")
    desk = opened(path)
    running.callback(desk.close)
    clock = Clock(NOW)
    url = running.enter_context(listening(desk, clock))
    return Town(staffed(desk, platforms), wechat, clock, Citizen(url, clock, sealed=sealed))


@pytest.fixture
def lived(store_url: str, tmp_path: Path) -> Iterator[Town]:
    with ExitStack() as running:
        yield town(tmp_path, store_url, running)


def test_wechat_is_told_that_the_address_is_ours(lived: Town) -> None:
    asked = lived.citizen.query() | {"echostr": "4375120948345356249"}
    url = f"{lived.citizen.url}/wechat/wechat"
    assert httpx.get(url, params=asked).text == "4375120948345356249"
    for wrong in ({"signature": "0" * 40}, {"nonce": "other"}, {"timestamp": "x"}):
        assert httpx.get(url, params=asked | wrong).status_code == 403
    assert httpx.get(f"{lived.citizen.url}/wechat/weibo", params=asked).status_code == 403


def test_words_picture_voice_and_place_of_one_person_become_one_case(lived: Town) -> None:
    one = lived.citizen
    lived.wechat.sent["P1"] = Upload("1.jpg", "image/jpeg", photos.jpeg())
    lived.wechat.sent["V1"] = Upload("1.amr", "audio/amr", b"#!AMR\n" + bytes(200))
    receipt = RECEIPT.search(one.text("夜里喷漆味太重，熏得人睡不着"))
    assert receipt is not None
    number, code = receipt.groups()
    assert one.picture("P1") == f"已补充到 {number}。"
    assert one.voice("V1", "每天晚上十点以后开工") == f"已补充到 {number}。"
    assert one.location("东昌府区许营镇赵庄") == f"已补充到 {number}。"
    assert one.text(f"查询 {number} {code}") == f"{number}：已收到（2026年3月10日）。"
    assert cycle.run(lived.office.desk, "talks", NOW) == 0, "they may go on talking"
    assert cycle.run(lived.office.desk, "talks", LATER) == 1
    (case,) = lived.office.desk.store.cases.listing()
    assert (case.channel, case.source_kind, case.learned_at) == ("wechat", "report", NOW)
    assert case.place.startswith("东昌府区许营镇赵庄")
    assert "语音：每天晚上十点以后开工" in case.first_text
    kept = lived.office.desk.store.case_files.of_case(case.id)
    assert [(file.kind, file.media) for file in kept] == [("intake", "image/jpeg"), ("intake", "audio/amr")]
    assert one.text(f"查询 {number} {code}").startswith(f"{number}：已收到，待受理")


def test_who_wrote_stands_sealed_beside_the_post_and_nowhere_else(lived: Town) -> None:
    lived.citizen.text(PAINT)
    lived.citizen.text("你好")
    waiting = everything(lived.office.desk)
    cycle.run(lived.office.desk, "talks", LATER)
    for told in (waiting, everything(lived.office.desk)):
        named = {name for name, rows in told.items() if any(OPENID in row for row in rows)}
        assert named == set()
    (case,) = lived.office.desk.store.cases.listing()
    (said,) = lived.office.desk.store.people.read_reporter(case.id, "press", "回访", NOW)
    assert json.loads(said)["handle"] == OPENID
    assert not [row for row in lived.rows("talk_messages") if "b'" in row], "no sealed copy is left"


def test_what_wechat_delivers_three_times_is_kept_and_answered_once(lived: Town) -> None:
    assert RECEIPT.search(lived.citizen.text(PAINT, msg_id=7))
    assert [lived.citizen.text(PAINT, msg_id=7) for _ in range(2)] == ["", ""]
    assert lived.citizen.subscribe().startswith("这里可以反映")
    assert lived.citizen.subscribe() == "", "an event has no MsgId: sender and time tell it"
    cycle.run(lived.office.desk, "talks", LATER)
    assert lived.citizen.text(PAINT, msg_id=7) == "", "nor after it has become a case"
    (case,) = lived.office.desk.store.cases.listing()
    assert case.first_text.count(PAINT) == 1


def test_messages_in_any_order_are_one_item(lived: Town) -> None:
    for number in (9, 3, 5):
        lived.citizen.text(f"{PAINT}（第{number}句）", msg_id=number)
    cycle.run(lived.office.desk, "talks", LATER)
    (case,) = lived.office.desk.store.cases.listing()
    assert all(f"第{number}句" in case.first_text for number in (3, 5, 9))


def test_people_who_write_at_once_are_kept_apart(lived: Town) -> None:
    other = lived.neighbour("oAnother-person-0000000000001")
    lived.citizen.text(PAINT)
    other.text("徒骇河茌平振兴街道段排污口往河里排黑水，臭味刺鼻")
    cycle.run(lived.office.desk, "talks", LATER)
    assert len(lived.office.desk.store.cases.listing()) == 2


def test_nothing_unsigned_is_taken(lived: Town) -> None:
    one = lived.citizen
    told = one.xml("text", f"<Content>{PAINT}</Content>", 1)
    sealed = {"encrypt_type": "aes", "msg_signature": "0" * 40}
    body = f"<xml><Encrypt><![CDATA[{seal(told)}]]></Encrypt></xml>".encode()
    wrong = ({}, {"signature": "0" * 40}, {"nonce": "1"}, {"timestamp": "abc"}, {"signature": ""})
    for change in wrong:
        assert one.send(body, one.query() | sealed | change).status_code == 403
    assert one.send(body, one.query(token="another") | sealed).status_code == 403
    assert one.send(body, {}).status_code == 403
    assert lived.rows("talk_messages") == []


def test_a_recorded_request_opens_nothing(lived: Town) -> None:
    """Too old; or in time, with other words behind the same nonce."""
    one, asked = lived.citizen, lived.citizen.query()
    first = one.xml("text", f"<Content>{PAINT}</Content>", 41)
    assert one.post(first, dict(asked)).status_code == 200
    assert one.told(one.post(first, dict(asked))) == "", "WeChat's own repetition"
    assert one.post(one.xml("text", "<Content>别的话</Content>", 42), dict(asked)).status_code == 403
    lived.clock.at = NOW + timedelta(minutes=6)
    assert one.post(one.xml("text", "<Content>又一句</Content>", 43), dict(asked)).status_code == 403
    ahead = one.query(stamp=int((lived.clock.at + timedelta(minutes=6)).timestamp()))
    assert one.post(one.xml("text", "<Content>又一句</Content>", 44), ahead).status_code == 403


def test_a_message_for_another_account_or_under_another_key_is_refused(lived: Town) -> None:
    one = lived.citizen
    told = one.xml("text", f"<Content>{PAINT}</Content>", 1)
    assert one.post(told, app_id="wxfffffffffffffffff").status_code == 403
    other = base64.b64encode(bytes(range(1, 33))).decode().rstrip("=")
    assert one.post(told, key=other).status_code == 400
    plain = Citizen(one.url, lived.clock, sealed=False)
    assert plain.post(told).status_code == 403, "safe mode takes no plain message"
    assert lived.rows("talks") == []


BROKEN = (
    b"",
    b"<xml><Encrypt>AAAA",
    b'<!DOCTYPE x [<!ENTITY e "e">]><xml><Encrypt>&e;</Encrypt></xml>',
    '<?xml version="1.0" encoding="utf-16"?><xml/>'.encode("utf-16"),
    b'<?xml version="1.0" encoding="no-such"?><xml/>',
    b"\xff\xfe\x00",
    b"<xml>" + b"<a>" * 2000,
)


def test_what_is_no_message_is_refused_and_keeps_nothing(lived: Town) -> None:
    """Outside, and inside a seal of the right key."""
    one = lived.citizen
    for body in BROKEN:
        assert one.send(body, one.query() | {"msg_signature": "0" * 40}).status_code == 400
    for body in (BROKEN[1], BROKEN[2], BROKEN[4], b"", b"<xml/>", b"<xml><MsgType>text</MsgType></xml>"):
        assert one.post(body.decode()).status_code == 400
    assert lived.rows("talk_messages") == []


def test_a_body_without_end_is_cut_off(lived: Town) -> None:
    assert lived.citizen.send(b" " * 200_000, lived.citizen.query()).status_code == 413


def test_pictures_that_cannot_be_had_now_are_fetched_later(lived: Town) -> None:
    lived.citizen.text(PAINT)
    lived.citizen.picture("P1")
    lived.wechat.sent["P1"] = Upload("1.jpg", "image/jpeg", photos.jpeg())
    lived.wechat.fail_next("error_before_accept", at="media/get")
    cycle.run(lived.office.desk, "talks", LATER)
    assert lived.office.desk.store.cases.listing() == []
    assert cycle.run(lived.office.desk, "talks", LATER) == 0, "not at once again"
    cycle.run(lived.office.desk, "talks", LATER + timedelta(minutes=2))
    (case,) = lived.office.desk.store.cases.listing()
    assert len(lived.office.desk.store.case_files.of_case(case.id)) == 1


def test_pictures_that_are_gone_do_not_hold_up_the_words(lived: Town) -> None:
    lived.citizen.text(PAINT)
    lived.citizen.picture("never-there")
    cycle.run(lived.office.desk, "talks", LATER)
    (case,) = lived.office.desk.store.cases.listing()
    assert "照片1没有收下" in case.first_text
    assert lived.office.desk.store.case_files.of_case(case.id) == []


def test_a_picture_is_given_up_after_its_tries(lived: Town) -> None:
    lived.citizen.text(PAINT)
    lived.citizen.picture("P1")
    lived.wechat.fail_next("drop_before_accept", times=20, at="media/get")
    at = LATER
    for _ in range(6):
        cycle.run(lived.office.desk, "talks", at)
        at += timedelta(hours=2)
    (case,) = lived.office.desk.store.cases.listing()
    assert "照片1多次没有取到" in case.first_text


def test_a_greeting_is_no_case(lived: Town) -> None:
    assert RECEIPT.search(lived.citizen.text("东昌湖的晚霞真美，和家人散步心情舒畅"))
    cycle.turn(lived.office.desk, LATER, ("talks", "understand", "open"))
    assert lived.office.desk.store.cases.listing() == []
    assert len(lived.office.desk.store.posts.listing()) == 1


def test_only_approved_texts_are_answered(lived: Town) -> None:
    said = ["你们局长叫什么", "查询", "帮助", "<b>x</b>", "=cmd|' /C calc'!A0", "W260310-00001 AAAAAAAA"]
    texts = [row.text for row in lived.office.desk.bureau.talk.text]
    shapes = [re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(text))) for text in texts]
    for words in said:
        answer = lived.citizen.text(words)
        assert any(shape.fullmatch(answer) for shape in shapes), answer
    film = lived.citizen.say("video", "<MediaId>1</MediaId><ThumbMediaId>2</ThumbMediaId>")
    assert film.startswith("这种消息收不了")


def test_no_number_can_be_guessed_at(lived: Town) -> None:
    receipt = RECEIPT.search(lived.citizen.text(PAINT))
    assert receipt is not None
    number, code = receipt.groups()
    stranger = lived.neighbour("oStranger-000000000000000001")
    answers = [stranger.text(f"{number} AAAAAAA{letter}") for letter in "ABCDEFGHIJKL"]
    assert set(answers[:10]) == {"编号或查询码不对，请核对后再查。"}
    assert stranger.text(f"W260310-99999 {code}") == answers[-1]
    assert set(answers[10:]) == {"消息太多，暂时收不下。请稍后再发，或拨打 12345、12369。"}
    assert stranger.text(f"{number} {code}") == answers[-1], "not even the right one, after so many"
    assert lived.citizen.text(f"{number.lower()}　{code.lower()}").startswith(number)


def test_how_far_it_is_names_nobody(lived: Town) -> None:
    receipt = RECEIPT.search(lived.citizen.text(PAINT))
    assert receipt is not None
    asked = " ".join(receipt.groups())
    cycle.turn(lived.office.desk, LATER, ("talks", "open", "route"))
    case = lived.office.desk.store.cases.listing()[0]
    assert case.state == "assigned"
    lived.clock.at = LATER
    assert lived.citizen.text(asked) == f"{receipt[1]}：已转承办单位（2026年3月10日）。"
    life.sign(lived.office.desk, lived.office.handler(case.unit), case.id, case.version, LATER)
    assert lived.citizen.text(asked) == f"{receipt[1]}：办理中（2026年3月10日）。"


def test_one_person_cannot_fill_the_desk_and_many_find_a_ceiling(store_url: str, tmp_path: Path) -> None:
    with ExitStack() as running:
        lived = town(tmp_path, store_url, running, messages_per_hour=5, most_waiting=3)
        answers = [lived.citizen.text(f"{PAINT}{number}") for number in range(8)]
        assert [answer[:4] for answer in answers[5:]] == ["消息太多"] * 3
        others = [lived.neighbour(f"oNeighbour-{number:018d}") for number in range(4)]
        told = [one.text(PAINT) for one in others]
        assert [bool(RECEIPT.search(one)) for one in told] == [True, True, False, False]
        cycle.run(lived.office.desk, "talks", LATER)
        lived.clock.at = NOW + timedelta(hours=2)
        assert RECEIPT.search(lived.citizen.text(PAINT)), "an hour later they are heard again"


def test_plain_mode_is_taken_where_no_key_is_set(store_url: str, tmp_path: Path) -> None:
    with ExitStack() as running:
        lived = town(tmp_path, store_url, running, sealed=False)
        assert RECEIPT.search(lived.citizen.text(PAINT))
        cycle.run(lived.office.desk, "talks", LATER)
        assert len(lived.office.desk.store.cases.listing()) == 1
