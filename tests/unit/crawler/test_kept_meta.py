"""What a page's method needs to know, kept as JSON and built back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pytest

from crawler.kept_meta import dump_meta
from crawler.kept_meta import load_meta
from huanyu.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Step:
    page: int
    seen: tuple[int, ...] = ()


class Reader:
    told: Mapping[str, object] = {"step": Step, "newest": datetime | None}


def test_what_a_spider_put_into_a_request_comes_back_as_it_was():
    newest = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
    meta = {
        "expects": "html", "given": ("step", "newest", "rest", "fid", "callback"), "depth": 3, "decoded": object(),
        "step": Step(2, (7, 9)), "newest": newest, "rest": [3, 4], "fid": "5", "callback": object(),
    }  # fmt: skip
    kept = json.loads(json.dumps(dump_meta(Reader(), meta)))
    assert set(kept) == {"expects", "step", "newest", "rest", "fid"}
    found = load_meta(Reader, kept)
    assert (found["step"], found["newest"], found["rest"], found["fid"]) == (
        Step(2, (7, 9)),
        newest,
        [3, 4],
        "5",
    )
    assert dump_meta(Reader(), found) == kept


@pytest.mark.parametrize("value", [(1, 2), {1: "a"}, b"x", {"a": {3}}, [object()]])
def test_what_json_would_bring_back_changed_is_left_out(value):
    assert dump_meta(Reader(), {"given": ("x",), "x": value}) == {}


def test_a_value_of_another_type_than_told_costs_only_itself():
    assert dump_meta(Reader(), {"given": ("step", "fid"), "step": "page 3", "fid": "5"}) == {"fid": "5"}


def test_a_kept_value_that_no_longer_fits_is_told():
    with pytest.raises(ValueError, match="page"):
        load_meta(Reader, {"step": {"page": "no number"}})
