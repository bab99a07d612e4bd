"""来信邮件: mails of the bureau's mailbox become items, each once; what nobody wrote by hand is set aside, never answered.

A mailbox is a source like any other: it rests, is paused, read now and found ill on the same pages. Nothing in it is changed.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from threading import Event
from time import monotonic
from typing import Final
from typing import Literal

import structlog

import cases.intake
import cases.lifecycle
from crawler import health
from crawler import letters
from crawler import schedule
from crawler.health import Visit
from crawler.letters import Letter
from crawler.walls import Wall
from flow import case_files
from flow import hiding
from flow import letter_receipts
from flow import receiving
from flow import registering
from flow.case_files import Upload
from flow.desk import Desk
from flow.entries import Entry
from huanyu.bureau import SourceRow
from huanyu.entry_rows import MailboxTable
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.intake_rows import ChannelRow
from huanyu.public_rows import MEGA
from huanyu.redact import mask
from huanyu.store.audit import SYSTEM
from huanyu.store.letters import BAD
from huanyu.store.letters import ITEM
from huanyu.types import Case
from huanyu.types import Post
from huanyu.types import Reject
from huanyu.types import SourceState
from huanyu.types import Visited
from publisher.channels.imap import Folder
from publisher.channels.imap import Head
from publisher.channels.imap import Imap
from publisher.channels.imap import opened

log = structlog.get_logger()

CALLBACK: Final = "letter"  #: what a kept mail is read again by
HOW: Final = "电子邮件来信"
BEGINNING: Final = MEGA  # bytes kept of a mail that is too large
ALSO_AS_TEXT: Final = ".docx"
VALIDITY, LAST, TRIED = "uidvalidity", "uid", "tried"  # of the cursor
TRIES: Final = 5  # a mail at which the server breaks off so often no longer stands before the others
LOST: Final = "服务器多次在这封邮件上断开，没有取到，请到邮箱里看"

Became = Literal["item", "added", "post", "aside", "known"]


@dataclass(slots=True)
class Tally:
    """What a visit brought."""

    new: int = 0
    seen: int = 0
    rejects: int = 0
    aside: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one mail."""

    result: Literal["new", "joined", "known", "bad"]
    became: Became | Literal["bad"]
    told: str = ""


def fetch(desk: Desk, now: datetime, ending: Event | None = None) -> int:
    """Read every mailbox that is due; returns how many letters came."""
    came = 0
    for row in desk.bureau.sources:
        if row.mailbox is not None and (ending is None or not ending.is_set()) and is_due(desk, row, now):
            came += visit(desk, row, row.mailbox, now).new
    return came


def is_due(desk: Desk, row: SourceRow, now: datetime) -> bool:
    """Whether a mailbox is to be read now."""
    waits = row.enabled and row.key not in desk.store.sources.paused()
    return waits and schedule.is_due(row, desk.store.sources.state(row.key), now)


def visit(desk: Desk, row: SourceRow, box: MailboxTable, now: datetime) -> Tally:
    """One look into a mailbox: new mails taken one by one, then how it stands; what breaks off is read on next time."""
    before, begun, tally = desk.store.sources.state(row.key), monotonic(), Tally()
    cursor = dict(before.cursor) if before else {}
    walls: tuple[Wall, ...] = ()
    pages = 0
    try:
        with opened(_server(box), desk.config.secret(row.secret)) as folder:
            pages = 1
            _read(desk, row, box, folder, cursor, tally, now)
    except Refused as problem:
        walls = (Wall("login_needed", str(problem.args[0])),)
    except Unavailable as problem:
        walls = (Wall("failing", str(problem.args[0])),)
    remarks = (f"另有 {tally.aside} 封自动回复、群发等，没有立件",) if tally.aside else ()
    seen = Visit(
        pages=pages,
        new=tally.new,
        seen=tally.seen + tally.aside,
        rejects=tally.rejects,
        walls=walls,
        cursor=cursor,
        remarks=remarks,
    )
    _keep(desk, row, before, seen, monotonic() - begun, now)
    log.info(
        "mailbox", source=row.key, ill=bool(walls), new=tally.new, aside=tally.aside, rejects=tally.rejects
    )
    return tally


def take(
    desk: Desk, row: SourceRow, body: bytes, came: datetime | None, now: datetime, by: str = SYSTEM
) -> Taken:
    """One mail as it came: an item, a further post of a known case, a post, or set aside. Raises BadInput."""
    if row.mailbox is None:
        raise BadInput(f"来源 {row.key} 不是邮箱")
    letter = letters.read(body, _ours(desk, row.mailbox))
    mark = _mark(desk, letter.message_id, body)
    known = desk.store.letters.get(mark)
    if known is not None and known.became != BAD:
        return Taken("known", "known")
    sender = desk.store.letters.sender(letter.sender)
    if letter.aside:
        desk.store.letters.note(row.key, mark, sender, "aside", letter.aside, by, now)
        return Taken("known", "aside", letter.aside)
    channel = receiving.channel_of(desk, row.mailbox.channel, now)
    into = thread(desk, letter, sender)
    entry = entry_of(desk, channel, letter, mark, min(came or letter.at or now, now), into is not None)
    with desk.store.together():
        became = _enter(desk, entry, into, channel, is_item(desk, letter), by, now)
        if became[0] == ITEM and became[1] is not None:
            post = _post_of(desk, became[1], entry)
            letter_receipts.offer(desk, row.mailbox, sender, became[1], post, now)
        desk.store.letters.note(row.key, mark, sender, became[0], "", by, now, became[1], became[2])
    return Taken("joined" if became[0] == "added" else "new", became[0])


def again(desk: Desk, source: str, payload: bytes, by: str, now: datetime, at: datetime) -> Taken:
    """A kept mail once more, by today's tables, as of the moment it came; raises BadInput."""
    row = desk.bureau.source(source)
    if row is None:
        raise BadInput(f"来源 {source} 已不在 sources.toml 中")
    return take(desk, row, payload, at, now, by)


def thread(desk: Desk, letter: Letter, sender: str) -> Case | None:
    """The open case an answer belongs to: by the mail it answers, or by a number named by who wrote of that case before."""
    ids = [_mark(desk, one, b"") for one in reversed(letter.refers)]
    found = (desk.store.letters.get(mark) for mark in ids)
    case_id = next((one.case_id for one in found if one is not None and one.case_id), None)
    if case_id is None:
        case_id = _named(desk, f"{letter.subject}\n{letter.text}", sender)
    case = desk.store.cases.get(case_id) if case_id is not None else None
    while case is not None and case.joined_into is not None:
        case = desk.store.cases.get(case.joined_into)
    return case if case is not None and cases.lifecycle.is_open(case.state) else None


def is_item(desk: Desk, letter: Letter) -> bool:
    """Whether a case is made at once: something is attached, or the words may be a complaint."""
    verdict = desk.reader.read([f"{letter.subject}\n{letter.text}"])[0]
    return bool(letter.files) or letter.cut or verdict.is_complaint or verdict.unsure


def entry_of(
    desk: Desk, channel: ChannelRow, letter: Letter, mark: str, at: datetime, answers: bool = False
) -> Entry:
    """A letter as what a person would have typed in, without other people's telephones and names."""
    words = letters.own_words(letter.text) if answers else letter.text
    files, lost = attached(desk, letter)
    told = [words if letter.subject in words else f"{letter.subject}\n{words}".strip(), *lost]
    if letter.cut:
        told.append("（邮件太大，只收下开头，附件请到邮箱里看）")
    text = "\n".join(line for line in told if line)
    return Entry(
        token=f"letter-{mark[:32]}",
        type=channel.type,
        channel=channel.key,
        text=text,
        learned_at=at,
        place=cases.intake.spot_of(desk.reader.read([text])[0].places) or registering.NOWHERE,
        reporter={"name": letter.name, "mail": letter.sender},
        hide="、".join((letter.sender, *hiding.handles(text))),
        redact=True,
        files=files,
    )


def attached(desk: Desk, letter: Letter) -> tuple[tuple[Upload, ...], list[str]]:
    """The files that may be kept, told apart by their bytes, and what is said of the others; of Word files their text."""
    files: list[Upload] = []
    said: list[str] = []
    for name, body in letter.files:
        try:
            if name.lower().endswith(ALSO_AS_TEXT):
                said.append(f"附件“{mask(name)}”：\n{letters.word_text(body)}")
                continue
            if len(files) >= desk.bureau.quality.most_files:
                raise BadInput(f"一件最多 {desk.bureau.quality.most_files} 个附件")
            case_files.handed_in(desk.bureau.quality, [one := Upload(name=name, body=body)])
            files.append(one)
        except BadInput as problem:
            said.append(f"（附件没有收下：{mask(str(problem.args[0]))}，原件在邮箱里）")
    return tuple(files), said


def _read(
    desk: Desk,
    row: SourceRow,
    box: MailboxTable,
    folder: Folder,
    cursor: dict[str, str],
    tally: Tally,
    now: datetime,
) -> None:
    """Take the mails behind the cursor, which moves with each of them."""
    if cursor.get(VALIDITY) != str(folder.validity):
        cursor.update({VALIDITY: str(folder.validity), LAST: "0"})
    heads = folder.heads(int(cursor.get(LAST, "0")), box.since, box.per_visit)
    marks = {head.uid: _mark(desk, head.message_id, b"") for head in heads if head.message_id}
    known = desk.store.letters.known(list(marks.values()))
    for head in heads:
        if marks.get(head.uid) in known:
            tally.seen += 1
        elif (tried := _tried(cursor, head.uid)) >= TRIES:
            _set_down(desk, row, head, b"", LOST, now)
            tally.rejects += 1
        else:
            cursor[TRIED] = f"{head.uid} {tried + 1}"
            _take_one(desk, row, box, folder, head, tally, now)
        cursor.update({LAST: str(head.uid), TRIED: ""})


def _tried(cursor: dict[str, str], uid: int) -> int:
    """How often this mail was asked for and did not come."""
    last, _, times = cursor.get(TRIED, "").partition(" ")
    return int(times) if last == str(uid) else 0


def _take_one(
    desk: Desk, row: SourceRow, box: MailboxTable, folder: Folder, head: Head, tally: Tally, now: datetime
) -> None:
    large = head.size > box.most_mb * MEGA
    body = folder.fetch(head.uid, BEGINNING if large else box.most_mb * MEGA)
    if not body:
        return  # somebody took it out of the folder meanwhile
    try:
        if large:
            body = letters.CUT + body
            raise BadInput(
                f"邮件超过 {box.most_mb} MB，只留下开头；“重新读取”按开头的文字立件，附件请到邮箱里看"
            )
        taken = take(desk, row, body, head.at, now)
    except (BadInput, Conflict, NotFound) as problem:
        _set_down(desk, row, head, body, mask(str(problem.args[0])), now)
        tally.rejects += 1
        return
    tally.new += taken.result in {"new", "joined"}
    tally.aside += taken.became == "aside"
    tally.seen += taken.became == "known"


def _set_down(desk: Desk, row: SourceRow, head: Head, body: bytes, why: str, now: datetime) -> None:
    """Keep what could not be taken, sealed, to be read again."""
    mark = _mark(desk, head.message_id, body)
    item = Reject(
        source=row.key,
        where=f"邮件 {head.uid}",
        reason=why,
        payload=body,
        at=head.at or now,
        callback=CALLBACK,
    )
    with desk.store.together():
        desk.store.letters.note(row.key, mark, "", BAD, why, SYSTEM, now)
        desk.store.posts.add_rejects([item], now=now)


def _enter(
    desk: Desk, entry: Entry, into: Case | None, channel: ChannelRow, whole: bool, by: str, now: datetime
) -> tuple[Literal["item", "added", "post"], int | None, int]:
    """What is kept of an entry: (what it became, its case, its post)."""
    if into is not None or whole:
        item = registering.item_of(desk, entry, by, now, into, how=HOW)
        case = desk.store.registry.enter(item, by, now).case
        return "added" if into is not None else "item", case.id, _post_of(desk, case.id, entry).id
    added = registering.keep_words(desk, entry, channel, by, now)
    if not added.new:
        raise Conflict("这封邮件已经收过")
    return "post", None, added.new[0]


def _post_of(desk: Desk, case_id: int, entry: Entry) -> Post:
    return next(one for one in desk.store.cases.posts(case_id) if one.native_id == entry.token)


def _named(desk: Desk, text: str, sender: str) -> int | None:
    """The case whose number a letter names, if the same sender wrote of it before: anybody may know a number."""
    prefix = re.escape(desk.bureau.bureau.case_prefix)
    for number in re.findall(rf"{prefix}\d{{4}}-\d{{6}}", text, re.I)[:5]:
        try:
            case = desk.store.cases.by_number(number.upper())
        except NotFound:
            continue
        if desk.store.letters.last_of(sender, case.id) is not None:
            return case.id
    return None


def _mark(desk: Desk, message_id: str, body: bytes) -> str:
    """A mail without a Message-ID is known by all that it is."""
    return desk.store.letters.mark(message_id or body.hex())


def _ours(desk: Desk, box: MailboxTable) -> frozenset[str]:
    named = (desk.config.settings.smtp_from, box.user, *box.ours)
    return frozenset(parseaddr(one)[1].lower() for one in named if "@" in one)


def _server(box: MailboxTable) -> Imap:
    return Imap(
        host=box.host,
        port=box.port,
        tls=box.tls,
        user=box.user,
        folder=box.folder,
        timeout=box.timeout,
        longest=box.longest,
    )


def _keep(
    desk: Desk, row: SourceRow, before: SourceState | None, seen: Visit, seconds: float, now: datetime
) -> None:
    """How the mailbox stands, and this visit in the log."""
    state = health.judge(row.key, before, seen, None, now)
    plan = schedule.following(row, before, state.state, seen.new, seen.pages, now)
    state = replace(state, last_try=now, **asdict(plan))
    told = Visited(
        source=row.key,
        at=now,
        seconds=seconds,
        state=state.state,
        sentence=state.sentence,
        pages=seen.pages,
        new=seen.new,
        seen=seen.seen,
        rejects=seen.rejects,
        finished=not seen.walls,
    )
    with desk.store.together():
        desk.store.sources.save_state(state, now)
        desk.store.sources.add_visit(told, now)
