"""Ten thousand cases, and nobody who reported stands in any page, feed, receipt or file that the public may open."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from ahocorasick_rs import AhoCorasick
from made_public import NOW

import bulletins.opendata
import publisher.draft
from console.public.view import TEMPLATES
from flow import public_progress
from flow.public_progress import Known
from flow.public_reports import Receipt
from huanyu.bureau import AccountRow
from huanyu.bureau import Bureau
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import Event
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import MonthCount
from huanyu.types import PublicReport
from huanyu.types import Result
from publisher.channels import site

CASES = 10_000
SURNAMES, GIVEN = "郭魏姚陆邵秦柳窦温岳", "守静青禾思远若兰文博景行"
STATES = ("pending", "assigned", "signed", "handled", "replying", "answered", "visited", "closed")
KINDS = ("noise.construction", "air.odour", "water.sewage")


@dataclass(frozen=True)
class Someone:
    """Who reported."""

    name: str
    phone: str
    handle: str


def someone(dice: random.Random, index: int) -> Someone:
    name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2))
    return Someone(
        name, f"1{dice.choice('3589')}{dice.randrange(10**9):09d}", f"湖畔{dice.choice(GIVEN)}客{index:05d}"
    )


def case_of(who: Someone, index: int) -> Case:
    told = f"现场查看，反映人{who.name}（电话{who.phone}）所说的夜间施工属实"
    result = Result(
        finding="属实",
        visited_at=NOW,
        found=told,
        measure=f"责令停止夜间施工，并电话告知反映人{who.name}，号码{who.phone}",
        next_step="一周内复查",
    )
    return Case(
        id=index + 1,
        number=f"HY2026-{index:06d}",
        public_id=f"bcdfghjkmnprst{index:06d}",
        state=STATES[index % len(STATES)],  # one that is at work again keeps its former answer
        title="东昌府区湖南路 施工噪声",
        kinds=(KINDS[index % len(KINDS)],),
        area="371502",
        place="湖南路",
        urgent=False,
        level="一般",
        learned_at=NOW,
        opened_at=NOW,
        version=1,
        first_author=who.handle,
        first_text=f"我是{who.name}，电话{who.phone}，网名{who.handle}",
        result=result,
        source_kind="report",
        channel="report",
    )


def events(who: Someone, case: Case) -> tuple[Event, ...]:
    note = f"{who.name} {who.phone} @{who.handle} 已联系"
    way = STATES[: STATES.index(case.state) + 1]
    return tuple(
        Event(
            at=NOW + timedelta(hours=at),
            actor=who.name,
            action="opened" if not at else "moved",
            note=note,
            state=one,
        )
        for at, one in enumerate(way)
    )


def message(who: Someone, case: Case, text: str, title: str) -> Message:
    return Message(
        id=case.id,
        key=f"reply:{case.id}:site:1",
        channel="site",
        account="site",
        purpose="reply",
        state=MessageState.SENT,
        text=f"@{who.handle}：\n{text}",
        title=title,
        case_id=case.id,
        link=f"https://sthj.example.org/r/{case.public_id}.html",
        reply_to="",
        recipient="",
        after="",
        author="press",
        created_at=NOW,
        due_at=NOW,
        attempts=1,
        version=1,
        sent_at=NOW,
    )


@pytest.fixture(scope="module")
def bureau() -> Bureau:
    account = AccountRow(key="site", channel="site", name="本局网站·办理结果", verified=True)
    return load_bureau(SHIPPED).model_copy(update={"accounts": (account,)})


def page_of(case: Case, draft: Draft) -> site.Page:
    return site.Page(
        id=case.public_id,
        key=f"reply:{case.id}",
        title=draft.title,
        text=draft.text,
        published_at=NOW.isoformat(),
    )


def told(dice: random.Random, bureau: Bureau) -> Iterator[tuple[Someone, str, site.Page]]:
    """Of each case: who reported, everything the public may open of it, and its entry in lists and feeds."""
    progress, receipt, result = (
        TEMPLATES.env.get_template("progress.html"),
        TEMPLATES.env.get_template("receipt.html"),
        site._PAGES.get_template("result.html"),
    )
    frame = {"bureau": bureau.bureau, "path": "/progress"}
    for index in range(CASES):
        who = someone(dice, index)
        case = case_of(who, index)
        draft = publisher.draft.reply(case, bureau)[0]
        report = PublicReport(
            id=index,
            number=f"SP2026-{index:06d}",
            post_id=index,
            at=NOW,
            contact=True,
            place=f"{who.name}家楼下",
        )
        known = Known(
            report=report,
            verdict=None,
            case=case,
            events=events(who, case),
            messages=(message(who, case, draft.text, draft.title),),
            names=(who.handle,),
        )
        page = page_of(case, draft)
        shown = public_progress.told(known)
        said = {"found": shown, "code": "CODE", "choices": (), "has_page": True}
        said |= dict.fromkeys(("wrong", "done", "chosen", "reason"), "")
        parts = [
            progress.render(frame | said),
            receipt.render(frame | {"receipt": Receipt(report, "CODE"), "report": report, "drawn": ""}),
            result.render(bureau=bureau.bureau, base="https://sthj.example.org", reports="", page=page),
        ]
        yield who, "".join(parts), page


def test_no_output_for_ten_thousand_cases_names_who_reported(bureau: Bureau):
    pages, people, counts = [], [], Counter()
    for who, text, page in told(random.Random(9), bureau):
        for secret in (who.name, who.phone, who.handle):
            assert secret not in text, secret
        pages.append(page)
        people.append(who)
        counts[KINDS[len(people) % len(KINDS)]] += 1
    lists = "".join(
        site._PAGES.get_template(name).render(
            bureau=bureau.bureau,
            base="https://sthj.example.org",
            reports="https://report.example.org",
            pages=pages,
            latest=pages[: site.FEED_ITEMS],
        )
        for name in ("index.html", "feed.xml", "atom.xml", "sitemap.xml")
    )
    month = [MonthCount(group="kind", key=key, value=value, unit="条") for key, value in counts.items()]
    cells = bulletins.opendata.cells(month, lambda key: key)
    lists += bulletins.opendata.as_csv(NOW.date(), cells).decode("utf-8-sig")
    lists += bulletins.opendata.as_json(NOW.date(), cells, bureau.bureau.name).decode()
    assert (len(people), len(pages)) == (CASES, CASES)
    assert lists.count("<li") >= CASES
    secrets = sorted({secret for who in people for secret in (who.name, who.phone, who.handle)})
    assert AhoCorasick(secrets).find_matches_as_strings(lists) == []
