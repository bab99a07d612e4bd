"""What of a told text is taken out before it is kept, and who seems to speak in a copied chat."""

from __future__ import annotations

import pytest

from flow import hiding

CHAT = """柳树下 上午 10:23
振兴路那家又冒黑烟了 @北窗的风 你看
北窗的风 10:25
打13812345678找刘姐问问
东昌一家人：时间是昨晚十点"""


def test_who_speaks_in_a_copied_chat_is_named_once_each() -> None:
    assert hiding.nicknames(CHAT) == ("柳树下", "北窗的风", "东昌一家人")


@pytest.mark.parametrize(
    "line",
    [
        "大刘 13812345678：对，我家也是",
        "大刘（8栋）：对，我家也是",
        "大刘 138-1234-5678: 对",
        "大刘：对，我家也是",
    ],
)
def test_a_telephone_or_a_house_behind_the_name_hides_nobody(line: str) -> None:
    assert hiding.nicknames(line) == ("大刘",)


@pytest.mark.parametrize(
    "line",
    [
        "电话 0635-8330000：没人接",
        "时间：昨晚十点",
        "反映内容：噪声",
        "地点: 振兴路",
        "电话：0635-8330000",
        "一句没有冒号的话",
    ],
)
def test_headings_are_nobody(line: str) -> None:
    assert hiding.nicknames(line) == ()


def test_of_a_chat_every_telephone_and_every_named_speaker_goes() -> None:
    names = "、".join(hiding.nicknames(CHAT))
    kept = hiding.without(CHAT, hiding.hidden(CHAT, names, {}, whole=True))
    assert "振兴路那家又冒黑烟了" in kept
    for gone in ("13812345678", "柳树下", "北窗的风", "东昌一家人"):
        assert gone not in kept


def test_a_plate_and_a_house_stay_since_they_tell_where_to_look() -> None:
    text = "鲁P12345的渣土车停在柳园小区3号楼2单元门口"
    assert hiding.without(text, hiding.hidden(text, "", {}, whole=True)) == text


def test_of_a_call_only_the_callers_own_telephone_goes() -> None:
    text = "我是13812345678，老板的电话是13987654321"
    kept = hiding.without(text, hiding.hidden(text, "", {"phone": "138 1234 5678"}))
    assert "13812345678" not in kept
    assert "13987654321" in kept
