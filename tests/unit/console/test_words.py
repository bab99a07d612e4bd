"""The words and guards of the console that decide without a request."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from starlette.datastructures import FormData

from console import payloads
from console import previews
from console import refusals
from console import sessions
from console import view
from console.pages import account
from console.pages import sign_in
from console.throttle import Throttle
from flow import teaching
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import NotAllowed
from huanyu.types import Finding
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import Verdict

NOW = datetime(2026, 3, 5, 10, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("minutes", "words", "colour"),
    [
        (45, "还剩 45 分钟", "warning"),
        (3 * 60, "还剩 3 小时", "warning"),
        (30 * 60, "还剩 30 小时", "success"),
        (72 * 60, "还剩 3 天", "success"),
        (-50, "已超 50 分钟", "danger"),
        (-50 * 60, "已超 2 天", "danger"),
    ],
)
def test_time_to_a_limit_is_told_in_words_and_colour(minutes: int, words: str, colour: str) -> None:
    due = NOW + timedelta(minutes=minutes)
    assert (view.left(due, NOW), view.urgency(due, NOW)) == (words, colour)


def test_a_day_is_told_with_its_weekday() -> None:
    assert view.day(date(2026, 3, 8)) == "3月8日 星期日"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " http://x", ""]
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert view.web(address) == ""
    assert view.web("https://weibo.example.org/1") == "https://weibo.example.org/1"


@pytest.mark.parametrize("weak", ["", "short", "123456789", "aaaaaaaaaaaa", "abababababab"])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(BadInput):
        sessions.hash_password(weak)


def test_a_password_matches_its_own_hash_only() -> None:
    hashed = sessions.hash_password("Yunhe-2026-Gucheng")
    matches = partial(sessions.matches, Throttle())
    assert matches(hashed, "Yunhe-2026-Gucheng")
    assert not matches(hashed, "Yunhe-2026-gucheng")
    assert not matches(None, "Yunhe-2026-Gucheng")
    assert not matches("not a hash", "Yunhe-2026-Gucheng")


def test_a_text_of_any_length_is_no_password() -> None:
    with pytest.raises(BadInput):
        sessions.hash_password("Yunhe-2026" * 100)


@pytest.mark.parametrize("head", range(20, 130, 7))
def test_an_excerpt_never_shows_the_half_of_a_number_its_cut_hides(head: int) -> None:
    text = "夜里味道很大" * 30
    shown = view.excerpt(f"{text[:head]}1 3 8 0 0 0 0 0 0 0 0{text}", 40)
    assert len(shown) <= 41
    assert "0 0" not in shown
    assert shown.endswith("…")


def test_an_excerpt_of_a_short_text_is_the_masked_text() -> None:
    assert view.excerpt("请回电13800000000", 40) == "请回电138****0000"


def test_a_new_password_is_typed_twice_and_is_not_the_old_one() -> None:
    assert account.chosen("old", "new", "new") == "new"
    for again, new in (("nwe", "new"), ("old", "old")):
        with pytest.raises(BadInput):
            account.chosen("old", new, again)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 秒"), (59, "59 秒"), (60, "1 分钟"), (5399, "90 分钟"), (7200, "2 小时"), (216_000, "2.5 天")],
)
def test_a_length_of_time_is_told_in_the_unit_that_fits(seconds: int, words: str) -> None:
    assert view.span(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 字节"), (999, "999 字节"), (12_400, "12 KB"), (1_400_000, "1.4 MB")]
)
def test_a_size_is_told_in_the_unit_that_fits(count: int, words: str) -> None:
    assert view.size(count) == words


def test_a_payload_is_text_in_its_charset_json_by_lines_and_never_longer_than_a_page() -> None:
    assert (
        payloads.shown("柳园街道\x00油烟".encode("gb18030"), "text/html; charset=gbk").text == "柳园街道油烟"
    )
    assert payloads.shown('{"a": [1, "油烟"]}'.encode()).text == '{\n  "a": [\n    1,\n    "油烟"\n  ]\n}'
    long = payloads.shown(b"x" * 1_000_000)
    assert (len(long.text), long.size, long.is_cut) == (payloads.SHOWN, 1_000_000, True)
    assert not payloads.shown(b"short").is_cut


def finding(start: int, end: int, reason: str) -> Finding:
    return Finding(kind="phone", start=start, end=end, text="", reason=reason)


def test_a_text_is_cut_where_the_checks_found_something() -> None:
    text = "电话13800000000，车牌鲁P00000"
    cut = previews.pieces(text, [finding(16, 23, "车牌"), finding(2, 13, "电话"), finding(5, 9, "号段")])
    assert [piece.reason for piece in cut] == ["", "电话", "", "车牌"]
    assert "".join(piece.text for piece in cut) == text
    assert previews.pieces(text, []) == [previews.Piece(text)]


def test_what_a_platform_makes_a_link_of_is_shown_as_one() -> None:
    cut = previews.pieces("@湖畔行人 详情：https://sthj.example.org/r/1.html，#六五环境日#", [])
    assert [piece.text for piece in cut if piece.is_link] == [
        "@湖畔行人",
        "https://sthj.example.org/r/1.html",
        "#六五环境日#",
    ]


@pytest.mark.parametrize(
    ("path", "record"),
    [
        ("/cases/3/result", "/cases/3"),
        ("/outbox/12/approve", "/outbox/12"),
        ("/rejects/4/resolve", "/rejects/4"),
        ("/sources/weibo-search/probes/3/retire", "/sources/weibo-search"),
        ("/ledger/7/sign", "/ledger/7"),
        ("/info-requests/2/heard", "/info-requests/2"),
        ("/info-requests", "/info-requests"),
        ("/evidence/00ff", "/"),
        ("/people", "/people"),
        ("/", "/"),
    ],
)
def test_an_action_belongs_to_the_page_of_its_record(path: str, record: str) -> None:
    assert refusals.record_of(path) == record


@pytest.mark.parametrize(
    ("problem", "status"),
    [(NotAllowed(), 403), (Conflict(), 409), (Blocked(), 422), (BadInput(), 422), (HuanyuError(), 500)],
)
def test_a_refusal_has_the_status_of_its_kind(problem: HuanyuError, status: int) -> None:
    assert refusals.status_of(problem) == status


def test_texts_come_back_to_whoever_typed_them_but_passwords_do_not() -> None:
    form = FormData([("found", "查到的情况"), ("password", "secret-words"), ("version", "3"), ("basis", "")])
    assert refusals.typed_in(form).kept == (("found", "查明情况", "查到的情况"),)


@pytest.mark.parametrize("address", ["//x.org", "https://x.org", "/\\x.org", "/a\nb", "cases", ""])
def test_only_addresses_of_the_console_are_gone_on_to(address: str) -> None:
    assert sign_in.inside(address) == "/"
    assert sign_in.inside("/cases/3?view=open") == "/cases/3?view=open"


@pytest.mark.parametrize(
    ("held", "complaint", "label"),
    [
        (PostType.COMPLAINT, True, (PostType.COMPLAINT, ("air.odour",))),
        (PostType.OPINION, True, (PostType.COMPLAINT, ("air.odour",))),
        (PostType.COMPLAINT, False, (PostType.OTHER, ())),
        (PostType.PUBLICITY, False, (PostType.PUBLICITY, ())),
    ],
)
def test_a_yes_or_no_keeps_what_the_classifier_held_and_nobody_denied(
    held: PostType, complaint: bool, label: tuple[PostType, tuple[str, ...]]
) -> None:
    verdict = Verdict(
        type=held,
        complaint=0.5,
        kinds=("air.odour",),
        sentiment=Sentiment.NEUTRAL,
        urgent=False,
        unsure=True,
        is_complaint=False,
        places=(),
        out_of_town=False,
        signature=b"",
        why=(),
        tokens="",
        model="test",
    )
    assert teaching.judged(verdict, complaint) == label


def test_a_short_time_of_another_year_names_the_year():
    told = view.TEMPLATES.env.from_string("{{ old|short_when }} {{ new|short_when }}").render(
        old=datetime(2025, 3, 5, 9, tzinfo=SHANGHAI),
        new=datetime(2025, 12, 31, 17, tzinfo=UTC),
        now=datetime(2026, 5, 1, tzinfo=SHANGHAI),
    )
    assert told == "2025-03-05 09:00 01-01 01:00"


def test_a_short_time_on_a_page_of_no_known_moment_names_the_year():
    told = view.TEMPLATES.env.from_string("{{ at|short_when }}").render(
        at=datetime(2025, 3, 5, 9, tzinfo=SHANGHAI)
    )
    assert told == "2025-03-05 09:00"


@pytest.mark.parametrize(("how", "told"), [("", "2026-03-05 09:00"), (" with context", "03-05 09:00")])
def test_a_macro_knows_the_moment_of_its_page_only_with_its_context(how: str, told: str) -> None:
    heard = [
        SimpleNamespace(mood="neutral", at=datetime(2026, 3, 5, 9, tzinfo=SHANGHAI), post_id=None, text="")
    ]
    page = view.TEMPLATES.env.from_string(f'{{% import "macros.html" as ui{how} %}}{{{{ ui.heard(heard) }}}}')
    drawn = page.render(heard=heard, now=datetime(2026, 5, 1, tzinfo=SHANGHAI))
    assert f">{told}<" in drawn
