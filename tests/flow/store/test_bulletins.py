"""Bulletins: numbered without gaps, issued once, never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import timedelta

import pytest

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.types import Bulletin
from huanyu.types import CaseLine
from huanyu.types import Figure
from huanyu.types import Row
from huanyu.types import Section
from huanyu.types import Sentence

DAY = date(2026, 3, 9)


def bulletin(reserved, now, **more) -> Bulletin:
    line = CaseLine(
        case_id=1,
        number="HY2026-000001",
        title="许营镇 恶臭异味",
        kinds=("air.odour",),
        area="371502",
        source_kind="weibo",
        quote="夜里又有刺鼻气味",
        url="https://weibo.example.org/1",
        posts=2,
        state="pending",
        unit="",
        opened_at=now,
        due=None,
        urgent=False,
    )
    section = Section(
        heading="一、总体情况",
        sentences=(Sentence(text="新收 1 件", figures=("cases_opened",)),),
        items=(line,),
        table_head=("类别", "件数"),
        table=(("恶臭异味", "1"),),
    )
    values = {
        "series": "daily",
        "series_name": "每日舆情",
        "year": 2026,
        "number": reserved.number,
        "total": reserved.total,
        "day": DAY,
        "title": "3月9日环保舆情",
        "bureau": "聊城市生态环境局",
        "office": "宣教科",
        "mark": "内部资料 注意保存",
        "issued_at": now,
        "sections": (section,),
        "figures": (
            Figure(key="cases_opened", value=1, unit="件", label="新立", query="cases_opened", ids=(1,)),
        ),
        "trend": (Row(label="2026-03-09", count=1),),
    }
    return Bulletin(**(values | more))


FILES = {"html": b"<p>\xff</p>", "docx": b"PK\x03\x04", "pdf": b"%PDF-1.7"}


def test_numbers_are_given_once_per_day_and_count_up(store, now):
    first = store.bulletins.reserve("daily", DAY, now)
    assert store.bulletins.reserve("daily", DAY, now + timedelta(hours=1)) == first
    second = store.bulletins.reserve("daily", DAY + timedelta(days=1), now)
    assert [(one.number, one.total, one.issued) for one in (first, second)] == [(1, 1, False), (2, 2, False)]


def test_the_number_begins_anew_each_year_and_the_total_does_not(store, now):
    store.bulletins.reserve("daily", DAY, now)
    later = store.bulletins.reserve("daily", date(2027, 1, 1), now)
    weekly = store.bulletins.reserve("weekly", DAY, now)
    assert (later.number, later.total) == (1, 2)
    assert (weekly.number, weekly.total) == (1, 1)


def test_an_issued_bulletin_comes_back_whole(store, now):
    reserved = store.bulletins.reserve("daily", DAY, now)
    made = bulletin(reserved, now)
    issued = store.bulletins.issue(reserved.id, made, **FILES, now=now)
    assert store.bulletins.get(reserved.id) == issued
    assert store.bulletins.by_day("daily", DAY) == issued
    assert issued.bulletin == made
    assert store.bulletins.reserve("daily", DAY, now).issued
    (head,) = store.bulletins.listing()
    assert (head.id, head.number, head.title, head.issued_at) == (reserved.id, 1, made.title, now)


def test_an_issued_bulletin_is_never_changed(store, now):
    reserved = store.bulletins.reserve("daily", DAY, now)
    issued = store.bulletins.issue(reserved.id, bulletin(reserved, now), **FILES, now=now)
    with pytest.raises(Conflict):
        store.bulletins.issue(reserved.id, bulletin(reserved, now, title="改过的"), **FILES, now=now)
    assert store.bulletins.get(reserved.id) == issued


def test_a_bulletin_bears_the_numbers_it_was_given(store, now):
    reserved = store.bulletins.reserve("daily", DAY, now)
    with pytest.raises(Conflict):
        store.bulletins.issue(reserved.id, bulletin(replace(reserved, number=9), now), **FILES, now=now)
    assert store.bulletins.by_day("daily", DAY) is None


def test_what_is_only_reserved_is_not_in_the_archive(store, now):
    reserved = store.bulletins.reserve("daily", DAY, now)
    assert store.bulletins.listing() == []
    with pytest.raises(NotFound):
        store.bulletins.get(reserved.id)


def test_a_head_printed_in_a_bulletin_must_be_in_the_chain(store, make, now):
    make.case()
    head = store.audit.seal(now)
    for day, printed in ((DAY, head), (DAY - timedelta(days=1), "f" * 64)):
        reserved = store.bulletins.reserve("daily", day, now)
        made = bulletin(reserved, now, audit_head=printed)
        store.bulletins.issue(reserved.id, made, **FILES, now=now)
    (problem,) = store.audit.verify()
    assert "2026-03-08" in problem
