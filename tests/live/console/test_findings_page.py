"""The form of a result and the files of a case over HTTP, without JavaScript: nothing typed is lost, nothing inside gets out."""

from __future__ import annotations

import made_desk
import made_papers
from made_console import Console

FULL = {
    "people": "程立群、易建东",
    "measures": ["seal", "file_case"],
    "bases": ["air_voc"],
    "outcome": "限期整改",
    "rectify_by": "2026-03-20",
    "fine": "20,000.50",
    "public_answer": "已查封喷漆工位，限3月20日前装好治理设施。",
    "m0_item": "非甲烷总烃",
    "m0_value": "212",
    "m0_unit": "mg/m³",
    "m0_limit_value": "50",
    "m0_limit_source": "DB37/2801",
    "m0_exceeded": "1",
}


def form_of(console: Console, **more: object) -> dict[str, object]:
    version = console.desk.store.cases.get(console.made.mine).version
    return {"version": str(version), **made_desk.FORM, **FULL, **more}


def test_one_post_brings_the_whole_report_and_its_photo(console: Console) -> None:
    case_id, photo = console.made.mine, made_papers.photo() + b"another"
    with console.sign_in("handler") as client:
        files = {"file0": ("IMG.jpg", photo, "image/jpeg")}
        answer = client.post(
            f"/cases/{case_id}/result",
            data=form_of(console, caption0="喷漆房内", credit0="程立群"),
            files=files,
        )
        assert answer.status_code == 303, answer.text
        told = client.get(f"/cases/{case_id}").text
    for said in (
        "212 mg/m³",
        "DB37/2801",
        "20,000.50 元",
        "2026-03-20",
        "喷漆房内",
        "程立群、易建东",
        "Shuicheng",
    ):
        assert said in told, said
    kept = console.desk.store.cases.get(case_id).result
    assert kept is not None
    assert (kept.fine_cents, kept.measures, kept.people) == (
        2_000_050,
        ("seal", "file_case"),
        ("程立群", "易建东"),
    )
    version = console.desk.store.cases.get(case_id).version
    with console.sign_in("press") as client:
        lack = {"version": str(version), "reason": "治理设施装好了没有，请再查"}
        assert client.post(f"/cases/{case_id}/send-to-unit", data=lack).status_code == 303
    with console.sign_in("handler") as client:
        client.post(f"/cases/{case_id}/result", data=form_of(console, found="再次检查，治理设施已装好并运行"))
        told = client.get(f"/cases/{case_id}").text
    assert "以前的查处结果（1 份）" in told
    assert told.index("再次检查，治理设施已装好并运行") < told.index("以前的查处结果")
    with console.sign_in("assessor") as client:
        told = client.get(f"/cases/{case_id}").text
    assert "以前的查处结果（1 份）" in told
    assert "20,000.50 元" in told
    assert not any(inside in told for inside in ("程立群、易建东", "Shuicheng", "喷漆房内"))


def test_what_was_typed_stands_there_again_with_the_fault_beside_its_field(reading_console: Console) -> None:
    case_id = reading_console.made.mine
    form = form_of(reading_console, found="高度重视，已整改到位，情况属实", rectify_by="", fine="两万")
    with reading_console.sign_in("handler") as client:
        unread = client.post(f"/cases/{case_id}/result", data=form)
        files = {"file0": ("a.jpg", made_papers.photo(), "image/jpeg")}
        wrong = client.post(f"/cases/{case_id}/result", data=form | {"fine": "20000"}, files=files)
    assert (unread.status_code, wrong.status_code) == (422, 422)
    assert "罚款金额请写以元为单位的数字" in unread.text
    for said in (
        "高度重视，已整改到位，情况属实",
        "非甲烷总烃",
        'value="seal" checked',
        "限3月20日前装好治理设施",
    ):
        assert said in unread.text, said
        assert said in wrong.text, said
    assert 'id="w-found"' in wrong.text
    assert "请填写整改期限" in wrong.text
    assert "重新选择" in wrong.text
    assert reading_console.desk.store.cases.get(case_id).result is None


def test_a_stranger_learns_nothing_from_a_form_that_cannot_be_read(reading_console: Console) -> None:
    desk, theirs = reading_console.desk, reading_console.made.theirs
    with reading_console.sign_in("handler") as client:
        answer = client.post(f"/cases/{theirs}/result", data={"version": "1", "visited_at": "昨天"})
    assert answer.status_code == 403
    assert desk.store.cases.get(theirs).title not in answer.text


def test_files_go_out_as_files_and_only_to_those_of_the_case(reading_console: Console) -> None:
    made = reading_console.made
    path = f"/cases/{made.mine}/files/{made.file}"
    with reading_console.sign_in("handler") as client:
        whole, clean = client.get(path), client.get(f"{path}/clean")
    assert made_papers.CAMERA.encode() in whole.content
    assert made_papers.CAMERA.encode() not in clean.content
    assert clean.headers["content-security-policy"].startswith("default-src 'none'")
    assert "程立群" not in clean.headers["content-disposition"]
    with reading_console.sign_in("other_handler") as client:
        assert client.get(path).status_code == 403
        assert client.get(f"/cases/{made.theirs}/files/{made.file}").status_code == 404


def test_a_file_that_is_no_picture_is_refused_by_its_bytes(reading_console: Console) -> None:
    files = {"file0": ("现场.jpg", b"<html><script>alert(1)</script>", "image/jpeg")}
    with reading_console.sign_in("press") as client:
        answer = client.post(f"/cases/{reading_console.made.mine}/files", files=files)
    assert answer.status_code == 422
    assert "现场.jpg" in answer.text
