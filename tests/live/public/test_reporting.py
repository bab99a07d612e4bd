"""随手拍 over real HTTP: what is handed in, what comes of it, what is refused and comes back as it was."""

from __future__ import annotations

import json
import re

import made_public
import pytest
from made_public import PLACE
from made_public import TEXT
from made_public import Public

from flow import cycle
from flow import teaching
from huanyu.errors import NotFound
from huanyu.types import PostType
from huanyu.types import SourceKind
from tests.unit.publisher.test_picture_notes import shot

WAV = b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + bytes(28)


def post_of(public: Public):
    ((post, _),) = public.desk.store.posts.listing()
    return post


def test_a_report_is_a_post_with_a_number_of_its_own(public: Public):
    with public.visitor() as client:
        page = public.report(client, kind="noise.construction").text
    number, code = made_public.receipt_of(page)
    assert re.fullmatch(r"SP2026-\d{6}", number)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}", code)
    post = post_of(public)
    assert (post.source, post.kind) == ("网页举报", SourceKind.REPORT)
    assert TEXT in post.text
    assert PLACE in post.text
    assert "<svg" in page


def test_the_report_becomes_a_case_by_the_ordinary_way(public: Public):
    with public.visitor() as client:
        number, _ = made_public.receipt_of(public.report(client).text)
    case = made_public.opened(public.desk, number, public.clock())
    assert case.kinds[0] == "noise.construction"
    assert case.state in {"assigned", "pending"}


def test_a_photo_goes_on_without_place_and_camera_and_the_office_reads_both(public: Public):
    body = shot()
    with public.visitor() as client:
        page = public.report(
            client, files=[("photos", ("现场.jpg", body, "image/jpeg")), ("voice", ("v.wav", WAV))]
        )
        assert page.status_code == 200, page.text
    post = post_of(public)
    (shown,) = public.desk.store.evidence.of_post(post.id)
    _, clean = public.desk.store.evidence.blob(shown.sha256)
    assert b"Exif" not in clean
    report = public.desk.store.public.of_post(post.id)
    photo, voice = public.desk.store.public.files(report.id)
    assert photo.exif["拍摄位置"] == "36.45600N 115.98000E"
    assert public.desk.store.case_files.body(photo.sha256) == body
    assert (voice.kind, voice.clean_sha256) == ("sound", "")


def test_who_reported_stands_nowhere_but_in_the_sealed_table(public: Public):
    with public.visitor() as client:
        told = f"{TEXT}。我是郭守静，电话13906350177"
        number, _ = made_public.receipt_of(
            public.report(client, text=told, name="郭守静", phone="13906350177").text
        )
    case = made_public.opened(public.desk, number, public.clock())
    assert "郭守静" not in post_of(public).text
    assert "13906350177" not in post_of(public).text
    (sealed,) = public.desk.store.people.read_reporter(case.id, "press", "核实", public.clock())
    assert json.loads(sealed)["phone"] == "13906350177"
    assert b"13906350177" not in b"".join(
        file.read_bytes() for file in public.desk.config.data_dir.glob("huanyu.db*")
    )


def test_the_same_form_sent_twice_is_one_report_with_one_receipt(public: Public):
    with public.visitor() as client:
        told = {"token": public.token(client), "text": TEXT, "place": PLACE, "consent": "1"}
        pages = [client.post("/report", data=told, files=[("photos", ("", b""))]).text for _ in range(2)]
    assert made_public.receipt_of(pages[0]) == made_public.receipt_of(pages[1])
    assert public.desk.store.posts.count() == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(public: Public):
    with public.visitor() as client:
        page = public.report(client, text="臭", place="", name="魏青禾", consent="")
    assert page.status_code == 422
    for name in ("text", "place", "consent"):
        assert f'href="#f-{name}"' in page.text
        assert f'id="e-{name}"' in page.text
        assert re.search(
            rf'id="f-{name}"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*e-{name}"', page.text
        )
    assert 'value="魏青禾"' in page.text
    assert public.desk.store.posts.count() == 0


def test_the_very_same_words_are_one_report(public: Public):
    with public.visitor() as client:
        assert public.report(client).status_code == 200
        again = public.report(client)
        assert again.status_code == 422
        assert "一字不差" in again.text
        assert public.report(client, text=f"{TEXT}，昨晚又来了").status_code == 200


def test_a_form_too_fast_forged_or_filled_by_a_program_is_given_back(public: Public):
    with public.visitor() as client:
        told = {"text": TEXT, "place": PLACE, "consent": "1"}
        fresh = re.search(r'name="token" value="([^"]+)"', client.get("/report").text)[1]
        forged = fresh[:-1] + ("1" if fresh.endswith("0") else "0")
        files = [("photos", ("", b""))]
        pages = [client.post("/report", data=told | {"token": fresh}, files=files)]
        public.clock.on(seconds=5)
        pages += [
            client.post("/report", data=told | {"token": forged}, files=files),
            client.post(
                "/report", data=told | {"token": fresh, "website": "http://spam.example"}, files=files
            ),
        ]
        public.clock.on(hours=13)
        pages.append(client.post("/report", data=told | {"token": fresh}, files=files))
    assert [page.status_code for page in pages] == [422] * 4
    assert all(TEXT in page.text for page in pages)
    assert public.desk.store.posts.count() == 0


def test_a_file_that_is_no_photo_is_named_and_the_words_stay(public: Public):
    with public.visitor() as client:
        page = public.report(client, files=[("photos", ("a.jpg", b"<svg onload=alert(1)>", "image/jpeg"))])
    assert page.status_code == 422
    assert 'id="e-photos"' in page.text
    assert TEXT in page.text


def test_what_the_reader_would_leave_aside_waits_for_a_person(public: Public):
    with public.visitor() as client:
        number, code = made_public.receipt_of(public.report(client, text="今天公园里的荷花开得真好看").text)
        cycle.turn(public.desk, public.clock(), names=("understand", "open"))
        assert public.desk.store.posts.verdict(post_of(public).id).unsure
        page = client.post("/progress", data={"number": number, "code": code}).text
    assert "等待研判" in page


def test_a_full_queue_says_so_and_keeps_the_words(tmp_path):
    with made_public.running(tmp_path, "queue_most = 1\n") as public, public.visitor() as client:
        assert public.report(client).status_code == 200
        full = public.report(client, text=f"{TEXT}，第二件")
    assert full.status_code == 503
    assert "12369" in full.text
    assert f"{TEXT}，第二件" in full.text


def test_a_body_too_large_or_without_length_is_not_read(public: Public):
    with public.visitor() as client:
        large = client.post(
            "/report", content=b"", headers={"Content-Length": "0", "Content-Type": "text/plain"}
        )
        assert large.status_code in {400, 422}
        endless = client.post("/report", content=iter([b"a=1"]))
        assert endless.status_code == 411


def test_originals_of_what_is_no_complaint_go_after_the_days_of_the_table(tmp_path):
    """A person says that it is none; the very same photo stays with a report that is one."""
    with made_public.running(tmp_path, "originals_days = 40\n") as public, public.visitor() as client:
        desk, files = public.desk, [("photos", ("现场.jpg", shot(), "image/jpeg")), ("voice", ("v.wav", WAV))]
        public.report(client, files=files, text=f"请问{TEXT}，这种情况归谁管")
        public.report(client, files=files[:1])
        cycle.run(desk, "understand", public.clock())
        kept, idle = (desk.store.public.of_post(post.id) for post, _ in desk.store.posts.listing())
        press = made_public.crew(desk, public.clock())[0]
        teaching.correct_label(desk, press, idle.post_id, PostType.QUESTION, (), public.clock())
        cycle.turn(desk, public.clock(), names=("open", "route"))
        assert desk.store.posts.case_of(kept.post_id) is not None
        voice = desk.store.public.files(idle.id)[1].sha256
        cycle.run(desk, "expire", public.clock.on(days=39))
        assert len(desk.store.public.files(idle.id)) == 2
        cycle.run(desk, "expire", public.clock.on(days=2))
        assert [len(desk.store.public.files(one.id)) for one in (idle, kept)] == [0, 1]
        photo = desk.store.public.files(kept.id)[0]
        assert desk.store.case_files.body(photo.sha256) == shot()
        with pytest.raises(NotFound):
            desk.store.case_files.body(voice)
        cycle.run(desk, "expire", public.clock.on(days=1))
        lines = [one for one in desk.store.audit.listing(limit=50) if one.action == "report.expire"]
        assert [tuple(one.ids) for one in lines] == [(idle.id,)]
