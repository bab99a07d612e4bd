"""Several series side by side: scopes, remarks, saved searches, and which case calls for a 快报."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.types import Bulletin
from huanyu.types import Search

FILES = {"html": b"<p></p>", "docx": b"PK", "pdf": b"%PDF"}


def bulletin(reserved, now, **more) -> Bulletin:
    values = {
        "series": reserved.series,
        "series_name": "舆情快报",
        "year": reserved.day.year,
        "number": reserved.number,
        "total": reserved.total,
        "day": reserved.day,
        "title": "快报",
        "bureau": "聊城市生态环境局",
        "office": "宣教科",
        "mark": "",
        "issued_at": now,
        "sections": (),
        "figures": (),
        "scope": reserved.scope,
    }
    return Bulletin(**(values | more))


def test_two_issues_on_one_day_have_two_numbers_and_one_thing_has_one(store, now):
    first = store.bulletins.reserve("flash", now.date(), now, scope="case:1")
    second = store.bulletins.reserve("flash", now.date(), now, scope="case:2")
    again = store.bulletins.reserve("flash", now.date() + timedelta(days=1), now, scope="case:1")
    daily = store.bulletins.reserve("flash", now.date(), now)
    assert (first.number, second.number, daily.number) == (1, 2, 3)
    assert again == first


def test_a_scope_is_found_again_and_is_no_period(store, now):
    reserved = store.bulletins.reserve("flash", now.date(), now, scope="case:1")
    made = bulletin(reserved, now)
    issued = store.bulletins.issue(reserved.id, made, **FILES, now=now)
    assert store.bulletins.by_scope("flash", "case:1") == issued
    assert store.bulletins.by_scope("flash", "case:2") is None
    assert store.bulletins.by_day("flash", now.date()) is None


def test_numbers_without_an_issue_are_told_until_it_is_out(store, now):
    reserved = store.bulletins.reserve("daily", now.date(), now)
    assert store.bulletins.unfinished() == [reserved]
    made = bulletin(reserved, now)
    store.bulletins.issue(reserved.id, made, **FILES, now=now)
    assert store.bulletins.unfinished() == []


def test_the_last_remark_of_a_kind_counts_and_an_empty_one_takes_it_back(store, now):
    def typed(text, kind="judgement", scope="", minutes=0):
        later = now + timedelta(minutes=minutes)
        store.writing.remark("weekly", now.date(), kind, text, "lilan", "李岚", later, scope=scope)

    typed("旧看法")
    typed("新看法", minutes=5)
    typed("派员", "advice", minutes=5)
    typed("别的一期", scope="case:1")
    day = now.date()
    assert [one.text for one in store.writing.remarks("weekly", day)] == ["新看法", "派员"]
    assert [one.text for one in store.writing.remarks("weekly", day, as_of=now)] == ["旧看法"]
    assert store.writing.remarks("weekly", day + timedelta(days=7)) == ()
    typed("", minutes=9)
    assert [one.text for one in store.writing.remarks("weekly", day)] == ["派员"]
    assert [one.text for one in store.writing.remarks("weekly", day, scope="case:1")] == ["别的一期"]


def test_a_search_is_kept_under_one_name(store, now):
    saved = store.writing.save_search(Search(id=0, name="夜间噪声", kinds=("noise",)), "lilan", now)
    assert store.writing.search(saved.id) == saved
    changed = store.writing.save_search(Search(id=saved.id, name="夜间噪声", words=("夜里",)), "lilan", now)
    assert store.writing.searches() == [changed]
    with pytest.raises(Conflict):
        store.writing.save_search(Search(id=0, name="夜间噪声"), "lilan", now)
    with pytest.raises(NotFound):
        store.writing.search(99)
    with pytest.raises(NotFound):
        store.writing.save_search(Search(id=99, name="没有"), "lilan", now)


def test_grave_or_urgent_new_cases_call_until_they_are_told(store, make, now):
    plain, urgent = make.case("1"), make.case("2", urgent=True)
    grave = store.moves.grade(make.case("3"), "重大", "饮用水", now)
    calling = lambda since: [  # noqa: E731
        case.id for case in store.writing.calling("flash", ("重大",), True, since)
    ]
    assert calling(now) == [urgent.id, grave.id]
    assert plain.id not in calling(now)
    assert calling(now + timedelta(seconds=1)) == []
    reserved = store.bulletins.reserve("flash", now.date(), now, scope=f"case:{urgent.id}")
    assert calling(now) == [urgent.id, grave.id]  # numbered is not told yet
    made = bulletin(reserved, now)
    store.bulletins.issue(reserved.id, made, **FILES, now=now)
    assert calling(now) == [grave.id]
