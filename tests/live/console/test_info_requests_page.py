"""The register of 政府信息公开申请 as the press office uses it: typed, seen among the limits, answered, counted."""

from __future__ import annotations

import re
from datetime import timedelta

from made_console import Console
from made_desk import NOW

FORM = {
    "way": "counter",
    "kind": "legal",
    "name": "水城某律师事务所",
    "phone": "13806350000",
    "words": "申请公开许营镇2025年执法检查计划，水城某律师事务所",
}


def test_a_request_from_the_counter_to_the_yearly_table(console: Console) -> None:
    came = (NOW.date() - timedelta(days=2)).isoformat()
    today = NOW.date().isoformat()
    with console.sign_in("press") as press:
        at = press.post("/info-requests", data=FORM | {"received": came}).headers["location"]
        shown = press.get(at).text
        assert "执法检查计划" in shown and "律师事务所" not in shown
        assert "执法检查计划" in press.get("/deadlines").text
        read = press.post(f"{at}/applicant", data={"reason": "电话联系"})
        assert "水城某律师事务所" in read.text and read.headers["cache-control"] == "no-store"
        wrong = press.post(
            f"{at}/answer", data={"version": "1", "outcome": "given", "on": "昨天", "why": "x"}
        )
        assert wrong.status_code == 422 and "2026-03-10" in wrong.text
        form = {"version": "1", "outcome": "process", "on": today, "why": "过程性信息"}
        press.post(f"{at}/answer", data=form)
        assert "不予公开：属于四类过程性信息" in press.get(at).text
        assert "执法检查计划" not in press.get("/deadlines").text
        table = press.get("/info-requests/figures").text
        assert "6.属于四类过程性信息" in table
        press.post(f"{at}/dispute", data={"version": "2", "kind": "suit", "on": today})
        shown = press.get(at).text
        about = re.search(r'name="about" value="(\d+)"', shown)
        assert about is not None and "未经复议直接起诉：结果" in shown
        done = {"version": "3", "about": about[1], "ruling": "upheld", "on": today}
        assert f"{today}：结果维持" in press.post(f"{at}/ruled", data=done, follow_redirects=True).text
    with console.sign_in("leader") as leader:
        assert leader.post("/info-requests", data=FORM | {"received": came}).status_code == 403
        assert "更正答复登记" in leader.get(at).text


def test_a_table_without_kinds_of_disputes_says_why_none_can_be_kept(console: Console) -> None:
    table = console.desk.config.table("info_requests")
    text = table.read_text(encoding="utf-8")
    with console.sign_in("press") as press:
        form = FORM | {"received": NOW.date().isoformat()}
        at = press.post("/info-requests", data=form).headers["location"]
        assert 'name="kind"' in press.get(at).text
        assert "[[dispute]]" not in press.get(at).text
        own = console.desk.config.home / "config" / "info_requests.toml"
        own.write_text(re.split(r"(?m)^\[\[(?:dispute|ruling)\]\]", text)[0], encoding="utf-8")
        console.desk.take_in()
        page = press.get(at).text
    assert "不能登记" in page and "[[dispute]]" in page
    assert f"{at}/dispute" not in page
