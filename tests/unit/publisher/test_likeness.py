"""A reply that is another case's reply is known; a template filled with other facts is not one."""

from __future__ import annotations

from publisher.facts import sentences
from publisher.likeness import copied
from publisher.likeness import nearest

MINE = (
    "经查，该洗车店未设沉淀池，洗车废水直接流入路边雨水井，现场有水管两根和高压水枪一把，店主称上月才开业。\n"
    "处理措施：责令停止排水，补建三级沉淀池，由街道办事处每日巡查，未完成之前不得营业。"
)
OTHER = (
    "经查，该养殖户粪便露天堆放在村北沟渠旁，雨后渗出液流进坑塘。处理措施：已清运粪便，铺设防渗膜，加盖雨棚。"
)


def test_another_cases_reply_is_found_and_named() -> None:
    like = nearest(MINE, [("7", OTHER), ("9", MINE.replace("两根", "三根"))], sentences())
    assert like is not None
    assert (like.key, like.share > 0.8) == ("9", True)
    finding = copied(MINE, like, "HY2026-000009")
    assert finding.kind == "copied"
    assert "HY2026-000009" in finding.reason
    assert MINE[finding.start : finding.end] == finding.text


def test_a_reply_of_its_own_is_no_copy() -> None:
    assert nearest(MINE, [("7", OTHER)], sentences()) is None


def test_template_sentences_numbers_and_units_do_not_count() -> None:
    frame = (
        "群众反映的{place}油烟问题（编号HY2026-0000{n}），现将办理结果公布如下。\n3月{n}日，{unit}到现场核查。经查，反映的问题属实。"
        "对办理结果有不同意见，或再次发现类似问题，请联系{unit}，电话0635-80000{n}；也可拨打12369。"
    )
    unit = "聊城市生态环境局东昌府区分局"
    one = frame.format(place="柳园街道", n=11, unit=unit)
    other = frame.format(place="古楼街道", n=12, unit=unit)
    assert nearest(one, [("2", other)], sentences(), (unit,)) is None
