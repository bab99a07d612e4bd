"""A wrong [sample] in bureau.toml is told with file, line and key."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import ConfigError


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("from = 0.1, draw = 3", "band 的 from 应从 0 起逐档增大"),
        ("from = 0.0, draw = 0", "sample.band.draw 的值 0 不对, 应不小于 1"),
        ("from = 0.0, draw = 3, days = 1", "未知的键 sample.band.days"),
        ("draw = 2", "缺少必填的键 sample.band.from"),
    ],
)
def test_a_wrong_band_is_told(tmp_path: Path, wrong: str, told: str) -> None:
    shipped = (SHIPPED / "bureau.toml").read_text(encoding="utf-8")
    text = shipped.replace("{ from = 0.0, draw = 8 }", f"{{ {wrong} }}")
    assert text != shipped
    (tmp_path / "bureau.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"bureau\.toml 第 \d+ 行") as problem:
        load_bureau(tmp_path)
    assert told in str(problem.value)


def test_the_bands_cover_every_probability_once() -> None:
    strata = load_bureau(SHIPPED).bureau.sample.strata
    assert strata[0][1] == 0
    assert strata[-1][2] == 1
    assert all(one[2] == other[1] for one, other in pairwise(strata))
