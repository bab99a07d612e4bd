"""A day of the press office: posts judged, a post joined, a case dispatched, the morning's bulletin read and issued."""

from __future__ import annotations

from collections.abc import Callable

from walk import Walk

StartDay = Callable[[str], Walk]


def test_a_day_of_the_press_office(start_day: StartDay) -> None:
    walk = start_day("press")
    if walk.mode == "desk":
        walk.page.locator("#inbox-count").wait_for()  # the figure comes by itself
    walk.picture("press-today")
    judged(walk)
    joined(walk)
    dispatched(walk)
    issued(walk)


def judged(walk: Walk) -> None:
    """A post in doubt becomes a complaint; the next one comes by itself."""
    page, posts = walk.page, walk.console.desk.store.posts
    first, second = walk.console.made.unsure[:2]
    walk.menu("收件箱")
    page.get_by_role("navigation", name="事项", exact=True).get_by_role("link", name="判帖文").click()
    walk.sees("收件箱")
    walk.picture("press-inbox")
    walk.press("1", "是投诉")
    page.get_by_text("已判为投诉").wait_for()
    assert f"item=unsure-{second}" in page.url
    verdict = posts.verdict(first)
    assert (verdict.is_complaint, verdict.unsure) == (True, False)


def joined(walk: Walk) -> None:
    """What somebody says of a known matter goes to its case."""
    page, cases = walk.page, walk.console.desk.store.cases
    page.get_by_role("navigation", name="事项", exact=True).get_by_role("link", name="并件").click()
    known = page.locator("article.item").get_by_role("link", name="HY2026-")
    case_id = int(known.get_attribute("href").rpartition("/")[2])
    before = cases.get(case_id).posts
    walk.picture("press-join")
    walk.press("1", "并入")
    page.locator(".done").wait_for()
    assert cases.get(case_id).posts == before + 1


def dispatched(walk: Walk) -> None:
    """A case that came back goes to the unit the office chooses; the case page says by whom."""
    page, number = walk.page, walk.console.made.undispatched
    walk.menu("今日")
    walk.sees("今日")
    page.locator(f'a.list-group-item[href="/cases/{number}"]').click()
    page.get_by_label("指定承办单位").select_option("zhifa")
    walk.picture("press-dispatch")
    page.get_by_role("button", name="派单").click()
    page.get_by_text("由宣晓敏指定").first.wait_for()
    kept = walk.console.desk.store.cases.get(number)
    assert (kept.state, kept.unit) == ("assigned", "zhifa")


def issued(walk: Walk) -> None:
    """The morning's bulletin is read as it will be printed, and signed."""
    page = walk.page
    walk.menu("舆情简报")
    page.get_by_role("link", name="3月4日环保舆情").click()
    walk.sees("3月4日环保舆情")
    page.frame_locator("iframe.paper").get_by_text("聊城市生态环境局").first.wait_for()
    walk.picture("press-bulletin")
    page.get_by_role("button", name="签发并印发").click()
    page.get_by_text("已签发").first.wait_for()
    number = int(page.url.split("?")[0].rpartition("/")[2])
    assert walk.console.desk.store.archive.standing(number).signed.actor == "xuanjiao"
