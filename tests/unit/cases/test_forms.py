"""The slips: everything the unit needs, nothing that leads to the reporter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from cases import clocks
from cases.forms import QUOTE
from cases.forms import notice
from cases.forms import reminder
from huanyu.bureau import UnitRow
from huanyu.clock import SHANGHAI
from huanyu.redact import mask
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Route

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI)
CONSOLE = "https://desk.example.org/"
FOUND = Route(
    unit="gaoxinqu",
    department="生态环境",
    assist=("农业农村",),
    rule="odour_livestock",
    why="畜禽养殖污染由生态环境部门监管",
)
UNIT = UnitRow(
    key="gaoxinqu",
    name="高新区分局",
    short="高新区分局",
    kind="zone",
    department="生态环境",
    area="高新区",
    mail="gaoxinqu@sthj.example.org",
)
CASE = Case(
    id=12,
    number="HY2026-000012",
    public_id="not-for-slips",
    state="pending",
    title="许营镇 恶臭异味",
    kinds=("air.odour",),
    area="高新区",
    place="许营镇",
    urgent=True,
    level="较大",
    learned_at=NOW,
    opened_at=NOW,
    version=1,
    source="weibo_mentions",
    source_kind="weibo",
    first_url="https://weibo.example.org/u/4711/n5",
    first_author="北风一吹",
    first_text="我是北风一吹，电话13800000000，微信 beifeng_1380。许营镇养鸡场太臭，住李庄3号楼2单元501室的都受不了。",
)


@pytest.fixture
def slip(clock_rows, calendar, bureau):
    limits = clocks.due(CASE, clock_rows, calendar)
    objection = clocks.objection(CASE, clock_rows, calendar, NOW)
    return notice(CASE, UNIT, FOUND, limits, bureau, CONSOLE, NOW, objection)


def test_a_slip_has_all_that_the_unit_needs(slip):
    assert (slip.channel, slip.purpose, slip.recipient, slip.case_id) == (
        "mail",
        "notice",
        "gaoxinqu@sthj.example.org",
        12,
    )
    for part in (
        "HY2026-000012",
        "2026年3月10日09:00",
        "微博",
        "恶臭异味",
        "较大，紧急",
        "高新区分局",
        "农业农村",
        "养鸡场太臭",
        "办结反馈：2026年3月12日17:30前",
        "2026年3月12日17:30前说明理由退回",
        "https://desk.example.org/cases/12",
        "聊城市生态环境局宣教科",
    ):
        assert part in slip.text


@pytest.mark.parametrize(
    "secret", ["北风一吹", "13800000000", "beifeng_1380", "501室", "weibo.example.org", "not-for-slips"]
)
def test_a_slip_never_leads_to_the_reporter(slip, secret):
    assert secret not in slip.text + slip.title + slip.link


def test_a_title_is_one_line(slip):
    assert slip.title == "【转办单】HY2026-000012 许营镇 恶臭异味"


def test_a_unit_without_log_in_is_told_to_answer_by_mail(bureau):
    outside = UNIT.model_copy(update={"login": False})
    text = notice(CASE, outside, FOUND, (), bureau, CONSOLE, NOW).text
    assert "desk.example.org" not in text
    assert "请回复本邮件" in text
    assert bureau.phone in text


def test_a_unit_without_mailbox_gets_no_mail(bureau):
    bare = UNIT.model_copy(update={"mail": ""})
    clock = Clock(name="handling", due=NOW)
    assert notice(CASE, bare, FOUND, (), bureau, CONSOLE, NOW) is None
    assert reminder(CASE, bare, clock, "red", bureau, CONSOLE, NOW).draft is None


def test_a_provisional_limit_is_marked(bureau):
    clock = Clock(name="handling", due=NOW, provisional=True, why="试")
    assert "暂定" in notice(CASE, UNIT, FOUND, (clock,), bureau, CONSOLE, NOW).text


@pytest.mark.parametrize(
    ("stage", "card", "tail"), [("yellow", "黄牌", "即将到期"), ("red", "红牌", "已逾期")]
)
def test_a_card_names_the_case_the_limit_and_its_source(bureau, stage, card, tail):
    clock = Clock(name="handling", due=NOW, why="办结：5个工作日（本局工作规定）")
    told = reminder(CASE, UNIT, clock, stage, bureau, CONSOLE, NOW)
    assert card in told.note
    assert tail in told.note
    assert "HY2026-000012" in told.draft.title
    assert "本局工作规定" in told.draft.text
    assert told.draft.recipient == UNIT.mail


def test_a_card_for_a_case_without_unit_is_a_note_only(bureau):
    clock = Clock(name="handling", due=NOW)
    assert reminder(replace(CASE, unit=""), None, clock, "red", bureau, CONSOLE, NOW).draft is None


@pytest.mark.parametrize("secret", ["13800000000", "371502199001010018", "北风一吹"])
@pytest.mark.parametrize("shown", range(1, 12))
def test_what_is_cut_at_the_end_of_the_quote_was_masked_before(bureau, secret, shown):
    text = f"{'臭' * (QUOTE - shown)}{secret}，请尽快来人。"
    slip = notice(replace(CASE, first_text=text), UNIT, FOUND, (), bureau, CONSOLE, NOW)
    quoted = slip.text.partition("摘要（已隐去个人信息）：")[2].partition("\n")[0]
    assert mask(text, [CASE.first_author]).startswith(quoted.rstrip("…"))
    assert len(quoted) <= QUOTE
