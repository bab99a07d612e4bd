"""Looking up: stages and dates by number and code, nothing by anything else, and no more tries than a person needs."""

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


def ask(client, number: str, code: str):
    return client.post("/progress", data={"number": number, "code": code})


def test_number_and_code_show_stages_and_later_the_answer(public: Public):
    with public.visitor() as client:
        number, code = made_public.receipt_of(public.report(client).text)
        early = ask(client, number.lower(), code.replace("-", " ").lower()).text
        assert "等待研判" in early
        assert "还没有" in early
        case = made_public.answered(public.desk, number, public.clock)
        page = ask(client, number, code).text
    assert case.number in page
    for stage in ("已登记", "已立为办件", "正在办理", "已答复"):
        assert stage in page
    assert "责令立即停止夜间施工" in page
    assert f"/r/{case.public_id}.html" in page
    assert public.desk.bureau.unit(case.unit).phone in page
    for name in ("程立群", "宣晓敏", "申建国", "高志远"):
        assert name not in page


@pytest.mark.parametrize("platform", ["wechat", "telegram"])
def test_what_was_said_in_a_chat_is_found_by_the_number_it_was_answered_with(public: Public, platform: str):
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
    with public.visitor() as client:
        assert "等待研判" in ask(client, number.lower(), f" {code.lower()} ").text
        assert ask(client, number, "AAAAAAAA").status_code == 404
        cycle.turn(public.desk, public.clock.on(minutes=11), names=("talks", "understand", "open", "route"))
        page = ask(client, number, code).text
        (case,) = public.desk.store.cases.listing()
        assert case.number in page
        assert "已转办" in page
        assert "湖畔行人" not in page
        assert "满意吗" not in page


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(public: Public):
    with public.visitor() as client:
        number, _ = made_public.receipt_of(public.report(client).text)
        wrong, unknown = ask(client, number, "AAAA-AAAA-AAAA"), ask(client, "SP2026-999999", "AAAA-AAAA-AAAA")
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.text.replace(number, "N") == unknown.text.replace("SP2026-999999", "N")


def test_guessing_codes_stops(public: Public):
    with public.visitor() as client:
        number, code = made_public.receipt_of(public.report(client).text)
        found = [ask(client, number, "AAAA-AAAA-AAAA").status_code for _ in range(8)]
        assert found[-1] == 429
        assert ask(client, number, code).status_code == 429
        public.clock.on(minutes=16)
        assert ask(client, number, code).status_code == 200
    with public.visitor("127.0.0.2") as elsewhere:
        assert ask(elsewhere, number, code).status_code == 200


def test_the_code_is_kept_as_a_digest_only(public: Public):
    with public.visitor() as client:
        _, code = made_public.receipt_of(public.report(client).text)
    kept = b"".join(file.read_bytes() for file in public.desk.config.data_dir.glob("huanyu.db*"))
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept
