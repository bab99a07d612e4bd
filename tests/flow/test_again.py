"""Any step may be run again at any time: the second run finds nothing to do and changes no row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from flow import chat_binding
from flow import cycle
from flow import fixed_texts
from flow import info_requests
from flow import ledger
from flow import life
from flow import rerouting
from flow import talking
from flow.desk import Desk
from huanyu.config import SHIPPED
from huanyu.types import Evidence
from huanyu.types import LedgerEntry
from huanyu.types import MessageState
from huanyu.types import SourceKind
from huanyu.types import SourceState
from huanyu.types import Spoken
from tests.flow.office import MORNING
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import everything
from tests.flow.office import raw

MONTH = NOW + timedelta(days=31)
SPRING = NOW + timedelta(days=38)  # a week before 世界地球日
INSIDE = "http://192.168.1.5/smoke.jpg"  # refused without asking anybody
PLANTING = "春季植树活动今天在徒骇河畔启动，三百名志愿者种下两千棵树苗。"


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "config").mkdir()
    sources = (SHIPPED / "sources.toml").read_text(encoding="utf-8")  # the first is Weibo's mentions
    (tmp_path / "config" / "sources.toml").write_text(
        sources.replace("enabled = false", "enabled = true", 1), encoding="utf-8"
    )
    talk = (SHIPPED / "talk.toml").read_text(encoding="utf-8")
    (tmp_path / "config" / "talk.toml").write_text(
        talk.replace('telegram = ""', 'telegram = "telegram"', 1), encoding="utf-8"
    )
    with at_work(tmp_path, store_url) as opened:
        yield opened


DUNG = next(one for one in TEXTS if "养殖场" in one)


def nothing(office: Office) -> None:
    """The desk as it is."""


def posts_arrive(office: Office) -> None:
    posts = [replace(raw(number, one), images=(INSIDE,)) for number, one in enumerate(TEXTS)]
    posts.append(replace(raw(len(TEXTS), PLANTING), kind=SourceKind.NEWS))
    office.desk.store.posts.add(posts, now=NOW)
    office.desk.store.probes.add(
        "weibo-mentions", "https://weibo.example.org/0", "", PAINT, NOW, "lilan", NOW
    )


def a_place_is_put_right(office: Office) -> None:
    case = office.case("assigned", TEXTS[1])
    said = rerouting.Edit(
        kinds=case.kinds, area=case.area, place="振兴路西段", built_up=None, happened_at=None
    )
    rerouting.edit_facts(office.desk, office.press, case.id, case.version, said, "电话核实", NOW)


def a_second_unit_is_to_help(office: Office) -> None:
    """Its slip was not in the transaction of the hand-over."""
    case = office.case("assigned", TEXTS[1])
    helper = next(key for key in ("zhifa", "shui") if key != case.unit and office.desk.bureau.unit(key))
    life.dispatch(office.desk, office.press, case.id, case.version, case.unit, NOW, assist=(helper,))


def a_source_loses_its_login(office: Office) -> None:
    state = SourceState(source="weibo-mentions", state="login_needed", since=NOW, sentence="授权已失效")
    office.desk.store.sources.save_state(state, now=NOW)


def units_report(office: Office) -> None:
    for one in (PAINT, RIVER):
        office.handle(office.case("assigned", one))


def a_case_stood_still(office: Office) -> None:
    """Paused, and gone on with, while nobody was there to reckon its limits anew."""
    case = office.case("assigned", DUNG)
    for to in ("signed", "paused", "signed"):
        case = office.desk.store.moves.move(case, to, action=to, note="等检测报告", now=NOW, actor="press")


def texts_are_approved_and_one_answer_gets_lost(office: Office) -> None:
    for one in (PAINT, RIVER):
        office.approve(office.replies(office.case("replying", one)))
    office.platforms.weibo.fail_next("drop_after_accept")
    office.platforms.weibo.fail_next("rate_limit")


def a_message_is_cut_off_in_flight(office: Office) -> None:
    waiting = office.desk.store.outbox.listing(states=(MessageState.APPROVED,), limit=1)
    assert office.desk.store.outbox.claim(waiting[0], now=NOW) is not None


def the_press_office_closes(office: Office) -> None:
    case = office.case("answered")
    life.close(office.desk, office.press, case.id, case.version, "", MORNING)


def somebody_writes_to_the_account(office: Office) -> None:
    said = Spoken(platform="wechat", account="wechat", sender="o-1", mark="1", text="谢谢你们", at=MORNING)
    talking.hear(office.desk, said, MORNING)


def somebody_of_the_press_office_binds_a_chat(office: Office) -> None:
    code = chat_binding.new_code(office.desk, office.press, NOW)
    chat_binding.bind(office.desk, "telegram", "70001", code.text, NOW)


def the_same_posts_are_seen_again(office: Office) -> None:
    posts_arrive(office)


def two_people_sign_a_rule(office: Office) -> None:
    new = fixed_texts.NewRule(
        name="转办告知",
        stage="forwarded",
        accounts=("weibo",),
        template="您反映的问题（编号{number}）已于{day}转{unit}办理。",
        per_day=1,
        valid_until=NOW + timedelta(days=60),
    )
    rule = fixed_texts.propose(office.desk, office.press, new, NOW)
    fixed_texts.sign(office.desk, office.leader, rule.id, NOW)


def a_line_of_the_ledger_is_nearly_due(office: Office) -> None:
    line = LedgerEntry(
        title="徒骇河振兴街道段排污口混入污水",
        origin="case",
        unit="zhifa",
        person="支队三大队大队长",
        due=(NOW + timedelta(days=5)).date(),
        goal="断面达到Ⅳ类",
        measures="封堵错接管口",
    )
    ledger.enter(office.desk, office.press, line, NOW)


def an_information_request_is_overdue(office: Office) -> None:
    who = {"name": "苏文清", "phone": "13806350000", "words": "申请公开徒骇河水质监测月报"}
    told = info_requests.Told(
        received_on=NOW.date() - timedelta(days=60),
        way="counter",
        applicant_kind="person",
        form="",
        who=who,
    )
    info_requests.register(office.desk, office.press, told, NOW)


POINTS: tuple[tuple[Callable[[Office], None], datetime], ...] = (
    (two_people_sign_a_rule, NOW),
    (a_line_of_the_ledger_is_nearly_due, NOW),
    (an_information_request_is_overdue, NOW),
    (somebody_of_the_press_office_binds_a_chat, NOW),
    (posts_arrive, NOW),
    (a_place_is_put_right, NOW),
    (a_second_unit_is_to_help, NOW),
    (a_source_loses_its_login, NOW),
    (units_report, NOW),
    (a_case_stood_still, NOW),
    (texts_are_approved_and_one_answer_gets_lost, NOW),
    (a_message_is_cut_off_in_flight, NOW + timedelta(minutes=30)),
    (the_press_office_closes, MORNING),
    (somebody_writes_to_the_account, MORNING + timedelta(hours=1)),
    (the_same_posts_are_seen_again, MORNING + timedelta(hours=5)),
    (nothing, MONTH),
    (nothing, SPRING),
)


@contextmanager
def rows_of(desk: Desk) -> Iterator[Callable[[], dict[str, list[str]]]]:
    """Every row of every table as it stands, read anew only if somebody committed something: most steps do not."""
    url = make_url(desk.config.database)
    last: tuple[object, dict[str, list[str]]] = None, {}

    def rows() -> dict[str, list[str]]:
        nonlocal last
        if (commits := watch.execute(asked).fetchone()) != last[0]:
            last = commits, everything(desk)
        return last[1]

    if (
        url.get_backend_name() == "sqlite"
    ):  # told to a connection that writes nothing of every commit of others
        watch, asked = sqlite3.connect(str(url.database)), "PRAGMA data_version"
    else:  # one more than the last transaction that wrote
        watch = psycopg.connect(url.set(drivername="postgresql").render_as_string(False), autocommit=True)
        asked = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
    with closing(watch):
        yield rows


def test_a_step_run_again_changes_nothing(office: Office) -> None:
    with rows_of(office.desk) as rows:
        each_step_twice(office, rows)


def test_rows_are_read_anew_after_every_commit(office: Office) -> None:
    with rows_of(office.desk) as rows:
        before = rows()
        assert rows() is before
        office.desk.store.posts.add([raw(1, PAINT)], now=NOW)
        assert rows() == everything(office.desk) != before


def each_step_twice(office: Office, rows: Callable[[], dict[str, list[str]]]) -> None:
    worked: set[str] = set()
    for prepare, now in POINTS:
        prepare(office)
        for name in (*cycle.STEPS, *cycle.SLOW):
            done = cycle.run(office.desk, name, now)
            worked |= {name} if done else set()
            before = rows()
            out = sent(office)
            cycle.run(office.desk, name, now)
            assert rows() == before, (prepare.__name__, name)
            assert sent(office) == out, (prepare.__name__, name)
    assert worked == {
        *cycle.STEPS,
        "backup",
    }  # or the comparison proves little; no pictures or letters are wanted here
    pictures = [one for post, _ in office.desk.store.posts.iterate() for one in looked_at(office, post.id)]
    assert {one.state for one in pictures} == {"refused"}


def test_the_whole_turn_run_again_changes_nothing(office: Office) -> None:
    with rows_of(office.desk) as rows:
        for prepare, now in POINTS[:-1]:
            prepare(office)
            cycle.turn(office.desk, now)
            cycle.turn(
                office.desk, now
            )  # seals what the first turn wrote after its own bulletin, and sends on
            before, out = rows(), sent(office)
            cycle.turn(office.desk, now)
            assert rows() == before, prepare.__name__
            assert sent(office) == out


def test_posts_that_come_in_twice_are_kept_once(office: Office) -> None:
    posts_arrive(office)
    before = everything(office.desk)
    posts_arrive(office)
    assert everything(office.desk) == before


def looked_at(office: Office, post_id: int) -> list[Evidence]:
    return office.desk.store.evidence.of_post(post_id)


def sent(office: Office) -> tuple[int, ...]:
    out = office.platforms
    pages = list(office.desk.config.site_dir.glob("r/*.html"))
    return len(out.weibo.published), len(out.telegram.published), len(out.mail.published), len(pages)
