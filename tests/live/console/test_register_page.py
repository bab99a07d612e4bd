"""登记 and the steps of a case as a person takes them on the pages, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from made_console import Console
from test_browser import come_in

from tests.photos import jpeg

OpenPage = Callable[..., Any]
TEXT = "柳园街道振兴路的烧烤店没装油烟净化器，油烟直往楼上灌，我叫贺兰青，电话13812345678，群里老秦也说了"


def typed(page: Any, console: Console) -> None:
    page.goto(f"{console.url}/register?type=complaint")
    page.get_by_label("来件渠道").select_option("group")
    page.get_by_label("内容").fill(TEXT)
    page.get_by_label("地点").fill("柳园街道振兴路")
    page.get_by_label("姓名").fill("贺兰青")
    page.get_by_label("正文里还要隐去的称呼").fill("老秦")
    page.get_by_role("button", name="查重并预览").click()


def test_a_group_clue_is_looked_at_and_registered_with_its_screenshot(
    console: Console, open_page: OpenPage
) -> None:
    page, store = open_page(java_script_enabled=False), console.desk.store
    come_in(page, console, "press")
    before = store.cases.count()
    typed(page, console)
    page.get_by_text("承办所见").wait_for()
    assert store.cases.count() == before
    assert "13812345678" not in page.get_by_label("查重和预览").inner_text()
    shot = {"name": "群聊.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("附件").set_input_files(shot)
    page.get_by_role("button", name="立为新件").click()
    page.get_by_role("heading", name="油烟").first.wait_for()
    assert store.cases.count() == before + 1
    (case,) = store.cases.listing(limit=1)
    (post,) = store.cases.posts(case.id)
    assert "贺兰青" not in post.text
    assert "老秦" not in post.text
    page.goto(f"{console.url}/posts/{post.id}")
    assert "本局登记" in page.locator("main").inner_text()
    assert "register" not in page.locator("main").inner_text()


def test_what_was_changed_after_the_look_is_looked_at_again(console: Console, open_page: OpenPage) -> None:
    page, store = open_page(java_script_enabled=False), console.desk.store
    come_in(page, console, "press")
    before = store.cases.count()
    typed(page, console)
    page.get_by_label("内容").fill(f"{TEXT}，昨晚又来了")
    page.get_by_role("button", name="立为新件").click()
    page.get_by_text("昨晚又来了").first.wait_for()
    assert store.cases.count() == before


def test_a_form_that_lacks_something_comes_back_as_it_was_typed(console: Console) -> None:
    with console.sign_in("press") as press:
        form = {"token": "0" * 32, "type": "grid", "channel": "grid", "text": TEXT, "learned_at": "昨天"}
        answer = press.post("/register", data=form)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "收到时间" in answer.text
    assert TEXT in answer.text


def test_every_step_the_page_offers_is_one_the_case_takes(console: Console, open_page: OpenPage) -> None:
    page, store = open_page(java_script_enabled=False), console.desk.store
    come_in(page, console, "press")
    mine = console.made.mine
    page.goto(f"{console.url}/cases/{mine}")
    page.get_by_text("暂停", exact=True).click()
    page.locator("form[action$='/pause']").get_by_label("理由").select_option("waiting_for_lab")
    page.locator("form[action$='/pause']").get_by_label("具体情况").fill("水样已送检")
    page.get_by_role("button", name="暂停，停止计时").click()
    page.get_by_role("button", name="恢复办理").click()
    page.get_by_text("原因消除，恢复办理").wait_for()
    assert "等待监测、鉴定结果：水样已送检" in [event.note for event in store.cases.history(mine)]
    page.locator("summary", has_text="督办").click()
    page.get_by_label("要求和时限").fill("周五前报结果")
    page.get_by_role("button", name="督办").click()
    page.get_by_text("督办：周五前报结果").wait_for()
