"""A row of a table changed as text: what was meant changes, comments and everything else stay."""

from __future__ import annotations

import tomllib
from datetime import date
from datetime import time

import pytest

from huanyu.config import SHIPPED
from huanyu.table_files import LISTS
from huanyu.table_files import SINGLES
from huanyu.toml_text import added
from huanyu.toml_text import edited
from huanyu.toml_text import edited_rows
from huanyu.toml_text import literal

TABLE = """# 单位表

[[unit]]
key = "a"  # 代号不改
name = "甲"
words = [
    "一",  # 说明
    "二",
]
# 行内的话
phone = "1"

# ---- 第二组 ----

[[unit]]
key = "b"
text = \"\"\"
[[unit]]
不是新行
\"\"\"

[[unit.fields]]
name = "x"

[[unit.fields]]
name = "y"
"""


def test_one_key_is_changed_where_it_stands_with_the_remark_behind_it() -> None:
    made = edited(TABLE, "unit", 0, {"key": "c"})
    assert made == TABLE.replace('key = "a"', 'key = "c"')


def test_a_value_of_several_lines_is_replaced_whole() -> None:
    made = edited(TABLE, "unit", 0, {"words": ["三"]})
    assert tomllib.loads(made)["unit"][0]["words"] == ["三"]
    assert "# 行内的话" in made
    assert "说明" not in made


def test_a_new_key_follows_the_others_of_its_row_and_stands_above_the_next_heading() -> None:
    made = edited(TABLE, "unit", 0, {"valid_to": date(2026, 12, 31)})
    assert 'phone = "1"\nvalid_to = 2026-12-31\n\n# ---- 第二组' in made


def test_a_key_is_taken_out() -> None:
    assert edited(TABLE, "unit", 0, {"phone": None}) == TABLE.replace('phone = "1"\n', "")


def test_sub_tables_become_a_list_of_the_row() -> None:
    made = tomllib.loads(
        edited(TABLE.replace('"""\n[[unit]]', '"""\n'), "unit", 1, {"fields": [{"name": "z"}]})
    )
    assert made["unit"][1]["fields"] == [{"name": "z"}]


def test_a_row_is_added_at_the_end_or_before_another() -> None:
    plain = TABLE.replace('"""\n[[unit]]', '"""\n')
    assert [row["key"] for row in tomllib.loads(added(plain, "unit", {"key": "n"}))["unit"]] == [
        "a",
        "b",
        "n",
    ]
    assert [row["key"] for row in tomllib.loads(added(plain, "unit", {"key": "n"}, 1))["unit"]] == [
        "a",
        "n",
        "b",
    ]
    assert tomllib.loads(added("# 空表\n", "unit", {"key": "n"})) == {"unit": [{"key": "n"}]}


@pytest.mark.parametrize(
    "value",
    [
        *('引"号\\', "a\nb\n", '末尾"\n"', "制\t表\x00\x7f", True, 3, 0.5, date(2026, 1, 2), time(8, 30)),
        *(["甲" * 30] * 9, [{"a": 1, "b": ["x", "y\nz"]}], {"中文 键": {"c": []}}, '三"""个\n'),
    ],
)
def test_what_is_written_is_what_is_read(value: object) -> None:
    assert tomllib.loads(f"x = {literal(value)}")["x"] == value


@pytest.mark.parametrize("table", [*LISTS, *SINGLES])
def test_every_key_of_every_shipped_row_can_be_written_anew_without_touching_another(table: str) -> None:
    text = (SHIPPED / f"{table}.toml").read_text(encoding="utf-8")
    key = LISTS[table][0] if table in LISTS else ""
    before = tomllib.loads(text)
    rows = before[key] if key else [before]
    for number in {0, len(rows) // 2, len(rows) - 1}:
        made = edited(text, key, number, rows[number])
        assert tomllib.loads(made) == before


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_many_rows_are_changed_as_one_by_one(end: str) -> None:
    table = (
        "# 表\n" + "\n".join(f'[[unit]]\nkey = "{one}"  # 代号\n\n# 其后\n' for one in "abcd").rstrip() + end
    )
    changes = {0: {"key": "x", "words": ["一"]}, 2: {"phone": "1"}, 3: {"key": "y"}}
    wanted = table
    for number, told in changes.items():
        wanted = edited(wanted, "unit", number, told)
    made = edited_rows(table, "unit", changes)
    assert made == wanted
    assert [row["key"] for row in tomllib.loads(made)["unit"]] == ["x", "b", "c", "y"]
