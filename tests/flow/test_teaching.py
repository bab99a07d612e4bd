"""What people said at the desk becomes labelled texts, and nothing of it is both learnt from and compared by."""

from __future__ import annotations

from flow import cycle
from flow import sampling
from flow import teaching
from huanyu.types import PostType
from huanyu.types import Sentiment
from tests.flow.office import COMPLAINTS
from tests.flow.office import NOW
from tests.flow.office import RIVER
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import raw
from tests.flow.test_sampling import DAY
from tests.flow.test_sampling import chat


def told(office: Office) -> dict[int, tuple[str, str]]:
    labels = teaching.labels(office.desk)
    return {one.post: (one.example.type.value, one.origin) for one in (*labels.learn, *labels.frozen)}


def test_what_nobody_judged_teaches_nothing(office: Office) -> None:
    chat(office)
    cycle.run(office.desk, "sample", NOW + DAY)
    assert told(office) == {}


def test_corrections_teach_by_their_last_label_with_feeling_and_urgency(office: Office) -> None:
    office.desk.store.posts.add([raw(0, RIVER)], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    for kind in (PostType.OPINION, PostType.COMPLAINT):
        teaching.correct_label(
            office.desk, office.press, 1, kind, ("water.industrial",), NOW, Sentiment.POSITIVE, True
        )
    labels = teaching.labels(office.desk)
    (one,) = (*labels.learn, *labels.frozen)
    assert (one.example.text, one.example.source, one.kind.value) == (RIVER, "weibo", "weibo")
    assert (one.example.type, one.example.kinds) == (PostType.COMPLAINT, ("water.industrial",))
    assert (one.example.sentiment, one.example.urgent) == (Sentiment.POSITIVE, True)


def test_judged_samples_teach_that_they_are_no_complaints(office: Office) -> None:
    chat(office)
    cycle.run(office.desk, "sample", NOW + DAY)
    first, second, *_ = office.desk.store.samples.waiting()
    sampling.judge(office.desk, office.press, first.id, None, NOW + DAY)
    sampling.judge(office.desk, office.press, second.id, None, NOW + DAY)
    assert told(office) == {first.post_id: ("other", "sample"), second.post_id: ("other", "sample")}


def test_posts_in_doubt_that_were_judged_teach_with_their_origin(office: Office) -> None:
    office.fill()
    assert {origin for _, origin in told(office).values()} <= {"doubt"}
    for number in range(1, len(TEXTS) + 1):
        kind = PostType.COMPLAINT if number <= COMPLAINTS else PostType.PUBLICITY
        teaching.correct_label(office.desk, office.press, number, kind, ("other",), NOW)
    labels = teaching.labels(office.desk)
    assert labels.frozen
    assert not {one.post for one in labels.learn} & {one.post for one in labels.frozen}
    assert len(labels.learn) + len(labels.frozen) == len(TEXTS)
    assert {origin for _, origin in told(office).values()} == {""}


def test_a_text_stored_twice_teaches_what_was_said_last_whichever_post_that_was(office: Office) -> None:
    office.desk.store.posts.add([raw(0, RIVER), raw(1, RIVER)], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    teaching.correct_label(office.desk, office.press, 2, PostType.OPINION, (), NOW, urgent=True)
    later = NOW + DAY
    teaching.correct_label(office.desk, office.press, 1, PostType.QUESTION, (), later, urgent=True)
    assert told(office) == {1: ("question", told(office)[1][1])}
