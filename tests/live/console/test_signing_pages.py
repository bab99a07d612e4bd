"""The press officer's whole way to a signed paper: choose, look, judge, propose, sign, deliver again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import made_desk
import pytest
from made_console import NAMES
from made_console import Console
from test_browser import has_session

from flow import circulation
from flow import papers
from huanyu.types import Delivery
from huanyu.types import MessageState
from huanyu.types import Search

OpenPage = Callable[..., Any]
PAGES = (
    "/bulletins/waiting",
    "/bulletins/brief",
    "/bulletins/brief?view=all&text=噪声",
    "/bulletins/special",
    "/bulletins/draft?series=weekly",
    "/bulletins/draft?series=brief&scope=cases:1,2",
    "/bulletins/draft/sources?series=weekly&figure=cases_opened",
)
ABOUT = {"series": "brief", "day": "2026-03-05", "scope": "cases:1,2"}


def person(console: Console, role: str) -> Any:
    return made_desk.user(console.desk, NAMES[role])


@pytest.mark.parametrize("path", PAGES)
def test_every_page_before_the_number_fits_a_phone_and_a_desk(
    reading_console: Console, open_page: OpenPage, path: str
) -> None:
    for width in (390, 1440):
        page = open_page(width=width)
        has_session(page, reading_console, "press")
        assert page.goto(f"{reading_console.url}{path}").status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_brief_is_chosen_judged_proposed_and_signed_by_the_leader(
    console: Console, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/bulletins/waiting")
    page.get_by_role("link", name="新拟舆情简报").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="看样稿").click()
    page.frame_locator("iframe").get_by_text("样稿（签发或编发时编号）").wait_for()
    page.get_by_label("研判").fill("两件都在夜间。")
    page.get_by_role("button", name="保存研判").click()
    page.frame_locator("iframe").get_by_text("【研判，宣晓敏撰写，非程序生成】两件都在夜间。").wait_for()
    page.get_by_text("由别人签发，送签").click()
    page.get_by_label("附言").fill("请高局签发")
    page.get_by_role("button", name="送签", exact=True).click()
    page.locator("#asked").get_by_text("请高局签发").wait_for()
    assert console.desk.store.bulletins.listing(series="brief") == []

    leader = open_page()
    has_session(leader, console, "leader")
    leader.goto(f"{console.url}/")
    leader.get_by_role("link", name="简报待签发").click()
    leader.get_by_text("请高局签发").click()
    leader.get_by_role("button", name="签发并印发").click()
    leader.get_by_text("2026 年第 1 期（总第 1 期）").wait_for()
    with leader.expect_download() as word:
        leader.get_by_role("link", name="Word").click()
    assert word.value.suggested_filename == "舆情简报2026年第1期.docx"
    (head,) = console.desk.store.bulletins.listing(series="brief")
    standing = console.desk.store.archive.standing(head.id)
    assert standing.signed.actor == NAMES["leader"]
    leader.goto(f"{console.url}/bulletins/waiting")
    assert leader.get_by_text("请高局签发").count() == 0


def test_a_special_starts_from_a_search_that_is_filled_in_and_saved(
    console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/bulletins/special")
    page.get_by_label("名称").fill("夜间噪声")
    page.get_by_label("词语").fill("夜、凌晨 半夜")
    page.get_by_label("噪声（全部）").check()
    page.get_by_label("东昌府区").check()
    page.get_by_role("button", name="保存检索条件").click()
    page.get_by_label("从", exact=True).fill("2026-03-01")
    page.get_by_role("button", name="看样稿").click()
    page.get_by_role("heading", name="关于“夜间噪声”的舆情专报（3月1日至5日）").wait_for()
    page.locator("details.cited > summary").first.click()
    page.locator("details.cited").first.get_by_role("link", name="新立投诉").first.click()
    page.get_by_role("heading", name="新立投诉").wait_for()
    page.go_back()
    page.get_by_role("button", name="签发并印发").click()
    page.get_by_text("2026 年第 1 期（总第 1 期）").wait_for()
    (found,) = console.desk.store.writing.searches()
    assert (found.kinds, found.areas, found.words) == (("noise",), ("371502",), ("夜", "凌晨", "半夜"))
    (head,) = console.desk.store.bulletins.listing(series="special")
    assert page.url == f"{console.url}/bulletins/{head.id}"


def seen_of(console: Console) -> str:
    about = papers.about(console.desk, "brief", console.clock().date(), ABOUT["scope"])
    return papers.proof(console.desk, about, console.clock()).seen


def test_what_changed_since_it_was_opened_is_not_signed_and_takes_no_number(console: Console) -> None:
    seen = seen_of(console)
    with console.sign_in("press") as other:
        typed = other.post("/bulletins/draft/remark", data=ABOUT | {"kind": "advice", "text": "派员到场"})
        assert typed.status_code == 303
    with console.sign_in("leader") as client:
        answer = client.post("/bulletins/draft/sign", data=ABOUT | {"seen": seen})
        assert (answer.status_code, "您打开之后内容有变化" in answer.text) == (409, True)
        assert console.desk.store.bulletins.listing(series="brief") == []
        assert console.desk.store.bulletins.unfinished() == []
        again = client.post("/bulletins/draft/sign", data=ABOUT | {"seen": seen_of(console)})
    assert again.status_code == 303
    assert console.desk.store.bulletins.listing(series="brief")[0].number == 1


def test_what_is_signed_is_not_signed_twice_nor_added_to(console: Console) -> None:
    form = ABOUT | {"seen": seen_of(console)}
    with console.sign_in("press") as client:
        assert client.post("/bulletins/draft/sign", data=form).status_code == 303
        for path, more in (
            ("/bulletins/draft/sign", {}),
            ("/bulletins/draft/remark", {"kind": "advice", "text": "派员"}),
            ("/bulletins/draft/propose", {}),
        ):
            answer = client.post(path, data=form | more)
            assert (answer.status_code, "已经印发" in answer.text) == (409, True), path
        daily = client.post("/bulletins/1/sign"), client.post("/bulletins/1/sign")
    assert [one.status_code for one in daily] == [303, 409]
    assert len(console.desk.store.bulletins.listing(series="brief")) == 1


def test_after_a_withdrawal_the_same_matters_are_issued_anew_under_the_next_number(console: Console) -> None:
    desk, now, leader = console.desk, console.clock(), person(console, "leader")
    first = papers.sign_brief(desk, leader, "brief", [1, 2], now)
    circulation.withdraw(desk, leader, first.id, "漏了一件重大事项", now)
    second = papers.sign_brief(desk, leader, "brief", [2, 1], now)
    assert (second.bulletin.number, second.bulletin.scope) == (2, "cases:1,2#2")
    with console.sign_in("press") as client:
        assert "核对通过" in client.get(f"/bulletins/{second.id}/verify").text
        assert "本期已撤回" in client.get(f"/bulletins/{first.id}").text


def test_a_daily_nobody_signed_yet_gets_its_judgement_in_a_new_issue_that_takes_its_place(
    console: Console, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "leader")
    page.goto(f"{console.url}/bulletins/2")
    page.get_by_role("button", name="补写研判和建议，重编").click()
    page.get_by_text("那一期在签发时撤回").wait_for()
    page.get_by_label("研判", exact=True).fill("以夜间噪声为主。")
    page.get_by_role("button", name="保存研判").click()
    page.frame_locator("iframe").get_by_text("本期重新编发，代替2026年第2期").wait_for()
    page.get_by_role("button", name="签发并印发").click()
    page.get_by_text("2026 年第 3 期（总第 3 期）").wait_for()
    page.get_by_role("link", name="2026 年第 2 期", exact=True).click()
    page.get_by_text("本期已撤回").wait_for()
    page.get_by_role("link", name="2026 年第 3 期", exact=True).wait_for()
    assert page.get_by_role("button", name="重新编发").count() == 0, "there is one in its place"
    for path in ("/", "/bulletins", "/bulletins/2/verify", "/bulletins/compare?left=1&right=2"):
        page.goto(f"{console.url}{path}")
        assert page.locator(".badge, .alert").get_by_text("已撤回").first.is_visible(), path
    with console.sign_in("press") as client:
        name = client.get("/bulletins/2/paper.pdf").headers["content-disposition"]
        assert unquote(name).endswith("每日舆情2026年第2期（已撤回）.pdf")
        assert "已撤回" in client.get("/bulletins/2/sources?figure=cases_opened").text
        assert client.get("/bulletins/3/copy.pdf?number=1").status_code == 422
        assert client.post("/bulletins/3/anew").status_code == 409, "it is signed"
    with console.sign_in("handler") as client:
        assert client.post("/bulletins/1/anew").status_code == 403


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({"series": "brief"}, 422, "要先选定案件"),
        ({"series": "brief", "scope": "cases:99999"}, 404, "没有这个案件"),
        ({"series": "brief", "scope": "cases:one"}, 422, "不认识的简报范围"),
        ({"series": "brief", "scope": "everything"}, 422, "不认识的简报范围"),
        ({"series": "special", "scope": "search:7:2026-03-01:2026-03-05"}, 404, "没有这个检索条件"),
        ({"series": "weekly", "day": "yesterday"}, 422, "日期应写成"),
        ({"series": "nothing"}, 404, "没有系列 nothing"),
        ({"series": "daily", "day": "2026-03-05"}, 422, "不是签发时编号的系列"),
    ],
)
def test_what_cannot_be_signed_is_told(
    reading_console: Console, form: dict[str, str], status: int, told: str
) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.post("/bulletins/draft/sign", data=form | {"seen": "1"})
    assert (answer.status_code, told in answer.text) == (status, True), answer.text


def test_a_search_that_an_issue_rests_on_is_not_changed(console: Console) -> None:
    desk, now, leader = console.desk, console.clock(), person(console, "leader")
    saved = papers.save_search(desk, leader, Search(id=0, name="噪声", kinds=("noise",)), now)
    papers.sign_special(desk, leader, "special", saved.id, now.date() - timedelta(days=3), now.date(), now)
    with console.sign_in("press") as client:
        form = {"name": "噪声", "kind": "water", "search": str(saved.id)}
        changed = client.post("/bulletins/searches", data=form)
        taken = client.post("/bulletins/searches", data={"name": "噪声", "kind": "water"})
        strange = client.post("/bulletins/searches", data={"name": "水", "kind": "wine"})
    assert (changed.status_code, "换一个名称另存" in changed.text) == (409, True)
    assert (taken.status_code, strange.status_code) == (409, 422)
    assert desk.store.writing.search(saved.id).kinds == ("noise",)


def failed(console: Console, state: MessageState) -> Delivery:
    """The first delivery of a signed paper, which came to nothing."""
    desk, now = console.desk, console.clock()
    circulation.sign(desk, person(console, "press"), 1, now)
    one = desk.store.archive.standing(1).deliveries[0]
    taken = desk.store.outbox.claim(desk.store.outbox.get(one.message_id), now=now)
    later = now + timedelta(hours=1) if state is MessageState.APPROVED else now
    desk.store.outbox.settle(taken, state, receipt=None, note="邮箱已满", due_at=later, case_to=None, now=now)
    return one


@pytest.mark.parametrize("state", [MessageState.REFUSED, MessageState.APPROVED])
def test_a_delivery_that_failed_is_sent_again_by_a_button(
    console: Console, open_page: OpenPage, state: MessageState
) -> None:
    one = failed(console, state)
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/bulletins/1")
    page.get_by_text("邮箱已满").wait_for()
    page.get_by_role("button", name=f"重新投送给{one.name}").click()
    page.get_by_text("宣晓敏请求重新投送").wait_for()
    due = console.desk.store.outbox.due(console.clock(), 50)
    assert one.message_id in [message.id for message in due]


def test_a_delivery_that_may_have_arrived_is_never_sent_again_blindly(console: Console) -> None:
    one = failed(console, MessageState.UNKNOWN)
    with console.sign_in("press") as client:
        blind = client.post(f"/bulletins/deliveries/{one.id}/retry")
        assert (blind.status_code, "先向对方核实" in blind.text) == (409, True)
        assert client.post(f"/bulletins/deliveries/{one.id}/settle", data={"arrived": "1"}).status_code == 303
        assert client.post(f"/bulletins/deliveries/{one.id}/settle", data={"arrived": "0"}).status_code == 409
    assert console.desk.store.archive.delivery(one.id).state is MessageState.SENT
