"""The routing rules as the administrator meets them: seen, compared with a new table, saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from made_console import Console
from test_browser import has_session

from flow import rules

OpenPage = Callable[..., Any]
RULE = """[[route]]
id = "all_smoke"
kinds = ["air.cooking"]
department = "公安"
why = "试改"
source = "试改"

"""


def edited(console: Console, extra: str) -> str:
    return rules.current(console.desk).replace("[[route]]", f"{extra}[[route]]", 1)


def test_a_table_is_compared_then_saved_and_counts_at_once(
    console: Console, open_page: OpenPage, tmp_path: Path
) -> None:
    file = tmp_path / "改好的.toml"
    file.write_text(edited(console, RULE), encoding="utf-8")
    page = open_page(java_script_enabled=False)
    has_session(page, console, "admin")
    page.goto(f"{console.url}/rules")
    page.get_by_label("改好的 routes.toml").set_input_files(file)
    page.get_by_role("button", name="比较", exact=True).click()
    page.get_by_text("增 all_smoke").wait_for()
    assert page.get_by_text("all_smoke 总是先适用").count()
    assert "all_smoke" not in rules.current(console.desk), "nothing is saved by looking"
    page.get_by_role("button", name="保存，立即生效").click()
    page.get_by_text("已保存，改动 1 处").wait_for()
    assert console.desk.routes(console.clock().date())[0].id == "all_smoke"
    has_session(page, console, "leader")
    page.goto(f"{console.url}/audit")
    assert page.get_by_text("修改各表", exact=True).count() == 1


def test_a_broken_table_is_told_by_its_line_and_kept_to_be_mended(console: Console) -> None:
    with console.sign_in("admin") as admin:
        answer = admin.post(
            "/rules", data={"act": "look", "text": edited(console, RULE.replace("why", "why2"))}
        )
    assert answer.status_code == 422
    assert "未知的键 why2" in answer.text
    assert "all_smoke" in answer.text
    assert "保存，立即生效" not in answer.text


def test_the_press_office_reads_the_rules_and_cannot_change_them(console: Console) -> None:
    with console.sign_in("press") as press:
        told = press.get("/rules")
        assert told.status_code == 200
        assert "换一张表" not in told.text
        assert press.get("/rules/routes.toml").text == rules.current(console.desk)
        assert press.post("/rules", data={"act": "look", "text": "x"}).status_code == 403


def test_the_whole_table_as_text_tells_of_dead_rules_before_it_is_saved(console: Console) -> None:
    with console.sign_in("admin") as admin:
        answer = admin.post("/tables/routes/text", data={"act": "look", "text": edited(console, RULE)})
    assert answer.status_code == 200
    assert "前面的 all_smoke 总是先适用" in answer.text
    assert "件中换人承办" in answer.text
    assert "all_smoke" not in rules.current(console.desk)
