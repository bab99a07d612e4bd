"""`huanyu crawl --try`: the real command, the real spiders, and not a trace in the desk afterwards.

The first test runs it as a process of its own, the others within theirs.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
RULES = """
[source.rules.list]
item = "ul > li"
follow = "a@href"
fields.title = "a"
fields.posted_at = "span"
fields.region = "i"

[source.rules.detail.fields]
text = "article"
author = "b"
"""
LIST = """<html><body><ul>
<li><a href="/msg?id=2">夜间施工</a> <span>12-31 23:58</span></li>
<li><a href="/msg?id=1">河水发黑</a> <span>前些日子</span></li>
</ul></body></html>"""
DETAIL = "<html><body><b>沙镇村民</b><article>徒骇河边有一根管子，雨天就往外排黑水。</article></body></html>"
FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title>'
    "<item><title>我市开展噪声检查</title><link>{url}/1.html</link><guid>1</guid>"
    "<description>摘要在此</description></item></channel></rss>"
)


def process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUANYU_")}
    return subprocess.run(
        [sys.executable, "-m", "console.cli", "crawl", *arguments],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


@pytest.fixture
def huanyu(here):
    return lambda folder, *arguments: here("crawl", *arguments, folder=folder)


def add(desk, url: str, rules: str = RULES, **more: object) -> None:
    desk.source("minsheng", "site", "letter", urls=[f"{url}/list"], enabled=False, **more)
    desk.sources[-1] += rules
    (desk.folder / "tables" / "sources.toml").write_text("\n".join(desk.sources), encoding="utf-8")


def traces(folder: Path) -> dict[str, str]:
    """Every file of the desk but the memory of when a site was asked, which is manners."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "sites" not in path.parts
    }


@pytest.fixture
def site(serve, answer):
    def respond(path: str, headers: dict[str, str]):
        if path == "/rss.xml":
            return answer(FEED.format(url=f"http://{headers['Host']}").encode(), 200, "application/rss+xml")
        return answer((LIST if path == "/list" else DETAIL).encode())

    return serve(respond)


def test_a_trial_shows_what_would_be_taken_and_leaves_no_trace(desk, site):
    add(desk, site.url)
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"], mode="summary")
    assert desk.crawl("news").new == 1
    before, asked = traces(desk.folder), len(site.times)
    done = process(desk.folder, "--try", "minsheng")
    assert traces(desk.folder) == before
    assert (done.returncode, done.stderr) == (1, "")
    for told in (
        "12-31 23:58 (年份推断)  沙镇村民",
        "标题: 夜间施工",
        "正文: 徒骇河边有一根管子，雨天就往外排黑水。 (19 字)",
        f"{site.url}/msg?id=2",
        "rules.list: 找到 2 项; fields.title 2, fields.posted_at 2, fields.region 0, follow 2",
        "规则 rules.list.fields.posted_at 读到“前些日子”, 不是看得懂的时间",
        "没有时间",
        f"共 2 条, 读不懂 1; 请求 {len(site.times) - asked} 次, 读到 3 页。什么都没有保存。",
    ):
        assert told in done.stdout


def test_a_trial_of_a_new_desk_makes_no_database(new_desk, site, huanyu):
    new_desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"], mode="summary")
    before = traces(new_desk.folder)
    done = huanyu(new_desk.folder, "--try", "news")
    assert (done.code, traces(new_desk.folder)) == (0, before)
    assert "标题: 我市开展噪声检查" in done.out
    assert f"共 1 条, 读不懂 0; 请求 {len(site.times)} 次, 读到 1 页" in done.out


def test_a_trial_ends_after_so_many_requests_and_says_so(desk, site, huanyu):
    add(desk, site.url)
    done = huanyu(desk.folder, "--try", "minsheng", "--most", "2")
    assert len(site.asked) == 2
    assert "到了请求数的上限" in done.out


def test_one_page_is_tried_alone(desk, site, huanyu):
    add(desk, site.url)
    done = huanyu(desk.folder, "--try", "minsheng", "--page", f"{site.url}/msg?id=1")
    assert site.paths == ["/msg?id=1"]
    assert done.code == 0
    assert "正文: 徒骇河边有一根管子" in done.out


def test_a_saved_page_is_tried_without_any_request(desk, site, huanyu):
    add(desk, site.url)
    saved = desk.folder / "存下来的.html"
    saved.write_text(LIST, encoding="gbk")
    done = huanyu(desk.folder, "--try", "minsheng", "--file", "存下来的.html")
    assert site.asked == []
    assert "rules.list: 找到 2 项" in done.out
    assert f"会接着读:\n  {site.url}/msg?id=2" in done.out


def test_walls_and_redesigns_are_told(desk, serve, answer, huanyu):
    walled = serve(lambda path, headers: answer(status=403))
    add(desk, walled.url)
    done = huanyu(desk.folder, "--try", "minsheng")
    assert (done.code, "网站拒绝访问 (HTTP 403)" in done.out) == (1, True)
    rebuilt = serve(lambda path, headers: answer(b"<html><body><p>new</p></body></html>"))
    desk.sources.clear()
    add(desk, rebuilt.url)
    done = huanyu(desk.folder, "--try", "minsheng")
    assert (done.code, "规则 rules.list.item (ul > li) 在这一页上什么也没有找到" in done.out) == (
        1,
        True,
    )


def test_an_item_whose_page_is_gone_says_so(desk, serve, answer, huanyu):
    gone = serve(lambda path, headers: answer(LIST.encode()) if path == "/list" else answer(status=404))
    add(desk, gone.url)
    done = huanyu(desk.folder, "--try", "minsheng")
    assert done.out.count("(原页打不开: 已被删除或不存在)") == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--try"], "试读一次只试一个来源"),
        (["--try", "nowhere"], "sources.toml 中没有来源 nowhere"),
        (["--try", "minsheng", "--file", "没有.html"], "没有.html: 没有这个文件或文件夹"),
        (["minsheng", "--page", "http://x/"], "请加上 --try"),
        (["--try", "at", "--page", "http://x/"], "用 weibo 抓取的来源不能单独试读一页"),
    ],
)
def test_a_mistake_is_told(desk, site, arguments, told, huanyu):
    add(desk, site.url)
    desk.source("at", "weibo", "weibo", mode="mentions", base_url=site.url)
    done = huanyu(desk.folder, *arguments)
    assert done.code == 1
    assert told in done.out + done.err
