"""现场办件 on a telephone: without a line, without a script, twice; and nothing is left on the device after log-out."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import made_desk
import pytest
from made_console import NAMES
from made_console import Console
from test_browser import has_session

from flow import supervising
from huanyu.clock import local

OpenPage = Callable[..., Any]
KEY = "0123456789abcdef" * 2
#: Everything the browser keeps of this place.
KEPT = """async () => {
  const databases = (await indexedDB.databases()).map(one => one.name);
  return [...databases, ...await caches.keys(), ...(await navigator.serviceWorker.getRegistrations()).map(() => "worker")];
}"""
#: Whether a draft is kept; the store itself is the page's to make.
DRAFTED = """async () => {
  const store = await new Promise(done => {
    const asked = indexedDB.open("huanyu-field", 1);
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = () => done(null);
    asked.onsuccess = () => done(asked.result);
  });
  if (!store) return false;
  const found = await new Promise(done => {
    const asked = store.transaction("drafts").objectStore("drafts").count();
    asked.onsuccess = () => done(asked.result);
  });
  store.close();
  return found > 0;
}"""
LANDED = "() => caches.match('/field').then(found => !!found && !!navigator.serviceWorker.controller)"


EARLIER = timedelta(minutes=10)


def png(width: int, height: int) -> bytes:
    """A real picture of that size, noise: as large as one of a telephone."""
    dice = random.Random(9)
    rows = b"".join(b"\0" + dice.randbytes(3 * width) for _ in range(height))

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(rows, 1))
        + part(b"IEND", b"")
    )


def on_the_spot(page: Any, console: Console) -> None:
    """The page is open and kept, as it is for whoever looked at it before leaving."""
    has_session(page, console, "handler")
    page.goto(f"{console.url}/field")
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function(LANDED)


def fill_in(page: Any, case_id: int) -> None:
    page.locator(f"form[action='/field/{case_id}/arrive']").locator("xpath=..").locator("> summary").click()
    page.locator(f"#place-{case_id}").fill("厂区东门")
    page.locator(f"form[action='/field/{case_id}/arrive'] button", has_text="记下到场").click()
    page.locator("#field-entries li").nth(0).wait_for()
    page.locator(f"form[action='/field/{case_id}/result']").locator("xpath=..").locator("> summary").click()
    page.locator(f"form[action='/field/{case_id}/result'] [value=属实]").check()
    page.locator(f"#people-{case_id}").fill("程立群、易建东")
    page.locator(f"#found-{case_id}").fill(made_desk.FOUND)
    page.locator(f"#measure-{case_id}").fill(made_desk.MEASURE)
    photo = {"name": "风机房.png", "mimeType": "image/png", "buffer": png(2000, 1200)}
    page.locator(f"#file0-{case_id}").set_input_files(photo)
    page.get_by_text("已选 1 张").wait_for()


def test_what_is_written_without_a_line_is_sent_once_when_it_is_back(
    console: Console, open_page: OpenPage, tmp_path: Path
) -> None:
    store, case_id = console.desk.store, console.made.mine
    page = open_page(390, 844)
    page.clock.set_fixed_time(made_desk.NOW - EARLIER - EARLIER)
    on_the_spot(page, console)
    page.context.set_offline(True)
    page.goto(f"{console.url}/field")
    page.get_by_role("heading", name="现场办件").wait_for()
    page.clock.set_fixed_time(made_desk.NOW - EARLIER)  # on the way there
    fill_in(page, case_id)
    page.reload()
    page.wait_for_function("id => document.getElementById(id).value", arg=f"found-{case_id}")
    page.get_by_text("已选 1 张").wait_for()
    assert page.locator(f"#found-{case_id}").input_value() == made_desk.FOUND, "the draft is there again"
    page.locator(f"form[action='/field/{case_id}/result'] button", has_text="提交结果").click()
    page.locator("#field-entries li").nth(1).wait_for()
    page.get_by_text("现在没有信号").wait_for()
    page.screenshot(path=tmp_path / "offline.png", full_page=True)
    assert store.cases.get(case_id).state == "signed"
    page.context.set_offline(False)
    page.get_by_text("都已发送").wait_for()
    assert page.locator("#field-unsent").is_hidden()
    case, history = store.cases.get(case_id), store.cases.history(case_id)
    assert case.result is not None
    assert case.result.found == made_desk.FOUND
    assert [event.action for event in history].count("arrived") == 1
    note = next(event.note for event in history if event.action == "arrived")
    went, came = local(made_desk.NOW - EARLIER), local(made_desk.NOW)
    assert note.startswith(f"到场 {went:%m月%d日 %H:%M}（手机时间，{came:%m月%d日 %H:%M} 收到）")
    assert "地点 厂区东门" in note
    assert len(store.findings.of_case(case_id)) == 1
    (photo,) = [one for one in store.case_files.of_case(case_id) if one.name.startswith("风机房")]
    assert photo.media == "image/jpeg"
    body = store.case_files.body(photo.sha256)
    assert struct.unpack(">HH", body[(at := body.index(b"\xff\xc0")) + 5 : at + 9]) == (960, 1600)
    page.goto(f"{console.url}/field")
    assert page.locator("#field-entries li").count() == 0
    page.context.set_offline(True)
    page.goto(f"{console.url}/field?done=sent")
    page.get_by_text("还是发送以前的页面").wait_for()


def test_log_out_leaves_nothing_on_the_device(console: Console, open_page: OpenPage) -> None:
    page = open_page(390, 844)
    on_the_spot(page, console)
    page.locator("summary", has_text="查处结果").first.click()
    page.locator("textarea[name=found]").first.fill("草稿里的话")
    page.wait_for_function(DRAFTED)
    assert set(page.evaluate(KEPT)) == {"huanyu-field", "worker"}
    page.goto(f"{console.url}/cases")
    page.locator("label.menu-button").click()
    page.get_by_role("button", name="退出").click()
    page.get_by_label("用户名").wait_for()
    assert page.evaluate(KEPT) == []
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"{console.url}/field")


def test_forms_work_without_a_script_and_count_once(console: Console) -> None:
    store, case_id = console.desk.store, console.made.unsigned
    form = {"key": KEY, "version": str(store.cases.get(case_id).version)}
    with console.sign_in("handler") as client:
        assert client.get("/field").headers["permissions-policy"].count("geolocation=(self)") == 1
        assert client.post(f"/field/{case_id}/sign", data=form).headers["location"] == "/field?done=sign"
        assert client.post(f"/field/{case_id}/sign", data=form).headers["location"] == "/field?done=known"
        went = form | {
            "key": "1" * 32,
            "at": "2026-03-05T10:00",
            "place": "东门",
            "position": "36.4,115.9,12",
        }
        for wrong, told in (
            ({"at": "昨天"}, "到场时间"),
            ({"position": "这里"}, "位置"),
            ({"key": "x"}, "表单"),
        ):
            answer = client.post(f"/field/{case_id}/arrive", data=went | wrong)
            assert (answer.status_code, told in answer.text) == (422, True)
        # seen before the person signed: what one did oneself stands in nobody's way
        assert client.post(f"/field/{case_id}/arrive", data=went).headers["location"] == "/field?done=arrive"
        poor = form | {"key": "2" * 32, "finding": "属实", "visited_at": "2026-03-05T10:00", "found": "短"}
        again = client.post(f"/field/{case_id}/result", data=poor)
        assert again.status_code == 422
        assert "查明情况过短" in again.text
        said = {"Accept": "application/json"}
        full = poor | made_desk.FORM
        answers = [client.post(f"/field/{case_id}/result", data=full, headers=said).json() for _ in range(3)]
    assert answers == [{"result": "new"}, {"result": "known"}, {"result": "known"}]
    (note,) = [event.note for event in store.cases.history(case_id) if event.action == "arrived"]
    assert note.startswith("到场 03月05日 10:00（本人填写，03月05日 10:20 收到）；手机定位 ")
    assert note.endswith("北纬36.400000 东经115.900000，误差约12米；地点 东门")


def test_what_another_person_did_meanwhile_is_told_and_keeps_the_key(console: Console) -> None:
    desk, case_id = console.desk, console.made.mine
    seen = desk.store.cases.get(case_id)
    found = desk.store.people.user(NAMES["leader"])
    assert found is not None
    supervising.supervise(desk, found[0], case_id, seen.version, "群众多次反映", made_desk.NOW)
    form = {"key": KEY, "version": str(seen.version), "at": "2026-03-05T10:00"}
    with console.sign_in("handler") as client:
        answer = client.post(f"/field/{case_id}/arrive", data=form, headers={"Accept": "application/json"})
        assert answer.status_code == 409
        assert NAMES["leader"] in answer.json()["told"]
        now = {"version": str(desk.store.cases.get(case_id).version)}
        assert (
            client.post(f"/field/{case_id}/arrive", data=form | now).headers["location"]
            == "/field?done=arrive"
        )


def test_a_photo_taken_by_mistake_is_taken_off_before_anything_leaves(
    console: Console, open_page: OpenPage
) -> None:
    page, case_id = open_page(390, 844), console.made.mine
    on_the_spot(page, console)
    page.locator(f"form[action='/field/{case_id}/result']").locator("xpath=..").locator("> summary").click()
    field = page.locator(f"#file0-{case_id}")
    for many, name in enumerate(("邻居家.png", "风机房.png"), 1):
        field.set_input_files({"name": name, "mimeType": "image/png", "buffer": png(200, 120)})
        page.get_by_text(f"已选 {many} 张").wait_for()
    assert page.locator(f"#file1-{case_id}").is_hidden(), "one field is enough"
    assert page.get_by_text("再加一张").is_visible()
    page.get_by_role("button", name="去掉照片 1 邻居家").click()
    page.get_by_text("已选 1 张").wait_for()
    page.reload()
    page.get_by_text("已选 1 张").wait_for()
    (left,) = page.locator(".field-chosen").all_inner_texts()
    assert "风机房" in left


def test_when_nothing_more_fits_on_the_telephone_every_photo_can_be_chosen_again(
    console: Console, open_page: OpenPage
) -> None:
    page, case_id = open_page(390, 844), console.made.mine
    on_the_spot(page, console)
    form = page.locator(f"form[action='/field/{case_id}/result']")
    form.locator("xpath=..").locator("> summary").click()
    chosen = {"name": "风机房.png", "mimeType": "image/png", "buffer": png(200, 120)}
    page.locator(f"#file0-{case_id}").set_input_files(chosen)
    page.get_by_text("已选 1 张").wait_for()
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new Error('QuotaExceededError'); }; }"
    )
    form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    page.get_by_text("存不下了，请直接提交；照片请重新选").wait_for()
    assert page.locator(f"#file1-{case_id}").is_visible()
    assert page.locator(".field-chosen").count() == 0
    page.locator(f"#file0-{case_id}").set_input_files(chosen)
    assert form.evaluate("form => new FormData(form).get('file0').name") == "风机房.png"
