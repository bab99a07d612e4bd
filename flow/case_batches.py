"""典型案例: settled cases picked into a batch, told without names, approved by another person, handed on to the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import bulletins.render_official_docx
import bulletins.render_official_pdf
from bulletins.official import OfficialSheet
from bulletins.official import Paragraph
from bulletins.official import numeral
from flow import overriding
from flow import permits
from flow.checks import authors_of
from flow.checks import phones_of
from flow.checks import sealed_of
from flow.desk import Desk
from flow.press_papers import Form
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.redact import mask
from huanyu.types import ActivityEntry
from huanyu.types import BatchCase
from huanyu.types import Case
from huanyu.types import CaseBatch
from huanyu.types import Finding
from huanyu.types import User
from publisher import checks
from publisher.locks import calls_of
from publisher.locks import named_enterprises

SETTLED: Final = frozenset({"answered", "visited", "interim", "closed"})
TRUE: Final = frozenset({"属实", "部分属实"})
SOMEBODY: Final = "某企业"
LOOK: Final = "典型案例隐去姓名"
UNPUBLISHED: Final = "须写明处罚决定已公开的网址或文号（政府信息公开条例第十五条）"
LABEL: Final = {"draft": "待批准", "approved": "已批准"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A batch with its cases and what the checks have against them."""

    batch: CaseBatch
    cases: tuple[tuple[BatchCase, tuple[Finding, ...]], ...]


def begin(desk: Desk, user: User, title: str, now: datetime) -> CaseBatch:
    """The next batch of this year; raises BadInput."""
    permits.demand(user, "keep_press")
    told = tidy("导语", title).strip()
    if not told:
        raise BadInput("请填写导语")
    if named := _named(desk, told, ()):
        raise BadInput(f"导语不点名“{named[0]}”，要点名的写进案情")
    found = checks.check(told, desk.bureau.words, phones_of(desk.bureau), day=local(now).date())
    if personal := [one for one in found if one.kind in checks.PRIVACY_KINDS]:
        raise Blocked(overriding.against(personal))
    return desk.store.case_batches.open(local(now).year, told, user.name, now)


def whole(desk: Desk, user: User, batch_id: int, now: datetime) -> Whole:
    """A batch; raises NotFound."""
    permits.demand(user, "see_press")
    found = desk.store.case_batches.cases(batch_id)
    return Whole(
        batch=desk.store.case_batches.get(batch_id),
        cases=tuple((one, problems(desk, one, now)) for one in found),
    )


def pick(desk: Desk, user: User, batch_id: int, version: int, number: str, now: datetime) -> CaseBatch:
    """A settled case whose complaint was true, told from its findings without names; raises BadInput or NotAllowed."""
    permits.demand(user, "keep_press")
    one = _seen(desk, batch_id, version)
    case = desk.store.cases.by_number(number.strip())
    permits.demand_case(user, case)
    if not _is_open(case):
        raise BadInput(f"{case.number} 不是查实办结、可以公开的件")
    if case.id in {each.case_id for each in desk.store.case_batches.cases(batch_id)}:
        raise BadInput(f"{case.number} 已在这一批里")
    words = ("", _told(desk, case, now), "")
    return desk.store.case_batches.put(one, case.id, words, user.name, now)


def reword(
    desk: Desk,
    user: User,
    batch_id: int,
    version: int,
    case_id: int,
    words: tuple[str, str, str],
    now: datetime,
) -> CaseBatch:
    """(heading, text, decision) of a case; raises BadInput where it names an enterprise without a published decision."""
    permits.demand(user, "keep_press")
    one = _seen(desk, batch_id, version)
    if case_id not in {each.case_id for each in desk.store.case_batches.cases(batch_id)}:
        raise BadInput("这一批里没有这件")
    heading, text, decision = (
        tidy(what, each).strip() for what, each in zip(("小标题", "案情", "决定"), words, strict=True)
    )
    if not text:
        raise BadInput("请填写案情")
    if not decision and (named := _named(desk, f"{heading}\n{text}", [desk.store.cases.get(case_id)])):
        raise BadInput(f"点名“{named[0]}”的，{UNPUBLISHED}")
    return desk.store.case_batches.put(one, case_id, (heading, text, decision), user.name, now)


def drop(desk: Desk, user: User, batch_id: int, version: int, case_id: int, now: datetime) -> CaseBatch:
    permits.demand(user, "keep_press")
    return desk.store.case_batches.drop(_seen(desk, batch_id, version), case_id, user.name, now)


def approve(
    desk: Desk, user: User, batch_id: int, version: int, now: datetime, override: str = ""
) -> CaseBatch:
    """By another person; the log has its line. Raises NotAllowed, BadInput, Blocked.

    `override`: why a leader lets it through against what the checks found.
    """
    permits.demand(user, "approve_press")
    one = _seen(desk, batch_id, version)
    if one.made_by == user.name:
        raise NotAllowed("典型案例须由编写以外的人批准", user=user.name)
    cases = desk.store.case_batches.cases(one.id)
    if not cases:
        raise BadInput("这一批还没有案例")
    _demand_open(desk, cases)
    found = [each for case in cases for each in _last_problems(desk, case, now)]
    why = overriding.reason(user, found, override, one.made_by)
    with desk.store.together():
        made = desk.store.case_batches.approve(one, why, user.name, now)
        _record(desk, made, len(cases), user, now)
    return made


def press_text(desk: Desk, user: User, batch_id: int) -> dict[str, str]:
    """The fields of the press form 典型案例, of an approved batch; raises Conflict."""
    permits.demand(user, "write_press")
    one = desk.store.case_batches.get(batch_id)
    if one.state != "approved":
        raise Conflict("这一批还没有批准", batch=batch_id)
    cases = desk.store.case_batches.cases(batch_id)
    return {
        "batch": str(one.number),
        "intro": one.title,
        "cases": "\n".join(f"案例{numeral(at)}　{_line(each)}" for at, each in enumerate(cases, 1)),
        "decision": "；".join(each.decision for each in cases if each.decision),
    }


def file(desk: Desk, user: User, batch_id: int, form: Form, now: datetime) -> tuple[str, bytes]:
    """(name, bytes) of the batch as a paper."""
    found = whole(desk, user, batch_id, now)
    one = found.batch
    title = f"生态环境违法典型案例（第{one.number}批）"
    paragraphs = [Paragraph(one.title)]
    for at, (case, _) in enumerate(found.cases, 1):
        paragraphs.append(Paragraph(f"{numeral(at)}、{case.heading or f'案例{numeral(at)}'}", 1))
        paragraphs += [Paragraph(line.strip()) for line in case.text.splitlines() if line.strip()]
        paragraphs += [Paragraph(f"处罚决定公开情况：{case.decision}")] if case.decision else []
    sheet = OfficialSheet(
        layout="letter",
        name="典型案例",
        issuer=desk.bureau.bureau.name,
        title=title,
        serial=f"{one.year}年第{one.number}批",
        paragraphs=tuple(paragraphs),
        signatories=(desk.bureau.bureau.name,),
        banner="" if one.state == "approved" else "未批准",
    )
    render = bulletins.render_official_pdf.render if form == "pdf" else bulletins.render_official_docx.render
    return f"{title}.{form}", render(sheet, now)


def problems(desk: Desk, one: BatchCase, now: datetime, names: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """What `huanyu check` has against the words; who wrote of the case must not be named, nor any of `names`."""
    phones, day = phones_of(desk.bureau), local(now).date()
    people = (*authors_of(desk, one.case_id), *names)
    return checks.check(f"{one.heading}\n{one.text}", desk.bureau.words, phones, people, day=day)


def _last_problems(desk: Desk, one: BatchCase, now: datetime) -> tuple[Finding, ...]:
    """The same where they are approved: with the sealed names of reporters, for nobody else asks for them later."""
    return problems(desk, one, now, sealed_of(desk, one.case_id, LOOK, now))


def _is_open(case: Case) -> bool:
    """Whether it may be told: settled, what was complained of was true, and everybody may see it."""
    true = case.result is not None and case.result.finding in TRUE
    return true and not case.restricted and case.state in SETTLED


def _demand_open(desk: Desk, batch: Sequence[BatchCase]) -> None:
    """Since a case was picked it may have been set going again, and a firm may have become known."""
    found = desk.store.cases.of_ids([one.case_id for one in batch])
    for one in batch:
        case = found[one.case_id]
        if not _is_open(case):
            raise BadInput(f"{case.number} 已不是查实办结、可以公开的件，请先去掉")
        if not one.decision and (named := _named(desk, f"{one.heading}\n{one.text}", [case])):
            raise BadInput(f"{case.number} 点名“{named[0]}”，{UNPUBLISHED}")


def _told(desk: Desk, case: Case, now: datetime) -> str:
    """What was found and done, personal data starred and enterprises unnamed."""
    assert case.result is not None  # asked by the caller
    text = f"{case.result.found}{case.result.measure}"
    for name in _known(desk, text, [case]):
        text = text.replace(name, SOMEBODY)
    people = (*authors_of(desk, case.id), *sealed_of(desk, case.id, LOOK, now))
    text = mask(text, [name for name in people if checks.is_name(name, desk.bureau.words)])
    for name in sorted(named_enterprises(text), key=len, reverse=True):
        text = text.replace(name, SOMEBODY)
    return text


def _named(desk: Desk, text: str, cases: Sequence[Case]) -> tuple[str, ...]:
    """Enterprises that a text names, by their looks or because they are known."""
    return (*named_enterprises(text), *_known(desk, text, cases))


def _known(desk: Desk, text: str, cases: Sequence[Case]) -> list[str]:
    """Those of the bureau's table and the polluters of these cases that stand in a text, the longest first."""
    bureau = desk.bureau
    told = {name for row in bureau.enterprises for name in (row.name, *row.aliases) if not name.endswith("?")}
    for case in cases:
        if case.result is not None and case.result.polluter:
            told |= calls_of(case.result.polluter, bureau.bureau.city)
    return sorted((name for name in told if name in text), key=len, reverse=True)


def _line(one: BatchCase) -> str:
    body = "".join(line.strip() for line in one.text.splitlines())
    return f"{one.heading}：{body}" if one.heading else body


def _record(desk: Desk, one: CaseBatch, cases: int, user: User, now: datetime) -> None:
    day = local(now).date()
    row = desk.bureau.press.filled_by("batch", day)
    if row is not None:
        counted = {row.counts[1].name: str(cases)} if len(row.counts) > 1 else {}
        title = f"生态环境违法典型案例（第{one.number}批）"
        entry = ActivityEntry(kind=row.key, day=day, title=title, amounts=counted)
        desk.store.press_log.add([(f"batch:{one.id}", entry)], user.name, now, batch_id=one.id)


def _seen(desk: Desk, batch_id: int, version: int) -> CaseBatch:
    one = desk.store.case_batches.get(batch_id)
    if one.version != version or one.state != "draft":
        raise Conflict("这一批刚被他人改过或已经批准，请刷新后再试", batch=batch_id)
    return one
