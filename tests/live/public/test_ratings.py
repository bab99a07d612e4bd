"""满意度: said once of an answer; unhappy with a reason sets the case going again and tells the desk."""

from __future__ import annotations

import re

import made_public
import pytest
from made_public import PLACE
from made_public import TEXT
from made_public import Public

from flow import cycle
from flow import talking
from huanyu.types import Spoken


def handled(public: Public, client) -> tuple[str, str, int]:
    number, code = made_public.receipt_of(public.report(client).text)
    return number, code, made_public.answered(public.desk, number, public.clock).id


def rate(client, number: str, code: str, satisfied: str, reason: str = ""):
    told = {"number": number, "code": code, "satisfied": satisfied, "reason": reason}
    return client.post("/progress/rating", data=told)


def test_who_is_content_says_so_once_and_the_case_was_asked(public: Public):
    with public.visitor() as client:
        number, code, case_id = handled(public, client)
        assert "已经记下" in rate(client, number, code, "满意").text
        again = rate(client, number, code, "不满意", "又响了")
    assert again.status_code == 409
    case = public.desk.store.cases.get(case_id)
    assert (case.state, case.satisfied, case.round) == ("visited", "满意", 1)
    (asked,) = public.desk.store.duties.follow_ups(case_id)
    assert (asked.way, asked.satisfied) == ("网上", "满意")


def test_who_is_unhappy_must_say_why_and_sets_it_going_again(public: Public):
    with public.visitor() as client:
        number, code, case_id = handled(public, client)
        silent = rate(client, number, code, "不满意")
        assert silent.status_code == 422
        assert "写明不满意的原因" in silent.text
        told = rate(client, number, code, "不满意", "昨晚十一点又在打桩，联系我13906350177")
        assert "重新办理" in told.text
    case = public.desk.store.cases.get(case_id)
    assert (case.state, case.round) == ("pending", 2)
    assert "13906350177" not in public.desk.store.cases.history(case_id)[-1].note
    mails = [one for one in public.desk.store.outbox.listing(purpose="internal") if "不满意" in one.title]
    assert len(mails) == 1
    assert case.number in mails[0].text
    done = {one.action for one in public.desk.store.audit.listing(limit=200)}
    assert {"report.rate", "case.reopen"} <= done


def test_what_is_not_answered_is_not_rated(public: Public):
    with public.visitor() as client:
        number, code = made_public.receipt_of(public.report(client).text)
        assert rate(client, number, code, "满意").status_code == 404
        made_public.opened(public.desk, number, public.clock())
        early = rate(client, number, code, "满意")
    assert early.status_code == 409
    assert "还没有答复" in early.text


def test_after_some_rounds_a_person_decides(tmp_path):
    with made_public.running(tmp_path, "reopen_most = 0\n") as public, public.visitor() as client:
        number, code, case_id = handled(public, client)
        assert rate(client, number, code, "不满意", "还是老样子").status_code == 200
        case = public.desk.store.cases.get(case_id)
    assert (case.state, case.satisfied, case.round) == ("visited", "不满意", 1)


def test_nobody_rates_with_a_wrong_code(public: Public):
    with public.visitor() as client:
        number, _, case_id = handled(public, client)
        assert rate(client, number, "AAAA-AAAA-AAAA", "不满意", "乱写一气").status_code == 404
    assert public.desk.store.cases.get(case_id).state == "answered"


@pytest.mark.parametrize("platform", ["wechat", "telegram"])
def test_what_was_said_in_a_chat_is_rated_by_its_own_number_once_a_round(public: Public, platform: str):
    said = Spoken(
        platform=platform,
        account=platform,
        sender="湖畔行人",
        mark="1",
        text=f"{PLACE}，{TEXT}",
        at=public.clock(),
    )
    answer = talking.hear(public.desk, said, public.clock())
    number, code = re.search(r"编号 (\S+)，查询码 (\w{8})", answer).groups()
    cycle.turn(public.desk, public.clock.on(minutes=11), names=("talks", "understand", "open", "route"))
    (case,) = public.desk.store.cases.listing()
    with public.visitor() as client:
        assert rate(client, number, code, "满意").status_code == 409
        made_public.answer(public.desk, case, public.clock)
        page = client.post("/progress", data={"number": number, "code": code}).text
        assert "您对办理结果满意吗" in page
        assert "责令立即停止夜间施工" in page
        assert rate(client, number, "AAAAAAAA", "满意").status_code == 404
        assert "已经记下" in rate(client, number.lower(), code.lower(), "不满意", "昨晚又在打桩").text
        assert rate(client, number, code, "满意").status_code == 409
        page = client.post("/progress", data={"number": number, "code": code}).text
    assert "重新办理" in page
    assert number in page
    assert "湖畔行人" not in page
    again = public.desk.store.cases.get(case.id)
    assert (again.state, again.round) == ("pending", 2)
    (asked,) = public.desk.store.duties.follow_ups(case.id)
    assert (asked.way, asked.satisfied) == ("网上", "不满意")
    (post,) = public.desk.store.cases.posts(case.id)
    assert public.desk.store.public.of_post(post.id).number == number
