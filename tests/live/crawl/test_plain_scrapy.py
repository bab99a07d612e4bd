"""Our spiders are plain Scrapy spiders, and the page on writing one can be followed to the letter."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "spiders.md").read_text(encoding="utf-8")
RULES = '\n[source.rules.list]\nitem = "li"\nfields.title = "a"\n'


def block(language: str) -> str:
    """The only block of that language on the page."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return found


def scrapy(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUANYU_")}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(folder)} | more,
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


def stored(desk) -> list:
    store = desk.store()
    try:
        return [post for post, _ in store.posts.iterate(None)]
    finally:
        store.close()


def add_site(desk, key: str, url: str, **more: object) -> None:
    desk.source(key, "site", "letter", urls=[url], **more)
    desk.sources[-1] += RULES
    (desk.folder / "tables" / "sources.toml").write_text("\n".join(desk.sources), encoding="utf-8")


def test_scrapy_lists_every_spider():
    files = {path.stem for path in (ROOT / "crawler" / "spiders").glob("[!_]*.py")}
    listed = scrapy(ROOT, "list")
    assert set(listed.stdout.split()) == files
    assert {"weibo", "discuz", "feed", "site"} <= files


def test_the_only_enabled_source_of_a_spider_needs_no_name(desk, serve, answer):
    site = serve(lambda path, headers: answer("<ul><li><a>夜里打桩</a></li></ul>".encode()))
    add_site(desk, "one", f"{site.url}/a")
    add_site(desk, "off", f"{site.url}/b", enabled=False)
    done = scrapy(ROOT, "crawl", "site", HUANYU_CONFIG=str(desk.config_path))
    assert done.returncode == 0
    assert [(post.source, post.title) for post in stored(desk)] == [("one", "夜里打桩")]
    assert site.paths == ["/a"]


def test_where_there_are_several_or_none_they_are_named(desk, serve, answer):
    for key in ("one", "two"):
        add_site(desk, key, "http://board.invalid/")
    desk.source("quiet", "feed", "news", urls=["http://news.invalid/"], enabled=False)
    told = {"HUANYU_CONFIG": str(desk.config_path)}
    several = scrapy(ROOT, "crawl", "site", **told)
    assert several.returncode == 1
    assert "用 site 抓取的来源有 2 个, 请用 -a source= 指明一个: one、two" in several.stderr
    none = scrapy(ROOT, "crawl", "feed", **told)
    assert none.returncode == 1
    assert "sources.toml 中没有启用的 feed 来源, 未启用的有: quiet" in none.stderr


def test_the_spider_on_the_page_works_when_one_does_what_the_page_says(desk, serve, answer, tmp_path):
    copy = tmp_path / "program"
    for name in ("crawler", "huanyu", "config"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "scrapy.cfg", copy)
    (copy / "crawler" / "spiders" / "snap.py").write_text(block("python"), encoding="utf-8")
    tables = copy / "huanyu" / "bureau.py"
    tables.write_text(
        tables.read_text(encoding="utf-8").replace('"site", "import"', '"site", "snap", "import"')
    )

    rows = [
        {"id": 8, "text": "桥下倒垃圾", "time": "03-05 10:22"},
        {"id": 7, "text": "夜里打桩", "time": "?"},
    ]

    def respond(path: str, headers: dict[str, str]):
        shown = [row for row in rows if row["id"] > int(path.rpartition("=")[2])]
        return answer(json.dumps({"reports": shown}).encode(), 200, "application/json")

    site = serve(respond)
    row = block("toml").replace("https://snap.example.org", site.url) + "pace = 0.0\n"
    (desk.folder / "tables" / "sources.toml").write_text(row, encoding="utf-8")
    for visit in range(2):
        done = scrapy(copy, "crawl", "snap", HUANYU_CONFIG=str(desk.config_path))
        assert done.returncode == 0, done.stderr
        assert site.paths[visit] == f"/reports.json?after={[0, 8][visit]}"
    (desk.folder / "tables" / "sources.toml").write_text("")  # our own program knows no snap
    assert sorted((post.native_id, post.text) for post in stored(desk)) == [
        ("7", "夜里打桩"),
        ("8", "桥下倒垃圾"),
    ]
