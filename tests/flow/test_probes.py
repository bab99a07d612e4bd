"""查漏: known posts are looked for every day, and what is missing is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flow import cycle
from flow import probes
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import raw

SOURCE = "weibo-mentions"
DAY = timedelta(days=1)
MID = "5151000900000007"
LONG = f"https://m.weibo.cn/detail/{MID}"


def add(office: Office, url: str, words: str = PAINT[:20], at=NOW) -> probes.Watched:
    return probes.add(office.desk, SOURCE, url, words, at, "lilan", NOW)


def post(office: Office, said: str = PAINT, number: int = 1, **more: object) -> int:
    values = {field: getattr(raw(number, said), field) for field in raw(number, said).__slots__} | more
    return office.desk.store.posts.add([type(raw(number, said))(**values)], NOW).new[0]


def test_a_post_that_is_there_is_found_at_once_however_its_address_was_shared(office: Office) -> None:
    post_id = post(office, RIVER, link=f"weibo/{MID}")
    found = add(office, LONG, "原文已经改了, 对不上")
    assert found.check is not None and found.check.post_id == post_id
    assert not found.is_missing


def test_a_missing_post_is_looked_for_until_it_turns_up(office: Office) -> None:
    missing = add(office, LONG)
    assert missing.is_missing
    assert cycle.run(office.desk, "probe", NOW) == 0  # looked for today already
    assert cycle.run(office.desk, "probe", NOW + DAY) == 1
    post_id = post(office)
    assert cycle.run(office.desk, "probe", NOW + DAY) == 1
    assert cycle.run(office.desk, "probe", NOW + DAY) == 0
    (one,) = probes.watched(office.desk, NOW + DAY)
    assert one.check is not None and one.check.post_id == post_id
    assert len(office.desk.store.probes.checks(NOW.date())) == 2


def test_recall_is_told_per_source_with_the_missing_ones_first(office: Office) -> None:
    post(office)
    there, missing = add(office, "https://weibo.example.org/1"), add(office, LONG, RIVER[:20])
    assert [one.probe.id for one in probes.watched(office.desk, NOW)] == [missing.probe.id, there.probe.id]
    assert probes.recall(office.desk, NOW) == [(SOURCE, 1, 2)]


def test_a_retired_probe_is_no_longer_looked_for(office: Office) -> None:
    one = add(office, LONG)
    office.desk.store.probes.retire(one.probe.id, "lilan", NOW)
    assert cycle.run(office.desk, "probe", NOW + DAY) == 0
    assert probes.watched(office.desk, NOW) == []


def test_a_probe_of_a_source_that_is_gone_holds_up_nobody(office: Office) -> None:
    office.desk.store.probes.add("gone", LONG, "weibo/1", PAINT, NOW, "lilan", NOW)
    post(office)
    office.desk.store.probes.add(SOURCE, "https://weibo.example.org/1", "", PAINT[:20], NOW, "lilan", NOW)
    assert cycle.run(office.desk, "probe", NOW) == 1


@pytest.mark.parametrize(
    ("url", "words", "said"),
    [
        ("weibo.com/1/2", PAINT, "http"),
        ("http://192.168.1.5/thread-7-1-1.html", PAINT, "内部"),
        (LONG, "气味", "不少于 6 个字"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_in_words(
    office: Office, url: str, words: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        add(office, url, words)
    with pytest.raises(BadInput, match="晚于"):
        add(office, LONG, PAINT, NOW + DAY)
    with pytest.raises(NotFound, match=SOURCE):
        probes.add(office.desk, "nobody", LONG, PAINT, NOW, "lilan", NOW)
    assert office.desk.store.probes.listing() == []
