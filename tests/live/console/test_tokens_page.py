"""接口令牌: a secret is shown once, works at once, and stops at once; what was typed wrong stays in the form."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import made_desk
from made_console import NAMES
from made_console import Console

from console.sessions import COOKIE

FORM = {
    "name": "市网格平台",
    "unit": "dongchangfu",
    "scopes": ["items:write", "cases:read"],
    "channels": ["grid"],
    "days": "30",
}
STATION = {"code": "LC-DJ-01", "name": "顺河污水处理厂", "place": "许营镇顺河路", "unit": "dongchangfu"}
SECRET = re.compile(r'id="f-secret" value="([^"]+)"')


def status(console: Console, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.get(f"{console.url}/api/v1/cases", headers=headers, timeout=120).status_code


def test_a_token_is_shown_once_works_at_once_and_stops_at_once(console: Console) -> None:
    with console.sign_in("admin") as client:
        made = client.post("/tokens", data=FORM)
        (secret,) = SECRET.findall(made.text)
        assert made.headers["cache-control"] == "no-store"
        assert status(console, secret) == 200
        listed = client.get("/tokens").text
        assert secret not in listed
        assert secret[:8] in listed
        token = console.desk.store.tokens.listing()[0]
        assert client.post(f"/tokens/{token.id}/revoke").status_code == 303
        assert status(console, secret) == 401
        assert "已停用" in client.get("/tokens").text


def test_a_stations_key_is_shown_once(console: Console) -> None:
    with console.sign_in("admin") as client:
        made = client.post("/stations", data=STATION)
        (secret,) = SECRET.findall(made.text)
        assert secret not in client.get("/tokens").text
        (station,) = console.desk.store.stations.listing()
        assert client.post(f"/stations/{station.id}/revoke").status_code == 303
        assert console.desk.store.stations.find("LC-DJ-01") is None


def test_what_was_typed_wrong_is_told_and_stays(reading_console: Console) -> None:
    wrong = (
        ("/tokens", FORM | {"days": "9999"}, "有效期"),
        ("/tokens", FORM | {"days": "一年"}, "天数"),
        ("/tokens", FORM | {"scopes": []}, "权限"),
        ("/tokens", FORM | {"channels": []}, "来件渠道"),
        ("/tokens", FORM | {"unit": "nobody"}, "单位"),
        ("/stations", STATION | {"code": "一号"}, "站点编码"),
        ("/stations", STATION | {"area": "1"}, "辖区"),
    )
    with reading_console.sign_in("admin") as client:
        for path, form, told in wrong:
            answer = client.post(path, data=form)
            problem = re.search(r'role="alert">([^<]+)<', answer.text)
            assert answer.status_code == 422
            assert problem is not None
            assert told in problem[1]
            assert f'value="{form["name"]}"' in answer.text
    assert reading_console.desk.store.tokens.listing() == []


def test_a_token_is_made_and_shut_by_hand(console: Console, open_page: Callable[..., object]) -> None:
    """Without scripts, on a phone."""
    page = open_page(390, 800, java_script_enabled=False)
    page.context.add_cookies(
        [{"name": COOKIE, "value": made_desk.session_of(NAMES["admin"]), "url": console.url}]
    )
    page.goto(f"{console.url}/tokens")
    page.get_by_label("系统名称").fill("市网格平台")
    page.locator("#t-unit").select_option("dongchangfu")
    page.get_by_label("读取本单位案件").check()
    page.get_by_role("button", name="生成令牌").click()
    secret = page.get_by_label("令牌（只显示这一次").input_value()
    assert status(console, secret) == 200
    page.get_by_role("link", name="已交给对方").click()
    page.get_by_text("停用", exact=True).click()
    page.get_by_role("button", name="立即停用").click()
    assert status(console, secret) == 401
    page.goto(f"{console.url}/api/v1/docs")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
