"""bulletins.toml: series as data, templates with named blocks, and what is said of a mistake."""

from __future__ import annotations

import pytest

from huanyu import blocks
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import ConfigError

ROW = '''# 自拟
[[series]]
key = "own"
name = "自办简报"
span = "week"
compiled = "by_itself"
title = "{{时段}}情况"
template = """
# 本局要情
{line}
{{概况}}
"""
'''


def load(folder, text):
    (folder / "bulletins.toml").write_text(text, encoding="utf-8")
    return load_bureau(folder)


def test_every_series_of_the_house_is_shipped():
    names = [series.name for series in load_bureau(SHIPPED).bulletins]
    assert names == [
        "每日舆情", "舆情简报", "舆情快报", "舆情专报", "舆情周报", "舆情月报", "舆情季报", "舆情年报",
        "每周调度", "月调度", "季通报",
    ]  # fmt: skip


def test_a_template_may_hold_words_of_the_bureau_with_figures_in_them(tmp_path):
    bureau = load(tmp_path, ROW.format(line="{时段}{单位}新立{新立投诉}，{新立投诉:比较}。"))
    assert bureau.series("own").name == "自办简报"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{限时答复单}", r"没有名为 \{限时答复单\} 的块.*限时答复清单"),
        ("本周新立{新立}", r"没有名为 \{新立\} 的块"),
        ("本周新立5件", "不能写数字"),
        ("本周新立５件", "不能写数字"),
        ("本周新立{新立投诉", "花括号不成对"),
        ("情况如下{概况}", "要独占一行"),
        ("{新立投诉:环比}", "只能写“比较”"),
        ("{时段}情况如下", "要有至少一个数字块"),
        ("{__class__}", "没有名为"),
        ("{新立投诉.__class__}", "没有名为"),
        ("{{0}}", "花括号不成对"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_file_and_line(tmp_path, line, told):
    with pytest.raises(ConfigError, match=rf"bulletins\.toml 第 10 行: \[\[series\]\] own 的模板: .*{told}"):
        load(tmp_path, ROW.format(line=line))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('span = "week"\n', "", "要写 span"),
        ('"by_itself"', '"by_trigger"', "要写 levels 或 urgent"),
        ('span = "week"', 'span = "fortnight"', "span"),
        ("{时段}情况", "{日期}情况", "标题中没有名为"),
        ('name = "自办简报"', 'name = "自办简报"\ncolour = "red"', "未知的键 colour"),
    ],
)
def test_a_mistake_in_a_series_is_told(tmp_path, old, new, told):
    text = ROW.format(line="{概况}")
    assert old in text
    with pytest.raises(ConfigError, match=told):
        load(tmp_path, text.replace(old, new))


def test_two_series_may_not_share_a_key(tmp_path):
    row = ROW.format(line="{概况}")
    with pytest.raises(ConfigError, match="own 重复"):
        load(tmp_path, row + row)


def test_a_template_without_a_section_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="至少要有一节"):
        load(tmp_path, ROW.format(line="无事").replace("{概况}\n", ""))


def test_no_name_is_section_and_figure_at_once():
    assert not set(blocks.SECTIONS) & (set(blocks.FIGURES) | set(blocks.WORDS))
