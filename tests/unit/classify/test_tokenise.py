"""Words and marks."""

from __future__ import annotations

import json
from pathlib import Path

import jieba

from classify import tokenise
from classify.keywords import keywords


def cut(texts: list[str]) -> list[str]:
    return tokenise.cut_joined(tokenise.BREAK.join([*texts, ""]))


def test_cut_words_joined_give_the_texts_back() -> None:
    texts = ["楼下工地半夜施工", "", "abc 烧烤摊油烟!"]
    words = cut(texts)
    assert "".join(words) == tokenise.BREAK.join([*texts, ""])
    assert words.count(tokenise.BREAK) == len(texts)


def test_cutting_together_equals_cutting_alone() -> None:
    texts = ["河水发黑发臭", "夜里三点还在打桩", "空气质量优良天数"]
    alone = [word for text in texts for word in cut([text])]
    assert cut(texts) == alone


def test_nothing_is_cut_from_nothing() -> None:
    assert tokenise.cut_joined("") == []


def test_numbers_accounts_and_addresses_become_marks() -> None:
    prepared = tokenise.prepare("@张三丰 电话13800000000 https://example.org/a?b=1 看看")
    assert "张三丰" not in prepared
    assert "138" not in prepared
    assert "example" not in prepared
    assert prepared.startswith("@ 电话0 \x03 看看")


def test_traditional_and_full_width_writing_is_prepared_like_simplified() -> None:
    assert tokenise.prepare("噪聲擾民ＫＴＶ") == tokenise.prepare("噪声扰民ktv")


def test_search_tokens_hold_short_words_and_no_punctuation() -> None:
    tokens = tokenise.search_tokens("东昌府区，垃圾焚烧厂！").split(" ")
    assert {"垃圾", "焚烧"} <= set(tokens)
    assert "，" not in tokens


def test_rjieba_cuts_as_jieba_does() -> None:
    path = Path(__file__).parents[2] / "quality" / "texts.jsonl"
    texts = [
        tokenise.prepare(json.loads(line)["text"]) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    same = asked = told = 0
    for text in texts:
        ours, reference = _spans(cut([text])[:-1]), _spans(list(jieba.cut(text)))
        same, asked, told = same + len(ours & reference), asked + len(reference), told + len(ours)
    assert 2 * same / (asked + told) > 0.99


def _spans(words: list[str]) -> set[tuple[int, int]]:
    spans, at = set(), 0
    for word in words:
        spans.add((at, at + len(word)))
        at += len(word)
    return spans


def test_keywords_tell_what_a_text_is_about() -> None:
    found = keywords("徒骇河大桥下游排污口半夜往河里排黑水，臭气熏天，电话13800000000，@聊城环境")
    assert "排污口" in found
    assert not any("138" in word or "聊城" in word for word in found)


def test_a_text_prepared_and_folded_at_once_is_as_each_alone() -> None:
    for text in ("噪聲擾民，請管一管！", "Ａ帐〔2017〕号 http://example.org 13800000000", "", "\u200d坏坏㎡"):
        assert tokenise.prepare_and_letters(text) == (tokenise.prepare(text), tokenise.letters(text))
