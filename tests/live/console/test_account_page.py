"""One's own log-ins, the end of those nobody uses, and what an administrator does to colleagues' accounts."""

from __future__ import annotations

import re
from datetime import timedelta

import made_desk
import pytest
from made_console import NAMES
from made_console import Console

from console import devices
from console.sessions import COOKIE

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (CHROME, "Chrome · Windows"),
        (CHROME + " Edg/131.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0", "微信 · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("<script>alert(1)</script>", devices.UNKNOWN),
        ("", devices.UNKNOWN),
    ],
)
def test_a_device_is_told_in_words_of_our_own(agent: str, told: str) -> None:
    assert devices.told(agent) == told


def test_after_half_an_hour_without_use_a_session_is_over_and_the_person_reads_why(console: Console) -> None:
    with console.sign_in("press") as client:
        console.clock.at += timedelta(minutes=29)
        assert client.get("/").status_code == 200
        console.clock.at += timedelta(minutes=29)
        assert client.get("/").status_code == 200
        console.clock.at += timedelta(minutes=30)
        answer = client.get("/cases")
        assert answer.headers["location"] == "/login?next=/cases"
        assert "30 分钟没有操作" in client.get(answer.headers["location"]).text
        client.post("/logout")
        assert "没有操作" not in client.get("/login").text


def test_a_stream_left_open_is_no_use_of_the_desk(console: Console) -> None:
    with console.sign_in("press") as client:
        console.clock.at += timedelta(minutes=29)
        client.get("/", headers={"Accept": "text/event-stream"})
        console.clock.at += timedelta(minutes=2)
        assert client.get("/").status_code == 303


def test_one_sees_ones_log_ins_and_ends_any_of_them(console: Console) -> None:
    right = {"name": NAMES["leader"], "password": made_desk.PASSWORD}
    with console.sign_in("leader") as here, console.visitor() as there, console.visitor() as third:
        for client in (there, third):
            client.headers["User-Agent"] = CHROME
            client.post("/login", data=right)
        page = here.get("/account").text
        assert page.count("Chrome · Windows</strong>") == 2
        assert page.count("这台设备") == 1
        handle = re.search(r'name="handle" value="([0-9a-f]{16})"', page)[1]
        assert here.post("/account/sessions/end", data={"handle": handle}).status_code == 303
        assert sorted(client.get("/").status_code for client in (there, third)) == [200, 303]
        assert here.post("/account/sessions/end-others").status_code == 303
        assert [client.get("/").status_code for client in (here, there, third)] == [200, 303, 303]


def test_nobody_ends_somebody_elses_session_by_its_name(console: Console) -> None:
    leader = made_desk.digest(made_desk.session_of(NAMES["leader"]))
    with console.sign_in("press") as press, console.sign_in("leader") as owner:
        assert press.post("/account/sessions/end", data={"handle": leader[:16]}).status_code == 404
        assert owner.get("/").status_code == 200


def test_an_administrator_moves_a_colleague_who_then_logs_in_anew(console: Console) -> None:
    with console.sign_in("admin") as admin, console.sign_in("handler") as handler:
        path = f"/people/{NAMES['handler']}/role"
        assert admin.post(path, data={"role": "handler", "unit": "nowhere"}).status_code == 422
        assert admin.post(path, data={"role": "assessor", "unit": ""}).status_code == 303
        assert handler.get("/").status_code == 303
        assert admin.post(f"/people/{NAMES['admin']}/role", data={"role": "press"}).status_code == 422
    assert made_desk.user(console.desk, NAMES["handler"]).role == "assessor"
    line = console.desk.store.audit.listing(limit=1)[0]
    assert (line.action, line.actor) == ("user.role", NAMES["admin"])


def test_an_administrator_ends_all_log_ins_of_a_colleague_who_reads_it(console: Console) -> None:
    with console.sign_in("admin") as admin, console.sign_in("press") as press:
        assert "登录着的设备" in admin.get(f"/people/{NAMES['press']}").text
        assert admin.post(f"/people/{NAMES['press']}/sign-out").status_code == 303
        assert press.get("/").status_code == 303
        press.post("/login", data={"name": NAMES["press"], "password": made_desk.PASSWORD})
        assert "管丽娟让您的账号在所有设备上退出" in press.get("/account").text


def test_a_password_the_desk_drew_is_shown_once_and_good_for_one_log_in(console: Console) -> None:
    with console.sign_in("admin") as admin, console.visitor() as press:
        answer = admin.post(f"/people/{NAMES['press']}/password")
        given = re.search(r'<code class="secret">([a-z2-9-]{19})</code>', answer.text)[1]
        assert given not in admin.get(f"/people/{NAMES['press']}").text
        press.post("/login", data={"name": NAMES["press"], "password": given})
        assert press.get("/cases").headers["location"] == "/account"


def test_behind_https_the_cookies_travel_by_https_only(console: Console) -> None:
    form = {"name": NAMES["press"], "password": made_desk.PASSWORD}
    with console.visitor() as client:
        client.headers.update({"X-Forwarded-Proto": "https", "Sec-Fetch-Site": "same-origin"})
        answer = client.post("/login", data=form)
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["strict-transport-security"]
    with console.visitor() as client:
        plain = client.post("/login", data=form)
    assert "; secure" not in plain.headers["set-cookie"].lower()
    assert COOKIE in plain.headers["set-cookie"]
