"""What machines are told without a log-in: alive, ready, figures; nobody's name, number or text among them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import structlog

from console import logs
from console.app import create_app
from console.pages import health
from console.up import beside
from console.up import listen
from flow import backing_up
from flow import condition
from flow import cycle
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office
from tests.flow.office import at_work

LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+]+$')


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    target = tmp_path / "desk.db"
    target.write_bytes(sqlite_template.read_bytes())
    with at_work(tmp_path, f"sqlite:///{target}") as opened:
        opened.fill()
        yield opened


@pytest.fixture
def client(office: Office) -> Iterator[httpx.Client]:
    with (
        listen("127.0.0.1", 0) as door,
        beside(create_app(office.desk, lambda: NOW), door),
        httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}", timeout=60) as asked,
    ):
        yield asked


def test_ready_is_who_beats_and_the_word_of_a_dead_clockwork_is_503(office, client):
    assert client.get("/healthz/live").text == "ok\n"
    silent = client.get("/healthz")
    assert (silent.status_code, silent.json()["clockwork"], silent.json()["database"]) == (503, False, True)
    condition.beat(office.desk, NOW - timedelta(minutes=2))
    assert client.get("/healthz").json() == {"ready": True, "database": True, "clockwork": True, "disk": True}
    office.desk.store.beats.beat(
        office.desk.worker.name, {}, NOW - timedelta(hours=1), NOW - timedelta(days=1)
    )
    assert client.get("/healthz").status_code == 503


def test_figures_can_be_read_by_a_machine_and_tell_of_nobody(office, client):
    cycle.turn(office.desk, NOW)
    office.replying(PAINT)
    condition.beat(office.desk, NOW)
    backing_up.make(office.desk, NOW)
    told = client.get("/metrics")
    assert told.status_code == 200
    lines = told.text.splitlines()
    assert [line for line in lines if not line.startswith("#") and not LINE.match(line)] == []
    figures = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert figures['huanyu_ready{part="clockwork"}'] == "1"
    assert int(figures['huanyu_outbox_messages{state="draft"}']) >= 2
    assert any(
        'step="understand"' in name and name.startswith("huanyu_step_seconds_total") for name in figures
    )
    assert figures["huanyu_backup_age_seconds"] == "0"
    assert any(name.startswith("huanyu_queue_lag_seconds") for name in figures)
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names)), "a name is described once"
    assert not re.search(r"[\u4e00-\u9fff]", "".join(figures)), "figures need no Chinese, so no text got in"
    assert not re.search(r"1[3-9]\d{9}", told.text)


def test_figures_are_for_this_machine_or_for_whoever_has_the_token(office, client, monkeypatch):
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.2.3.4"}).status_code == 403
    monkeypatch.setenv("HUANYU_SECRET_METRICS_TOKEN", "a-long-token-of-the-watch")
    assert client.get("/metrics").status_code == 403
    wrong = client.get("/metrics", headers={"Authorization": "Bearer 不对".encode()})
    assert wrong.status_code == 403
    given = {"Authorization": "Bearer a-long-token-of-the-watch", "X-Forwarded-For": "10.2.3.4"}
    assert client.get("/metrics", headers=given).status_code == 200


def test_a_label_cannot_break_out_of_its_line():
    (metric,) = [condition.Metric("a", "b", 1.0, (("source", 'x"} 1\ny'),))]
    assert health.told([metric]).splitlines()[-1] == r'a{source="x\"} 1\ny"} 1'


def test_a_json_log_has_one_object_a_line_and_no_telephone_in_it(office, tmp_path, capfd, monkeypatch):
    """A turn of the flow, a refused mail and a broken step, with telephones in every text."""
    logs.configure(way="json")
    try:
        texts = tuple(f"许营镇福源造纸厂夜里偷排黑烟, 我是张建国, 电话1386350{n:04d}" for n in range(20))
        office.fill(texts)
        office.platforms.mail.fail_next("refuse_recipient")
        cycle.turn(office.desk, NOW)
        monkeypatch.setitem(cycle.STEPS, "seal", broken)
        cycle.turn(office.desk, NOW)
    finally:
        structlog.reset_defaults()
    out, err = capfd.readouterr()
    lines = [line for line in (out + err).splitlines() if line.startswith("{")]
    assert lines
    events = [json.loads(line) for line in lines]
    assert any(one["event"] == "step_failed" and "exception" in one for one in events)
    assert not re.search(r"1386350|张建国|福源造纸厂", out + err)


def broken(desk, now):
    said = "13863500001 张建国"  # a local value: a traceback must not show it
    raise RuntimeError("broken") from (ValueError() if said else None)
