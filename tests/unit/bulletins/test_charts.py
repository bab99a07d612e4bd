"""Charts that can be read on a grey copy, come out alike every time, and give way to words where there is nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sample

from bulletins import charts
from bulletins.charts import Picture
from bulletins.layout import lay_out
from huanyu.errors import NotFound
from huanyu.types import Row
from huanyu.types import Section

PLACES = tuple(
    Row(label=sample.NAMES[area], key=area, count=place * 3) for place, area in enumerate(sample.AREAS)
)
BEFORE = tuple(replace(row, count=12) for row in PLACES)
DAYS = tuple(Row(label=f"2026-03-{day:02d}", count=day % 9) for day in range(1, 32))
LAST = tuple(Row(label=f"2026-02-{day:02d}", count=day % 7) for day in range(1, 29))
COLOUR = re.compile(r'(?:fill|stroke)="(#[0-9a-f]{6})"')


def drawn(kind: str, rows: tuple[Row, ...], before: tuple[Row, ...] = ()) -> str:
    return charts.svg(Picture(kind, rows, before, "图")).decode()


def with_chart(**part) -> Section:
    return Section(heading="图", **part)


def grey(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


@pytest.mark.parametrize("kind", ["trend", "kinds", "areas", "channels"])
@pytest.mark.parametrize("before", [(), BEFORE], ids=["alone", "compared"])
def test_every_chart_comes_as_svg_and_png_and_repeats_exactly(kind, before):
    picture = Picture(kind, PLACES, before, "图")
    drawn, painted = charts.svg(picture), charts.png(picture)
    charts.svg.cache_clear()
    assert charts.svg(picture) == drawn
    assert drawn.startswith(b"<svg")
    assert charts.png(picture) == painted
    assert painted.startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["trend", "kinds", "areas", "channels"])
@pytest.mark.parametrize("before", [(), BEFORE], ids=["alone", "compared"])
def test_every_chart_is_valid_vega_lite(kind, before):
    picture = Picture(kind, PLACES, before, "图")
    assert charts.specification(picture, check=True) == charts.specification(picture)


def test_the_period_before_is_dashed_and_this_one_is_not():
    dashes = re.findall(
        r'aria-roledescription="line mark"[^>]*?(?:stroke-dasharray="([\d,]+)")', drawn("trend", DAYS, LAST)
    )
    assert sorted(set(dashes)) == ["1,0", "5,4"]


def test_bars_of_the_period_before_are_empty_frames():
    now, then = drawn("channels", PLACES), drawn("channels", PLACES, BEFORE)
    assert now.count('fill="#ffffff" stroke="#333333"') == 0
    assert then.count('fill="#ffffff" stroke="#333333"') >= len([row for row in PLACES if row.count])


def test_the_reported_day_is_darker_than_the_others_in_grey():
    bars = re.findall(r'aria-roledescription="bar"[^>]*fill="(#[0-9a-f]{6})"', drawn("trend", DAYS[:14]))
    *others, last = (grey(colour) for colour in bars)
    assert len(others) == 13
    assert last < min(others) - 0.25


def test_each_tile_carries_its_number_in_ink_that_can_be_read():
    said = drawn("areas", PLACES, BEFORE)
    for row in PLACES:
        assert row.label in said
        step = row.count - 12
        assert f"{row.count}（{f'{step:+d}'.replace('-', '−') if step else '平'}）" in said
    shades = {row["shade"]: row["ink"] for row in (charts._tile(row, 0, 4, 30, {}) for row in PLACES)}
    assert len(shades) == 5
    assert all(abs(grey(shade) - grey(ink)) > 0.45 for shade, ink in shades.items())


def test_tiles_stand_in_the_order_given():
    said = drawn("areas", tuple(reversed(PLACES)))
    found = [said.index(row.label) for row in reversed(PLACES)]
    assert found == sorted(found)


def test_bars_carry_their_numbers():
    texts = re.findall(r"<text[^>]*>([^<]+)</text>", drawn("kinds", PLACES))
    assert {str(row.count) for row in PLACES if row.count} <= set(texts)


def test_the_trend_names_where_a_month_begins():
    usual = charts.picture(sample.bulletin(), with_chart(chart="trend"))
    said = charts.svg(usual).decode()
    assert "2月20日" in said
    assert "3月1日" in said


def test_a_year_is_labelled_by_months():
    months = tuple(Row(label=f"2025-{month:02d}", count=month) for month in range(1, 13))
    texts = re.findall(r"<text[^>]*>([^<]+)</text>", drawn("trend", months))
    assert {f"{month}月" for month in range(1, 13)} <= set(texts)


def test_a_narrow_chart_fits_a_phone():
    picture = Picture("kinds", PLACES, BEFORE, "图")
    assert re.search(rb'width="(\d+)', charts.svg(picture, charts.NARROW))[1] == b"340"
    assert re.search(rb'width="(\d+)', charts.svg(picture))[1] == b"590"


def test_hostile_labels_are_drawn_as_text():
    rows = (
        Row(label="</text><script>alert(1)</script>'\\ {{ }}", key="x", count=3),
        Row(label="a'];x", count=2),
    )
    for kind in ("trend", "kinds", "areas", "channels"):
        assert "<script" not in drawn(kind, rows)


def test_an_unknown_chart_is_an_error():
    with pytest.raises(NotFound, match="没有这种图"):
        charts.picture(sample.bulletin(), with_chart(chart="pie"))


@pytest.mark.parametrize(
    ("rows", "words"),
    [((), "没有可供绘图的数据"), ((Row(label="冠县", count=0),), "各项均为零")],
    ids=["no data", "all zero"],
)
def test_a_chart_without_data_becomes_a_sentence_and_no_frame(rows, words):
    bare = replace(
        sample.bulletin(), sections=(with_chart(chart="areas", chart_rows=rows),), trend=(), kinds=()
    )
    (block,) = lay_out(bare).blocks
    assert block.picture is None
    assert words in block.paragraphs[-1]


def test_the_caption_says_what_differs_and_how():
    part = with_chart(chart="trend", chart_rows=DAYS, chart_before=LAST, chart_unit="条")
    monthly = replace(sample.bulletin(), series="monthly", span="month")
    caption = charts.picture(monthly, part).caption
    assert "条" in caption
    assert "实线为本月，虚线为上月" in caption
    assert "本月逐日" in caption
    own = charts.picture(monthly, replace(part, chart_caption="本月走势"))
    assert own.caption == "本月走势"
