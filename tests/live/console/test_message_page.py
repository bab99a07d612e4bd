"""The page of a message: its pictures as they leave, its other accounts, 突发, overrides by name, 作废, 核实."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import made_afterwards
import made_desk
from made_console import NAMES
from made_console import Console
from made_desk import NOW
from made_desk import PEOPLE
from made_desk import user
from test_browser import has_session
from test_calendar_page import png
from test_reviews import approve
from test_reviews import weibo

from flow import case_files
from flow import press as press_flow
from flow.press import Order
from huanyu.types import CopyState
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Picture

OpenPage = Callable[..., Any]
WHERE = b"GPS 36.45N 115.98E"
TOLD = {"name": "重污染天气预警解除", "body": "受冷空气影响，全市空气质量好转，预警自今日12时起解除。"}


def telling_png() -> bytes:
    """A picture in which the camera left where it was taken."""
    head, body = png()[:33], png()[33:]
    chunk = b"tEXtComment\0" + WHERE
    told = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return head + told + body


def written(console: Console, pictures: int = 0, **more: Any) -> dict[str, Message]:
    """A press text on every account, by channel."""
    one = Picture(
        digest="", name="现场.png", media="image/png", caption="监测站", credit="岳明 摄", body=telling_png()
    )
    accounts = [row.key for row in console.desk.bureau.accounts if row.channel in {"site", "weibo"}]
    order = Order(product="notice", told=TOLD, accounts=accounts, at=NOW, pictures=[one] * pictures, **more)
    made = press_flow.write(console.desk, user(console.desk, PEOPLE["press"][0]), order, NOW)
    return {one.channel: one for one in map(console.desk.store.outbox.get, made)}


def test_the_pictures_on_the_page_are_the_bytes_that_leave(console: Console, open_page: OpenPage) -> None:
    made = written(console, pictures=2)
    page = open_page()
    has_session(page, console, "reviewer")
    page.goto(f"{console.url}/outbox/{made['site'].id}")
    shown = page.locator(".look img")
    assert shown.count() == 2
    for one in shown.all():  # pictures are fetched when they come into sight
        one.scroll_into_view_if_needed()
        one.evaluate("one => one.decode()")
    assert shown.evaluate_all("found => found.every(one => one.naturalWidth > 0)")
    page.get_by_text("岳明 摄").first.wait_for()
    with console.sign_in("reviewer") as reviewer:
        answer = reviewer.get(f"/outbox/{made['site'].id}/pictures/1")
        assert reviewer.get(f"/outbox/{made['site'].id}/pictures/3").status_code == 404
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == console.desk.store.composing.pictures(made["site"].id)[0].body
    assert WHERE in telling_png()
    assert WHERE not in answer.content
    page.get_by_role("navigation", name="同一稿发往各账号").get_by_role("link", name="微博").click()
    page.locator(".look-weibo").wait_for()
    assert (
        page.locator(".look img").count() == 1
    )  # Weibo takes one: the draft has no more, so it will not be refused


def test_a_handler_sees_no_picture_of_the_press_offices_texts(console: Console) -> None:
    made = written(console, pictures=1)
    with console.sign_in("handler") as handler:
        assert handler.get(f"/outbox/{made['site'].id}/pictures/1").status_code == 403


def test_an_incident_is_told_from_the_page_and_a_leader_agrees_last(
    console: Console, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/calendar/new")
    page.get_by_label("标题").fill(TOLD["name"])
    page.get_by_label("正文").fill(TOLD["body"])
    page.get_by_label("突发信息").check()
    with page.expect_navigation():
        page.get_by_role("button", name="生成草稿").click()
    made = console.desk.store.outbox.get(int(page.url.rsplit("/", 1)[1]))
    assert made.content_class == "incident"
    assert page.locator(".review li").last.inner_text().split() == ["终审", "局领导"]
    with console.sign_in("press") as press:
        form = {"product": "policy", "incident": "1", "account": "site", "at": "2026-03-05T12:00"}
        assert "突发信息请用“通知、动态”来写" in press.post("/calendar/new", files={}, data=form).text


def test_a_text_overtaken_by_events_is_dropped_with_a_reason(console: Console, open_page: OpenPage) -> None:
    one = written(console)["site"]
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/outbox/{one.id}")
    page.get_by_text("作废这一稿").click()
    page.locator("#f-discard").fill("预警又发布了")
    with page.expect_navigation():
        page.get_by_role("button", name="作废", exact=True).click()
    page.get_by_text("作废：预警又发布了").wait_for()
    assert console.desk.store.outbox.get(one.id).state is MessageState.CANCELLED
    assert page.get_by_text("作废这一稿").count() == 0


def test_the_answer_people_wait_for_cannot_be_dropped(console: Console) -> None:
    with console.sign_in("press") as press:
        assert "作废这一稿" not in press.get(f"/outbox/{console.made.draft}").text
        form = {"version": "1", "reason": "不想答复"}
        answer = press.post(f"/outbox/{console.made.draft}/discard", data=form)
    assert answer.status_code == 409
    assert "群众在等这份办理结果" in answer.text
    assert console.desk.store.outbox.get(console.made.draft).state is MessageState.DRAFT


def test_who_lets_a_finding_through_stands_there_by_name_with_the_reason(
    console: Console, open_page: OpenPage
) -> None:
    one = weibo(console)
    with console.sign_in("press") as press, console.sign_in("reviewer") as reviewer:
        text = f"{one.text}联系人电话13800000000。"
        press.post(f"/outbox/{one.id}/edit", data={"version": str(one.version), "text": text})
        one = console.desk.store.outbox.get(one.id)
        assert approve(reviewer, one).status_code == 422  # nobody passes over a finding in silence
        assert approve(reviewer, one, override="值班公用手机，已在网站公布").status_code == 303
    leader = open_page(java_script_enabled=False)
    has_session(leader, console, "leader")
    leader.goto(f"{console.url}/outbox/{one.id}")
    leader.get_by_text("放行理由：值班公用手机，已在网站公布").wait_for()
    for box in leader.locator("fieldset.confirm input").all():
        box.check()
    leader.get_by_label("越过核查的理由").fill("同意，此号码已在官网公布")
    with leader.expect_navigation():
        leader.get_by_role("button", name="终审通过").click()
    leader.get_by_text("放行理由：同意，此号码已在官网公布").wait_for()
    votes = console.desk.store.approvals.votes(one.id)
    assert [(vote.actor, bool(vote.override)) for vote in votes] == [
        (NAMES["reviewer"], True),
        (NAMES["leader"], True),
    ]


def test_a_change_somebody_has_looked_into_is_off_the_lists(console: Console, open_page: OpenPage) -> None:
    after = made_afterwards.fill(console.desk, console.made.rehearsed)
    slip = console.desk.store.outbox.get(after.slips[0])
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/outbox/{after.changed}")
    page.get_by_role("link", name=slip.serial).wait_for()  # what is on its way about it stands there too
    page.get_by_text("已查明，不用更正、撤回").click()
    page.get_by_label("核实结果").fill("网站改版时换了两个字，意思没变")
    with page.expect_navigation():
        page.get_by_role("button", name="已核实").click()
    copy = console.desk.store.published.of([after.changed])[after.changed]
    assert copy.state is CopyState.LIVE
    assert "基本不存在" in copy.copy  # from now on this is what later looks compare with
    page.goto(f"{console.url}/published")
    page.get_by_text("能回看的都与发布时一致").wait_for()
    told = console.desk.store.cases.history(after.case)
    assert any("网站改版时换了两个字" in event.note and event.actor == NAMES["press"] for event in told)


def test_the_pile_is_worked_through_without_the_list(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/outbox/{console.made.draft}")
    assert page.get_by_text("下一件等您审的").count() == 0
    with page.expect_navigation():
        page.get_by_role("button", name="初审通过").click()
    with page.expect_navigation():
        page.get_by_text("下一件等您审的").click()
    page.get_by_role("button", name="初审通过").wait_for()


def test_unknown_says_what_the_program_does_by_itself(console: Console) -> None:
    with console.sign_in("leader") as leader:
        page = leader.get(f"/outbox/{console.made.unknown}").text
    assert "绝不自动重发" in page
    assert "可能已这样发布" in page
    assert made_desk.NOW.year == 2026


def test_a_photo_of_the_spot_is_put_beside_the_answer_by_a_click(
    console: Console, open_page: OpenPage
) -> None:
    desk, made = console.desk, console.made
    message = desk.store.outbox.get(made.draft)
    assert message.case_id is not None
    given = [case_files.Upload(name="现场.png", body=telling_png(), caption="3月5日的停产设备")]
    desk.store.case_files.add(message.case_id, case_files.looked_at(desk.bureau.quality, given), "x", NOW)
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/outbox/{made.draft}")
    form = page.locator("#pictures form")
    page.locator("#pictures summary").click()
    form.get_by_label("随答复发出").check()
    form.get_by_label("署名").fill("执法人员 摄")
    with page.expect_navigation():
        form.get_by_role("button", name="保存配图").click()
    page.locator(".preview").get_by_text("3月5日的停产设备").wait_for()
    (sent,) = desk.store.composing.pictures(made.draft)
    assert WHERE not in sent.body
    assert desk.store.outbox.get(made.draft).version == message.version + 1
