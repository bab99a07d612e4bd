"""A reward on the public pages: told to whoever holds the code, claimed there, nothing of it shown again."""

from __future__ import annotations

import made_public
from made_public import Public

from flow import reward_claims
from flow import rewards
from huanyu.types import Reward

TOLD = {"name": "苏文清", "phone": "13806350000", "consent": "1"}


def notified(public: Public, client) -> tuple[str, str, Reward]:
    """A report that was found true, and its reward after the notice."""
    desk, now = public.desk, public.clock
    number, code = made_public.receipt_of(public.report(client).text)
    case = made_public.answered(desk, number, public.clock)
    press, leader = (
        desk.store.people.add_user(name=name, full_name=name, role=role, unit="", password_hash="", now=now())
        for name, role in (("jiangli", "press"), ("shenpi", "leader"))
    )
    made = rewards.open_(desk, press, case.id, "clue", now())
    made = rewards.propose(desk, press, made.id, made.version, "", "", now())
    made = rewards.approve(desk, leader, made.id, made.version, now())
    return number, code, reward_claims.notify(desk, press, made.id, made.version, now())


def test_the_code_alone_opens_the_claim_and_nothing_of_it_comes_back(public: Public) -> None:
    with public.visitor() as client:
        number, code, reward = notified(public, client)
        asked = {"number": number, "code": code}
        page = client.post("/progress", data=asked).text
        assert "可以申领奖励" in page
        assert number in page
        assert 'name="account"' not in page, "credit of a telephone asks for no account"
        wrong = client.post("/progress/claim", data={"number": number, "code": "AAAA-AAAA-AAAA"} | TOLD)
        assert (wrong.status_code, "可以申领奖励" in wrong.text) == (404, False)
        bad = client.post("/progress/claim", data=asked | TOLD | {"phone": "123"})
        assert bad.status_code == 422
        assert "手机号码应为 11 位" in bad.text
        unasked = client.post("/progress/claim", data=asked | {"name": "苏文清", "phone": "13806350000"})
        assert "请先勾选同意" in unasked.text
        done = client.post("/progress/claim", data=asked | TOLD)
        assert "领取信息已经收到" in done.text
        again = client.post("/progress/claim", data=asked | TOLD)
        assert again.status_code == 200
        for one in (bad, unasked, done, again, client.post("/progress", data=asked)):
            assert "苏文清" not in one.text
            assert "13806350000" not in one.text
            assert one.headers["cache-control"] == "no-store"
    assert public.desk.store.rewards.get(reward.id).state == "claimed"
    assert [one.action for one in public.desk.store.rewards.steps(reward.id)].count("claimed") == 1


def test_who_reported_later_is_told_of_no_reward(public: Public) -> None:
    with public.visitor() as client:
        notified(public, client)
        later, code = made_public.receipt_of(
            public.report(client, text="别处的事，河里有油花，味道也重").text
        )
        page = client.post("/progress", data={"number": later, "code": code}).text
        assert "奖励" not in page
        assert client.post(
            "/progress/claim", data={"number": later, "code": code} | TOLD
        ).status_code == 404  # fmt: skip


def test_codes_are_not_tried_by_way_of_the_claim(public: Public) -> None:
    with public.visitor() as client:
        number, _, _ = notified(public, client)
        tried = [
            client.post("/progress/claim", data={"number": number, "code": f"AAAA-AAAA-{at:04d}"} | TOLD)
            for at in range(12)
        ]
    assert 429 in {one.status_code for one in tried}
