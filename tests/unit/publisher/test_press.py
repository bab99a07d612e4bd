"""Texts of our own choosing: nothing is filled in that nobody wrote."""

from __future__ import annotations

from datetime import date

import pytest

from huanyu.bureau import AccountRow
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import BadInput
from publisher import occasions
from publisher import scope
from publisher.channels import weibo
from publisher.checks import check_message
from publisher.press import PRODUCTS
from publisher.press import Piece
from publisher.press import drafts
from publisher.press import piece

BUREAU = load_bureau(SHIPPED)
DAY = date(2026, 3, 6)
LINK = "https://sthj.example.org/r/abcdefghijkl.html"
AIR = {"valid": "2026-03-05", "area": "全市", "aqi": "56", "main": "PM10", "source": "市生态环境监测中心"}


def made(product: str, **told: str) -> Piece:
    return piece(PRODUCTS[product], told, BUREAU.bureau, DAY)


def test_a_figure_stands_with_its_date_and_its_source() -> None:
    text = made("air", **AIR).text
    assert "2026年3月5日" in text
    assert "数据来源：市生态环境监测中心" in text
    assert "PM2.5" not in text


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"source": ""}, "数据来源"),
        ({"aqi": "良好"}, "应为数字"),
        ({"aqi": "-5"}, "应为数字"),
        ({"valid": "昨天"}, "2026-03-05"),
    ],
)
def test_a_figure_without_source_date_or_value_makes_no_text(told: dict[str, str], wrong: str) -> None:
    with pytest.raises(BadInput, match=wrong):
        made("air", **AIR | told)


def test_a_firm_is_named_only_where_the_decision_is_public() -> None:
    told = {"batch": "1", "intro": "现通报如下。", "cases": "聊城市金水化工有限公司超标排放案，罚款10万元。"}
    with pytest.raises(BadInput, match="处罚决定已公开"):
        made("cases", **told)
    assert "金水化工" in made("cases", **told, decision="聊环罚字〔2026〕12号").text
    assert "某化工" in made("cases", **told | {"cases": "某化工企业超标排放案，罚款10万元。"}).text


def test_a_slogan_is_short_and_a_script_tells_its_length() -> None:
    assert made("slogan", slogan="共建清洁美丽聊城").text == "共建清洁美丽聊城"
    with pytest.raises(BadInput, match="20 字"):
        made("slogan", slogan="绿" * 21)
    assert made("broadcast", name="环保之声", script="绿" * 480).minutes == 2.0


def test_weibo_gets_a_short_text_with_the_page_and_a_long_one_is_refused() -> None:
    accounts = [
        AccountRow(key="site", channel="site", name="网站"),
        AccountRow(key="w", channel="weibo", name="微博"),
    ]
    site, short = drafts(made("air", **AIR), accounts, LINK)
    assert site.text == made("air", **AIR).text
    assert short.text.endswith(LINK)
    assert weibo.length(short.text) <= weibo.LIMITS.length
    assert {one.content_class for one in (site, short)} == {"press"}
    with pytest.raises(BadInput, match="超过 140 字"):
        drafts(made("notice", name="题" * 150, body="正文"), accounts, LINK)


def test_days_are_near_once_their_time_has_come_and_until_they_are_over() -> None:
    rows = BUREAU.occasions

    def keys(day: date) -> set[str]:
        return {one.row.key for one in occasions.near(rows, day)}

    assert keys(date(2026, 5, 21)) == {"biodiversity"}
    assert "june_fifth" in keys(date(2026, 5, 22))
    assert "june_fifth" in keys(date(2026, 6, 5))
    assert "june_fifth" not in keys(date(2026, 6, 6))


def test_a_day_that_differs_each_year_is_proposed_only_when_its_date_is_told() -> None:
    (row,) = [row for row in BUREAU.occasions if row.key == "low_carbon"]
    assert row.on(2026) is None
    assert row.model_copy(update={"dates": (date(2026, 6, 10),)}).on(2026) == date(2026, 6, 10)


@pytest.mark.parametrize("row", BUREAU.occasions, ids=lambda row: row.key)
def test_every_proposed_text_passes_the_checks_and_fits(row: object) -> None:
    assert occasions.unfilled(row) == ""
    text = occasions.proposed(occasions.Near(row, DAY), BUREAU.bureau)
    assert weibo.length(text.short + LINK) <= weibo.LIMITS.length
    assert (
        check_message(text.title, text.text + text.short, BUREAU.words, (BUREAU.bureau.hotline,), day=DAY).all
        == ()
    )
    assert scope.problems(text.text, BUREAU.words, press=True, generated=False) == ()
