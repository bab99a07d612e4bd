"""What a crawl could not read is read again once the rules are right: from the desk's own keeping, the site untouched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flow import intake
from flow import replay
from flow.desk import Desk
from huanyu import clock
from huanyu.config import Config
from huanyu.errors import Conflict
from huanyu.types import Reject

LIST = """<!doctype html><html><head><title>民声直通</title></head><body><ul class="board">
<li><a href="/m/1">第一件</a><p>柳园街道楼下烧烤油烟扰民</p><time>2026-03-05 10:22</time></li>
<li><a href="/m/2">第二件</a><p>许营镇喷漆房夜里开工</p><time>2026-03-05 11:05</time></li></ul></body></html>"""
SITE = """
[[source]]
key = "minsheng"
name = "民声直通"
spider = "site"
kind = "letter"
pace = 0.0
urls = ["{url}/list"]
[source.rules.list]
item = "{item}"
fields.url = "a@href"
fields.title = "a"
fields.text = "p"
fields.posted_at = "time"

[[source]]
key = "rexian"
name = "热线导出"
spider = "import"
kind = "hotline"
"""


def write(desk, url: str, item: str) -> None:
    (desk.folder / "tables" / "sources.toml").write_text(SITE.format(url=url, item=item), encoding="utf-8")


@pytest.fixture
def opened(desk) -> Iterator:
    """The desk as the flow sees it, each time with its tables as they are now."""
    held: list[Desk] = []

    def open_() -> Desk:
        held.append(Desk.open(Config.load(desk.config_path)))
        return held[-1]

    yield open_
    for one in held:
        one.close()


@pytest.fixture
def board(desk, serve, answer):
    """A site whose rules were wrong at its first visit, which kept the page."""
    site = serve(lambda path, headers: answer(LIST.encode(), 200, "text/html; charset=utf-8"))
    write(desk, site.url, "table.board tr")
    report = desk.crawl("minsheng")
    assert (report.new, report.rejects, report.state) == (0, 1, "failing")
    return site


def texts(desk: Desk) -> list[str]:
    return sorted(post.text for post, _ in desk.store.posts.iterate(None))


def test_once_the_rules_are_right_the_kept_page_gives_its_posts_and_nobody_is_asked(desk, board, opened):
    write(desk, board.url, "ul.board > li")
    asked, flow = len(board.asked), opened()
    (head,) = flow.store.rejects.heads()
    (done,) = replay.replay_all(flow, [head.id], clock.now())
    assert (done.new, done.seen, done.reason) == (2, 0, "")
    assert texts(flow) == ["柳园街道楼下烧烤油烟扰民", "许营镇喷漆房夜里开工"]
    assert flow.store.rejects.heads() == [] and len(board.asked) == asked


def test_the_posts_count_as_captured_when_the_page_was_fetched(desk, board, opened):
    write(desk, board.url, "ul.board > li")
    flow = opened()
    (head,) = flow.store.rejects.heads()
    list(replay.replay_all(flow, [head.id], clock.now()))
    assert {post.fetched_at for post, _ in flow.store.posts.iterate(None)} == {head.at}


def test_what_the_next_visit_finds_too_is_not_doubled(desk, board, opened):
    write(desk, board.url, "ul.board > li")
    flow = opened()
    (head,) = flow.store.rejects.heads()
    list(replay.replay_all(flow, [head.id], clock.now()))
    report = desk.crawl("minsheng")
    assert (report.new, report.seen) == (0, 2)


def test_while_the_rules_are_wrong_the_page_stays_under_today_s_reason(desk, board, opened):
    write(desk, board.url, "ul.board > article")
    flow = opened()
    (head,) = flow.store.rejects.heads()
    (done,) = replay.replay_all(flow, [head.id], clock.now())
    (still,) = flow.store.rejects.heads()
    assert done.reason == still.reason != head.reason
    assert (still.id, still.at, still.callback) == (head.id, head.at, head.callback)
    assert "article" in still.reason


def test_an_item_is_dealt_with_once(desk, board, opened):
    write(desk, board.url, "ul.board > li")
    flow = opened()
    (head,) = flow.store.rejects.heads()
    list(replay.replay_all(flow, [head.id], clock.now()))
    (again,) = replay.replay_all(flow, [head.id], clock.now())
    assert (again.new, again.reason) == (0, "这一项已经处理过了")
    with pytest.raises(Conflict):
        flow.store.rejects.settle(head.id, (), (), "", "系统", clock.now())


def test_one_item_that_cannot_be_read_holds_up_nobody_else(desk, board, opened):
    write(desk, board.url, "ul.board > li")
    flow = opened()
    (head,) = flow.store.rejects.heads()
    wall = Reject(source="minsheng", where=board.url, reason="反爬", payload=b"<html>", at=clock.now())
    odd = Reject(source="abgeschafft", where=board.url, reason="?", payload=b"", at=clock.now(), callback="x")
    flow.store.posts.add_rejects([wall, odd], now=clock.now())
    ids = sorted(one.id for one in flow.store.rejects.heads())
    done = {one.reject_id: one for one in replay.replay_all(flow, ids, clock.now())}
    assert done[head.id].new == 2
    assert len(done) == 3 and sum(bool(one.reason) for one in done.values()) == 2
    reasons = {one.reason for one in flow.store.rejects.heads()}
    assert reasons == {"反爬", "?"}  # what could not even be tried keeps its own reason


def test_a_row_of_an_export_is_read_by_the_mapping_of_today_with_its_reporter_apart(desk, board, opened):
    file = desk.folder / "工单.csv"
    file.write_text(
        "工单编号,姓名,电话,何时,内容\nG-7,冯某某,13900000000,2026年3月5日 10:22,\n", encoding="utf-8"
    )
    flow = opened()
    source = flow.bureau.source("rexian")
    done = intake.import_file(flow, file, source, clock.now())
    assert (done.new, done.bad) == (0, 1)
    (head,) = flow.store.rejects.heads("rexian")
    (first,) = replay.replay_all(flow, [head.id], clock.now())
    assert first.reason and flow.store.rejects.heads("rexian")
    intake.save_choices(flow, source, {"text": ("内容", "工单编号")}, clock.now())
    (second,) = replay.replay_all(flow, [head.id], clock.now())
    assert (second.new, second.reason) == (1, "")
    (post,) = [post for post, _ in flow.store.posts.iterate(None)]
    assert post.source == "rexian" and "冯某某" not in post.text


@pytest.fixture
def command(desk, here):
    return lambda *words: here(*words, folder=desk.folder)


def test_the_command_lists_reads_and_says_what_came_of_each(desk, board, command):
    listed = command("replay")
    assert listed.code == 0 and "1 minsheng" in listed.out and "共 1 项" in listed.out
    still = command("replay", "1")
    assert still.code == 1 and "仍读不懂" in still.out
    write(desk, board.url, "ul.board > li")
    done = command("replay", "--source", "minsheng")
    assert done.code == 0 and "新增 2, 已有 0" in done.out and "读懂 1 项" in done.out
    assert command("replay", "--all").code == 0
    again = command("replay", "1")
    assert (again.code, again.out) == (1, "") and "已经处理过" in again.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("99",), "没有这条记录"),
        (("--source", "nowhere"), "没有来源 nowhere"),
        (("1", "--all"), "只写一个"),
    ],
)
def test_a_wrong_command_line_is_one_chinese_line(board, command, words, told):
    done = command("replay", *words)
    assert done.code == 1 and told in done.err and "Traceback" not in done.err
