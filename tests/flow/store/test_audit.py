"""The audit trail: a line in every write, sealed, and whole or visibly not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text

from huanyu.store import Drawn
from huanyu.store import Renewal
from huanyu.store import Store
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import PostType
from huanyu.types import Reject
from huanyu.types import Search
from huanyu.types import SourceState


@pytest.fixture
def intruder(store_url):
    """Somebody with the database's password and no key."""
    engine = create_engine(store_url)

    def run(*statements):
        with engine.begin() as connection:
            for statement in statements:
                assert connection.execute(text(statement)).rowcount != 0, statement

    yield run
    engine.dispose()


@pytest.fixture
def three_batches(store, make, now):
    """A trail of three sealed batches and two loose lines; returns the last head."""
    for native_id in "123":
        make.case(native_id)
        head = store.audit.seal(now)
    store.settings.put("a", "1", now)
    store.settings.put("b", "1", now)
    return head


def test_an_untouched_trail_is_whole(store, three_batches):
    assert store.audit.verify(three_batches) == []
    assert store.audit.head() == three_batches


def test_an_empty_trail_is_whole_and_has_no_head(store, now):
    assert store.audit.seal(now) == ""
    assert store.audit.head() == ""
    assert store.audit.verify() == []


def test_sealing_again_without_news_changes_nothing(store, three_batches, now):
    head = store.audit.seal(now)
    assert head != three_batches
    assert store.audit.seal(now) == head
    assert store.audit.verify(head) == []


CHANGES = [
    "UPDATE audit SET actor = '某人' WHERE id = 2",
    "UPDATE audit SET action = 'post.add' WHERE id = 3",
    "UPDATE audit SET ids = '[99]' WHERE id = 2",
    "UPDATE audit SET digest = 'aa' WHERE id = 2",
    "UPDATE audit SET mac = 'aa' WHERE id = 2",
    "UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE id = 2",
    "UPDATE audit SET batch = 2 WHERE id = 2",
    "UPDATE audit SET batch = NULL WHERE id = 2",
    "DELETE FROM audit WHERE id = 2",
    "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit WHERE batch = 3)",
    "UPDATE audit SET actor = '某人' WHERE batch IS NULL",
    "UPDATE audit_batches SET head = 'aa' WHERE number = 2",
    "UPDATE audit_batches SET rows = 1 WHERE number = 2",
    "UPDATE audit_batches SET previous = 'aa' WHERE number = 3",
    "UPDATE audit_batches SET at = '2020-01-01 00:00:00' WHERE number = 2",
    "UPDATE audit_head SET batches = 2",
    "DELETE FROM audit_head",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_or_removed_line_shows(store, three_batches, intruder, change):
    intruder(change)
    assert store.audit.verify() != []


def test_a_removed_batch_shows(store, three_batches, intruder):
    intruder("DELETE FROM audit WHERE batch = 2", "DELETE FROM audit_batches WHERE number = 2")
    assert store.audit.verify() != []


def test_a_cut_end_shows(store, three_batches, intruder):
    intruder("DELETE FROM audit WHERE batch = 3", "DELETE FROM audit_batches WHERE number = 3")
    assert store.audit.verify() != []


def test_a_whole_state_put_back_shows_against_a_known_head(store, make, now, intruder):
    make.case("1")
    store.audit.seal(now)
    with store._database.read() as tx:
        old = tx.execute(text("SELECT head, mac FROM audit_head")).one()
    make.case("2")
    head = store.audit.seal(now)
    intruder(
        "DELETE FROM audit WHERE batch = 2",
        "DELETE FROM audit_batches WHERE number = 2",
        f"UPDATE audit_head SET batches = 1, head = '{old.head}', mac = '{old.mac}'",
    )
    assert store.audit.verify() == []
    assert store.audit.verify(head) != []


def test_a_line_written_without_the_key_shows(store, three_batches, intruder):
    intruder(
        "INSERT INTO audit (at, actor, action, noun, ids, digest, mac)"
        " VALUES ('2026-03-10 00:00:00.000000', '王芳', 'case.move', 'case', '[1]', 'aa', 'aa')"
    )
    assert store.audit.verify() != []


def test_lines_tell_ids_and_never_words(store, make):
    make.handled()
    lines = store.audit.listing()
    assert {line.noun for line in lines} == {"post", "case"}
    with store._database.read() as tx:
        told = "".join(str(row) for row in tx.execute(text("SELECT * FROM audit")))
    for words in ("刺鼻", "湖畔行人", "收集罩", "许营镇"):
        assert words not in told


def test_equal_facts_under_another_key_have_another_digest(bare_url, make, store_key):
    with Store.open(bare_url, "another key of another desk") as other:
        moment = make.now
        other.posts.add([make.raw()], moment)
        make.store.posts.add([make.raw()], moment)
        assert other.audit.listing()[0].digest != make.store.audit.listing()[0].digest


def test_the_list_is_newest_first_and_pages(store, make):
    make.case("1")
    lines = store.audit.listing(limit=2)
    assert [line.action for line in lines] == ["case.new", "post.verdict"]
    assert [line.action for line in store.audit.listing(before=lines[-1].id)] == ["post.add"]


REJECTED = {"complaint": 0.1, "model": "test-1"}


def renewals(store, make):
    """A newer verdict for every post."""
    return [
        Renewal(old=old, verdict=make.verdict(model="test-2"))
        for old in store.rejudging.page("test-2", 0, 10)
    ]


def _writes(store, make, now):
    """Every write there is, each with something to write."""
    later = now + timedelta(days=40)
    yield "posts.add", lambda: store.posts.add([make.raw("w")], now)
    waiting = lambda: store.posts.without_verdict(1)[0].id  # noqa: E731
    yield "posts.save_verdicts", lambda: store.posts.save_verdicts([(waiting(), make.verdict(False))], now)
    yield "posts.correct", lambda: store.posts.correct(1, PostType.COMPLAINT, (), actor="王芳", now=now)
    yield "cases.apply", lambda: store.cases.apply(make.plan(1), now)
    reject = Reject(source="s", where="w", reason="r", payload=b"p", at=now)
    make.post("x", complaint=False)
    yield "posts.expire_raw", lambda: store.posts.expire_raw(later)
    yield "posts.add_rejects", lambda: store.posts.add_rejects([reject], now)
    yield "posts.resolve_reject", lambda: store.posts.resolve_reject(1, actor="王芳", now=now)
    yield "posts.expire_raw", lambda: store.posts.expire_raw(later)  # now it is the settled reject
    case = make.assigned("c")
    one = next(one for one in store.limits.running(9) if one.clock.name == "sign")
    anew = replace(one.clock, due=one.clock.due + timedelta(days=1), calendar="c")
    yield "limits.reckon", lambda: store.limits.reckon(one, anew, "", now)
    yield "limits.plan", lambda: store.limits.plan(one, [("red", now, "unit"), ("up1", now, "unit")], now)
    card = lambda: store.limits.waiting(now, 1)[0]  # noqa: E731
    yield "limits.put_off", lambda: store.limits.put_off(card().card, now, now)
    yield "limits.give", lambda: store.limits.give(card(), "", [], now)
    yield "limits.meet", lambda: store.limits.meet(case, {""}, "contact", "", now, "王芳")
    yield "extensions.ask", lambda: store.extensions.ask(case, make.extension(case), "", now)
    asked = lambda: store.extensions.undecided(1)[0][0]  # noqa: E731
    yield "extensions.decide", lambda: store.extensions.decide(asked(), "agreed", None, "", "王芳", now)
    told = lambda: store.extensions.get(1)  # noqa: E731
    yield "extensions.tell", lambda: store.extensions.tell(told(), "电话", "", "王芳", now)
    yield "moves.grade", lambda: store.moves.grade(make.case("g"), "较大", "", now)
    handled = make.handled("h")
    yield (
        "outbox.add_drafts",
        lambda: store.outbox.add_drafts(handled, make.drafts(handled), to="replying", author="", now=now),
    )
    draft = Draft(channel="mail", account="a", purpose="bulletin", text="")
    yield "outbox.add", lambda: store.outbox.add(draft, "k", MessageState.APPROVED, "系统", now)
    message = lambda: store.outbox.by_key("k")  # noqa: E731
    yield "outbox.claim", lambda: store.outbox.claim(message(), now)
    yield (
        "outbox.settle",
        lambda: store.outbox.settle(
            message(), MessageState.UNKNOWN, receipt=None, note="", due_at=None, case_to=None, now=now
        ),
    )
    yield "outbox.move", lambda: store.outbox.move(message(), MessageState.CANCELLED, note="", now=now)
    yield "bulletins.reserve", lambda: store.bulletins.reserve("daily", now.date(), now)
    yield (
        "writing.remark",
        lambda: store.writing.remark("daily", now.date(), "advice", "派员", "wf", "王芳", now),
    )
    yield "writing.save_search", lambda: store.writing.save_search(Search(id=0, name="水"), "wf", now)
    yield "people.add_user", lambda: store.people.add_user("wf", "王芳", "press", "", "hash", now)
    yield "people.set_password", lambda: store.people.set_password(1, "h2", actor="wf", now=now)
    yield "people.set_active", lambda: store.people.set_active(1, True, actor="wf", now=now)
    yield "people.start_session", lambda: store.people.start_session(1, "t", later, now)
    yield "people.end_session", lambda: store.people.end_session("t", now)
    yield "people.save_reporter", lambda: store.people.save_reporter("{}", now, case_id=case.id)
    yield "people.read_reporter", lambda: store.people.read_reporter(case.id, "wf", "回访", now)
    state = SourceState(source="s", state="ok", since=now, sentence="正常")
    yield "sources.save_state", lambda: store.sources.save_state(state, now)
    drawn = Drawn(post_id=make.post("d", complaint=False), stratum="0-1", population=1, drawn=1, **REJECTED)
    yield "samples.save", lambda: store.samples.save(now.date(), [drawn], "seed", now)
    yield "samples.judge", lambda: store.samples.judge(1, None, "wf", now)
    yield "rejudging.save", lambda: store.rejudging.save(renewals(store, make), now)
    yield "settings.put", lambda: store.settings.put("kill_switch", "on", now)


def test_every_write_leaves_exactly_one_line_of_its_own(store, make, now):
    for name, write in _writes(store, make, now):
        before = {line.id for line in store.audit.listing(limit=1000)}
        write()
        added = [line for line in store.audit.listing(limit=1000) if line.id not in before]
        expected = 4 if name == "moves.grade" else 1  # the case it grades is made on the way
        assert len(added) == expected, name
    assert store.audit.verify(store.audit.seal(now)) == []
