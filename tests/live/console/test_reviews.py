"""The review desk and the switches of publishing over HTTP, as a browser without JavaScript sees them."""

from __future__ import annotations

import re

import pytest
from made_console import NAMES
from made_console import Console

from flow import fixed_texts
from huanyu.types import Message
from huanyu.types import MessageState


def weibo(console: Console) -> Message:
    """The Weibo reply of the case whose replies wait."""
    case_id = console.desk.store.outbox.get(console.made.draft).case_id
    listed = console.desk.store.outbox.listing(purpose="reply", case_id=case_id)
    return next(message for message in listed if message.channel == "weibo")


def approve(client, message: Message, **form: str):
    return client.post(f"/outbox/{message.id}/approve", data={"version": str(message.version), **form})


def confirmed(message: Message) -> dict[str, str]:
    return {"account": message.account, "parent": message.reply_to}


def test_two_people_let_a_reply_out_and_the_page_tells_who_and_when(console: Console) -> None:
    one = weibo(console)
    with console.sign_in("press") as press, console.sign_in("leader") as leader:
        assert approve(press, one).status_code == 303
        assert (
            approve(press, one, **confirmed(one)).status_code == 403
        )  # the same form again is no second person
        assert approve(leader, one, **confirmed(one)).status_code == 303
        page = leader.get(f"/outbox/{one.id}").text
    assert "初审" in page
    assert "终审" in page
    for role in ("press", "leader"):
        assert console.desk.store.people.user(NAMES[role])[0].full_name in page
    assert "将于" in page
    assert console.desk.store.outbox.get(one.id).state is MessageState.APPROVED


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({}, 422, "勾选"),
        ({"account": "weibo"}, 422, "勾选"),
        ({"account": "site", "parent": "right"}, 409, "账号"),
        ({"account": "weibo", "parent": "1"}, 409, "原帖"),
    ],
)
def test_the_last_step_is_refused_unless_account_and_post_are_the_records(
    console: Console, form: dict[str, str], status: int, told: str
) -> None:
    one = weibo(console)
    sent = {key: one.reply_to if value == "right" else value for key, value in form.items()}
    with console.sign_in("press") as press, console.sign_in("reviewer") as reviewer:
        approve(press, one)
        answer = approve(reviewer, one, **sent)
    assert answer.status_code == status
    assert told in answer.text
    assert console.desk.store.outbox.get(one.id).state is MessageState.DRAFT


def test_account_and_parent_stand_large_on_the_page_with_the_citizens_words(console: Console) -> None:
    one = weibo(console)
    with console.sign_in("press") as press, console.sign_in("reviewer") as reviewer:
        approve(press, one)
        page = reviewer.get(f"/outbox/{one.id}").text
    account = console.desk.bureau.account(one.account)
    post = next(p for p in console.desk.store.cases.posts(one.case_id) if p.native_id == one.reply_to)
    assert re.search(rf'class="target-account">[^<]*{account.name}', page)
    assert post.text[:20] in page
    assert f'name="account" value="{one.account}" required' in page
    assert f'name="parent" value="{one.reply_to}" required' in page


def test_everybody_finds_what_waits_for_them(console: Console) -> None:
    one = weibo(console)
    link = f'href="/outbox/{one.id}"'
    with console.sign_in("press") as press, console.sign_in("leader") as leader:
        assert link in press.get("/outbox?view=mine").text
        assert link not in leader.get("/outbox?view=mine").text  # the first step is not a leader's
        approve(press, one)
        assert link not in press.get("/outbox?view=mine").text
        assert link in leader.get("/outbox?view=mine").text
        assert "等您终审" in leader.get("/outbox?view=mine").text


def test_a_time_is_set_and_nonsense_is_refused_in_words(console: Console) -> None:
    one = weibo(console)
    form = {"version": str(one.version)}
    with console.sign_in("press") as press:
        assert press.post(f"/outbox/{one.id}/schedule", data=form | {"at": "明天"}).status_code == 422
        assert (
            press.post(f"/outbox/{one.id}/schedule", data=form | {"at": "2020-01-01T09:00"}).status_code
            == 422
        )
        answer = press.post(f"/outbox/{one.id}/schedule", data=form | {"at": "2026-03-07T23:00"})
        assert answer.status_code == 303
        page = press.get(f"/outbox/{one.id}").text
    assert "2026-03-08 07:00" in page  # the night is quiet


def test_live_mode_is_signed_by_two_and_ended_by_one(console: Console) -> None:
    with (
        console.sign_in("leader") as leader,
        console.sign_in("admin") as admin,
        console.sign_in("press") as press,
    ):
        assert press.post("/publishing/live").status_code == 403
        assert leader.post("/publishing/live").status_code == 303
        assert leader.post("/publishing/live").status_code == 403
        assert "等第二人签署" in press.get("/publishing").text
        assert admin.post("/publishing/live").status_code == 303
        page = press.get("/publishing").text
        assert "等第二人签署" not in page
        assert "设置里没有打开实发" in page  # this desk's configuration says rehearse
        assert press.post("/publishing/live/end").status_code == 303
        assert "等第一人签署" in press.get("/publishing").text


def test_a_freeze_shows_on_every_page_with_its_reason(console: Console) -> None:
    with console.sign_in("press") as press:
        assert press.post("/publishing/freeze", data={"reason": "莘县企业泄漏"}).status_code == 303
        assert "突发冻结" in press.get("/cases").text
        assert "莘县企业泄漏" in press.get("/publishing").text
        assert press.post("/publishing/thaw", data={"reason": "处置结束"}).status_code == 303
        assert "突发冻结：" not in press.get("/cases").text


def test_a_standing_rule_is_written_countersigned_and_revoked(console: Console) -> None:
    account = fixed_texts.usable(console.desk)[0].key
    form = {
        "name": "转办告知",
        "stage": "forwarded",
        "accounts": account,
        "text": "您反映的问题（编号{number}）已转{unit}办理。",
        "per_day": "20",
        "until": "2026-04-30",
    }
    with console.sign_in("press") as press, console.sign_in("leader") as leader:
        wrong = press.post("/publishing/rules", data=form | {"text": "已转办，@{author}"})
        assert wrong.status_code == 422
        assert "已转办，@{author}" in wrong.text  # what was typed comes back
        assert press.post("/publishing/rules", data=form).status_code == 303
        (rule,) = console.desk.store.standing.listing()
        assert "等会签" in leader.get("/publishing").text
        assert press.post(f"/publishing/rules/{rule.id}/sign").status_code == 403
        assert leader.post(f"/publishing/rules/{rule.id}/sign").status_code == 303
        assert "生效" in press.get("/publishing").text
        revoked = press.post(f"/publishing/rules/{rule.id}/revoke", data={"reason": "文字要改"})
        assert revoked.status_code == 303
        assert "已撤销" in leader.get("/publishing").text


def test_an_approved_text_may_still_be_changed_and_starts_again(console: Console) -> None:
    one = weibo(console)
    with console.sign_in("press") as press, console.sign_in("reviewer") as reviewer:
        approve(press, one)
        approve(reviewer, one, **confirmed(one))
        edit = {"version": str(one.version), "text": f"{one.text} "}
        assert (
            press.post(f"/outbox/{one.id}/edit", data=edit | {"text": one.text + "特此说明。"}).status_code
            == 303
        )
        page = reviewer.get(f"/outbox/{one.id}").text
    assert "改稿前的审核已作废" in page
    again = console.desk.store.outbox.get(one.id)
    assert (again.state, again.version, again.approved_version) == (MessageState.DRAFT, 2, None)
