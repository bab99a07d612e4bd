"""The page of the grid: the tree with its people and counts, level by level."""

from __future__ import annotations

from pathlib import Path

from made_console import Console

from flow import grid
from huanyu.cells import sheet
from huanyu.clock import now

ROWS = (
    ("网格编码", "上级编码", "级别", "网格名称", "覆盖地名", "责任单位", "网格员", "联系电话"),
    ("C", "", "一级网格", "全市网格", "", "市执法支队", "", ""),
    ("C1", "C", "二级网格", "高新区网格", "", "", "", ""),
    ("T1", "C1", "三级网格", "许营镇网格", "", "", "燕知秋", "13900000001"),
)


def test_the_tree_is_walked_down_to_who_is_on_duty(console: Console, tmp_path: Path) -> None:
    path = tmp_path / "网格.csv"
    path.write_bytes(sheet(ROWS))
    user = next(one for one in console.desk.store.people.users() if one.role == "press")
    grid.take_in(console.desk, user, path, now())
    with console.sign_in("press") as press:
        whole = press.get("/grid").text
        assert "一级网格 1 个" in whole and "全市网格" in whole and "燕知秋" not in whole
        county = press.get("/grid", params={"code": "C1"}).text
        assert "许营镇网格" in county and "市执法支队" in county and "1 人" in county
        assert "燕知秋（网格员）13900000001" in press.get("/grid", params={"code": "T1"}).text
        assert press.get("/grid", params={"code": "X"}).status_code == 404
