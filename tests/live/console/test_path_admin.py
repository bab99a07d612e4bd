"""A day of an administrator: a colleague added, a unit's telephone changed in its table, another system given a token."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import made_desk
from walk import Walk

StartDay = Callable[[str], Walk]


def test_a_day_of_an_administrator(start_day: StartDay) -> None:
    walk = start_day("admin")
    hired(walk)
    changed(walk)
    let_in(walk)
    looked_after(walk)


def hired(walk: Walk) -> None:
    """The colleague comes in with a first password that must be changed."""
    page = walk.page
    walk.menu("人员")
    page.get_by_label("姓名").fill("新来人")
    page.get_by_label("用户名").fill("xinlai")
    page.get_by_label("角色").select_option("审核")
    page.get_by_label("初始密码").fill(made_desk.PASSWORD)
    page.get_by_role("button", name="添加").click()
    page.get_by_role("row").filter(has_text="新来人").get_by_text("密码待改").wait_for()
    walk.sees("人员")
    walk.picture("admin-people")


def changed(walk: Walk) -> None:
    """A row is found, changed, compared and saved; the desk works by it at once."""
    page, desk = walk.page, walk.console.desk
    walk.menu("各表")
    walk.picture("admin-tables")
    page.get_by_label("在各表中查找").fill("市执法支队")
    page.get_by_role("button", name="查找", exact=True).click()
    page.get_by_role("link", name=re.compile("聊城市生态环境保护综合执法支队")).first.click()
    page.get_by_label("电话").fill("0635-8000099")
    page.get_by_role("button", name="比较", exact=True).click()
    assert page.locator("#preview ins").inner_text() == "0635-8000099"
    walk.picture("admin-compare")
    page.get_by_role("button", name="保存，立即生效").click()
    page.get_by_text("已保存，立即生效").wait_for()
    assert desk.bureau.unit("zhifa").phone == "0635-8000099"


def let_in(walk: Walk) -> None:
    """The token is shown once, and opens the interface."""
    page = walk.page
    walk.menu("接口令牌")
    page.get_by_label("系统名称").fill("市网格平台")
    page.locator("#t-unit").select_option("dongchangfu")
    page.get_by_label("读取本单位案件").check()
    page.get_by_role("button", name="生成令牌").click()
    secret = page.get_by_label("令牌（只显示这一次").input_value()
    asked = httpx.get(
        f"{walk.console.url}/api/v1/cases", headers={"Authorization": f"Bearer {secret}"}, timeout=120
    )
    assert asked.status_code == 200
    page.get_by_role("link", name="已交给对方").click()
    walk.sees("接口令牌")
    assert secret not in page.content()
    walk.picture("admin-tokens")


def looked_after(walk: Walk) -> None:
    """What was done this day stands in the audit."""
    page = walk.page
    walk.menu("审计")
    walk.sees("审计")
    page.get_by_role("main").get_by_text("管丽娟").first.wait_for()
    walk.picture("admin-audit")
