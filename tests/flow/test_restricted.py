"""What is about an official's conduct, or in 回避, shows in no list, search, count of topics, sample or paper of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from flow import citing
from flow import cycle
from flow import exporting
from flow import matters
from flow import morning
from flow import papers
from flow import reading
from flow import recusing
from flow import registering
from flow import rejudge
from flow import rights
from flow import rules
from flow import teaching
from flow import topics
from flow.entries import Entry
from flow.rejudge import Asked
from huanyu.errors import NotAllowed
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.types import Case
from huanyu.types import PostType
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import colleague

CONDUCT = Entry(
    token="5a" * 16,
    type="conduct",
    channel="letter",
    text="柳园街道振兴路检查那天，带队的人收了店家两条烟，让他们先把净化器搬走，群众都看在眼里",
    learned_at=NOW - timedelta(hours=2),
    place="柳园街道振兴路",
)
WORDS = "两条烟"


def conduct(office: Office) -> Case:
    return registering.register(office.desk, office.press, CONDUCT, NOW)


def listed(office: Office, user: User, text: str = "") -> list[int]:
    return [post.id for post, _ in office.desk.store.posts.listing(text=text, seer=rights.seer(user))]


def test_its_post_is_found_by_the_leader_and_by_nobody_else_who_reads_posts(office: Office) -> None:
    case = conduct(office)
    (post,) = office.desk.store.cases.posts(case.id)
    assert listed(office, office.leader, WORDS) == [post.id]
    assert reading.post(office.desk, office.leader, post.id) == post
    for user in (office.press, office.reviewer, colleague(office.desk, "admin", "admin")):
        assert listed(office, user, WORDS) == []
        assert listed(office, user) == []
        with pytest.raises(NotAllowed):
            reading.post(office.desk, user, post.id)
    with pytest.raises(NotAllowed):
        teaching.correct_label(office.desk, office.press, post.id, PostType.COMPLAINT, ("other",), NOW)


def test_it_is_no_hint_for_whoever_registers_and_nothing_a_new_table_is_tried_on(office: Office) -> None:
    case = conduct(office)
    again = replace(CONDUCT, token="5b" * 16, type="complaint")
    near = registering.look(office.desk, office.press, again, NOW).near
    assert [one.matter.number for one in near] == []
    assert [one.matter.number for one in registering.look(office.desk, office.leader, again, NOW).near] == [
        case.number
    ], "it is like enough to be shown to whoever may see it"
    admin = colleague(office.desk, "admin", "admin")
    assert rules.judge(office.desk, admin, rules.current(office.desk), NOW).tried == 0


def test_it_is_no_topic_and_is_drawn_for_no_sample(office: Office) -> None:
    conduct(office)
    today = NOW.date()
    assert topics.topics(office.desk, today, today) == ()
    assert office.desk.store.samples.frame(today) == []


def test_no_paper_quotes_it_and_no_press_officer_signs_one_about_it(office: Office) -> None:
    case = conduct(office)
    with pytest.raises(NotAllowed):
        papers.sign_brief(office.desk, office.press, "brief", [case.id], NOW)
    made = papers.sign_brief(office.desk, office.leader, "brief", [case.id], NOW).bulletin
    assert case.number in repr(made.sections)
    assert case.title not in repr((made.title, made.sections))
    assert WORDS not in repr((made.title, made.sections))
    office.desk.store.moves.grade(case, "重大", "涉及多人", NOW)
    assert cycle.run(office.desk, "flash", NOW) == 0


def test_the_rows_behind_a_printed_figure_are_those_the_reader_may_see(office: Office) -> None:
    case = conduct(office)
    stored = morning.compile_day(office.desk, NOW.date(), NOW + timedelta(days=1))
    assert stored is not None
    made = stored.bulletin
    assert WORDS not in repr(made.sections)
    assert citing.cited(office.desk, office.press, made, "cases_opened").cases == ()
    (shown,) = citing.cited(office.desk, office.leader, made, "cases_opened").cases
    assert shown.id == case.id


def test_its_row_is_in_no_file_of_others(office: Office) -> None:
    case = conduct(office)
    assert case.number not in exporting.case_list(office.desk, office.press, (), "", "", NOW).decode()
    assert case.number in exporting.case_list(office.desk, office.leader, (), "", "", NOW).decode()


def test_whoever_is_recused_does_not_read_the_posts_either(office: Office) -> None:
    office.fill((PAINT,))
    case = office.case("assigned", PAINT)
    (post,) = office.desk.store.cases.posts(case.id)
    assert post.id in listed(office, office.press)
    recusing.recuse(office.desk, office.leader, case.id, office.press.name, "与被反映人有亲属关系", NOW)
    assert post.id not in listed(office, office.press)
    assert post.id in listed(office, office.reviewer)


def test_what_a_person_registered_is_named_by_no_newer_model(office: Office) -> None:
    case = conduct(office)
    (post,) = office.desk.store.cases.posts(case.id)
    before = office.desk.store.posts.verdict(post.id)
    assert rejudge.waiting(office.desk, Asked()) == 0
    list(rejudge.rejudge(office.desk, Asked(), NOW + timedelta(days=1)))
    assert office.desk.store.posts.verdict(post.id) == before


def test_a_head_neither_joins_nor_parts_the_cases_of_others(office: Office) -> None:
    office.fill((PAINT, RIVER))
    one, other = office.case(one=PAINT), office.case(one=RIVER)
    (post,) = office.desk.store.cases.posts(other.id)
    for head in (
        colleague(office.desk, "h1", "head", "guanxian"),
        colleague(office.desk, "h2", "head", one.unit),
    ):
        with pytest.raises(NotAllowed):
            matters.join(office.desk, head, other.id, other.version, one.number, "同一事项", NOW)
        with pytest.raises(NotAllowed):
            matters.take_apart(office.desk, head, other.id, other.version, post.id, "另一处", NOW)


def test_a_press_officer_joins_nothing_into_what_they_may_not_see(office: Office) -> None:
    office.fill((PAINT,))
    case, closed = office.case(one=PAINT), conduct(office)
    with pytest.raises(NotAllowed):
        matters.join(office.desk, office.press, case.id, case.version, closed.number, "同一事项", NOW)


def test_its_messages_are_listed_for_the_leader_and_for_nobody_else(office: Office) -> None:
    office.fill((PAINT,))
    _, replies = office.replying(PAINT)
    case, site = office.case("replying", PAINT), replies["site"]
    store = office.desk.store

    def seen(user: User) -> set[int]:
        eyes = rights.seer(user)
        planned = store.composing.planned(NOW - timedelta(days=2), NOW + timedelta(days=9), eyes)
        return {one.id for one in [*store.outbox.listing(seer=eyes), *planned] if one.case_id == case.id}

    assert site.id in seen(office.press) & seen(office.handler(case.unit))
    assert seen(colleague(office.desk, "elsewhere", "handler", "guanxian")) == set()
    recusing.recuse(office.desk, office.leader, case.id, office.reviewer.name, "亲属", NOW)
    assert seen(office.reviewer) == set()
    with store._database.write() as tx:
        tx.execute(update(cases).values(restricted=True))
    assert seen(office.press) == set()
    assert site.id in seen(office.leader)
    assert seen(office.leader) == {one.id for one in store.outbox.listing(case_id=case.id)}


def test_a_mail_about_a_message_nobody_may_see_is_listed_as_little_and_does_not_name_it(
    office: Office,
) -> None:
    office.fill((PAINT,))
    case, _ = office.replying(PAINT)
    store = office.desk.store
    with store._database.write() as tx:
        tx.execute(update(cases).values(restricted=True))
        tx.execute(update(outbox).where(outbox.c.channel == "site").values(state="unknown", claimed_at=NOW))
    cycle.run(office.desk, "doubt", NOW + timedelta(days=1))
    told = [one for one in store.outbox.listing(purpose="internal") if one.title.startswith("【发布待核实】")]
    assert [(one.case_id, case.number in one.title) for one in told] == [(case.id, True)]
    assert not [
        one for one in store.outbox.listing(purpose="internal", seer=rights.seer(office.press)) if one in told
    ]
