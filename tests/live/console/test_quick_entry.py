"""快速登记 as a clerk uses it: with keys alone, without JavaScript, and with the draft kept while typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from made_console import NAMES
from made_console import Console
from test_browser import has_session

from tests.photos import jpeg

OpenPage = Callable[..., Any]
TOLD = "柳园街道振兴路的夜市烧烤，油烟往楼上灌，我是13812345678"
CHAT = "柳树下 上午 10:23\n振兴路那家又冒黑烟了，找刘姐13987654321"


def test_a_call_is_taken_down_with_keys_alone_and_its_draft_is_kept(
    console: Console, open_page: OpenPage
) -> None:
    page, store = open_page(), console.desk.store
    has_session(page, console, "press")
    page.goto(f"{console.url}/register/phone")
    keys = page.keyboard
    page.wait_for_function("document.activeElement?.name === 'text'")  # the first field has the focus
    keys.insert_text(TOLD)
    page.locator("#near").get_by_text("已暂存").wait_for()
    (draft,) = store.drafts.of(NAMES["press"])
    assert draft.typed["text"] == TOLD
    keys.press("Control+Enter")  # not yet: what must be asked is still open
    page.goto(f"{console.url}/register/phone?draft={draft.token}")
    assert page.get_by_label("内容").input_value() == TOLD
    for name, value in (("可否回电", "可以回电"), ("联系方式告知", "已告知用途，对方同意")):
        page.get_by_label(name).focus()
        keys.insert_text(value[:2])
        page.get_by_label(name).select_option(value)
    page.get_by_label("地点").focus()
    keys.insert_text("柳园街道振兴路")
    page.get_by_label("电话").focus()
    keys.insert_text("13812345678")
    keys.press("Control+Enter")
    new = page.get_by_role("button", name="确认，立为新件")
    new.focus()
    keys.press("Enter")
    page.get_by_role("heading", name="受理回执").wait_for()
    assert store.drafts.of(NAMES["press"]) == []
    assert "13812345678" not in page.get_by_role("main").inner_text()


def test_a_group_clue_is_hidden_looked_at_and_filed_without_javascript_on_a_phone(
    console: Console, open_page: OpenPage
) -> None:
    page, store = (
        open_page(width=390, height=844, java_script_enabled=False),
        console.desk.store,
    )
    has_session(page, console, "press")
    page.goto(f"{console.url}/register/group")
    page.get_by_label("内容").fill(CHAT)
    page.get_by_label("地点", exact=True).fill("柳园街道振兴路")
    page.get_by_role("button", name="暂存").click()
    page.get_by_text("已暂存，随时可以接着填").wait_for()
    page.get_by_role("button", name="查重并预览").click()
    looked = page.get_by_label("查重和预览")
    assert "柳树下" in looked.get_by_text("原文随反映人信息加密保存").locator("..").inner_text()
    shot = {"name": "群聊.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("附件").set_input_files(shot)
    page.get_by_role("button", name="确认，立为新件").click()
    page.get_by_role("heading", name="受理回执").wait_for()
    (case,) = store.cases.listing(limit=1)
    (post,) = store.cases.posts(case.id)
    assert "柳树下" not in post.text
    assert "13987654321" not in post.text
    assert [one.kind for one in store.case_files.of_case(case.id)] == ["intake"]
