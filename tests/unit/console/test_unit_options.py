"""Units as options: under their headings, the chosen one selected, whatever stands in a name escaped."""

from __future__ import annotations

from console.unit_options import unit_options
from huanyu.bureau import UnitRow

ROWS = (
    UnitRow(key="zonghe", name="综合科", short="综合", kind="section", department="生态环境"),
    UnitRow(key="zhifa", name="执法支队", short="支队", kind="squad", department="生态环境"),
    UnitRow(
        key="liuyuan", name="柳园街道", short="柳园", kind="township", department="街道", place="371502001"
    ),
    UnitRow(key="a&b", name='"甲"<乙>', short="甲<乙>", kind="section", department="城管"),
)


def test_each_unit_stands_once_under_its_heading() -> None:
    assert unit_options(ROWS) == (
        '<option value="zonghe">综合</option><option value="a&amp;b">甲&lt;乙&gt;</option>'
        '<optgroup label="执法大队、中队"><option value="zhifa">支队</option></optgroup>'
        '<optgroup label="乡镇、街道"><option value="liuyuan">柳园</option></optgroup>'
    )


def test_the_chosen_one_is_selected_and_what_no_unit_is_called_selects_nothing() -> None:
    made = unit_options(ROWS, "zhifa", "name")
    assert '<option value="zhifa" selected>执法支队</option>' in made
    assert made.count(" selected") == 1
    assert unit_options(ROWS, '"><script>') == unit_options(ROWS)


def test_a_table_that_changed_is_shown_as_it_is_now() -> None:
    assert "综合" not in unit_options(ROWS[1:])
    assert "综合" in unit_options(ROWS)
