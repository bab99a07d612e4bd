"""Sections on what is being done: open matters, hand-over slips, returned and recurring ones, answers and their echo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bulletins import sections
from bulletins import wording
from bulletins.evidence import row_key
from bulletins.sections import LISTED
from bulletins.sections import Desk
from bulletins.sections import rest
from bulletins.sections import safe
from huanyu.text import normalise
from huanyu.types import CaseLine
from huanyu.types import Section
from huanyu.types import Sentence


def open_matters(desk: Desk) -> Section:
    """Handling state of everything open."""
    states = [row for row in desk.figures.by_state if row.count]
    summary = desk.say("在办事项共{cases_open}{cases_open:change}。")
    if states:
        words = "、".join(f"{desk.label(row_key(row))}{row.count}件" for row in states)
        keys = tuple(f"state:{row_key(row)}" for row in states)
        summary = replace(
            summary, text=f"{summary.text}办理状态：{words}。", figures=(*summary.figures, *keys)
        )
    ranked = sorted(
        desk.figures.open_cases,
        key=lambda line: (line.due is None, line.due or desk.figures.period_to, line.case_id),
    )
    ids = tuple(line.case_id for line in ranked)
    return Section(
        heading="在办事项",
        sentences=(replace(summary, cases=ids), *rest(len(ranked), ids)),
        table_head=("编号", "事项", "承办单位", "状态", "时限") if ranked else (),
        table=tuple(_open_row(desk, line) for line in ranked[:LISTED]),
    )


def _open_row(desk: Desk, line: CaseLine) -> tuple[str, ...]:
    shown = safe(line, desk.label)
    due = wording.minute(line.due) if line.due else "—"
    return (shown.number, shown.title, shown.unit, shown.state, due)


def answered(desk: Desk) -> Section:
    """What was answered in public during the period."""
    ids = [line.case_id for line in desk.figures.answered]
    shown = [safe(line, desk.label) for line in desk.figures.answered[:LISTED]]
    told = desk.say(f"{desk.manner.now}公开答复{{cases_answered}}。", ids)
    return Section(
        heading="公开答复",
        sentences=(told, *_cut(ids)),
        table_head=("编号", "事项", "承办单位", "答复页面") if shown else (),
        table=tuple((line.number, line.title, line.unit, line.answered_url or "—") for line in shown),
    )


def returned(desk: Desk) -> Section:
    """退单: what units sent back."""
    told = f"{desk.manner.now}承办单位退回{{cases_returned}}{{cases_returned:change}}。"
    return _listed(desk, "退单情况", told, desk.figures.returned)


def repeated(desk: Desk) -> Section:
    """What was told again, most often first, and what came back after it was settled."""
    again = sorted(desk.figures.repeated, key=lambda line: (-line.posts, line.case_id))
    back = {line.case_id for line in desk.figures.reopened}
    lines = [*desk.figures.reopened, *(line for line in again if line.case_id not in back)]
    told = (
        f"{desk.manner.now}被再次反映的事项{{cases_told_again}}；其中办结或答复后复发的"
        "{cases_reopened}{cases_reopened:change}。"
    )
    ids = [line.case_id for line in lines]
    return Section(
        heading="重复反映与复发",
        sentences=(desk.say(told, ids), *_cut(ids)),
        table_head=("编号", "事项", "情形", "累计信息", "承办单位", "状态") if lines else (),
        table=tuple(_repeat_row(desk, line, line.case_id in back) for line in lines[:LISTED]),
    )


def _repeat_row(desk: Desk, line: CaseLine, back: bool) -> tuple[str, ...]:
    shown = safe(line, desk.label)
    return (
        shown.number,
        shown.title,
        "复发" if back else "重复反映",
        f"{line.posts}条",
        shown.unit,
        shown.state,
    )


def _listed(desk: Desk, heading: str, told: str, lines: Sequence[CaseLine]) -> Section:
    ids = [line.case_id for line in lines]
    return Section(
        heading=heading,
        sentences=(desk.say(told, ids), *_cut(ids)),
        table_head=("编号", "事项", "承办单位", "状态", "时限") if lines else (),
        table=tuple(_open_row(desk, line) for line in lines[:LISTED]),
    )


def _cut(ids: Sequence[int]) -> tuple[Sentence, ...]:
    if len(ids) <= LISTED:
        return ()
    left = len(ids) - LISTED
    return (Sentence(text=f"下表只列{LISTED}件，其余{left}件见舆情台案件列表。", cases=tuple(ids)),)


def echo(desk: Desk) -> Section:
    """Kind words, and whether our answers settled the matter."""
    told = [
        desk.say(f"{desk.manner.now}见到正面评价信息{{praise_new}}{{praise_new:change}}。"),
        desk.say(
            f"{desk.manner.now}公开答复{{cases_answered}}；此前已答复、{desk.manner.now}又被反映的{{answered_again}}。"
        ),
    ]
    said = desk.figures.praise
    if said and not wording.figure_of(desk.counts, "praise_new").ids:
        told.append(Sentence(text="正面评价较多，仅摘录数条。"))
    return Section(
        heading="正面评价与答复效果",
        sentences=tuple(told),
        table_head=("正面评价摘录", "来源", "区域") if said else (),
        table=tuple(
            (
                sections.shown(one.quote, sections.QUOTE),
                desk.label(one.source_kind),
                desk.label(one.area) if one.area else "地点待核",
            )
            for one in said
        ),
    )


def slips(desk: Desk) -> Section:
    """舆情简报 as carrier of the transfer: one hand-over slip for each matter, with its status."""
    lines = desk.figures.new_cases
    ids = tuple(line.case_id for line in lines)
    told = Sentence(
        text=f"本期转办{len(lines)}件，逐件列明承办单位、时限和目前状态，引文已隐去个人信息。", cases=ids
    )
    return Section(
        heading="转办事项",
        sentences=(told,),
        items=tuple(safe(line, desk.label) for line in lines),
        table_head=("编号", "承办单位", "签收", "时限", "状态") if lines else (),
        table=tuple(_slip(desk, line) for line in lines),
    )


def _slip(desk: Desk, line: CaseLine) -> tuple[str, ...]:
    shown = safe(line, desk.label)
    signed = wording.minute(line.signed_at) if line.signed_at else "未签收"
    due = wording.minute(line.due) if line.due else "—"
    return (shown.number, shown.unit, signed, due, shown.state)


def matter(desk: Desk) -> Section:
    """The one matter of a 快报."""
    items = tuple(safe(line, desk.label) for line in desk.figures.new_cases)
    ids = tuple(line.case_id for line in desk.figures.new_cases)
    told = [Sentence(text=_opened(desk, line), cases=(line.case_id,)) for line in desk.figures.new_cases]
    note = Sentence(text="本期由程序触发编发，内容待核实，引文已隐去个人信息。", cases=ids)
    return Section(heading="事项", sentences=(*told, note), items=items)


def _opened(desk: Desk, line: CaseLine) -> str:
    shown = safe(line, desk.label)
    urgent = "，紧急" if line.urgent else ""
    return (
        f"{normalise(line.number)}于{wording.minute(line.opened_at)}立件，等级{line.level}{urgent}，来源{shown.source_kind}，"
        f"已收到相关信息{line.posts}条；由{shown.unit}承办，{shown.state}。"
    )


def remarks(desk: Desk) -> Section | None:
    """Judgement and advice as a person typed them, marked as such; nothing where nobody did."""
    if not desk.remarks:
        return None
    named = {"judgement": "研判", "advice": "建议"}
    told = tuple(
        Sentence(
            text=f"【{named[one.kind]}，{one.author}撰写，非程序生成】{normalise(one.text)}",
            author=one.author,
        )
        for one in desk.remarks
    )
    return Section(heading="研判与建议", sentences=told)
