"""A day of an assessor from outside: cases, bulletins and charts are read; nothing is offered to write, nor taken."""

from __future__ import annotations

from collections.abc import Callable

from walk import Walk

StartDay = Callable[[str], Walk]
HIRED = {"full_name": "新来人", "name": "xinlai", "role": "admin", "password": ""}


def test_a_day_of_an_assessor(start_day: StartDay) -> None:
    walk = start_day("assessor")
    walk.picture("assessor-today")
    read(walk)
    papers(walk)
    charts(walk)
    refused(walk)


def offered(walk: Walk) -> list[str]:
    """What the page lets somebody send."""
    sent = "forms => forms.filter(one => one.method === 'post').map(one => new URL(one.action).pathname)"
    return walk.page.get_by_role("main").locator("form").evaluate_all(sent)


def read(walk: Walk) -> None:
    """A case from its list, with what was found, without who found it."""
    page, case = walk.page, walk.console.desk.store.cases.get(walk.console.made.replying)
    walk.menu("案件")
    page.get_by_label("查找").first.fill(case.number)
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name=case.title).first.click()
    walk.sees("群众反映")
    page.get_by_role("heading", name="查处结果", exact=True).wait_for()
    assert offered(walk) == [], "not even to stand back: the office writes that down"
    walk.picture("assessor-case")


def papers(walk: Walk) -> None:
    page = walk.page
    walk.menu("舆情简报")
    page.get_by_role("link", name="3月4日环保舆情").click()
    page.frame_locator("iframe.paper").get_by_text("聊城市生态环境局").first.wait_for()
    assert page.get_by_role("button", name="签发并印发").count() == 0


def charts(walk: Walk) -> None:
    """Statistics of a period, beside the one before."""
    page = walk.page
    page.goto(f"{walk.console.url}/statistics/charts?since=2026-03-01&until=2026-03-05")
    walk.sees("统计图")
    assert offered(walk) == []
    walk.picture("assessor-charts")


def refused(walk: Walk) -> None:
    """Who asks for it all the same is told so, and nothing has happened."""
    page, store, case_id = walk.page, walk.console.desk.store, walk.console.made.mine
    before, form = store.cases.get(case_id), {"unit": "zhifa", "on": "1", **HIRED}
    form["version"] = str(before.version)
    for path in (f"/cases/{case_id}/close", f"/cases/{case_id}/dispatch", "/people", "/kill-switch"):
        answer = page.request.post(
            f"{walk.console.url}{path}", form=form, headers={"Origin": walk.console.url}, max_redirects=0
        )
        assert answer.status == 403, path
    assert store.cases.get(case_id) == before
    assert page.goto(f"{walk.console.url}/people").status == 403
    walk.picture("assessor-refused")
