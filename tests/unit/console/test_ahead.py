"""What a new server process makes ready before anybody asks: all its templates."""

from __future__ import annotations

import threading
from pathlib import Path
from threading import Event

import pytest
from jinja2 import Environment
from jinja2 import FileSystemLoader

import console
from console import ahead
from console.view import TEMPLATES

PATIENCE = 240.0  # seconds: the machine may be busy with other tests


def test_every_template_of_the_console_is_compiled() -> None:
    folder = Path(console.__file__ or "").parent / "templates"
    there = {one.relative_to(folder).as_posix() for one in folder.rglob("*.html")}
    kept = TEMPLATES.env.cache
    assert kept is not None
    kept.clear()
    ahead.templates(TEMPLATES.env, Event())
    assert {name for _, name in kept} == there, "and none of them pushed another out"


def test_what_most_people_open_first_comes_first() -> None:
    names = ahead.in_order(TEMPLATES.env)
    assert names[0] == "base.html"
    assert names.index("case.html") < names.index("post.html") < names.index("accounts.html")


def test_a_template_that_cannot_be_compiled_is_told_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.html").write_text("{% if %}", encoding="utf-8")
    (tmp_path / "whole.html").write_text("{{ 1 }}", encoding="utf-8")
    env = Environment(loader=FileSystemLoader(tmp_path), autoescape=True)
    ahead.templates(env, Event())
    assert env.cache is not None
    assert [name for _, name in env.cache] == ["whole.html"]
    out, err = capsys.readouterr()
    assert (out + err).count("template_not_ready") == 1


def test_it_ends_with_what_it_was_begun_for() -> None:
    with ahead.begun():
        mine = [one for one in threading.enumerate() if one.name == "ahead"]
    for one in mine:
        one.join(PATIENCE)
    assert not any(one.is_alive() for one in mine)


def test_told_to_end_it_begins_nothing() -> None:
    over = Event()
    over.set()
    kept = TEMPLATES.env.cache
    assert kept is not None
    kept.clear()
    ahead.templates(TEMPLATES.env, over)
    assert not list(kept)
