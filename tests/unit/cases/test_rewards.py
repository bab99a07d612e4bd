"""Rewards by values: the arrows and their sources, who was first, which way in may claim from when, tiers and four eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import cases.rewards
from cases.rewards import ALLOWED
from cases.rewards import ENDS
from cases.rewards import LABEL
from cases.rewards import Facts
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.reward_rows import EntitledRow
from huanyu.reward_rows import RewardTable
from huanyu.types import Event
from huanyu.types import ReportKnown

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI)
TODAY = date(2026, 3, 20)
BUREAU = load_bureau(SHIPPED)
TABLE = BUREAU.rewards
SCHEME = TABLE.scheme_on("report", TODAY)


def report(number: int, minutes: int = 0, **more: object) -> ReportKnown:
    told = {"names": frozenset({"网页举报", "report"}), "who": "", "words": b"", "reachable": True, **more}
    return ReportKnown(post_id=number, at=NOON + timedelta(minutes=minutes), **told)  # type: ignore[arg-type]


def facts(*reports: ReportKnown, **more: object) -> Facts:
    told = {
        "type": "complaint",
        "kinds": ("air.vehicle",),
        "finding": "属实",
        "measures": ("correct_at_once",),
        "fine_cents": None,
        "restricted": False,
        **more,
    }
    return Facts(reports=reports, **told)  # type: ignore[arg-type]


def judged(*reports: ReportKnown, **more: object) -> cases.rewards.Judgement:
    assert SCHEME is not None
    return cases.rewards.judge(TABLE, SCHEME, facts(*reports, **more), TODAY)


def test_the_printed_table_is_the_one_in_force() -> None:
    printed = Path(cases.rewards.__file__).parents[1] / "docs" / "rewards.md"
    assert printed.read_text(encoding="utf-8") == cases.rewards.document()


def test_every_state_is_reached_and_only_ends_stand_still() -> None:
    reached, grown = {cases.rewards.START}, 0
    while grown < len(reached):
        grown = len(reached)
        reached |= {to for state in reached for to in ALLOWED[state]}
    assert reached == set(LABEL) == set(ALLOWED)
    assert all(source for arrows in ALLOWED.values() for source in arrows.values())
    assert not ALLOWED["paid"], "what is paid is paid"
    assert set(LABEL) >= ENDS
    with pytest.raises(IllegalMove, match="待认定”，不能改为“已支付"):
        cases.rewards.check("pending", "paid")


def test_a_verified_first_report_by_an_entitled_way_is_rewarded_and_says_why() -> None:
    found = judged(report(7), report(9, 30))
    assert found.eligible
    assert found.first is not None
    assert (found.first.post_id, found.channel, found.tier and found.tier.key) == (
        7,
        "公众页面、微信",
        "order",
    )
    told = "；".join(one.told for one in found.grounds)
    assert "最先举报：2026-03-05 12:00，另有 1 条在后" in told


REFUSED = (
    ({"finding": "不属实"}, "查处结果为“不属实”，不在奖励范围"),
    ({"finding": ""}, "还没有查处结果"),
    ({"type": "grid"}, "属于职务行为或上级交办，不奖励"),
    ({"restricted": True}, "反映工作人员问题的件不适用"),
    ({"known_since": NOON}, "2026-03-05 12:00 已由本局掌握，早于 2026-03-05 12:00 的举报"),
    ({"rewarded": "JL2026-000001"}, "同一事实已有奖励 JL2026-000001"),
    ({"measures": ("talk",)}, "没有适用的档次"),
)


@pytest.mark.parametrize(("more", "told"), REFUSED, ids=[str(at) for at in range(len(REFUSED))])
def test_what_stands_in_the_way_is_told(more: dict[str, object], told: str) -> None:
    assert judged(report(7), **more).why_not == (told,)


def test_who_cannot_be_reached_and_a_way_in_outside_the_table_get_nothing() -> None:
    assert judged(report(7, reachable=False)).why_not == ("匿名且没有联系方式或校验码",)
    strange = judged(report(7, names=frozenset({"tieba", "forum"})))
    assert strange.why_not == ("收到之日（2026-03-05），该渠道不在有奖举报的范围",)
    assert judged().why_not[:1] == ("没有举报",)


def test_a_channel_counts_from_its_day_on_and_widening_is_a_row() -> None:
    """158、159：渠道从生效之日起算，扩大范围只加一行。"""
    assert SCHEME is not None
    row = EntitledRow(scheme="report", name="贴吧", channels=("tieba",), valid_from=date(2026, 3, 6))
    wider = TABLE.model_copy(update={"entitled": (*TABLE.entitled, row)})
    late = report(7, 24 * 60, names=frozenset({"tieba"}))
    early = replace(late, at=NOON)
    assert not cases.rewards.judge(TABLE, SCHEME, facts(late), TODAY).eligible
    assert cases.rewards.judge(wider, SCHEME, facts(late), TODAY).eligible
    assert not cases.rewards.judge(wider, SCHEME, facts(early), TODAY).eligible


def test_one_person_by_two_ways_is_first_by_the_earlier_and_entitled_by_the_other() -> None:
    forum = report(5, -60, names=frozenset({"tieba"}), who="水城网友", reachable=False)
    form = report(8, 10, who="水城网友")
    found = judged(form, report(6, 5), forum)
    assert found.eligible
    assert found.first is form
    stranger = judged(report(8, 10), replace(forum, who=""))
    assert not stranger.eligible, "who came first by another way is first; the others are not"


def happened(*states: str) -> list[Event]:
    """An hour lies between each and the next."""
    return [
        Event(at=NOON + timedelta(hours=at), actor="系统", action="moved", note="", state=state)
        for at, state in enumerate(states)
    ]


def test_a_round_is_over_when_the_public_has_its_answer() -> None:
    """A report that comes afterwards is a line of the case before it is taken up anew; both belong to the new round."""
    events = happened("pending", "handled", "answered", "visited", "closed", "closed", "pending", "assigned")
    (turn,) = cases.rewards.turns(events)
    assert (turn.over, turn.again) == (NOON + timedelta(hours=2), NOON + timedelta(hours=6))
    assert cases.rewards.turns(events[:6]) == ()
    assert cases.rewards.turns(happened("pending", "answered", "interim", "handled", "answered")) == ()
    assert cases.rewards.turns(happened("assigned", "joined", "assigned")) == ()


def test_each_round_has_the_reports_that_it_is_about() -> None:
    """办结后又有新的违法行为，可以再次举报；没有新的举报而重新办理的，仍是原来的举报；有了奖励的不再算。"""
    turned = cases.rewards.turns(happened("pending", "handled", "answered", "visited", "pending"))
    first, anew, later = report(7), report(8, 200), report(9, 400)

    def of(round_: int, *reports: ReportKnown, rewarded: tuple[int, ...] = ()) -> list[int]:
        return [one.post_id for one in cases.rewards.of_round(reports, turned, round_, rewarded)]

    assert of(1, first, anew, later) == [7]
    assert of(2, first, anew, later) == [8, 9], "who reported it anew is first of the new round"
    assert of(2, first, later) == [7, 9], "who was not content with the answer is still first"
    assert of(2, first, rewarded=(1,)) == [], "and has no second reward"
    assert of(1, first) == [7]


def test_copies_of_others_are_told() -> None:
    found = judged(report(7, words=b"x"), report(8, 5, words=b"x"), report(9, 6, words=b"y"))
    assert any("另有 2 条在后（1 条文字相同）" in one.told for one in found.grounds)


def test_the_tiers_of_the_day_a_report_came_count_for_it() -> None:
    assert SCHEME is not None
    day = date(2026, 3, 10)
    old = [row.model_copy(update={"valid_to": date(2026, 3, 9)}) for row in TABLE.tier]
    new = [
        row.model_copy(update={"name": "新", "valid_from": day, "least_yuan": 1000, "most_yuan": 1000})
        for row in TABLE.tier
    ]
    changed = TABLE.model_copy(update={"tier": (*old, *new)})
    found = cases.rewards.judge(changed, SCHEME, facts(report(7)), NOON.date())
    assert found.tier is not None
    assert found.tier.most_yuan == 200


TIERS = (
    ((), None, None),
    (("correct_by",), None, "order"),
    (("correct_by", "fine"), 2_999_999, "ban"),
    (("fine",), 2_999_999, "fine_low"),
    (("fine",), 3_000_000, "fine_high"),
    (("correct_by", "ban"), None, "ban"),
)


@pytest.mark.parametrize(
    ("measures", "fine", "key"), TIERS, ids=["none", "order", "both", "low", "high", "ban"]
)
def test_the_tier_that_pays_most_of_those_that_fit(
    measures: tuple[str, ...], fine: int | None, key: str | None
) -> None:
    rows = TABLE.tiers_on("report", TODAY)
    measures = (*measures, "ban") if key == "ban" else measures
    found = cases.rewards.tier(rows, facts(measures=measures, fine_cents=fine))
    assert (found.key if found else None) == key


def test_an_amount_outside_its_tier_is_refused_with_the_bounds() -> None:
    assert SCHEME is not None
    high = next(row for row in TABLE.tier if row.key == "fine_high")
    assert cases.rewards.demand_amount(high, SCHEME, 50_000) == 50_000
    for cents in (None, 49_999, 50_000_001):
        with pytest.raises(BadInput, match="一档的金额为 500 到 500,000 元"):
            cases.rewards.demand_amount(high, SCHEME, cents)
    with pytest.raises(IllegalMove, match="不同的人"):
        cases.rewards.demand_second("xuanjiao", ("xuanjiao", ""))


def test_the_shipped_tables_name_what_there_is() -> None:
    measures = {row.key for row in BUREAU.measures}
    types = {row.key for row in BUREAU.item_types}
    assert all(set(row.measures) <= measures and row.source for row in TABLE.tier)
    assert set(TABLE.duty_types) <= types
    cixi = load_bureau(SHIPPED / "bureaus" / "cixi").rewards
    assert {name for row in cixi.entitled for name in row.channels} == {"forum", "forum_cixi", "weibo"}


@pytest.mark.parametrize("notice", ["请领取", "{number}{until}{name}", "{number}{until}，找13806350000"])
def test_a_notice_that_will_not_do_is_refused(notice: str) -> None:
    with pytest.raises(ValidationError):
        RewardTable(notice=notice)


REPORTS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(("", "甲", "乙")), st.booleans()), min_size=1, max_size=8
)


@given(REPORTS, st.randoms(use_true_random=False))
def test_the_first_is_first_in_any_order_and_nobody_later_is_rewarded(
    told: list[tuple[int, str, bool]], chance: object
) -> None:
    found = [
        report(at, minutes, who=who, names=frozenset({"网页举报" if ours else "tieba"}))
        for at, (minutes, who, ours) in enumerate(told, start=1)
    ]
    mixed = list(found)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one = cases.rewards.first(mixed)
    assert one == cases.rewards.first(found)
    assert one is not None
    assert all((one.at, one.post_id) <= (each.at, each.post_id) for each in found)
    answer = judged(*mixed)
    if answer.eligible:
        assert answer.first is not None
        assert answer.first is one or (one.who and answer.first.who == one.who)
    assert answer.eligible == any("网页举报" in each.names for each in cases.rewards.same_person(found, one))
