"""A photo of the spot goes along with the answer: cleaned, seen by the reviewers, sent by the channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flow import case_files
from flow import cycle
from flow import illustrating
from flow.checks import checked
from flow.illustrating import Chosen
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from tests import photos
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work

LATER = NOW + timedelta(hours=1)
CAPTION, CREDIT = "3月10日查封后的喷漆间", "执法人员 摄"


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        opened.fill()
        yield opened


def photographed(office: Office) -> tuple[Case, dict[str, Message], int]:
    """A case whose replies wait for review, and a photo of the spot."""
    case, replies = office.replying()
    upload = case_files.Upload(name="IMG_20260310_101500.jpg", body=photos.jpeg(), caption=CAPTION)
    (file_id,) = case_files.add(office.desk, office.handler(case.unit), case.id, [upload], NOW)
    return case, replies, file_id


def put(office: Office, message: Message, *files: int) -> Message:
    chosen = [Chosen(one, CAPTION, CREDIT) for one in files]
    return illustrating.illustrate(office.desk, office.press, message.id, message.version, chosen, LATER)


def test_the_photo_leaves_with_the_answer_and_tells_nothing_of_the_camera(office):
    _, replies, file_id = photographed(office)
    for channel in ("site", "telegram"):
        made = put(office, replies[channel], file_id)
        assert checked(office.desk, office.desk.store.composing.with_pictures(made)).pictures == ()
    case = office.case("replying")
    office.approve(office.replies(case), LATER)
    for step in range(1, 4):
        cycle.run(office.desk, "deliver", LATER + timedelta(minutes=10 * step))
    assert office.states(case)["site"] is MessageState.SENT
    (page,) = office.desk.config.site_dir.glob("r/*.html")
    assert CAPTION in page.read_text(encoding="utf-8")
    (shown,) = office.desk.config.site_dir.glob("p/*.jpg")
    assert not [secret for secret in photos.SECRETS if secret in shown.read_bytes()]
    assert office.states(case)["telegram"] is MessageState.SENT
    (sent,) = office.platforms.telegram.published
    assert sent.picture
    assert not [secret for secret in photos.SECRETS if secret in sent.body]


def test_another_choice_voids_what_the_reviewers_agreed_to(office):
    case, replies, file_id = photographed(office)
    site = replies["site"]
    approved = office.sign_off(site)
    assert approved.state is MessageState.APPROVED
    made = put(office, approved, file_id)
    assert (made.state, made.version, made.approved_version) == (
        MessageState.DRAFT,
        approved.version + 1,
        None,
    )
    assert made.text == site.text
    assert office.desk.store.cases.history(case.id)[-1].note.endswith("配图 1 张")
    assert put(office, made).state is MessageState.DRAFT
    assert office.desk.store.composing.pictures(site.id) == ()


def test_who_read_an_older_text_changes_no_pictures(office):
    _, replies, file_id = photographed(office)
    put(office, replies["site"], file_id)
    with pytest.raises(Conflict):
        put(office, replies["site"])
    assert len(office.desk.store.composing.pictures(replies["site"].id)) == 1


def test_a_comment_takes_none_and_a_picture_says_what_it_shows(office):
    _, replies, file_id = photographed(office)
    with pytest.raises(BadInput, match="不能带图片"):
        put(office, replies["weibo"], file_id)
    bare = [Chosen(file_id, " ", "")]
    site = replies["site"]
    with pytest.raises(BadInput, match=r"没有说明.*没有署名"):
        illustrating.illustrate(office.desk, office.press, site.id, site.version, bare, LATER)


def test_only_photos_of_this_case_go_along_and_never_what_came_with_the_complaint(office):
    case, replies, file_id = photographed(office)
    given = case_files.Upload(name="群聊截图.png", body=photos.png(), caption="群里的话")
    came = case_files.handed_in(office.desk.bureau.quality, [given])
    (screenshot,) = office.desk.store.case_files.add(case.id, came, "press", NOW)
    offered = illustrating.offer(office.desk, office.press, replies["site"], case)
    assert offered is not None
    assert [one.id for one in offered.files] == [file_id]
    for other in (screenshot, 99_999):
        with pytest.raises(BadInput, match="不在这一件"):
            put(office, replies["site"], other)
    assert illustrating.offer(office.desk, office.press, replies["weibo"], case) is None
    with pytest.raises(NotAllowed):
        illustrating.illustrate(office.desk, office.reviewer, replies["site"].id, 1, [], LATER)
