"""The staff bot with the real python-telegram-bot against a local Bot API that repeats, disturbs, limits and stops."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import Published
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.weibo import WeiboPlatform
from flow import bot
from flow import bot_answers
from flow import chat_binding
from flow import cycle
from flow import life
from flow import papers
from flow.bot_acts import Answer
from huanyu.clock import local
from huanyu.config import SHIPPED
from huanyu.errors import BadInput
from huanyu.types import Case
from huanyu.types import User
from publisher.channels.telegram_bot import Update
from tests import photos
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office
from tests.flow.office import Platforms
from tests.flow.office import colleague
from tests.flow.office import configure
from tests.flow.office import everything
from tests.flow.office import opened
from tests.flow.office import staffed

STICKER = {"file_id": "S", "file_unique_id": "S", "width": 8, "height": 8, "type": "regular"}
STICKER |= {"is_animated": False, "is_video": False}
LI, WANG, STRANGER = 70001, 70002, 79999
SOON = NOW + timedelta(minutes=1)


@dataclass
class Bureau:
    """An office with a bot; `after` is what its process remembers."""

    office: Office
    telegram: TelegramPlatform
    after: int = 0
    now: datetime = field(default=SOON)

    def attend(self) -> None:
        self.after = bot.attend(self.office.desk, self.now, self.after)

    def restart(self) -> None:
        self.after = 0

    def bind(self, user: User, chat: int) -> None:
        code = chat_binding.new_code(self.office.desk, user, self.now)
        self.telegram.talk.say(chat, text=f"/start {code.text}")
        self.attend()

    def tell(self) -> None:
        cycle.turn(self.office.desk, self.now, ("chat_notices", "deliver"))

    def heard(self, chat: int) -> list[Published]:
        return [one for one in self.telegram.published if one.chat == str(chat)]

    def say(self, chat: int, text: str) -> None:
        self.telegram.talk.say(chat, text=text)
        self.attend()

    def press(self, chat: int, label: str) -> None:
        """Press the button of that label under the latest message that has it."""
        one = next(one for one in reversed(self.heard(chat)) if label in buttons(one))
        self.telegram.talk.press(chat, one.id, buttons(one)[label])
        self.attend()

    def given(self) -> tuple[User, Case]:
        """A bound handler, told of a case of their unit."""
        unit = "gaoxin"
        user = colleague(self.office.desk, "lilan", "handler", unit)
        self.office.fill((PAINT,))
        case = self.office.case("assigned")
        assert case.unit
        if case.unit != unit:
            staff_unit = case.unit
            user = colleague(self.office.desk, "zhaomin", "handler", staff_unit)
        self.now = NOW
        self.bind(user, LI)
        self.now = SOON
        self.tell()
        return user, case

    def again(self, case: Case) -> Case:
        return self.office.desk.store.cases.get(case.id)


def buttons(one: Published) -> dict[str, str]:
    rows = json.loads(one.keys or "{}").get("inline_keyboard", [])
    return {key["text"]: key.get("callback_data", key.get("url", "")) for row in rows for key in row}


def bureau(folder: Path, store_url: str, running: ExitStack, **settings: str) -> Bureau:
    platforms = Platforms(
        running.enter_context(WeiboPlatform()),
        running.enter_context(TelegramPlatform()),
        running.enter_context(SmtpPlatform()),
    )
    path = configure(folder, store_url, platforms)
    lines = (SHIPPED / "talk.toml").read_text(encoding="utf-8")
    for key, value in {"telegram": '"telegram"', "poll_seconds": "1", **settings}.items():
        lines = re.sub(rf"(?m)^{key} = \S+", f"{key} = {value}", lines)
    (folder / "config" / "talk.toml").write_text(lines, encoding="utf-8")
    with path.open("a", encoding="utf-8") as more:
        more.write('console_url = "https://yuqing.example.org"\n')
    desk = opened(path)
    running.callback(desk.close)
    return Bureau(staffed(desk, platforms), platforms.telegram)


@pytest.fixture
def at_work(store_url: str, tmp_path: Path) -> Iterator[Bureau]:
    with ExitStack() as running:
        yield bureau(tmp_path, store_url, running)


def test_a_code_binds_once_and_not_for_ever(at_work: Bureau) -> None:
    desk, user = at_work.office.desk, at_work.office.press
    old = chat_binding.new_code(desk, user, NOW)
    code = chat_binding.new_code(desk, user, NOW)
    late = chat_binding.new_code(desk, at_work.office.leader, NOW - timedelta(minutes=11))
    for wrong in (old.text, late.text, "ABCDEFGH"):
        at_work.say(LI, wrong)
        assert at_work.heard(LI)[-1].text.startswith("绑定码不对")
    at_work.say(LI, f"/start {code.text.lower()}")
    assert at_work.heard(LI)[-1].text.startswith("已绑定")
    at_work.say(STRANGER, code.text)
    assert at_work.heard(STRANGER)[-1].text.startswith("绑定码不对"), "used"
    assert desk.store.chats.of_user(user.id) is not None
    assert desk.store.chats.of_user(user.id).chat_id == str(LI)
    at_work.say(LI, "/unbind")
    assert desk.store.chats.of_user(user.id) is None


def test_a_case_of_ones_unit_is_told_once_by_number_and_link_alone(at_work: Bureau) -> None:
    _, case = at_work.given()
    told = at_work.heard(LI)[-1]
    assert told.text == f"{case.number} 已转你单位：https://yuqing.example.org/cases/{case.id}"
    assert list(buttons(told)) == ["签收", "退单", "打开"]
    before = len(at_work.heard(LI))
    at_work.tell()
    at_work.restart()
    at_work.tell()
    assert len(at_work.heard(LI)) == before


def test_signing_by_button_is_signing_and_the_message_shows_it(at_work: Bureau) -> None:
    user, case = at_work.given()
    at_work.press(LI, "签收")
    assert at_work.again(case).state == "signed"
    last = at_work.office.desk.store.cases.history(case.id)[-1]
    assert (last.actor, last.state) == (user.name, "signed")
    card = at_work.heard(LI)[-1]
    assert card.edited
    assert card.text.startswith(f"{case.number} 已签收：")
    assert "签收" not in buttons(card)
    lines = at_work.office.desk.store.audit.listing(limit=50)
    assert [one.actor for one in lines if one.action == "chat.act"] == [user.name]


def test_an_update_delivered_again_acts_once_whatever_is_killed(at_work: Bureau) -> None:
    """Again in the same batch, in a later one, and after a restart that has forgotten where it was."""
    user, case = at_work.given()
    card = at_work.heard(LI)[-1]
    pressed = at_work.telegram.talk.press(LI, card.id, buttons(card)["签收"])
    at_work.telegram.talk.waiting.append(pressed)
    at_work.attend()
    at_work.telegram.talk.waiting.append(pressed)
    at_work.restart()
    at_work.attend()
    signed = [one for one in at_work.office.desk.store.cases.history(case.id) if one.action == "signed"]
    assert [one.actor for one in signed] == [user.name]
    assert at_work.heard(LI)[-1].text.startswith(f"{case.number} 已签收")


def test_updates_out_of_order_are_all_heard_across_a_restart(at_work: Bureau) -> None:
    desk = at_work.office.desk
    people = (at_work.office.press, at_work.office.reviewer, at_work.office.leader)
    for place, user in enumerate(people):
        code = chat_binding.new_code(desk, user, at_work.now)
        at_work.telegram.talk.say(LI + place, text=code.text)
    at_work.telegram.talk.waiting.reverse()
    first = at_work.telegram.talk.waiting[0]
    one = bot.open_bot(desk)
    assert one is not None
    (came, *_) = one.updates(0, 0)
    assert came.id == first["update_id"]
    bot.handle(
        desk, one, "telegram", came, at_work.now
    )  # and killed: the highest number is heard, the others not
    at_work.restart()
    at_work.attend()
    assert {chat.chat_id for chat in desk.store.chats.live("telegram")} == {
        str(LI + place) for place in range(3)
    }


def test_a_collision_is_told_and_the_message_shows_how_things_stand(at_work: Bureau) -> None:
    user, case = at_work.given()
    life.sign(at_work.office.desk, user, case.id, case.version, at_work.now)
    at_work.press(LI, "签收")
    assert "已签收" in next(iter(at_work.telegram.talk.answers.values()))
    assert at_work.heard(LI)[-1].text.startswith(f"{case.number} 已签收")
    signed = [one for one in at_work.office.desk.store.cases.history(case.id) if one.action == "signed"]
    assert len(signed) == 1


def test_sending_back_asks_for_a_reason_of_the_table_and_a_sentence(at_work: Bureau) -> None:
    user, case = at_work.given()
    at_work.press(LI, "退单")
    assert "不在本单位辖区" in buttons(at_work.heard(LI)[-1])
    at_work.press(LI, "不退了")
    assert "签收" in buttons(at_work.heard(LI)[-1])
    at_work.press(LI, "退单")
    at_work.press(LI, "不在本单位辖区")
    assert at_work.again(case).state == "assigned", "a sentence is owed"
    at_work.say(LI, "赵庄已划归东昌府区")
    assert at_work.again(case).state == "returned"
    last = at_work.office.desk.store.cases.history(case.id)[-1]
    assert (last.actor, last.note) == (user.name, "不在本单位辖区：赵庄已划归东昌府区")
    at_work.say(LI, "又一句")
    assert at_work.again(case).state == "returned"


def test_what_somebody_may_not_do_they_may_not_do_here(at_work: Bureau) -> None:
    _, case = at_work.given()
    other = colleague(at_work.office.desk, "elsewhere", "handler", "linqing")
    at_work.bind(other, WANG)
    at_work.tell()
    assert not [one for one in at_work.heard(WANG) if case.number in one.text]
    data = buttons(at_work.heard(LI)[-2] if not at_work.heard(LI)[-1].keys else at_work.heard(LI)[-1])["签收"]
    for chat in (WANG, STRANGER):
        at_work.telegram.talk.press(chat, 1, data)
        at_work.attend()
    assert at_work.again(case).state == "assigned"
    assert not [one for one in at_work.heard(WANG) + at_work.heard(STRANGER) if case.number in one.text]


def test_whoever_is_shut_out_is_cut_off_at_once(at_work: Bureau) -> None:
    user, case = at_work.given()
    admin = colleague(at_work.office.desk, "admin", "admin")
    before = len(at_work.heard(LI))
    cycle.run(at_work.office.desk, "chat_notices", at_work.now)
    at_work.office.desk.store.people.set_active(user.id, False, admin.name, at_work.now)
    at_work.press(LI, "签收")
    at_work.tell()
    assert at_work.again(case).state == "assigned"
    assert [one.text[:6] for one in at_work.heard(LI)[before:]] == ["这是本局的工"]
    at_work.office.desk.store.people.set_active(user.id, True, admin.name, at_work.now)
    assert at_work.office.desk.store.chats.of_user(user.id) is None, "and has to bind again"


def test_a_message_that_waited_does_not_reach_somebody_who_is_no_longer_there(at_work: Bureau) -> None:
    user, _ = at_work.given()
    at_work.say(LI, "/unbind")
    code = chat_binding.new_code(at_work.office.desk, user, NOW)
    at_work.say(LI, code.text)
    before = len(at_work.heard(LI))
    reviewer = at_work.office.reviewer
    at_work.bind(reviewer, WANG)
    at_work.office.replying()
    cycle.run(at_work.office.desk, "chat_notices", at_work.now)
    chat_binding.unbind(at_work.office.desk, reviewer, at_work.now)
    heard = len(at_work.heard(WANG))
    cycle.run(at_work.office.desk, "deliver", at_work.now)
    assert len(at_work.heard(WANG)) == heard
    assert len(at_work.heard(LI)) == before


def test_reviewers_are_reminded_of_a_text_once_and_told_nothing_of_it(at_work: Bureau) -> None:
    at_work.office.fill((PAINT,))
    at_work.now = NOW - timedelta(minutes=1)
    at_work.bind(at_work.office.press, LI)
    at_work.bind(at_work.office.leader, WANG)
    at_work.now = SOON
    at_work.office.replying()
    at_work.tell()
    at_work.tell()
    told = [one.text for one in at_work.heard(LI) if "稿件待你审核" in one.text]
    assert told
    assert len(told) == len(set(told))
    assert all(
        re.fullmatch(r"第\d+号稿件待你审核：https://yuqing.example.org/outbox/\d+", one) for one in told
    )


def test_what_waited_before_somebody_was_bound_is_one_line_a_day(at_work: Bureau) -> None:
    at_work.office.fill((PAINT,))
    at_work.office.replying()
    at_work.bind(at_work.office.press, LI)
    at_work.tell()
    at_work.tell()
    told = [one.text for one in at_work.heard(LI) if "待你审核" in one.text]
    assert [re.sub(r"[1-9]\d*", "N", one) for one in told] == [
        "另有 N 份较早的稿件待你审核：https://yuqing.example.org/inbox?only=draft"
    ]
    midnight = local(at_work.now).replace(hour=0, minute=0) + timedelta(days=1)
    for at_work.now, many in ((midnight, 1), (midnight + timedelta(hours=8), 2)):
        at_work.tell()
        assert len([one for one in at_work.heard(LI) if "待你审核" in one.text]) == many


def test_choices_are_kept_and_obeyed(at_work: Bureau) -> None:
    user, _ = at_work.given()
    at_work.say(LI, "/set")
    at_work.press(LI, "✓ 我单位的新办件")
    assert "– 我单位的新办件" in buttons(at_work.heard(LI)[-1])
    chat = at_work.office.desk.store.chats.of_user(user.id)
    assert chat is not None
    assert chat.wants == ("review", "alarm", "daily")


def test_flood_control_and_a_dead_line_lose_nothing(at_work: Bureau) -> None:
    at_work.office.fill((PAINT,))
    case = at_work.office.case("assigned")
    user = colleague(at_work.office.desk, "zhaomin", "handler", case.unit)
    at_work.now = NOW
    at_work.bind(user, LI)
    at_work.now = SOON
    at_work.telegram.fail_next("rate_limit", retry_after=3)
    at_work.tell()
    assert not [one for one in at_work.heard(LI) if case.number in one.text]
    at_work.now = SOON + timedelta(minutes=5)
    at_work.tell()
    assert len([one for one in at_work.heard(LI) if case.number in one.text]) == 1
    at_work.press(LI, "签收")
    assert at_work.again(case).state == "signed"
    at_work.telegram.fail_next("rate_limit", retry_after=3)
    at_work.say(LI, "/set")
    assert not at_work.heard(LI)[-1].text.startswith("选择"), "an answer that is refused undoes nothing"
    at_work.now += timedelta(seconds=2)
    at_work.restart()
    at_work.attend()
    assert not at_work.heard(LI)[-1].text.startswith("选择"), "not before Telegram said"
    at_work.now += timedelta(seconds=2)
    at_work.attend()
    at_work.attend()
    said = [one for one in at_work.heard(LI) if one.text.startswith("选择")]
    assert len(said) == 1, "kept, and said once"
    assert "✓ 我单位的新办件" in buttons(said[0])
    at_work.telegram.expired = True
    at_work.telegram.talk.say(LI, text="/set")
    with pytest.raises(Exception, match="密钥无效"):
        at_work.attend()
    at_work.telegram.expired = False
    at_work.attend()
    assert at_work.heard(LI)[-1].text.startswith("选择要提醒的")


def test_what_a_citizen_is_answered_waits_out_the_limit_sealed(store_url: str, tmp_path: Path) -> None:
    with ExitStack() as running:
        found = bureau(tmp_path, store_url, running, citizen_intake="true")
        found.telegram.fail_next("rate_limit", retry_after=40)
        found.say(STRANGER, PAINT)
        assert found.heard(STRANGER) == []
        rows = everything(found.office.desk)["talk_messages"]
        assert not [row for row in rows if str(STRANGER) in row or "已收到" in row]
        found.now += timedelta(seconds=41)
        found.attend()
        assert re.search(r"编号 (\S+)，查询码 (\w{8})", found.heard(STRANGER)[-1].text)


def test_an_older_shape_of_a_message_never_comes_after_a_newer_one(at_work: Bureau) -> None:
    _, case = at_work.given()
    desk = at_work.office.desk
    one = Update(id=1, kind="press", chat=str(LI), message_id=at_work.heard(LI)[-1].id)
    tool = bot.open_bot(desk)
    assert tool is not None
    body = {"chat": str(LI), "message": one.message_id, "text": "旧", "keys": [], "asks": False}
    body |= {"until": (SOON + timedelta(hours=1)).isoformat()}
    desk.store.answers.owe("telegram", f"change/{LI}/{one.message_id}", body, SOON, SOON)
    bot_answers.say(desk, tool, "telegram", one, Answer(f"{case.number} 新", changes=True), SOON)
    assert bot_answers.pay(desk, tool, "telegram", SOON + timedelta(minutes=1)) == 0
    assert at_work.heard(LI)[-1].text == f"{case.number} 新"


def test_an_update_that_nobody_can_read_is_kept_and_holds_up_nobody(at_work: Bureau) -> None:
    desk, user = at_work.office.desk, at_work.office.press
    code = chat_binding.new_code(desk, user, NOW)
    at_work.telegram.talk.put({"message": {"message_id": "x", "chat": 5, "date": "never"}})
    at_work.telegram.talk.put({"callback_query": ["广播"]})
    at_work.telegram.talk.say(LI, text=code.text)
    at_work.attend()
    assert at_work.heard(LI)[-1].text.startswith("已绑定"), "what came behind is heard"
    bad = desk.store.posts.rejects()
    assert {one.where for one in bad} == {"telegram #1", "telegram #2"}
    assert {one.reason for one in bad} == {"Telegram 发来的更新读不懂"}
    assert any("广播" in one.payload.decode() for one in bad)
    at_work.restart()
    at_work.attend()
    assert len(desk.store.posts.rejects()) == 2


def test_groups_and_what_is_no_message_are_passed_over(at_work: Bureau) -> None:
    group = {"id": -1001, "type": "supergroup", "title": "群"}
    at_work.telegram.talk.put({"message": {"message_id": 1, "date": 1, "chat": group, "text": "/start"}})
    at_work.telegram.talk.put({"edited_message": {"message_id": 1, "date": 1, "chat": group, "text": "x"}})
    at_work.telegram.talk.say(STRANGER, sticker=STICKER)
    at_work.attend()
    assert at_work.telegram.published == ()


def test_nobody_reports_here_unless_the_bureau_wants_it(at_work: Bureau) -> None:
    at_work.say(STRANGER, PAINT)
    assert at_work.heard(STRANGER)[-1].text.startswith("这是本局的工作机器人")
    cycle.run(at_work.office.desk, "talks", SOON + timedelta(hours=1))
    assert at_work.office.desk.store.posts.listing() == []


def test_a_citizen_s_words_photo_voice_and_place_become_one_case(store_url: str, tmp_path: Path) -> None:
    with ExitStack() as running:
        found = bureau(tmp_path, store_url, running, citizen_intake="true")
        talk = found.telegram.talk
        talk.files |= {"P1": photos.jpeg(), "V1": b"ID3" + bytes(300)}
        found.say(STRANGER, "/start")
        assert found.heard(STRANGER)[-1].text.startswith("这里可以反映生态环境问题")
        found.say(STRANGER, PAINT)
        receipt = re.search(r"编号 (\S+)，查询码 (\w{8})", found.heard(STRANGER)[-1].text)
        assert receipt is not None
        size = {"file_id": "P1", "file_unique_id": "P1", "width": 8, "height": 8}
        talk.say(STRANGER, photo=[size])
        talk.say(STRANGER, voice={"file_id": "V1", "file_unique_id": "V1", "duration": 3})
        talk.say(STRANGER, location={"latitude": 36.45, "longitude": 115.98})
        found.attend()
        cycle.run(found.office.desk, "talks", SOON + timedelta(hours=1))
        (case,) = found.office.desk.store.cases.listing()
        assert case.channel == "telegram"
        assert case.place.endswith("（北纬36.450000，东经115.980000）"), "whoever goes there needs it"
        assert case.place.startswith(case.title.split()[0]) and "北纬" not in case.title
        assert "北纬" not in case.first_text, "papers and bulletins quote it"
        assert "位置 1 份" in case.first_text
        matter = found.office.desk.store.cases.matter(case.id)
        assert matter.place == case.title.split()[0], "the next report from there is likened to it"
        assert "没有收下" not in case.first_text
        assert "没有取到" not in case.first_text
        kinds = [one.media for one in found.office.desk.store.case_files.of_case(case.id)]
        assert kinds == ["image/jpeg", "audio/mpeg"]
        found.say(STRANGER, " ".join(receipt.groups()))
        assert found.heard(STRANGER)[-1].text.startswith(f"{receipt[1]}：已收到，待受理")


def test_a_bulletin_s_link_comes_when_it_is_signed(at_work: Bureau) -> None:
    at_work.office.fill((PAINT,))
    at_work.now = NOW
    at_work.bind(at_work.office.leader, WANG)
    case = at_work.office.case("assigned")
    made = papers.sign_brief(at_work.office.desk, at_work.office.leader, "brief", [case.id], SOON)
    at_work.now = SOON
    at_work.tell()
    at_work.tell()
    (told,) = [one.text for one in at_work.heard(WANG) if "年第" in one.text]
    assert re.fullmatch(rf"《[^》]+》2026年第1期：https://yuqing.example.org/bulletins/{made.id}", told)


def test_binding_needs_a_bot(store_url: str, tmp_path: Path) -> None:
    with ExitStack() as running:
        found = bureau(tmp_path, store_url, running, telegram='""')
        with pytest.raises(BadInput, match="还没有设置"):
            chat_binding.new_code(found.office.desk, found.office.press, NOW)
        assert bot.attend(found.office.desk, NOW) == 0
