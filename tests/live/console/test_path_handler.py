"""A day of a handler: signed for, arrived, the result with its photo handed in, all of it seen on the case page."""

from __future__ import annotations

from collections.abc import Callable

import made_desk
import made_papers
from made_console import NAMES
from walk import Walk

StartDay = Callable[[str], Walk]
ANSWER = "已责令当事人停止露天喷漆，限3月20日前装好治理设施，3月21日复查。"


def test_a_day_of_a_handler(start_day: StartDay) -> None:
    walk = start_day("handler")
    walk.picture("handler-today", "phone")
    signed(walk)
    arrived(walk)
    told(walk)
    kept_out(walk)


def signed(walk: Walk) -> None:
    """What is new is signed for from the list of what waits."""
    page, store, case_id = walk.page, walk.console.desk.store, walk.console.made.unsigned
    page.get_by_role("link", name="去签收").click()
    page.get_by_role("row").filter(has_text=store.cases.get(case_id).number).get_by_role("link").click()
    walk.sees("群众反映")
    walk.picture("handler-sign", "phone")
    page.get_by_role("button", name="签收").click()
    page.get_by_text("填写查处结果").first.wait_for()
    assert store.cases.get(case_id).state == "signed"


def arrived(walk: Walk) -> None:
    """On the spot: one button, and the moment stands in what happened."""
    page = walk.page
    page.get_by_role("button", name="已到现场").click()
    page.locator(".history").get_by_text("到").first.wait_for()
    assert page.get_by_role("button", name="已到现场").count() == 0


def told(walk: Walk) -> None:
    """The form is filled in sections; a photo goes with it."""
    page = walk.page
    page.get_by_role("link", name="填写查处结果").click()
    page.get_by_label("部分属实").check()
    page.get_by_label("现场检查时间").fill("2026-03-05T10:15")
    page.get_by_label("检查人员").fill("程立群、易建东")
    page.get_by_label("查明情况").fill(made_desk.FOUND)
    page.get_by_label("处理措施").fill(made_desk.MEASURE)
    page.get_by_label("公开答复").fill(ANSWER)
    page.locator("summary", has_text="五、现场照片和材料").click()
    page.locator(".result-form [name=file0]").set_input_files(
        {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": made_papers.photo()}
    )
    page.locator(".result-form [name=caption0]").fill("喷漆点现场")
    page.locator(".result-form [name=credit0]").fill("程立群 摄")
    walk.picture("handler-result", "phone")
    page.get_by_role("button", name="提交结果").click()
    page.get_by_role("heading", name="查处结果", exact=True).wait_for()
    walk.sees("查处结果")
    page.get_by_text("喷漆点现场").first.wait_for()
    walk.picture("handler-done")
    result = walk.console.desk.store.cases.get(walk.console.made.unsigned).result
    assert (result.finding, result.recorded_by, result.public_answer) == (
        "部分属实",
        NAMES["handler"],
        ANSWER,
    )


def kept_out(walk: Walk) -> None:
    """Another unit's case is refused with a sentence, and the menu offers nothing of the press office."""
    page = walk.page
    assert page.goto(f"{walk.console.url}/cases/{walk.console.made.theirs}").status == 403
    page.get_by_text("该件不属于您所在的单位").wait_for()
    assert page.locator("nav.side a", has_text="回复与发布").count() == 0
