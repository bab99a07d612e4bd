"""Characters that hardly ever stand where they stand, and what good Chinese only looks like it."""

from __future__ import annotations

import io

import numpy as np
import pytest

from publisher.grams import BITS
from publisher.grams import codes
from publisher.grams import hashes
from publisher.grams import load
from publisher.grams import made
from publisher.grams import save
from publisher.misspelt import misspelt
from publisher.spelling import believed
from publisher.spelling import speller
from publisher.spelling import unlikely


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("感谢您对环保工作的关住和支持。", "住", "注"),
        ("我局以经对该企业下达了整改通知书。", "以", "已"),
        ("我局高度重视，迅速组织人员进行调察。", "察", "查"),
        ("现场未发现明显异味，周边居民也表示没有闻到异未。", "未", "味"),
        ("中华人民共合国生态环境部", "合", "和"),
    ],
)
def test_a_character_that_is_unlikely_where_it_stands_is_found(text: str, wrong: str, right: str) -> None:
    assert [(text[start:end], meant) for start, end, meant in unlikely(text)] == [(wrong, right)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "好",
        "3月12日",
        "聊城市东昌府区沙镇镇前化村村民刘克俭来信反映，徒骇河北岸有人倾倒渣土。",
        "慈溪市观海卫镇该电镀企业总铬0.12毫克每升，未超过排放限值。",
        "莘县樱桃园镇鸿昌砖厂位于燕塔南侧。樱桃园镇政府已到鸿昌砖厂核查。",
    ],
)
def test_names_and_good_chinese_are_left_alone(text: str) -> None:
    assert list(unlikely(text)) == []


@pytest.mark.parametrize("text", ["熟料出窑一千多度。", "分类垃圾桶时常溢满。", "福州市鼓东街道的居民来信。"])
def test_a_word_nearly_right_that_fits_where_it_stands_is_not_believed_wrong(text: str) -> None:
    assert list(believed(text, misspelt(text))) == []


@pytest.mark.parametrize("text", ["废水经沉定后回用。", "请严防死首。", "避免对居民照成影响。"])
def test_a_word_gone_wrong_is_believed(text: str) -> None:
    assert list(believed(text, misspelt(text))) == list(misspelt(text)) != []


def test_a_text_with_a_broken_surrogate_is_read() -> None:
    assert list(unlikely("已清理\ud800完毕")) == []


def test_what_was_counted_comes_back_from_the_file() -> None:
    keys = np.cumsum(np.arange(1, 500), dtype=np.uint32)
    grams = made(keys, np.arange(1, len(keys) + 1))
    file = io.BytesIO()
    save(file, grams, {"weights": np.ones((4, 9), np.float32)})
    again, extra = load(io.BytesIO(file.getvalue()))
    assert np.array_equal(again.keys, keys)
    assert np.array_equal(again.counted, grams.counted)
    assert list(extra) == ["weights"]


def test_a_group_never_seen_has_no_level() -> None:
    grams = made(np.unique(hashes(codes("监测结果"), 2)), np.array([5, 5, 5]))
    assert (grams.levels(codes("监测结果"), 2) > 0).all()
    assert (grams.levels(codes("锂鳑鲏鼋"), 2) == 0).all()


def test_the_shipped_table_is_hashes_and_figures_only() -> None:
    shipped = speller()
    assert shipped.grams.keys.dtype == np.uint32
    assert int(shipped.grams.keys[-1]) < 1 << BITS
    assert (np.diff(shipped.grams.keys.astype(np.int64)) > 0).all()
