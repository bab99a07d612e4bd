"""Ten thousand people call, come, write or are copied from a chat, ten thousand send a mail: nothing that is read by others,
handed to a unit, printed or mailed names any of them.

Everything is what the desk makes of what was typed or came; only pages and rows around it are left out.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr
from pathlib import Path

import pytest
from ahocorasick_rs import AhoCorasick

from cases import forms
from console.view import TEMPLATES
from crawler import letters as mails
from flow import entering
from flow import entries
from flow import letter_receipts
from flow import letters
from flow import receiving
from flow import registering
from flow.desk import Desk
from flow.entering import Receipt
from flow.entries import Entry
from huanyu.bureau import UnitRow
from huanyu.entry_rows import MailboxTable
from huanyu.types import Case
from huanyu.types import PublicReport
from huanyu.types import Route
from huanyu.types import Verdict
from tests.flow.office import NOW
from tests.flow.office import at_work

MANY = 10_000
CONSOLE = "https://yuqing.example.org"
SURNAMES, GIVEN = "岳柴冯卞褚卫尤姜", "青岚素月启明望川"
PLACES = ("许营镇赵庄东头", "柳园街道振兴路烧烤店", "侨润街道渣土车", "徒骇河振兴街道段")
FORMS = ("phone", "letter", "group", "visit")
TEXT = "您的来信已收到。受理编号 {number}，校验码 {code}，查询进度：{page}"
ROUTE = Route(unit="unit", department="生态环境", assist=(), rule="", why="属地办理")


@dataclass(frozen=True)
class Someone:
    """Who reported, and how."""

    index: int
    name: str
    phone: str
    handle: str

    @property
    def place(self) -> str:
        return PLACES[self.index % len(PLACES)]

    @property
    def number(self) -> str:
        """The telephone as people write it."""
        one = self.phone
        ways = (one, f"{one[:3]} {one[3:7]} {one[7:]}", f"{one[:3]}-{one[3:7]}-{one[7:]}")
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in one)
        return (*ways, wide)[self.index % 4]

    @property
    def words(self) -> str:
        told = f"{self.place}夜里排废气，味道呛人"
        ways = (
            f"我叫{self.name}，电话{self.number}，网名{self.handle}，{told}",
            f"{told}。联系人：{self.name} {self.number}",
            f"反映人{self.name}（{self.number}）说，{told}，@{self.handle} 也看见了",
            f"{told}，请回电{self.number}，{self.name}",
        )
        return ways[self.index // 4 % len(ways)]

    @property
    def chat(self) -> str:
        """Copied from a group."""
        told = f"{self.place}夜里排废气，有事打{self.number}找{self.name}"
        return f"{self.handle} 上午 10:23\n{told}\n柳树下：@{self.handle} 我也闻到了"


def people() -> list[Someone]:
    dice = random.Random(17)
    return [
        Someone(
            index,
            dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2)),
            f"13{dice.randrange(10**9):09d}",
            f"水城夜行{index:05d}",
        )
        for index in range(MANY)
    ]


def named(everybody: list[Someone], lines: list[str]) -> list[str]:
    """Every secret of anybody's that stands in any line, telephones also where they are written in pieces."""
    secrets = sorted({secret for who in everybody for secret in (who.name, who.phone, who.handle)})
    told = "\n".join(lines)
    flat = re.sub(r"(?<=\d)[ \t\-]+(?=\d)", "", unicodedata.normalize("NFKC", told))
    seeks = AhoCorasick(secrets)
    return [*seeks.find_matches_as_strings(told), *seeks.find_matches_as_strings(flat)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("entries")
    with at_work(folder, f"sqlite:///{folder / 'entries.db'}") as office:
        yield office.desk


@pytest.fixture(scope="module")
def verdict(desk: Desk) -> Verdict:
    return desk.reader.read([f"{PLACES[0]}夜里排废气，味道呛人"])[0]


def entry_of(desk: Desk, who: Someone) -> Entry:
    """What the clerk typed: the name in the place, too, as it happens."""
    form = next(row for row in desk.bureau.entries.form if row.key == FORMS[who.index % len(FORMS)])
    group = form.key == "group"
    entry = Entry(
        token=f"{who.index:032x}",
        type="complaint",
        channel=form.channels[0],
        text=who.chat if group else who.words,
        learned_at=NOW,
        place=f"{who.place}{who.name}家楼下" if who.index % 3 == 0 else who.place,
        reporter={"name": who.name, "phone": who.phone, "handle": who.handle},
        redact=form.redact,
        form=form.key,
    )
    return entering.proposed(entries.tidied(entry), form)


def case_of(desk: Desk, entry: Entry, verdict: Verdict, index: int, text: str) -> Case:
    """The case as it is opened of an entry, before anybody did anything with it."""
    plan = registering._plan(entry, verdict, "人工登记")
    return Case(
        id=index + 1,
        number=f"HY2026-{index:06d}",
        public_id=f"bcdfghjkmnprst{index:06d}",
        state="assigned",
        title=plan.title,
        kinds=plan.kinds,
        area=plan.area,
        place=plan.place,
        urgent=False,
        level="一般",
        learned_at=NOW,
        opened_at=NOW,
        version=1,
        unit="unit",
        why=plan.reason,
        first_text=text,
        source_kind="hotline",
    )


def slips(desk: Desk, case: Case, unit: UnitRow) -> Iterator[str]:
    """What a unit is handed, by mail and in its group, and what is said when the case moves on."""
    bureau = desk.bureau.bureau
    yield str(forms.notice(case, unit, ROUTE, (), bureau, CONSOLE, NOW))
    yield str(forms.chat_notice(case, unit, "wecom", CONSOLE))


def unit_of(desk: Desk) -> UnitRow:
    return desk.bureau.units[0].model_copy(update={"mail": "unit@example.org"})


@pytest.mark.timeout(900)
def test_what_is_taken_down_at_once_names_none_of_ten_thousand(desk: Desk, verdict: Verdict) -> None:
    everybody, unit, lines, receipts = people(), unit_of(desk), [], 0
    page = TEMPLATES.env.get_template("register_receipt.html")
    for who in everybody:
        entry = entry_of(desk, who)
        text = registering.kept_text(entry)
        case = case_of(desk, entry, verdict, who.index, text)
        post = registering.post_of(desk, entry, text, NOW)
        report = PublicReport(id=1, number=f"SP2026-{who.index:06d}", post_id=1, at=NOW, contact=True)
        found = Receipt(report, "K7MP-3QTX-9DWB", case, post)
        shown = page.render(found=found, address="", drawn="", sees=True, bureau=desk.bureau.bureau)
        receipts += report.number in shown
        # what pages of others show of it is less: the same text, masked
        lines += [case.title, case.place, text, shown, *slips(desk, case, unit)]
    assert receipts == MANY
    assert named(everybody, lines) == []


def mail_of(who: Someone) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = formataddr((who.name, f"{who.phone}@example.com")), "hb@example.org"
    made["Subject"] = f"{who.name}反映废气" if who.index % 5 == 0 else "反映废气"
    made["Message-ID"] = f"<{who.index}@example.com>"
    made.set_content(f"{who.words}\n{who.name}\n{who.number}")
    return made.as_bytes()


@pytest.mark.timeout(900)
def test_letters_by_mail_name_none_of_ten_thousand(desk: Desk, verdict: Verdict) -> None:
    everybody, unit, lines, receipts = people(), unit_of(desk), [], 0
    box = MailboxTable(host="imap.example.org", user="hb@example.org", receipt=TEXT)
    channel = receiving.channel_of(desk, box.channel, NOW)
    for who in everybody:
        letter = mails.read(mail_of(who))
        entry = entries.tidied(letters.entry_of(desk, channel, letter, f"{who.index:064x}", NOW))
        text = registering.kept_text(entry)
        case = case_of(desk, entry, verdict, who.index, text)
        receipt = letter_receipts.draft_of(box, f"SP2026-{who.index:06d}", f"{CONSOLE}/progress", case.id)
        receipts += f"SP2026-{who.index:06d}" in receipt.text
        lines += [
            case.title,
            case.place,
            text,
            str(receipt),
            str(forms.chat_notice(case, unit, "wecom", CONSOLE)),
        ]
    assert receipts == MANY
    assert named(everybody, lines) == []
