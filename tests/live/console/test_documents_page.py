"""Official papers over HTTP: chosen, filled in, put right, signed, issued, fetched; in full only where allowed."""

from __future__ import annotations

import re

import pytest
from made_console import Console

SECRET = "湖畔行人 13906350000"


def drafted(console: Console, kind: str, **more: str) -> str:
    """The address of a new paper, drafted in the browser's way: what the form shows is sent back."""
    case_id = console.made.mine
    with console.sign_in("press") as client:
        shown = client.get(f"/cases/{case_id}/papers/new", params={"kind": kind})
        assert shown.status_code == 200
        form = dict(re.findall(r'name="(f_\w+)" value="([^"]*)"', shown.text))
        form |= dict(re.findall(r'<textarea[^>]* name="(f_\w+)"[^>]*>([^<]*)</textarea>', shown.text))
        answer = client.post(f"/cases/{case_id}/papers", data={"kind": kind, **form, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def seen(text: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', text)
    assert found is not None
    return found[1]


def test_from_the_case_to_an_issued_letter(console: Console) -> None:
    path = drafted(console, "supervision_letter", f_delay="办结时限已过")
    with console.sign_in("press") as press, console.sign_in("leader") as leader:
        assert "签发前还要补" in leader.get(path).text
        early = leader.post(f"{path}/sign", data={"seen": seen(leader.get(path).text)})
        assert early.status_code == 422
        assert "“新的时限”没有填写" in early.text
        page = press.get(path).text
        number = console.desk.store.cases.get(console.made.mine).number
        told = {
            "f_addressee": "冠县分局",
            "f_number": number,
            "f_matter": "夜间酸雾",
            "f_delay": "办结时限已过",
        }
        told |= {
            "f_demand": "立即核查",
            "f_limit": "2026年3月16日",
            "f_contact": "宣教科",
            "f_telephone": "0635-8000000",
        }
        assert press.post(path, data={"seen": seen(page), **told}).status_code == 303
        assert leader.post(f"{path}/sign", data={"seen": seen(page)}).status_code == 409, "not what was read"
        assert leader.post(f"{path}/sign", data={"seen": seen(leader.get(path).text)}).status_code == 303
        assert press.post(f"{path}/issue").status_code == 303
        assert "聊环督〔2026〕1号" in press.get(f"/cases/{console.made.mine}").text
        register = leader.get("/papers", params={"kind": "supervision_letter"}).text
        assert "聊环督〔2026〕1号" in register
        assert number in register
        assert leader.get("/papers", params={"kind": "no_such"}).status_code == 404
        for kind, head in (("pdf", b"%PDF"), ("docx", b"PK")):
            answer = press.get(f"{path}/paper.{kind}", params={"full": "1"})
            assert answer.content.startswith(head)
            assert "%E8%81%8A%E7%8E%AF%E7%9D%A3" in answer.headers["content-disposition"]
        assert press.post(path, data={"seen": "x", **told}).status_code == 409


def test_the_unit_reads_the_slip_without_what_is_secret(console: Console) -> None:
    path = drafted(console, "transfer_slip", f_reporter=SECRET)
    with console.sign_in("handler") as handler, console.sign_in("press") as press:
        assert SECRET in press.get(path).text, "while it is a draft"
        assert press.get(f"{path}/paper.docx", params={"full": "1"}).status_code == 403
        assert press.post(f"{path}/full", data={"kind": "docx", "reason": ""}).status_code == 422
        whole = press.post(f"{path}/full", data={"kind": "docx", "reason": "移交档案"})
        assert whole.content.startswith(b"PK")
        assert handler.post(f"{path}/full", data={"reason": "想看看"}).status_code == 403
        page = handler.get(path).text
        assert "群众反映事项转办单" in page
        assert "13906350000" not in page
        assert handler.get(f"{path}/paper.pdf", params={"full": "1"}).status_code == 403
        assert handler.get(f"{path}/paper.pdf").content.startswith(b"%PDF")
    with console.sign_in("other_handler") as stranger:
        assert stranger.get(path).status_code == 403
        assert stranger.get(f"{path}/paper.docx").status_code == 403


@pytest.mark.parametrize("number", ["9" * 40, "9" * 5000, "-1", "²"])
def test_a_number_that_no_paper_has_breaks_nothing(reading_console: Console, number: str) -> None:
    new = f"/cases/{reading_console.made.mine}/papers"
    with reading_console.sign_in("press") as press:
        asked = press.get(f"{new}/new", params={"kind": "transfer_slip", "about": number})
        form = {"kind": "transfer_slip", "about": number, "f_place": "许营镇赵庄"}
        drafted = press.post(new, data=form)
        listed = press.get("/papers", params={"kind": "transfer_slip", "year": number})
    assert [one.status_code for one in (asked, drafted, listed)] == [422] * 3
    assert "许营镇赵庄" in drafted.text


def test_what_was_typed_stays_when_it_cannot_be_kept(console: Console) -> None:
    with console.sign_in("press") as client:
        form = {"kind": "transfer_slip", "f_public": "也许", "f_place": "许营镇赵庄"}
        answer = client.post(f"/cases/{console.made.mine}/papers", data=form)
    assert answer.status_code == 422
    assert "只能选是、否" in answer.text
    assert "许营镇赵庄" in answer.text
