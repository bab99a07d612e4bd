"""通报 of a ranking: put up with all it says, signed by a leader under its own number, taken out, put right by another.

What was put up is what is printed: a case that changes later changes nothing in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Final
from typing import Literal

from bulletins.official import Annex
from bulletins.official import OfficialSheet
from bulletins.official import Standing
from bulletins.official import sheet_of
from cases.boards import Board
from cases.boards import plain
from cases.boards import read
from flow import filing
from flow import permits
from flow import rankings
from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.cells import Cell
from huanyu.cells import workbook
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.form_rows import FormRow
from huanyu.periods import Period
from huanyu.redact import mask
from huanyu.store.rankings import GONE
from huanyu.types import Document
from huanyu.types import Ranking
from huanyu.types import User

Form = Literal["pdf", "docx", "xlsx"]
_NUMBER: Final = re.compile(r"-?\d{1,9}(?:\.\d{1,4})?")
LABEL: Final = {"proposed": "待签发", "issued": "已印发", "void": "已撤回"}
ACROSS: Final = 156  # millimetres of text on a page
RANK, PLACE, VALUE, MOVED = 10, 25, 16, 16  # millimetres of these columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A ranking that was put up, as one person sees it."""

    ranking: Ranking
    board: Board
    words: tuple[str, ...]
    own: bool  #: only lines of the own county or zone are shown
    document: Document | None
    corrects: Ranking | None
    corrected_by: tuple[Ranking, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a person adds to a ranking before it is put up."""

    extra: str = ""  #: paragraphs after the program's own
    open_to_all: bool = True
    why: str = ""  #: of a correction


def propose(desk: Desk, user: User, key: str, year: int, part: str, said: Proposal, now: datetime) -> Ranking:
    """拟稿: the ranking as it is now, with its words; where one was issued already this one corrects it."""
    permits.demand(user, "keep_rankings")
    found = rankings.view(desk, user, key, year, part, now)
    form_of(desk, found.row.form, now)
    if not found.finished:
        raise BadInput(f"{found.period.name()}还没有结束，不能印发")
    if not found.board.ranks():
        raise BadInput("没有可以排名的单位，不能印发")
    if any(
        one.ranking == key and _period(one) == found.period
        for one in desk.store.rankings.listing(("proposed",))
    ):
        raise Conflict("这一时段已有一份待签发的通报，请先撤回")
    corrects = found.issued
    why = reason_of(said.why) if corrects else ""
    extra = tidy("补充内容", said.extra).strip()
    if mask(f"{extra}{why}") != f"{extra}{why}":
        raise BadInput("补充内容里有个人信息，通报不写个人信息")
    title = f"{found.row.title.format(period=found.period.name())}{'（更正）' if corrects else ''}"
    words = [
        *_correcting(desk, corrects, why),
        *found.board.words,
        *filter(None, map(str.strip, extra.splitlines())),
    ]
    values = {
        "ranking": key,
        "span": found.period.span,
        "first": found.period.first,
        "last": found.period.last,
        "title": title,
        "content": {"board": plain(found.board), "words": words, "addressee": found.row.addressee},
        "open_to_all": said.open_to_all,
        "corrects_id": corrects.id if corrects else None,
        "why": why,
        "as_of": now,
    }
    return desk.store.rankings.propose(values, user.name, now)


def issue(desk: Desk, user: User, ranking_id: int, version: int, now: datetime) -> Ranking:
    """签发并印发 exactly what was put up; raises Conflict, NotAllowed."""
    permits.demand(user, "issue_rankings")
    found = _as_seen(desk, ranking_id, version)
    if found.made_by == user.name:
        raise NotAllowed("拟稿人不能签发自己拟的通报", user=user.name)
    row = rankings.row_of(desk, found.ranking)
    form = form_of(desk, row.form, now)
    return filing.numbered(
        desk,
        form,
        _fields(desk, found),
        user,
        now,
        lambda paper: desk.store.rankings.issue(found, paper, user.name, now),
        (_annex(read(found.content["board"]), found.title),),
    )


def void(desk: Desk, user: User, ranking_id: int, version: int, why: str, now: datetime) -> Ranking:
    """撤回 what nobody has signed, with a reason; what was issued is put right by another."""
    if not (permits.may(user, "keep_rankings") or permits.may(user, "issue_rankings")):
        permits.demand(user, "keep_rankings")
    return desk.store.rankings.void(_as_seen(desk, ranking_id, version), reason_of(why), user.name, now)


def whole(desk: Desk, user: User, ranking_id: int) -> Whole:
    """One that was put up, as this person may see it: units see issued ones that are open, of others their own lines."""
    permits.demand(user, "see_rankings")
    found = desk.store.rankings.get(ranking_id)
    everything = permits.may(user, "see_all_rankings")
    if found.state != "issued" and not everything:
        raise NotAllowed("这份通报还没有印发", ranking=ranking_id, user=user.name)
    board = read(found.content["board"])
    own = not (everything or found.open_to_all)
    return Whole(
        ranking=found,
        board=rankings.narrowed(desk, user, board) if own else board,
        words=() if own else tuple(found.content["words"]),
        own=own,
        document=desk.store.documents.get(found.document_id) if found.document_id else None,
        corrects=desk.store.rankings.get(found.corrects_id) if found.corrects_id else None,
        corrected_by=tuple(desk.store.rankings.correcting(found.id)) if found.state == "issued" else (),
    )


def listing(desk: Desk, user: User) -> list[Ranking]:
    """What was put up and what was issued, the latest period first."""
    permits.demand(user, "see_rankings")
    everything = permits.may(user, "see_all_rankings")
    return desk.store.rankings.listing(("proposed", "issued") if everything else ("issued",))


def file(desk: Desk, user: User, ranking_id: int, form: Form, now: datetime) -> tuple[str, bytes]:
    """(name, bytes): as issued, or the proof of what is put up; the table as a workbook. Noted before the bytes leave."""
    found = whole(desk, user, ranking_id)
    one = found.ranking
    if found.own:
        raise NotAllowed("这份通报不印发各单位", user=user.name)
    if form == "xlsx":
        body = _workbook(found)
    elif found.document is not None:
        body = desk.store.documents.body(found.document.pdf if form == "pdf" else found.document.docx)
    else:
        body = filing.RENDER[form](_proof(desk, one, now), one.made_at)
    desk.store.rankings.note_export(ranking_id, form, user.name, now)
    serial = found.document.serial if found.document else ""
    return f"{serial or one.title}.{form}", body


def press_text(desk: Desk, user: User, ranking_id: int) -> dict[str, str]:
    """The fields of a 宣传稿 by which an issued one is told to the public; it goes the ordinary way of review.

    Raises IllegalMove for one that is not issued, or not for everybody.
    """
    found = whole(desk, user, ranking_id)
    if found.ranking.state != "issued" or not found.ranking.open_to_all:
        raise IllegalMove("印发各单位的通报才能公开", ranking=ranking_id)
    board = found.board
    lines = [
        f"{line.rank}　{line.spot.name}　{line.value}{board.value_unit}" for line in board.lines if line.rank
    ]
    return {
        "period": board.period,
        "subject": board.name,
        "ranks": "\n".join(lines),
        "source": found.document.serial if found.document else "",
        "valid": local(found.ranking.as_of).date().isoformat(),
    }


def form_of(desk: Desk, key: str, now: datetime) -> FormRow:
    """Raises NotFound."""
    today = local(now).date()
    found = next((row for row in desk.bureau.forms if row.key == key and row.valid_on(today)), None)
    if found is None or not found.ranking:
        raise NotFound(f"forms.toml 中没有通报 {key}")
    return found


def _as_seen(desk: Desk, ranking_id: int, version: int) -> Ranking:
    found = desk.store.rankings.get(ranking_id)
    if found.state != "proposed":
        raise IllegalMove(f"这份通报{LABEL[found.state]}", ranking=ranking_id)
    if found.version != version:
        raise Conflict(GONE, ranking=ranking_id)
    return found


def _correcting(desk: Desk, corrects: Ranking | None, why: str) -> list[str]:
    if corrects is None or corrects.document_id is None:
        return []
    old = desk.store.documents.get(corrects.document_id)
    return [f"《{old.title}》（{old.serial}）因{why.rstrip('。')}予以更正，以本通报为准。"]


def _fields(desk: Desk, found: Ranking) -> dict[str, str]:
    bureau = desk.bureau.bureau
    return {
        "title": found.title,
        "addressee": found.content["addressee"],
        "text": "\n".join(found.content["words"]),
        "enclosures": _named(found.title),
        "contact": bureau.office,
        "telephone": bureau.phone,
    }


def _named(title: str) -> str:
    """What the table of a 通报 is called."""
    return f"{title.removeprefix('关于').removesuffix('（更正）').removesuffix('的通报')}排名表"


def _annex(board: Board, title: str) -> Annex:
    unit = f"（{board.value_unit}）" if board.value_unit else ""
    width, more = divmod(ACROSS - RANK - PLACE - VALUE - 2 * MOVED, len(board.heads))
    return Annex(
        title=_named(title),
        head=("位次", "单位", f"{board.value_name}{unit}", *board.heads, f"比{board.before}", "比上年同期"),
        widths=(RANK, PLACE + more, VALUE, *(width for _ in board.heads), MOVED, MOVED),
        rows=tuple(tuple(cell.replace("（", "\n（") for cell in row) for row in board.rows()),
        notes=tuple(f"注{at}：{note}" for at, note in enumerate(board.notes, 1)),
    )


def _proof(desk: Desk, found: Ranking, now: datetime) -> OfficialSheet:
    form = form_of(desk, rankings.row_of(desk, found.ranking).form, now)
    sheet = sheet_of(form, _fields(desk, found), desk.bureau.bureau.name, Standing())
    return replace(sheet, annexes=(_annex(read(found.content["board"]), found.title),))


def _workbook(found: Whole) -> bytes:
    """The table, each rate's part and whole in columns of their own, and how it was counted."""
    board = found.board
    counts: list[Sequence[Cell]] = [
        ("单位", *(cell for head in board.heads for cell in (f"{head}：件数", f"{head}：基数")))
    ]
    for line in board.lines:
        shares = [line.shares[key] for key in board.figures if key]
        counts.append((line.spot.name, *(len(ids) for one in shares for ids in (one.part, one.whole))))
    sheets: dict[str, list[Sequence[Cell]]] = {
        "排名": [board.head, *(tuple(map(_number, row)) for row in board.rows())]
    }
    if any(board.figures):
        sheets["件数"] = counts
    sheets["说明"] = [("说明",), *((note,) for note in (*found.words, *board.notes))]
    return workbook(sheets)


def _number(cell: str) -> Cell:
    """What is a number can be sorted by in a workbook; 87.5%（7/8） and — stay as they are printed."""
    return (
        float(cell)
        if "." in cell and _NUMBER.fullmatch(cell)
        else int(cell)
        if _NUMBER.fullmatch(cell)
        else cell
    )


def _period(one: Ranking) -> Period:
    return Period(one.span, one.first, one.last)
