"""Old verdicts made anew: people's labels stay, cases stay, old posts start no clocks, and a kill changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from classify.compiled import Compiled
from classify.predict import Classifier
from classify.reader import Reader
from console.commands.work import outdated
from flow import cycle
from flow import rejudge
from flow import sampling
from flow import teaching
from flow.rejudge import Asked
from flow.steps import UNREADABLE
from huanyu.types import PostType
from huanyu.types import SourceKind
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import everything
from tests.flow.office import raw
from tests.flow.office import reader

ROOT = Path(__file__).resolve().parents[2]
LATER = NOW + timedelta(hours=3)
RIVER_POST = TEXTS.index(RIVER) + 1


def with_model(office: Office, version: str, complaint_from: float) -> None:
    """From here on the desk reads with another model: every text above that probability is a complaint."""
    office.desk.__dict__["reader"] = reader_of(version, complaint_from)


def reader_of(version: str, complaint_from: float) -> Reader:
    model = reader().classifier.model
    point = {"complaint": complaint_from, "unsure_from": complaint_from, "unsure_to": complaint_from}
    points = {
        name: getattr(model.rules, name).model_copy(update=point)
        for name in ("any_voice", "addressed", "public")
    }
    other = replace(model, rules=model.rules.model_copy(update=points))
    return Reader(Classifier(Named(other, version)), reader().gazetteer)  # type: ignore[arg-type]


class Named:
    """A model under a version of its own."""

    def __init__(self, model: Compiled, version: str) -> None:
        self._model = model
        self.version = version

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)


def run(office: Office, now=LATER, size: int = rejudge.RANGE, **asked: object) -> list[rejudge.Range]:
    return list(rejudge.rejudge(office.desk, Asked(**asked), now, size))  # type: ignore[arg-type]


def test_verdicts_of_the_present_model_are_skipped(office: Office) -> None:
    office.fill()
    assert run(office) == []
    assert rejudge.waiting(office.desk, Asked()) == 0


def test_what_a_person_said_stays_and_the_rest_is_made_anew(office: Office) -> None:
    office.fill()
    last = len(TEXTS)
    teaching.correct_label(office.desk, office.press, last, PostType.OPINION, (), NOW)
    with_model(office, "all", 0.0)
    (done,) = run(office)
    kept = office.desk.store.posts.verdict(last)
    assert kept is not None
    assert (kept.type, kept.is_complaint, kept.unsure, kept.model) == (PostType.OPINION, False, False, "all")
    assert done.read == done.written == len(TEXTS)
    assert done.by_person >= 1
    assert run(office) == []


def test_a_drawn_post_that_a_person_agreed_is_no_complaint_stays_none(office: Office) -> None:
    office.desk.store.posts.add([raw(0, TEXTS[-1], NOW), raw(1, TEXTS[-1] + "，真香", NOW)], now=NOW)
    (calm,) = reader().read([TEXTS[-1]])
    calm = replace(calm, type=PostType.OTHER, is_complaint=False, unsure=False, kinds=())
    office.desk.store.posts.save_verdicts([(1, calm), (2, calm)], now=NOW)
    tomorrow = NOW + timedelta(days=1)
    assert cycle.run(office.desk, "sample", tomorrow) == 2
    (mine,) = (one for one in office.desk.store.samples.waiting() if one.post_id == 1)
    sampling.judge(office.desk, office.press, mine.id, None, tomorrow)
    with_model(office, "all", 0.0)
    (done,) = run(office, tomorrow)
    assert (done.by_person, done.opening) == (1, (2,))
    kept = office.desk.store.posts.verdict(1)
    assert kept is not None
    assert (kept.type, kept.is_complaint, kept.unsure, kept.model) == (PostType.OTHER, False, False, "all")


def test_all_that_is_read_of_a_text_is_renewed_and_the_day_it_was_judged_stays(office: Office) -> None:
    office.desk.store.posts.add([raw(0, PAINT, NOW)], now=NOW)
    (fresh,) = reader().read([PAINT], [SourceKind.WEIBO])
    bare = replace(
        fresh, places=(), signature=b"\1" * 512, tokens="", named=type(fresh.named)(), model="former"
    )
    office.desk.store.posts.save_verdicts([(1, bare)], now=NOW)
    assert rejudge.outdated(office.desk, LATER) == 1
    assert rejudge.outdated(office.desk, NOW + timedelta(days=120)) == 0  # nothing new is compared with it
    before = office.desk.store.figures.recompute("complaints_new", NOW.date(), LATER)
    (done,) = run(office)
    assert done.written == 1
    assert office.desk.store.posts.verdict(1) == fresh
    assert fresh.places and fresh.tokens
    assert rejudge.outdated(office.desk, LATER) == 0
    assert (
        office.desk.store.figures.recompute("complaints_new", NOW.date(), NOW + timedelta(minutes=1))
        == before
    )
    assert list(outdated(office.desk, LATER)) == []


def test_doctor_tells_how_many_verdicts_are_of_an_older_model_and_what_to_do(office: Office) -> None:
    office.desk.store.posts.add([raw(0, PAINT, NOW), raw(1, RIVER, NOW)], now=NOW)
    (one,) = reader().read([PAINT])
    pairs = [(1, replace(one, model="former")), (2, replace(UNREADABLE))]
    office.desk.store.posts.save_verdicts(pairs, now=NOW)
    (told,) = outdated(office.desk, LATER)
    assert "1 条是以前的模型判的" in told  # what nobody can read is no arrear
    assert "huanyu reclassify --dry-run" in told


def test_a_case_is_not_taken_away_but_a_person_asked(office: Office) -> None:
    office.fill()
    case = office.case(one=RIVER)
    assert office.desk.store.posts.case_of(RIVER_POST) == case.id
    with_model(office, "none", 2.0)
    (done,) = run(office)
    assert (RIVER_POST, case.id) in done.doubted
    verdict = office.desk.store.posts.verdict(RIVER_POST)
    assert verdict is not None
    assert (verdict.is_complaint, verdict.unsure) == (True, True)
    assert office.case(one=RIVER).state == "assigned"
    assert RIVER_POST in {post.id for post, _ in office.desk.store.posts.listing(view="unsure")}


def test_a_rejected_post_that_is_a_complaint_now_becomes_a_case_if_it_is_fresh(office: Office) -> None:
    old = replace(raw(50, TEXTS[-1] + "，真香", NOW), posted_at=NOW - timedelta(days=120))
    office.desk.store.posts.add([old, raw(51, TEXTS[-1], NOW)], now=NOW)
    (calm,) = reader().read([TEXTS[-1]])
    calm = replace(calm, type=PostType.OTHER, is_complaint=False, unsure=False, kinds=())
    office.desk.store.posts.save_verdicts([(1, calm), (2, calm)], now=NOW)
    with_model(office, "all", 0.0)
    (done,) = run(office)
    assert (done.opening, done.late) == ((2,), (1,))
    cycle.turn(office.desk, LATER, ("open",))
    assert office.desk.store.posts.case_of(2) is not None
    assert office.desk.store.posts.case_of(1) is None
    teaching.correct_label(office.desk, office.press, 1, PostType.COMPLAINT, ("other",), LATER)
    cycle.turn(office.desk, LATER, ("open",))
    joined = {
        post.id
        for case in office.desk.store.cases.iterate()
        for post in office.desk.store.cases.posts(case.id)
    }
    assert 1 in joined | {one.post_id for one in office.desk.store.cases.suggestions()}


def test_the_age_is_the_persons_to_choose(office: Office) -> None:
    office.desk.store.posts.add([raw(1, TEXTS[-1], NOW)], now=NOW)
    (calm,) = reader().read([TEXTS[-1]])
    calm = replace(calm, type=PostType.OTHER, is_complaint=False, unsure=False, kinds=())
    office.desk.store.posts.save_verdicts([(1, calm)], now=NOW)
    with_model(office, "all", 0.0)
    (done,) = run(office, dry_run=True, youngest=timedelta(hours=1))
    assert (done.opening, done.late) == ((), (1,))


def test_a_dry_run_tells_the_same_and_writes_nothing(office: Office) -> None:
    office.fill()
    with_model(office, "none", 2.0)
    before = everything(office.desk)
    dry = run(office, dry_run=True)
    assert everything(office.desk) == before
    assert dry[0].doubted
    assert dry == run(office)
    assert everything(office.desk) != before


def test_ranges_are_one_write_each_and_go_on_where_they_stopped(office: Office) -> None:
    office.fill()
    with_model(office, "none", 2.0)
    ranges = rejudge.rejudge(office.desk, Asked(), LATER, 5)
    first = next(ranges)
    assert (first.read, first.last) == (5, 5)
    rest = run(office, size=5)
    assert [one.read for one in rest] == [5, 3]
    assert [line.action for line in office.desk.store.audit.listing(limit=3)] == ["post.rejudge"] * 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is POSIX")
def test_killed_in_the_middle_and_run_again_it_ends_the_same(office: Office, tmp_path: Path) -> None:
    office.fill()
    settings = str(tmp_path / "huanyu.toml")

    def life(statement: int) -> int:
        command = [
            sys.executable,
            str(Path(__file__).with_name("rejudge_worker.py")),
            settings,
            str(statement),
        ]
        return subprocess.run(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=240
        ).returncode

    killed = [life(statement) for statement in (9, 12)]
    assert killed == [-signal.SIGKILL] * 2
    assert 0 < rejudge_left(office) < len(TEXTS)
    assert life(10_000) == 0
    assert rejudge_left(office) == 0
    verdicts = [verdict for _, verdict in office.desk.store.posts.iterate()]
    with_model(office, "fresh", 2.0)
    run(office)
    once = [verdict for _, verdict in office.desk.store.posts.iterate()]
    assert [replace(one, model="") for one in verdicts if one] == [
        replace(one, model="") for one in once if one
    ]
    assert office.desk.store.audit.verify(office.desk.store.audit.seal(now=LATER)) == []


def rejudge_left(office: Office) -> int:
    return office.desk.store.rejudging.count("worker")
