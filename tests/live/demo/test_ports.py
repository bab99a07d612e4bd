"""Ports of the demo: the same from run to run, another where only a browser opens it, a clear word where posts lie there."""

from __future__ import annotations

import json
import socket
from dataclasses import asdict
from dataclasses import replace
from pathlib import Path

import pytest

from demo import ports
from demo.ports import Ports
from huanyu.errors import Conflict


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ports:
    """Ports of a demo that was played before; none is looked for where other tests are given theirs."""
    first = next(
        start for start in range(12_000, 18_000, 40) if all(ports._free(start + one) for one in range(40))
    )
    monkeypatch.setattr(ports, "FIRST", first)
    monkeypatch.setattr(ports, "LAST", first + 40)
    return Ports.of(tmp_path)


def taken(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


def test_they_are_the_same_from_run_to_run(own: Ports, tmp_path: Path) -> None:
    assert Ports.of(tmp_path) == own
    assert len({*asdict(own).values(), *range(own.sites, own.sites + ports.SITES)}) == 15


@pytest.mark.parametrize(("name", "told"), ports.OPENED.items())
def test_what_a_browser_opens_goes_to_another_port_and_that_is_said(
    own: Ports, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    had: int = getattr(own, name)
    with taken(had):
        other = Ports.of(tmp_path)
    port: int = getattr(other, name)
    assert port not in {*asdict(own).values(), *range(own.sites, own.sites + ports.SITES)}
    assert other == replace(own, **{name: port})
    assert capsys.readouterr().out == f"端口 {had} 已被别的程序占用, {told}改用 {port}\n"
    assert Ports.of(tmp_path) == other  # and stays there


def test_what_posts_lie_at_is_not_moved(own: Ports, tmp_path: Path) -> None:
    for port in (own.sites + 3, own.weibo):
        with taken(port), pytest.raises(Conflict, match=rf"端口 {port} 已被别的程序占用.*--folder"):
            Ports.of(tmp_path)
    assert Ports.of(tmp_path) == own


def test_a_demo_of_a_former_version_gets_what_it_lacks(own: Ports, tmp_path: Path) -> None:
    had = asdict(own)
    for name in ports.OPENED:
        del had[name]
    (tmp_path / "ports.json").write_text(json.dumps(had), encoding="utf-8")
    found = Ports.of(tmp_path)
    assert found.public and found.callback and found.public != found.callback
    assert replace(found, public=0, callback=0) == replace(own, public=0, callback=0)
