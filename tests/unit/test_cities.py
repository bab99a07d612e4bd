"""The demo's cities: each bureau that is shipped can be played, and its posts speak of its own places."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from demo.city import city
from demo.sites import content
from huanyu import shipped
from huanyu.bureau import Bureau
from huanyu.config import load_bureau
from huanyu.errors import ConfigError


def bureau(key: str, folder: Path) -> Bureau:
    for path in shipped.tables(key).values():
        shutil.copyfile(path, folder / path.name)
    units = folder / "units.toml"
    units.write_text(f"{units.read_text(encoding='utf-8')}\n{city(key).units}", encoding="utf-8")
    return load_bureau(folder)


@pytest.mark.parametrize("key", ["liaocheng", "cixi"])
def test_what_is_played_is_of_the_bureaus_own_city(key: str, tmp_path: Path) -> None:
    assert key in shipped.bureaus()
    played, desk = city(key), bureau(key, tmp_path)
    told = content.load(played.told)
    labels = [one.truth for many in (told.statuses, told.threads, told.articles) for one in many]
    assert {one.area for one in labels if one.area} <= set(desk.areas())
    assert desk.unit(played.town) is not None and desk.unit(played.branch) is not None
    assert played.clue.is_file()


def test_no_name_of_the_first_city_is_left_in_the_second() -> None:
    told = content.load(city("cixi").told)
    texts = [one.text for many in (told.statuses, told.threads, told.articles, told.rows) for one in many]
    names = re.compile("聊城|东昌府|茌平|阳谷|莘县|东阿|冠县|高唐|临清|徒骇河|马颊河|鲁西|水城|山东")
    assert [text for text in texts if names.search(text)] == []
    assert told.names.official == "慈溪环境保护"


def test_a_city_that_is_not_played_is_told_so() -> None:
    with pytest.raises(ConfigError, match="没有 nowhere 的演示, 可选: cixi、liaocheng"):
        city("nowhere")
