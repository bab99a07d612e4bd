"""A desk whose verdicts bear signatures of a former kind: nothing is lost until they are given anew; both databases."""

from __future__ import annotations

from dataclasses import replace

from classify import similar
from flow import cycle
from huanyu.types import RawPost
from huanyu.types import SourceKind
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import raw
from tests.flow.office import reader
from tests.flow.test_reposts import EVENTS
from tests.flow.test_reposts import news

FORMER = b"\7" * 512  #: four bytes a value, as signatures had before
NOTHING = "楼下那家又开始了，天天这样谁受得了，问了几次都说马上就好，孩子作业都写不下去，真是没地方说理"  # names no place


def before_upgrade(office: Office, one: RawPost, step: str, complaint: bool) -> None:
    """A post that came in, and on which `step` was run, while signatures were of the former kind."""
    office.desk.store.posts.add([one], now=NOW)
    (verdict,) = reader().read([one.text], [one.kind])
    sure = replace(verdict, is_complaint=complaint, unsure=False, signature=FORMER, model="former")
    (post,) = office.desk.store.posts.without_verdict(9)
    office.desk.store.posts.save_verdicts([(post.id, sure)], now=NOW)
    assert cycle.run(office.desk, step, NOW) == 1


def test_a_signature_of_a_former_kind_is_made_anew_and_any_other_stays() -> None:
    fresh = similar.signature(PAINT)
    assert similar.current(FORMER, PAINT) == fresh
    assert similar.current(fresh, "something else") == fresh
    assert similar.current(b"", PAINT) == b""  # nobody could read it


def test_a_copy_of_an_old_complaint_still_joins_its_case(office: Office) -> None:
    before_upgrade(office, raw(0, NOTHING), "open", complaint=True)
    office.desk.store.posts.add([raw(1, NOTHING + "啊")], now=NOW)
    (post,) = office.desk.store.posts.without_verdict(9)
    (verdict,) = reader().read([post.text])
    sure = replace(verdict, is_complaint=True, unsure=False)
    office.desk.store.posts.save_verdicts([(post.id, sure)], now=NOW)
    cycle.run(office.desk, "open", NOW)
    assert office.desk.store.posts.case_of(2) == office.desk.store.posts.case_of(1) is not None


def test_so_it_does_where_many_are_opened_at_once(office: Office) -> None:
    before_upgrade(office, raw(0, NOTHING), "open", complaint=True)
    copies = [raw(number, NOTHING + "啊" * number) for number in range(1, 3)]
    others = [raw(100 + number, f"{TEXTS[number % 8]}，第{number}回") for number in range(22)]
    ids = office.desk.store.posts.add([*copies, *others], now=NOW).new
    texts = [post.text for post in office.desk.store.posts.without_verdict(99)]
    sure = [replace(one, is_complaint=True, unsure=False) for one in reader().read(texts)]
    office.desk.store.posts.save_verdicts(list(zip(ids, sure, strict=True)), now=NOW)
    cycle.run(office.desk, "open", NOW)
    assert {office.desk.store.posts.case_of(number) for number in (1, 2, 3)} == {
        office.desk.store.posts.case_of(1)
    }


def test_a_reprint_of_an_old_article_is_still_known_as_one(office: Office) -> None:
    (first, _), _ = EVENTS
    before_upgrade(office, news(1, first, hours=9), "reposts", complaint=False)
    office.desk.store.posts.add([news(2, first, hours=5)], now=NOW)
    cycle.turn(office.desk, NOW, ("understand", "reposts"))
    assert office.desk.store.posts.get(2).same_as == 1
    assert office.desk.store.posts.get(2).kind is SourceKind.NEWS
