"""review.toml and the windows of publishing.toml: a mistake is told with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import ConfigError

REVIEW = (SHIPPED / "review.toml").read_text(encoding="utf-8")
PUBLISHING = (SHIPPED / "publishing.toml").read_text(encoding="utf-8")


def told(folder: Path, name: str, text: str) -> str:
    """What loading says of this file."""
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as problem:
        load_bureau(folder)
    return str(problem.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('roles = ["leader"]', 'roles = ["reviewer", "leader"]', "必须由局领导审签"),
        ('key = "second"', 'key = "first"', "不能重复"),
        ('roles = ["reviewer", "leader"]', "roles = []", "roles"),
        ('roles = ["reviewer", "leader"]', 'roles = ["handler"]', "roles"),
        ('key = "press"', 'key = "petition"', "petition 重复"),
        ('key = "press"', 'key = "gossip"', "key"),
    ],
)
def test_a_chain_that_would_not_hold_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in REVIEW
    message = told(tmp_path, "review.toml", REVIEW.replace(old, new, 1))
    assert words in message
    assert "review.toml" in message


def test_a_chain_of_one_step_is_none(tmp_path: Path) -> None:
    start = REVIEW.index('    { key = "first"')
    end = REVIEW.index("\n", start) + 1
    assert "steps" in told(tmp_path, "review.toml", REVIEW[:start] + REVIEW[end:])


def test_a_class_without_a_chain_is_told(tmp_path: Path) -> None:
    only_two = REVIEW[: REVIEW.index('[[chain]]\nkey = "incident"')]
    assert "突发" in told(tmp_path, "review.toml", only_two)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("to = 07:00:00", "to = 22:00:00", "全天不能发"),
        ('classes = ["petition", "press"]', 'classes = ["gossip"]', "classes"),
        ('yearly = "12-13"', 'yearly = "13-12"', "月-日"),
        ('yearly = "12-13"', 'yearly = "12-13"\nfrom = 2026-12-13', "二者取一"),
        ('yearly = "12-13"', "from = 2026-12-13\nto = 2026-12-01", "不能早于"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in PUBLISHING
    message = told(tmp_path, "publishing.toml", PUBLISHING.replace(old, new, 1))
    assert words in message
    assert "publishing.toml" in message


def test_a_bureau_may_ask_for_more_steps(tmp_path: Path) -> None:
    more = REVIEW.replace(
        '    { key = "final", name = "终审", roles = ["reviewer", "leader"] },',
        '    { key = "second", name = "复审", roles = ["reviewer"] },\n'
        '    { key = "final", name = "终审", roles = ["leader"] },',
        1,
    )
    (tmp_path / "review.toml").write_text(more, encoding="utf-8")
    petition = next(chain for chain in load_bureau(tmp_path).review if chain.key == "petition")
    assert [step.name for step in petition.steps] == ["初审", "复审", "终审"]
