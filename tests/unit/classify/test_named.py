from __future__ import annotations

import pytest

from classify import named
from huanyu.types import Named


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("每天凌晨2点排黄烟", ("每天凌晨2点",)),
        ("昨晚10点多，楼下油烟呛人，周末更厉害", ("昨晚10点多", "周末")),
        ("一到晚上就放味，早上六点半才停", ("一到晚上", "早上六点半")),
        ("2024年5月3日晚上八点至十点施工", ("2024年5月3日晚上八点至十点",)),
        ("午休 12:30-14:00 也打桩", ("12:30-14:00",)),
        ("8点半到10点装卸货，通宵轰鸣", ("8点半到10点", "通宵")),
        ("半夜施工，半夜施工", ("半夜",)),
        ("晚上好，早上好，下午茶", ()),
        ("有三点建议，一点都不难", ()),
        ("5月份环保投诉", ()),
        ("", ()),
    ],
)
def test_times_are_told_as_written(text: str, times: tuple[str, ...]) -> None:
    assert named.read(text).times == times


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("茌平区乐平铺镇宏达轧钢厂冒黄烟", ("宏达轧钢厂",)),
        ("投诉山东鑫源建材有限公司夜间生产", ("山东鑫源建材有限公司",)),
        ("举报沙镇镇华兴养殖场，还有蓝海大酒店", ("华兴养殖场", "蓝海大酒店")),
        ("小作坊、电镀厂、塑料颗粒厂、一家板材厂", ()),
        ("村东头养殖场粪水横流，旁边工厂的厂长不管", ()),
        ("工厂门口的火锅店", ()),
    ],
)
def test_enterprises_are_those_with_a_name_of_their_own(text: str, names: tuple[str, ...]) -> None:
    assert named.read(text).enterprises == names


def test_an_enterprise_of_the_table_is_told_by_its_name_there_and_once() -> None:
    known = [("信发铝厂", "信发集团")]
    assert named.read("信发铝厂、鑫发铝厂都在排烟", known).enterprises == ("信发集团", "鑫发铝厂")


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("联系电话13812345678", ("phone",)),
        ("打 一三八 一二三四 五六七八 找我", ("phone",)),
        ("座机0635-8241234", ("landline",)),
        ("微信号 abc_12345，邮箱 a.b@example.com", ("email", "wechat_qq")),
        ("车牌鲁P12345冒黑烟", ("plate",)),
        ("我家住阳光花园3号楼2单元501", ("house_number",)),
        ("李庄35号门前", ("house_number",)),
        ("每天凌晨2点，12369打不通，2024年5月3日", ()),
        ("微信转发了一下", ()),
    ],
)
def test_only_the_sorts_of_contact_data_are_told(text: str, sorts: tuple[str, ...]) -> None:
    assert named.read(text).contacts == sorts


def test_hashtags_and_accounts_are_told_once_each() -> None:
    told = named.read("#聊城身边事# @聊城环境 管管吧 #环保 @聊城环境 #聊城身边事# 邮箱a@b.com")
    assert (told.hashtags, told.mentions) == (("聊城身边事", "环保"), ("聊城环境",))


def test_nothing_of_one_text_reaches_into_the_next() -> None:
    texts = [
        "#没有写完",
        "完了# 每逢",
        "周末",
        "138",
        "12345678",
        "我家住在",
        "3号楼2单元501",
        "每天",
        "凌晨2点\x02半",
    ]
    assert named.read_all(texts, [()] * len(texts)) == [named.read(text) for text in texts]
    assert named.read_all([], []) == []


def test_a_text_that_names_nothing_names_nothing() -> None:
    assert named.read("空气真好") == Named()
