"""What a look at a published message says, and whose a text on the account is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import pytest
from pydantic import ValidationError

from huanyu.after_rows import AfterRow
from huanyu.clock import SHANGHAI
from huanyu.types import Copy
from huanyu.types import CopyState
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Picture
from huanyu.types import Response
from huanyu.types import Seen
from publisher import afterwards
from publisher.channels.wechat_article import captioned

SENT = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)
LOOKS = AfterRow().looks
NEXT = SENT + timedelta(minutes=15)
TEXT = "您反映的柳园街道餐饮油烟问题已办理，结果见 https://sthj.example.org/r/abc123.html"
C = CopyState


def message(**more: object) -> Message:
    values: dict[str, object] = {
        "id": 7,
        "key": "reply:3:weibo:1",
        "state": MessageState.SENT,
        "channel": "weibo",
        "account": "weibo",
        "purpose": "reply",
        "title": "",
        "text": TEXT,
        "case_id": 3,
        "reply_to": "",
        "recipient": "",
        "link": "",
        "after": "",
        "author": "chengban",
        "created_at": SENT - timedelta(hours=1),
        "due_at": SENT,
        "attempts": 1,
        "version": 1,
        "platform_id": "5200000000000001",
        "sent_at": SENT,
    }
    return Message(**(values | more))  # type: ignore[arg-type]


def copy(state: CopyState = C.WAITING, **more: object) -> Copy:
    values: dict[str, object] = {"message_id": 7, "state": state, "copy": "", "found": ""}
    return Copy(**(values | more))  # type: ignore[arg-type]


def seen(text: str = TEXT, **more: object) -> Seen:
    return Seen(platform_id="5200000000000001", text=text, **more)  # type: ignore[arg-type]


def judge(known: Copy, found: Seen | None) -> tuple[CopyState, bool]:
    told = afterwards.judge(known, message(), found, NEXT)
    assert told.next_at == NEXT
    return told.state, bool(told.note)


@pytest.mark.parametrize(
    ("after", "minutes"),
    [(0, 2), (2, 15), (15, 120), (119, 120), (60 * 24, 10_080), (43_199, 43_200)],
)
def test_the_next_look_is_the_first_of_the_plan_that_is_not_over(after: int, minutes: int) -> None:
    found = afterwards.next_look(SENT, SENT + timedelta(minutes=after), LOOKS)
    assert found == SENT + timedelta(minutes=minutes)


def test_after_the_last_look_nobody_looks_any_more() -> None:
    assert afterwards.next_look(SENT, SENT + timedelta(days=30), LOOKS) is None


def test_a_platform_without_an_answer_is_asked_again_until_it_is_too_late_to_matter() -> None:
    quarter = timedelta(minutes=15)
    assert afterwards.look_again(SENT, SENT + quarter, LOOKS, quarter) == SENT + 2 * quarter
    assert afterwards.look_again(SENT, SENT + timedelta(days=32), LOOKS, quarter) is None


@pytest.mark.parametrize(
    "shown",
    [
        TEXT,
        TEXT.replace("https://sthj.example.org/r/abc123.html", "http://t.cn/A6xyz12"),
        TEXT.replace("https://sthj.example.org/r/abc123.html", "网页链接"),
        f" {TEXT}\n\u200b ",
        TEXT.replace("，", "&#65292;"),
    ],
)
def test_rewritten_links_blanks_and_entities_are_no_change(shown: str) -> None:
    assert judge(copy(), seen(shown)) == (C.LIVE, False)


def test_another_word_is_a_change_and_is_told_once() -> None:
    other = TEXT.replace("已办理", "正在办理")
    first = afterwards.judge(copy(C.LIVE, copy=TEXT, checks=1), message(), seen(other), NEXT)
    assert (first.state, first.found, bool(first.note)) == (C.CHANGED, other, True)
    known = copy(C.CHANGED, copy=TEXT, found=other, checks=2)
    assert judge(known, seen(other)) == (C.CHANGED, False)
    assert judge(known, seen("完全是另一段话")) == (C.CHANGED, True)
    assert judge(known, seen(TEXT)) == (C.LIVE, True)


def test_a_text_changed_before_the_first_look_is_noticed() -> None:
    assert judge(copy(), seen("我局从未收到这类反映")) == (C.CHANGED, True)


def test_how_the_platform_shows_a_text_is_no_change_later() -> None:
    shown = f"{TEXT} 展开全文"
    kept = copy(C.CHANGED, copy=shown, found="", checks=1)
    assert judge(kept, seen(shown))[0] is C.LIVE


def test_what_is_not_there_at_the_first_look_is_waited_for_once() -> None:
    assert judge(copy(), None) == (C.WAITING, False)
    assert judge(copy(checks=1), None) == (C.GONE, True)


def test_a_deletion_is_told_once_and_so_is_its_end() -> None:
    assert judge(copy(C.LIVE, copy=TEXT, checks=2), None) == (C.GONE, True)
    gone = copy(C.GONE, copy=TEXT, checks=3)
    assert judge(gone, None) == (C.GONE, False)
    assert judge(gone, seen()) == (C.LIVE, True)


def test_the_first_copy_is_kept_whatever_stands_there_later() -> None:
    first = afterwards.judge(copy(), message(), seen(views=12, comments=1), NEXT)
    assert (first.copy, first.views, first.comments, first.reposts) == (TEXT, 12, 1, None)
    later = afterwards.judge(copy(C.LIVE, copy=TEXT, checks=1), message(), seen("别的"), NEXT)
    assert (later.copy, later.found) == (TEXT, "别的")


def test_a_platform_that_cannot_be_looked_at_says_so() -> None:
    told = afterwards.not_seen(copy(), None)
    assert (told.state, told.next_at, told.note) == (C.UNSEEN, None, "")
    assert afterwards.LABEL[told.state] == "该平台不能回看"


def test_every_state_has_a_name() -> None:
    assert set(afterwards.LABEL) == set(C)


def test_a_text_on_the_account_is_known_by_the_platforms_name_for_it() -> None:
    other = message(id=8, platform_id="5200000000000002", text="别的")
    assert afterwards.owner(seen("别的"), [other, message()]) == message()


def test_a_message_the_platform_left_unnamed_is_known_by_text_and_time() -> None:
    nameless = message(platform_id="", state=MessageState.UNKNOWN)
    rewritten = seen(TEXT.replace("https://sthj.example.org/r/abc123.html", "http://t.cn/A6"), at=SENT)
    assert afterwards.owner(rewritten, [nameless]) == nameless
    long_before = replace(rewritten, at=SENT - timedelta(days=2))
    assert afterwards.owner(long_before, [nameless]) is None
    assert afterwards.owner(seen("转发有奖"), [nameless]) is None


def test_an_article_in_doubt_is_known_by_its_words_under_whatever_name_it_gets() -> None:
    """A platform that queues an article names the job first and the article later; a list shows title and captions."""
    picture = Picture(digest="", name="a.jpg", media="image/jpeg", caption="采样现场", credit="岳明 摄")
    waiting = message(
        state=MessageState.UNKNOWN, platform_id="publish:100000001", title="六五环境日", pictures=(picture,)
    )
    shown = f"六五环境日\n{TEXT}\n{captioned(picture)}"
    assert afterwards.owner(seen(shown), [waiting]) == waiting
    assert afterwards.owner(seen(f"{shown}\n加微信领红包"), [waiting]) is None
    assert afterwards.shows(f"{TEXT}{captioned(picture)}", waiting)
    assert not afterwards.shows(captioned(picture), waiting)


def test_a_named_message_is_not_taken_for_a_second_post_of_the_same_words() -> None:
    """Somebody posted our text once more by hand: that is no message of ours."""
    assert afterwards.owner(replace(seen(), platform_id="5200000000000009"), [message()]) is None


def test_our_own_answers_in_a_thread_are_nobodys_response() -> None:
    found = [
        Response(platform_id="1", text="查了没有，怎么还有味"),
        Response(platform_id="2", text=f"{TEXT}\n"),
        Response(platform_id="3", text=" "),
    ]
    assert [one.platform_id for one in afterwards.unheard(found, [TEXT])] == ["1"]


@pytest.mark.parametrize("minutes", [(), (0, 5), (15, 2), (2, 2)])
def test_a_plan_of_looks_must_ascend(minutes: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError, match="look_minutes"):
        AfterRow(look_minutes=minutes)


@pytest.mark.parametrize("serial", ["更正3号", "更正{number}", "{year}{year}{number}"])
def test_a_serial_needs_its_year_and_its_number(serial: str) -> None:
    with pytest.raises(ValidationError, match="serial"):
        AfterRow(serial=serial)


def test_a_change_is_shown_where_it_is() -> None:
    pieces = afterwards.differences("罚款3万元，限期整改", "罚款300万元，限期整改")
    assert "".join(piece for piece, _ in pieces) == "罚款300万元，限期整改"
    assert [piece for piece, is_new in pieces if is_new] == ["00"]
    assert afterwards.differences("长" * 3000, "短" * 3000) == [("短" * 3000, False)]


def test_what_stood_there_before_the_call_left_is_not_ours() -> None:
    """The text waited an hour for its call; meanwhile somebody posted the same by hand."""
    unknown = message(state=MessageState.UNKNOWN, platform_id="", claimed_at=SENT)
    by_hand = Seen(platform_id="52", text=TEXT, at=SENT - timedelta(minutes=30))
    assert afterwards.owner(by_hand, [unknown]) is None
    ours = Seen(platform_id="53", text=TEXT, at=SENT - timedelta(minutes=2))  # their clock is behind
    assert afterwards.owner(ours, [unknown]) == unknown
