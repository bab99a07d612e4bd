"""The console as people meet it: each role's way through the pages in a real Chromium, strict policy in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import made_desk
import pytest
from made_console import NAMES
from made_console import Console

from console.sessions import COOKIE
from flow import cycle
from huanyu.types import MessageState

OpenPage = Callable[..., Any]

#: Every form control without a label, and every button or link without a name.
NAMELESS = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a")]
  .filter(one => !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim()))
  .map(one => one.outerHTML.slice(0, 80))"""


def sign_in(page: Any, console: Console, role: str) -> None:
    page.goto(f"{console.url}/login")
    page.get_by_label("用户名").fill(NAMES[role])
    page.get_by_label("密码").fill(made_desk.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="今日", exact=True).wait_for()


def has_session(page: Any, console: Console, role: str) -> None:
    """The person is logged in; no page is open yet."""
    token = made_desk.session_of(NAMES[role])
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": console.url}])


def come_in(page: Any, console: Console, role: str) -> None:
    """Open the first page with a session the person already has."""
    has_session(page, console, role)
    page.goto(console.url)


def test_a_pressed_button_on_a_slow_line_says_that_it_works_and_is_not_pressed_twice(
    reading_console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    come_in(page, reading_console, "press")
    page.evaluate("addEventListener('submit', event => event.preventDefault())")  # no answer ever comes
    page.locator("details.stop > summary").click()
    page.get_by_role("button", name="确认急停").click()
    page.locator("button[aria-busy=true]").wait_for()
    assert page.get_by_role("button", name="确认急停").is_disabled()


def test_the_first_start_asks_for_the_one_time_code(empty_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(empty_console.url)
    assert page.url.endswith("/setup")
    for code, told in (("guessed", "设置码不对"), (empty_console.setup_code, None)):
        page.get_by_label("一次性设置码").fill(code)
        page.get_by_label("用户名").fill("Guanli")
        page.get_by_label("姓名").fill("管丽娟")
        page.get_by_label("密码").fill(made_desk.PASSWORD)
        page.get_by_role("button", name="建立管理员").click()
        if told:
            page.get_by_role("alert").get_by_text(told).wait_for()
    assert page.url.endswith("/login")
    sign_in(page, empty_console, "admin")
    page.goto(f"{empty_console.url}/setup")
    assert page.url.endswith("/login"), "a desk is set up once"


def test_a_wrong_password_is_told(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{reading_console.url}/cases")
    page.get_by_label("用户名").fill(NAMES["press"])
    page.get_by_label("密码").fill("not-the-password")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("alert").get_by_text("用户名或密码不对").wait_for()


def test_logging_in_leads_to_the_page_asked_for(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{console.url}/cases/{console.made.mine}")
    page.get_by_label("用户名").fill(NAMES["press"])
    page.get_by_label("密码").fill(made_desk.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="群众反映").wait_for()
    assert page.url == f"{console.url}/cases/{console.made.mine}"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_handler_signs_and_records_a_result(console: Console, open_page: OpenPage, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    come_in(page, console, "handler")
    page.get_by_role("link", name="去签收").click()
    number = console.desk.store.cases.get(console.made.unsigned).number
    page.get_by_role("row").filter(has_text=number).get_by_role("link").click()
    page.get_by_role("button", name="签收").click()
    page.get_by_label("部分属实").check()
    page.get_by_label("现场检查时间").fill("2026-03-05T10:15")
    page.get_by_label("查明情况").fill(made_desk.FOUND)
    page.get_by_label("处理措施").fill(made_desk.MEASURE)
    page.get_by_label("内部报告").fill("仅供局内参考的话")
    page.get_by_role("button", name="提交结果").click()
    page.get_by_role("heading", name="查处结果", exact=True).wait_for()
    kept = console.desk.store.cases.get(console.made.unsigned)
    assert (kept.state, kept.result.finding, kept.result.recorded_by) == (
        "handled",
        "部分属实",
        NAMES["handler"],
    )
    cycle.run(console.desk, "draft", console.clock())
    drafts = console.desk.store.outbox.listing(case_id=kept.id, purpose="reply")
    assert drafts
    assert all("仅供局内参考" not in draft.text for draft in drafts)


def test_the_press_office_records_what_a_unit_without_log_in_tells(
    console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{console.made.by_proxy}")
    page.get_by_text("代录其反馈").wait_for()
    page.get_by_label("未发现").check()
    page.get_by_label("现场检查时间").fill(made_desk.FORM["visited_at"])
    page.get_by_label("查明情况").fill(made_desk.FOUND)
    page.get_by_label("处理措施").fill(made_desk.MEASURE)
    page.get_by_role("button", name="提交结果").click()
    page.get_by_role("heading", name="查处结果", exact=True).wait_for()
    assert console.desk.store.cases.get(console.made.by_proxy).result.recorded_by == NAMES["press"]
    page.goto(f"{console.url}/cases/{console.made.mine}")
    assert page.get_by_role("button", name="提交结果").count() == 0


def test_a_handler_is_turned_away_from_another_units_case(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, console, "handler")
    assert page.goto(f"{console.url}/cases/{console.made.theirs}").status == 403
    page.get_by_text("该件不属于您所在的单位").wait_for()
    assert page.get_by_role("link", name="回复与发布").count() == 0


def test_who_recorded_the_result_cannot_approve_the_reply_and_a_reviewer_can(
    console: Console, open_page: OpenPage
) -> None:
    author = open_page()
    has_session(author, console, "handler")
    author.goto(f"{console.url}/outbox/{console.made.draft}")
    author.get_by_role("heading", name="将这样发布").wait_for()
    assert author.get_by_role("button", name="审通过").count() == 0
    press = open_page()
    has_session(press, console, "press")
    press.goto(f"{console.url}/outbox/{console.made.draft}")
    press.get_by_role("button", name="初审通过").click()
    press.get_by_text("您已审过").wait_for()  # the last step is somebody else's
    reviewer = open_page()
    come_in(reviewer, console, "reviewer")
    reviewer.get_by_role("link", name="审核回复").click()
    number = console.desk.store.cases.get(console.desk.store.outbox.get(console.made.draft).case_id).number
    reviewer.get_by_role("row").filter(has_text=number).filter(has_text="局网站").get_by_role("link").click()
    reviewer.get_by_text("核查通过").wait_for()
    reviewer.get_by_role("button", name="终审通过").click()
    assert (
        console.desk.store.outbox.get(console.made.draft).state is MessageState.DRAFT
    )  # nothing is ticked yet
    reviewer.get_by_label("账号是").check()
    reviewer.get_by_role("button", name="终审通过").click()
    reviewer.locator(".badges").get_by_text("待发布").wait_for()
    reviewer.get_by_text("将于").wait_for()
    cycle.run(console.desk, "deliver", console.clock())
    assert console.desk.store.outbox.get(console.made.draft).state is MessageState.REHEARSED


def test_a_telephone_in_a_draft_is_marked_and_keeps_it_from_going_out(
    console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/outbox/{console.made.draft}")
    page.get_by_label("文稿").fill("经查属实。反映人李某某，电话13800000000，已当面答复。")
    page.get_by_role("button", name="保存修改").click()
    page.locator("mark", has_text="13800000000").first.wait_for()
    page.get_by_text("文稿改过 1 次").wait_for()
    reviewer = open_page()
    has_session(reviewer, console, "reviewer")
    reviewer.goto(f"{console.url}/outbox/{console.made.draft}")
    reviewer.get_by_role("button", name="初审通过").click()  # a reason is asked for, and none was given
    assert console.desk.store.approvals.votes(console.made.draft) == []
    reviewer.get_by_label("理由", exact=True).fill("请删去反映人的信息")
    reviewer.get_by_role("button", name="退回", exact=True).click()
    reviewer.get_by_text("请删去反映人的信息").wait_for()
    assert console.desk.store.outbox.get(console.made.draft).state is MessageState.RETURNED


def test_the_press_office_dispatches_a_case_that_came_back(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, console, "press")
    page.locator(f'a.list-group-item[href="/cases/{console.made.undispatched}"]').click()
    page.get_by_label("指定承办单位").select_option("zhifa")
    page.get_by_role("button", name="派单").click()
    page.get_by_text("由宣晓敏指定").first.wait_for()
    kept = console.desk.store.cases.get(console.made.undispatched)
    assert (kept.state, kept.unit) == ("assigned", "zhifa")


def test_the_press_office_settles_a_publication_nobody_is_sure_of(
    console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    come_in(page, console, "press")
    page.get_by_role("link", name="发布待核实").click()
    page.get_by_role("row").filter(has_text="结果不明").get_by_role("link").click()
    page.get_by_label("平台上的链接").fill("https://sthj.example.org/r/1.html")
    page.get_by_role("button", name="已经发出").click()
    page.get_by_role("link", name="查看").wait_for()
    assert console.desk.store.outbox.get(console.made.unknown).state is MessageState.SENT


def test_a_corrected_label_is_kept(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/posts/{console.made.post}")
    page.get_by_label("类型").select_option("咨询建议")
    page.get_by_role("button", name="保存更正").click()
    page.locator("dd", has_text="咨询建议").wait_for()
    assert [one.actor for one in console.desk.store.posts.corrections()] == [NAMES["press"]]


def test_a_bulletin_can_be_read_on_the_page(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, console, "assessor")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="舆情简报").click()
    page.get_by_role("link", name="3月4日环保舆情").click()
    paper = page.frame_locator("iframe.paper")
    paper.get_by_text("聊城市生态环境局").first.wait_for()
    assert paper.locator("img, svg").count() > 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_kill_switch_stops_and_resumes_publishing(
    console: Console, open_page: OpenPage, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts)
    has_session(page, console, "leader")
    page.goto(f"{console.url}/outbox/{console.made.draft}")
    page.locator("summary", has_text="急停").click()  # asks first: nothing has happened yet
    assert console.desk.store.settings.get("kill_switch") != "on"
    page.get_by_role("button", name="确认急停").click()
    page.get_by_text("已急停：所有账号停止发布").wait_for()
    assert page.url.endswith(f"/outbox/{console.made.draft}")  # where one was
    assert console.desk.store.settings.get("kill_switch") == "on"
    page.locator("summary", has_text="恢复发布").click()
    page.get_by_role("button", name="确认恢复发布").click()
    page.get_by_text("演练模式：不会真正发布").wait_for()


def test_an_administrator_adds_a_colleague_who_can_log_in(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, console, "admin")
    page.get_by_role("link", name="人员").click()
    page.get_by_label("姓名").fill("新来人")
    page.get_by_label("用户名").fill("xinlai")
    page.get_by_label("角色").select_option("审核")
    page.get_by_label("初始密码").fill(made_desk.PASSWORD)
    page.get_by_role("button", name="添加").click()
    page.get_by_role("row").filter(has_text="新来人").get_by_text("密码待改").wait_for()
    found = console.desk.store.people.user("xinlai")
    assert found is not None
    assert found[0].role == "reviewer"


def test_an_administrator_resets_a_password_and_the_colleague_chooses_another(
    console: Console, open_page: OpenPage
) -> None:
    given, own = "Linshi-2026-Mima", "Tuhai-2026-Hepan"
    page = open_page()
    has_session(page, console, "admin")
    page.goto(f"{console.url}/people")
    page.get_by_role("link", name="宣晓敏").click()
    page.get_by_label("临时密码").fill(given)
    page.get_by_role("button", name="重设密码").click()
    page.get_by_text("密码待改").wait_for()
    press = open_page()
    press.goto(f"{console.url}/login")
    press.get_by_label("用户名").fill(NAMES["press"])
    press.get_by_label("密码").fill(given)
    press.get_by_role("button", name="登录").click()
    press.get_by_role("heading", name="设置新密码").wait_for()
    assert press.get_by_role("navigation").count() == 0
    press.get_by_label("原密码").fill(given)
    press.get_by_label("新密码", exact=True).fill(own)
    press.get_by_label("再输一次新密码").fill(own)
    press.get_by_role("button", name="修改密码").click()
    press.get_by_role("heading", name="今日", exact=True).wait_for()


def test_posts_in_doubt_are_judged_one_after_another_from_the_keyboard(
    console: Console, open_page: OpenPage
) -> None:
    page, (first, second, *_) = open_page(), console.made.unsure
    come_in(page, console, "press")
    page.get_by_role("link", name="待判帖文").click()
    page.locator(f'a[href="/posts/{first}"]').click()
    page.get_by_role("button", name="判为投诉").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/posts/{second}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the menu
    page.keyboard.press("Tab")
    for _ in range(4):
        if page.evaluate("document.activeElement.textContent") == "不是投诉":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: f"/posts/{second}" not in url)
    verdicts = [console.desk.store.posts.verdict(post_id) for post_id in (first, second)]
    assert [(one.is_complaint, one.unsure) for one in verdicts] == [(True, False), (False, False)]


def test_a_word_of_a_post_leads_to_posts_that_hold_it(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, reading_console, "press")
    page.goto(f"{reading_console.url}/posts/{reading_console.made.unsure[0]}")
    word = page.get_by_role("navigation", name="相关词").get_by_role("link").first
    told = word.text_content()
    word.click()
    page.get_by_label("查找标题和正文").wait_for()
    assert page.get_by_label("查找标题和正文").input_value() == told
    assert page.locator(f'a[href="/posts/{reading_console.made.unsure[0]}"]').count() == 1


def test_a_suggested_post_joins_the_case_it_resembles(console: Console, open_page: OpenPage) -> None:
    before = console.desk.store.cases.get(console.made.mine).posts
    page = open_page()
    come_in(page, console, "press")
    page.get_by_role("link", name="建议并件").last.click()
    told = page.locator("section.card", has_text="和前几天有人说的一样")
    told.get_by_role("button", name="并入").click()
    told.wait_for(state="detached")
    assert console.desk.store.cases.get(console.made.mine).posts == before + 1


def test_a_reviewer_releases_a_rehearsed_reply_again(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, console, "reviewer")
    page.goto(f"{console.url}/outbox/{console.made.rehearsed}")
    page.get_by_role("button", name="重新放行").click()
    page.locator(".badges").get_by_text("待发布").wait_for()
    assert console.desk.store.outbox.get(console.made.rehearsed).state is MessageState.APPROVED


def test_a_reviewer_sends_a_thin_result_back_to_the_unit(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, console, "reviewer")
    page.goto(f"{console.url}/cases/{console.made.replying}")
    page.get_by_text("退回承办单位补充").click()
    page.get_by_label("还缺什么").fill("没有写明检查的时间和见到的事实")
    page.get_by_role("button", name="退回补充").click()
    page.get_by_text("没有写明检查的时间").wait_for()
    assert console.desk.store.cases.get(console.made.replying).state == "signed"
    assert console.desk.store.outbox.get(console.made.draft).state is MessageState.CANCELLED


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(
    reading_console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    come_in(page, reading_console, "press")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert outline == "solid"


def test_the_menu_opens_on_a_phone_without_scripts(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page(width=390, java_script_enabled=False)
    come_in(page, reading_console, "press")
    link = page.get_by_role("link", name="帖文", exact=True)
    assert not link.is_visible()
    page.locator("label.menu-button").click()
    link.click()
    assert page.url.endswith("/posts")
