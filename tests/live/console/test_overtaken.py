"""Two people at one case: the second sees what the first did, both texts side by side, and sends theirs again."""

from __future__ import annotations

import re

import made_desk
from made_console import Console

MINE = "沟边三处口子都在往外冒黑水，顺着沟往下淌了大约两百米"


def test_the_second_person_sees_what_changed_and_by_whom_and_may_send_again(console: Console) -> None:
    store, case_id = console.desk.store, console.made.unsigned
    seen = store.cases.get(case_id).version
    form = {"version": str(seen), **made_desk.FORM, "found": MINE}
    with console.sign_in("handler") as first, console.sign_in("handler") as second:
        assert first.post(f"/cases/{case_id}/sign", data={"version": str(seen)}).status_code == 303
        refused = second.post(f"/cases/{case_id}/result", data=form)
        assert refused.status_code == 409
        assert made_desk.HANDLER[1] in refused.text, "who was there first"
        assert "您打开之后的变化" in refused.text
        assert "已签收" in refused.text
        assert MINE in refused.text
        now = store.cases.get(case_id)
        assert f'name="version" value="{now.version}"' in refused.text, "the form counts from here on"
        again = second.post(f"/cases/{case_id}/result", data={**form, "version": str(now.version)})
        assert again.status_code == 303
    assert store.cases.get(case_id).result.found == MINE


def test_both_findings_stand_side_by_side(console: Console) -> None:
    store, case_id = console.desk.store, console.made.mine
    seen = store.cases.get(case_id).version
    form = {"version": str(seen), **made_desk.FORM}
    with console.sign_in("handler") as first, console.sign_in("handler") as second:
        assert first.post(f"/cases/{case_id}/result", data=form).status_code == 303
        refused = second.post(f"/cases/{case_id}/result", data={**form, "found": MINE})
    assert refused.status_code == 409
    assert refused.text.index("您打开之后的变化") < refused.text.index("现在的查处结果")
    assert f"<dd>{made_desk.FOUND}</dd>" in refused.text, "theirs, as it stands"
    assert re.search(rf"<textarea[^>]*>\s*{MINE}", refused.text), "mine, to go on with"


def test_a_draft_that_was_rewritten_meanwhile_shows_both_texts(console: Console) -> None:
    store, draft = console.desk.store, console.made.draft
    seen = store.outbox.get(draft)
    with console.sign_in("press") as first, console.sign_in("press") as second:
        mine, theirs = seen.text + "请监督。", seen.text + "感谢反映。"
        path, version = f"/outbox/{draft}/edit", str(seen.version)
        assert first.post(path, data={"version": version, "text": theirs}).status_code == 303
        refused = second.post(path, data={"version": version, "text": mine})
        assert refused.status_code == 409
        assert theirs in refused.text
        assert mine in refused.text
        assert second.post(path, data=sent_again(refused.text)).status_code == 303
    assert store.outbox.get(draft).text == mine


def test_whoever_may_not_see_the_case_any_more_learns_nothing_of_what_changed(console: Console) -> None:
    store, case_id = console.desk.store, console.made.mine
    case = store.cases.get(case_id)
    with console.sign_in("press") as press, console.sign_in("handler") as handler:
        data = {"version": str(case.version), "unit": "zhifa"}
        assert press.post(f"/cases/{case_id}/dispatch", data=data).status_code == 303
        form = {"version": str(case.version), **made_desk.FORM}
        refused = handler.post(f"/cases/{case_id}/result", data=form)
    assert refused.status_code == 403
    assert "您打开之后的变化" not in refused.text


def sent_again(page: str) -> dict[str, str]:
    """What the button of the page sends."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    boxes = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return dict(hidden) | dict(boxes)
