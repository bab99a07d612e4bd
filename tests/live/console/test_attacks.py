"""What a hostile visitor or a curious colleague tries: other units' rows by every address, secrets, missing headers, leaks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import made_desk
import pytest
from made_console import Console
from matrix import merged
from sqlalchemy import text

from console.sessions import COOKIE
from huanyu.config import Config
from huanyu.errors import ConfigError

MATRIX = merged()
#: Of these a made desk has one that belongs to the handler's unit.
OWN = re.compile(
    r"\{(mine|draft|other_draft|rehearsed|unknown|notice|paper|file|picture|pictured|unsigned|replying)\}"
)
NUMBER = re.compile(r"HY2026-\d{6}")
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def lists() -> Iterator[str]:
    """Every page that is no record's own; the numbers in the manual are examples, the same for everybody."""
    for (method, route), entry in MATRIX.items():
        if route.startswith("/help"):
            continue
        if method == "GET" and entry.found == 200 and "{" not in entry.ask:
            yield entry.ask


@pytest.mark.parametrize("role", ["handler", "other_handler"])
def test_no_list_names_a_case_of_another_unit_however_it_is_asked(
    reading_console: Console, role: str
) -> None:
    desk, made = reading_console.desk, reading_console.made
    unit = made_desk.user(
        desk, made_desk.HANDLER[0] if role == "handler" else made_desk.OTHER_HANDLER[0]
    ).unit
    theirs = desk.store.cases.get(made.theirs if role == "handler" else made.mine)
    own = {
        case.number for case in desk.store.cases.listing(limit=500) if unit in {case.unit, *case.assisting}
    }
    told, asked = {}, 0
    with reading_console.sign_in(role) as client:
        for path in lists():
            for query in ({}, {"view": "all", "unit": theirs.unit, "area": theirs.area, "limit": "500"}):
                answer = client.get(path, params=query or None)
                asked += answer.status_code == 200
                if more := set(NUMBER.findall(answer.text)) - own:
                    told[path] = more
    assert told == {}
    assert asked > 8


def test_every_address_of_a_record_is_closed_to_the_handler_of_another_unit(reading_console: Console) -> None:
    open_to_others = []
    with reading_console.sign_in("other_handler") as client:
        for (method, route), entry in MATRIX.items():
            if not OWN.search(entry.ask):
                continue
            path = entry.ask.format_map(vars(reading_console.made))
            form = None if entry.form is None else {"version": "999", **entry.form}
            status = client.request(method, path, data=form).status_code
            if status not in {403, 404}:
                open_to_others.append((method, route, status))
    assert open_to_others == []


def test_a_file_is_not_handed_out_under_a_case_it_does_not_belong_to(reading_console: Console) -> None:
    made = reading_console.made
    with reading_console.sign_in("other_handler") as client:
        for path in (
            f"/cases/{made.theirs}/files/{made.file}",
            f"/cases/{made.theirs}/files/{made.file}/clean",
        ):
            assert client.get(path).status_code == 404


def test_no_page_shows_a_secret_a_password_or_a_token(
    reading_console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = reading_console.desk
    names = {row.secret for row in desk.bureau.accounts if row.secret} | {"anything"}
    for name in names:
        monkeypatch.setitem(os.environ, f"HUANYU_SECRET_{name.upper()}", f"geheim-{name}")
        assert desk.config.secret(name) == f"geheim-{name}"
    hidden = ["geheim-", "$argon2", desk.config.store_key]
    found = []
    with reading_console.sign_in("press") as client:  # who tends the accounts and sees most
        hidden.append(client.cookies[COOKIE])
        for (method, _), entry in MATRIX.items():
            if method == "GET":
                answer = client.get(entry.ask.format_map(vars(reading_console.made)))
                found += [(entry.ask, word) for word in hidden if word in answer.text]
    assert found == []


def refusals(client: httpx.Client) -> Iterator[httpx.Response]:
    """An answer of every kind."""
    yield client.get("/login")
    yield client.get("/cases")
    yield client.get("/nowhere")
    yield client.get("/cases/abc")
    yield client.get("/cases?at=x")
    yield client.get("/cases?text=a%00b")
    yield client.get("/audit")
    yield client.delete("/cases")
    yield client.get("/static/desk.css")
    yield client.get("/static/nowhere.css")
    yield client.get("/vendor/css/vendor/tabler.min.css")
    yield client.post("/kill-switch", headers={"Origin": "https://evil.example.org"})
    yield client.post("/import", content=b"x", headers={"Content-Type": "multipart/form-data; boundary=x"})
    yield client.get("/l/nothing")
    yield client.post("/login", data={"name": "nobody", "password": "x"})


def test_every_answer_carries_the_headers_errors_and_static_files_too(reading_console: Console) -> None:
    seen, bare = set(), []
    with reading_console.sign_in("press") as client:
        for answer in refusals(client):
            seen.add(answer.status_code)
            told = {name: answer.headers.get(name) for name in HEADERS}
            if told != HEADERS or "content-security-policy" not in answer.headers:
                bare.append((answer.request.url.path, answer.status_code, told))
    assert bare == []
    assert {200, 400, 401, 403, 404, 405, 422} <= seen


def test_a_broken_database_is_told_in_one_sentence_and_nothing_of_it(console: Console) -> None:
    with console.desk.store._database.write() as tx:
        tx.execute(text("DROP TABLE audit_head"))
    with console.sign_in("leader") as client:
        answers = [client.get("/audit"), client.get("/people/nobody")]
    assert answers[0].status_code == 500
    for one in answers:
        assert not re.search(r"Traceback|sqlite|SELECT|audit_head|/huanyu/|\.py", one.text)
        assert one.headers["x-frame-options"] == "SAMEORIGIN"
    assert "数据库" in answers[0].text or "程序出错" in answers[0].text


FOREIGN = (
    {},
    {"Origin": "null"},
    {"Referer": "http://127.0.0.1/"},
    {"Origin": "http://127.0.0.1"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
)


def test_no_write_passes_without_word_that_it_comes_from_here(reading_console: Console) -> None:
    passed = []
    writes = [(key, entry) for key, entry in MATRIX.items() if key[0] != "GET"]
    with reading_console.sign_in("admin") as client:
        del client.headers["Origin"]
        for number, ((method, route), entry) in enumerate(writes):
            path, headers = entry.ask.format_map(vars(reading_console.made)), FOREIGN[number % len(FOREIGN)]
            answer = client.request(method, path, data=entry.form or {}, headers=headers)
            if answer.status_code != 403 or "来源不明" not in answer.text:
                passed.append((method, route, headers))
    assert passed == []
    assert len(writes) > len(FOREIGN)


def test_the_settings_say_in_chinese_what_is_wrong_with_them(tmp_path: Path) -> None:
    for line, told in (
        ("idle_minutes = 2", "应不小于 5"),
        ("idle_minutes = 9999", "应不大于 720"),
        ('second_factor = "sometimes"', "可选: 'live', 'always', 'never'"),
    ):
        (tmp_path / "huanyu.toml").write_text(line, encoding="utf-8")
        with pytest.raises(ConfigError, match="第 1 行") as problem:
            Config.load(tmp_path / "huanyu.toml")
        assert told in str(problem.value)
