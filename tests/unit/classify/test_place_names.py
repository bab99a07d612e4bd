"""The finder of names against an automaton that walks through every character."""

from __future__ import annotations

import pytest
from ahocorasick_rs import AhoCorasick
from ahocorasick_rs import MatchKind
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from classify import place_names
from classify.place_names import Finder
from classify.place_names import Form
from huanyu.bureau import PlaceRow

FORMS = (Form(PlaceRow(name="莘县", code="371522", level="county", unit="371522"), strict=False),)
LETTERS = "莘县古云镇市😀"


def found(finder: Finder, texts: list[str]) -> list[list[tuple[int, int, str]]]:
    return [[(hit.start, hit.end, hit.words) for hit in hits] for hits in finder.hits_of_each(texts)]


def by_automaton(words: list[str], text: str) -> list[tuple[int, int, str]]:
    automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)
    hits = automaton.find_matches_as_indexes(text)[: place_names.MOST]
    return [(start, end, words[index]) for index, start, end in hits]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.text(st.sampled_from(LETTERS), min_size=1, max_size=4), min_size=1, max_size=8, unique=True),
    st.lists(st.text(st.sampled_from(LETTERS), max_size=20), max_size=5),
)
def test_the_longest_word_from_the_left_is_found_in_each_text(words: list[str], texts: list[str]) -> None:
    finder = Finder(dict.fromkeys(words, FORMS))
    assert found(finder, texts) == [by_automaton(words, text) for text in texts]


@pytest.mark.parametrize(
    "words", [["古云镇"], ["莘", "古云镇"]], ids=["long", "with one of a single character"]
)
def test_of_a_mere_list_of_names_only_the_first_are_taken(words: list[str]) -> None:
    finder = Finder(dict.fromkeys(words, FORMS))
    texts = ["古云镇、" * 400, "莘", "古云镇" * 2]
    assert found(finder, texts) == [by_automaton(words, text) for text in texts]


def test_a_name_does_not_reach_from_one_text_into_the_next() -> None:
    finder = Finder({"古云镇": FORMS})
    assert found(finder, ["古云", "镇古", "云镇", ""]) == [[], [], [], []]


def test_no_words_are_found_nowhere() -> None:
    assert found(Finder({}), ["古云镇", ""]) == [[], []]
    assert Finder({"古云镇": FORMS}).hits_of_each([]) == []
