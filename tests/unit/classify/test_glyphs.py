"""The forms of a whole batch against the same made text by text."""

from __future__ import annotations

import jieba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from classify import glyphs
from classify import tokenise
from huanyu import text as ground

NASTY = (
    "\ufac4臭了",
    "",
    " ",
    "\n\n",
    "\x00甲\x02乙\x1e丙",
    "\ufeff今天\u200b河水\u2060发黑",
    "\ud83d半个字\udc00",
    "❤️好👨‍👩‍👧‍👦家1️⃣",
    "😀😀",
    "𠮷野家𪚥",
    "噪聲擾民ＫＴＶ，燒烤攤",
    "反覆沈思，瞭解覆盖，陶坏打坏了，坏\u200b子，一 坏",
    "台帐台账，台 帐",
    "＠张三丰　电话１３８００００００００　ｈｔｔｐ：／／example.org/a?b=1看看",
    "@张三丰李四王五赵六钱七孙八周九吴十郑一王二冯三陈四褚五卫六蒋七沈八",
    "看https://example.org/一二\nhttp://甲 网页链接网页链接@@甲@",
    "12 345\n6７８９一二三",
    " 甲 \r\n 乙 \r 丙 \u2028 丁\u2029\u2028戊\x85己\n \n \n庚 ",
    "\r\n\r\n甲\n\n\n\n",
    "İstanbul ΑΣ ß ﬁ ½ ㎡ ① ⑴ ㈱ ㈶ ℃ ㍿ ﾞﾊﾞ ㄱㅏ 각 e\u0301é ㅋㅋ",
    "。。。...……………！？～：",
    "¨´`ˆ˜￣▽￣",
    "\t\u00a0\u2003\u3000甲\u1680",
    "甲" * 100_000,
    "1" * 5_000 + "@" * 50,
)
CHARACTERS = st.one_of(
    st.characters(),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.sampled_from(" \n\r\t@#0９aＡ水沈下坏土覆反台帐.…！http:/\u200d\ufe0f\u200b\u3000\x1e\x02\x85\u2028"),
)


def agree(texts: list[str], limit: int = 400) -> None:
    batch = glyphs.read(texts, limit)
    assert batch.texts() == [tokenise.prepare(text)[:limit] for text in texts]
    assert len(batch) == len(texts)
    for at, text in enumerate(texts):
        assert at in batch.slow or ground.simplify(text) == text
        assert "".join(map(chr, batch.letters[batch.owner == at])) == tokenise.letters(text)


@pytest.mark.parametrize("limit", [3, 400])
def test_nasty_texts_are_read_together_as_alone(limit: int) -> None:
    agree(list(NASTY), limit)


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:12]))
def test_a_nasty_text_is_read_alone_as_by_its_letters(text: str) -> None:
    agree([text])


def test_nothing_is_read_from_nothing() -> None:
    agree([])
    assert list(glyphs.parts([])) == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(CHARACTERS, max_size=25), max_size=6), st.sampled_from([1, 5, 400]))
def test_any_texts_are_read_together_as_alone(texts: list[str], limit: int) -> None:
    agree(texts, limit)


def test_every_character_is_read_as_by_its_letter() -> None:
    """Between two others, so that what joins its neighbours shows; of the rarest planes every hundredth."""
    codes = [*range(glyphs.SIZE), *range(glyphs.SIZE, 0x110000, 101)]
    texts = [f"x{chr(code)}台" for code in codes]
    for part in glyphs.parts(texts):
        batch = glyphs.read(texts[part], 400)
        assert batch.texts() == [tokenise.prepare(text) for text in texts[part]]


def test_no_word_is_simplified_that_is_taken_for_simple() -> None:
    """opencc rewrites some words letter for letter; those must be read by their letters."""
    jieba.initialize()
    changed = [word for word in jieba.dt.FREQ if word and ground.simplify(word) != word]
    assert len(changed) > 1000
    for part in glyphs.parts(changed):
        agree(changed[part])


@pytest.mark.parametrize("char", [*glyphs.BESIDE, "沈", "藉", "哩", "衹", "瞭", "甦"])
def test_what_stands_beside_a_character_of_phrases_is_heeded(char: str) -> None:
    common = [chr(code) for code in range(0x4E00, 0x9FFF)]
    texts = [
        "。".join(f"{other}{char}{other}" for other in common[at : at + 100]) for at in range(0, 20902, 100)
    ]
    batches = [glyphs.read(texts[part], 10_000) for part in glyphs.parts(texts)]
    assert [text for batch in batches for text in batch.texts()] == [tokenise.prepare(text) for text in texts]


def test_texts_are_parted_by_number_and_weight() -> None:
    many = ["甲"] * (glyphs.MOST + 1)
    assert [len(many[part]) for part in glyphs.parts(many)] == [glyphs.MOST, 1]
    heavy = ["甲" * glyphs.WEIGHT, "乙", "丙" * glyphs.WEIGHT]
    assert [part.stop for part in glyphs.parts(heavy)] == [1, 2, 3]


def test_plain_texts_are_not_read_letter_by_letter() -> None:
    texts = [
        "楼下烧烤店油烟直排，窗户不敢开！",
        "今天PM2.5只有30～",
        "@某某 坏了，覆盖 http://example.org",
        "甲\r\n乙",
    ]
    assert glyphs.read([*texts, "噪聲"], 400).slow == (len(texts),)


def test_arrays_are_as_narrow_as_code_points() -> None:
    batch = glyphs.read(["甲乙", "噪聲"], 400)
    assert batch.codes.dtype == batch.letters.dtype == np.uint32
