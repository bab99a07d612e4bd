"""The import page as a press officer uses it, with and without scripts; and whom it refuses."""

from __future__ import annotations

import http.client
import re
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from made_console import NAMES
from made_console import Console
from made_desk import session_of

from console import uploads
from console.sessions import COOKIE
from crawler.import_files import LARGEST
from tests.unit.crawler import workbooks

ROWS = [
    ["聊城市12345热线工单导出"],
    [],
    ["工单编号", "诉求标题", "诉求内容（必填）", "来电时间", "来电人", "联系电话", "经过"],
    [
        "LC1",
        "夜间施工",
        "凤凰苑东侧工地夜里打桩",
        datetime(2026, 3, 4, 8, 1),
        "林某",
        "13800000000",
        "电话核实",
    ],
    ["LC2", "黑水", "徒骇河边有黑水排入", "前几天", "", "", ""],
]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbooks.xlsx(tmp_path / "12345 三月.xlsx", {"三月": ROWS})


def upload(client: httpx.Client, path: Path, source: str = "hotline-12345") -> httpx.Response:
    with path.open("rb") as file:
        return client.post("/import", data={"source": source}, files={"file": (path.name, file)})


def form(page: str) -> dict[str, list[str]]:
    """Headings and uses of the preview, as a browser without scripts would send them."""
    headings = re.findall(r'name="heading" value="([^"]*)"', page)
    selects = re.findall(r'name="use">(.*?)</select>', page, re.S)
    chosen = [re.search(r'value="([^"]*)" selected', one) for one in selects]
    return {"heading": headings, "use": [found[1] if found else "" for found in chosen]}


def waiting(console: Console) -> list[Path]:
    return sorted(uploads.root(console.desk).glob("*/*.xlsx"))


def test_a_file_is_looked_at_corrected_remembered_and_imported(console: Console, book: Path) -> None:
    before = console.desk.store.posts.count()
    with console.sign_in("press") as client:
        sent = upload(client, book)
        assert sent.status_code == 303
        here = sent.headers["location"]
        page = client.get(here).text
        assert console.desk.store.posts.count() == before
        assert [path.name for path in waiting(console)] == ["12345 三月.xlsx"]
        assert stat.S_IMODE(waiting(console)[0].parent.stat().st_mode) == 0o700
        for told in ("会新增", "夜间施工", "工作表“三月”第 5 行", "时间“前几天”无法识别", "已隐去"):
            assert told in page
        assert "林某" not in page
        assert "13800000000" not in page
        wanted = form(page)
        assert dict(zip(wanted["heading"], wanted["use"], strict=True)) == {
            "工单编号": "native_id",
            "诉求标题": "title",
            "诉求内容（必填）": "text",
            "来电时间": "posted_at",
            "经过": "",
        }
        wanted["use"] = ["native_id", "title", "text", "", "text"]
        again = client.post(here, data={**wanted, "act": "look", "save": "1"})
        assert (again.status_code, again.headers["location"]) == (303, here)
        page = client.get(here).text
        assert "电话核实" in page
        assert "读不懂的行" not in page
        done = client.post(here, data={**form(page), "act": "import"})
        assert done.status_code == 200
        assert "每一行都读懂了" in done.text
        assert "已经导入或取消" in client.get(here).text
        assert client.post(here, data={"act": "import"}).status_code == 404
    assert console.desk.store.posts.count() == before + 2
    assert waiting(console) == []
    texts = {post.native_id: post.text for post, _ in console.desk.store.posts.iterate()}
    assert texts["LC1"] == "凤凰苑东侧工地夜里打桩\n电话核实"
    saved = console.desk.store.settings.get("import_columns:hotline-12345")
    assert saved is not None
    assert "来电时间" in saved


def test_a_cancelled_file_is_gone_and_nothing_of_it_was_stored(console: Console, book: Path) -> None:
    before = console.desk.store.posts.count()
    with console.sign_in("press") as client:
        here = upload(client, book).headers["location"]
        client.post(here, data={"act": "drop"})
        assert "已经导入或取消" in client.get(here).text
    assert (waiting(console), console.desk.store.posts.count()) == ([], before)


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("a.doc", b"x", "只能导入"),
        ("../../STATE.xlsx", b"PK\x03\x04", "不是完整的 Excel 文件"),
        ("", b"", "请先选择文件"),
        ("state.json", b"[]", "请先选择文件"),
    ],
)
def test_a_file_that_is_none_is_refused_on_the_page_itself(
    console: Console, name: str, body: bytes, told: str
) -> None:
    with console.sign_in("press") as client:
        answer = client.post("/import", data={"source": "hotline-12345"}, files={"file": (name, body)})
    assert answer.status_code == 422
    assert told in answer.text
    assert waiting(console) == []


def test_a_file_without_a_known_text_column_can_be_mapped_on_the_page(
    console: Console, tmp_path: Path
) -> None:
    path = tmp_path / "记录.csv"
    path.write_text("甲,乙\n1,楼下油烟直排\n", encoding="utf-8")
    with console.sign_in("press") as client:
        here = upload(client, path).headers["location"]
        page = client.get(here).text
        assert "表头里没有内容列" in page
        assert 'value="import"' not in page
        client.post(here, data={"heading": ["甲", "乙"], "use": ["native_id", "text"], "act": "look"})
        assert 'value="import"' in client.get(here).text


@pytest.mark.parametrize(
    ("length", "status", "told"),
    [
        (("Content-Length", str(LARGEST + uploads.AROUND + 1)), 413, "文件太大，没有收下"),
        (("Transfer-Encoding", "chunked"), 411, "没有说明文件的大小"),
    ],
)
def test_a_file_above_the_bound_or_of_no_told_size_is_refused_before_it_is_read(
    console: Console, length: tuple[str, str], status: int, told: str
) -> None:
    with console.sign_in("press") as client:
        assert client.get("/import").status_code == 200
    caller = http.client.HTTPConnection(console.url.removeprefix("http://"), timeout=120)
    caller.putrequest("POST", "/import")
    for name, value in (
        length,
        ("Content-Type", "multipart/form-data; boundary=x"),
        ("Cookie", f"{COOKIE}={session_of(NAMES['press'])}"),
        ("Origin", console.url),
    ):
        caller.putheader(name, value)
    caller.endheaders()  # and not one byte of the file
    answer = caller.getresponse()
    assert (answer.status, told in answer.read().decode()) == (status, True)
    caller.close()


def test_a_file_belongs_to_whoever_uploaded_it(console: Console, book: Path) -> None:
    with console.sign_in("press") as client:
        here = upload(client, book).headers["location"]
    for role in ("handler", "reviewer", "leader", "admin", "assessor"):
        with console.sign_in(role) as other:
            assert other.get(here).status_code == 403
            assert upload(other, book).status_code == 403
    admin = console.desk.store.people.user(NAMES["admin"])
    assert admin is not None
    with pytest.raises(uploads.NotFound):
        uploads.find(console.desk, admin[0], here.rsplit("/", 1)[1])


def test_a_column_that_names_reporters_cannot_be_asked_for(console: Console, book: Path) -> None:
    with console.sign_in("press") as client:
        here = upload(client, book).headers["location"]
        answer = client.post(here, data={"heading": ["来电人"], "use": ["author"], "act": "look"})
    assert answer.status_code == 422
    assert "举报人的信息" in answer.text


def test_every_label_and_hint_of_the_pages_belongs_to_something(console: Console, book: Path) -> None:
    with console.sign_in("press") as client:
        here = upload(client, book).headers["location"]
        for page in (client.get("/import").text, client.get(here).text, client.get("/sources/forum").text):
            told = set(re.findall(r'(?:for|aria-describedby)="([^"]+)"', page))
            assert told
            assert told <= set(re.findall(r'\bid="([^"]+)"', page))


def test_the_result_leads_to_the_rows_that_could_not_be_read(console: Console, book: Path) -> None:
    with console.sign_in("press") as client:
        here = upload(client, book).headers["location"]
        done = client.post(here, data={**form(client.get(here).text), "act": "import"}).text
        assert 'href="/sources/hotline-12345#rejects"' in done
        assert "时间“前几天”无法识别" in done
        assert 'id="rejects"' in client.get("/sources/hotline-12345").text


@pytest.mark.parametrize(("width", "scripts"), [(1440, True), (390, False)])
def test_a_browser_goes_through_all_three_pages(
    console: Console, open_page: Callable[..., Any], book: Path, width: int, scripts: bool
) -> None:
    page = open_page(width=width, java_script_enabled=scripts)
    page.context.add_cookies([{"name": COOKIE, "value": session_of(NAMES["press"]), "url": console.url}])
    page.goto(f"{console.url}/import")
    page.set_input_files("#f-file", str(book))
    page.select_option("#f-source", "hotline-12345")
    page.get_by_role("button", name="预览").click()
    page.get_by_label("来电时间").select_option("")
    page.get_by_role("button", name="重新预览").click()
    assert page.get_by_label("来电时间").input_value() == ""
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="导入，新增 2 条").click()
    page.get_by_text("每一行都读懂了").wait_for()
    assert waiting(console) == []
