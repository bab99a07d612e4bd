"""Fixed texts: what a template may say, and for which case it says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publisher import fixed
from tests.unit.publisher.test_draft import BUREAU
from tests.unit.publisher.test_draft import CASE
from tests.unit.publisher.test_draft import VISIT as NOW

GOOD = "您反映的{place}{kind}问题（编号{number}）已于{day}转{unit}办理，联系电话{phone}。"


def test_a_template_of_the_records_own_words_is_sound() -> None:
    assert fixed.faults(GOOD) == ()


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("编号{number}，{author}您好", "author"),
        ("编号{number}，{first_text}", "first_text"),
        ("编号{number.__class__}", "number.__class__"),
        ("编号{number!r}", "不加格式"),
        ("编号{number:>99}", "不加格式"),
        ("编号{number}，{0}", "0"),
        ("编号{number", "没有成对"),
        ("已转办，请耐心等待。", "编号"),
        ("编号{number}" + "一" * 140, "140"),
    ],
)
def test_what_is_wrong_with_a_template_is_told(template: str, told: str) -> None:
    assert told in "；".join(fixed.faults(template))


def test_a_text_says_the_record_and_nothing_else() -> None:
    text = fixed.fill("{number}|{unit}|{day}", CASE, BUREAU, NOW)
    assert text is not None
    assert text.startswith(f"{CASE.number}|")
    assert fixed.fill("编号{number}，{place}", replace(CASE, place="13812345678旁"), BUREAU, NOW) is not None
    assert "13812345678" not in (
        fixed.fill("编号{number}，{place}", replace(CASE, place="13812345678旁"), BUREAU, NOW) or ""
    )


def test_a_fact_that_the_record_lacks_stops_the_text() -> None:
    assert fixed.fill("编号{number}，{place}", replace(CASE, place="", area=""), BUREAU, NOW) is None
    assert fixed.fill("编号{number}，{unit}", replace(CASE, unit=""), BUREAU, NOW) is None
    assert fixed.fill("编号{number}", replace(CASE, place="", area="", unit=""), BUREAU, NOW) is not None
