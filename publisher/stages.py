"""Replies before the result: 受理, 转办, 进展, 不属本部门. Under the citizen's own post where there is one, else on the site.

Pure. A stage without its facts gets no text: 「正在处理」 is no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from typing import Final

from huanyu.bureau import AccountRow
from huanyu.bureau import Bureau
from huanyu.errors import BadInput
from huanyu.types import Case
from huanyu.types import Draft
from publisher.channels import weibo
from publisher.draft import accounts
from publisher.draft import thread
from publisher.facts import TEMPLATES
from publisher.facts import Facts
from publisher.facts import facts_of
from publisher.facts import public
from publisher.wording import has_facts

STAGES: Final = {"accepted": "受理", "forwarded": "转办", "progress": "进展", "not_ours": "不属本部门"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person adds to the record for one stage."""

    done: str = ""  #: 进展: what was done, when
    next: str = ""  #: 进展: what comes next
    office: str = ""  #: 不属本部门: whose it is
    phone: str = ""  #: its office telephone
    forwarded: bool = False  #: 已转; else the person is told where to go


def staged(case: Case, bureau: Bureau, stage: str, said: Said | None = None) -> tuple[Draft, ...]:
    """Drafts of one stage; raises BadInput saying which fact is missing."""
    if stage not in STAGES:
        raise BadInput(f"答复阶段只能是{'、'.join(STAGES.values())}")
    said, facts = said or Said(), facts_of(case, bureau)
    _demand(stage, case, said)
    made = (_draft(case, facts, account, stage, said) for account in accounts(bureau))
    found = tuple(one for one in made if one is not None)
    return tuple(replace(one, after="") for one in found) if _lonely(found) else found


def _lonely(drafts: tuple[Draft, ...]) -> bool:
    return all(one.channel != "site" for one in drafts)


def _demand(stage: str, case: Case, said: Said) -> None:
    if stage in {"accepted", "forwarded"} and not case.unit:
        raise BadInput("还没有承办单位，不能告知已转办", case=case.number)
    if stage == "progress" and not has_facts(said.done):
        raise BadInput("请写明何时由谁做了什么；“正在处理”不是进展", case=case.number)
    if stage == "not_ours" and not said.office.strip():
        raise BadInput("请写明应由哪个部门办理", case=case.number)
    if stage == "not_ours" and said.forwarded and not said.phone.strip():
        raise BadInput("已转其他部门的，请写明该部门的办公电话", case=case.number)


def _draft(case: Case, facts: Facts, account: AccountRow, stage: str, said: Said) -> Draft | None:
    """Under the post itself; the site tells what is more than a receipt; no other account carries stages."""
    parent = thread(case, account)
    if not parent and (account.channel != "site" or stage in {"accepted", "forwarded"}):
        return None
    lines = list(_lines(facts, stage, said))
    page = "\n".join([*lines, facts.bureau]).replace("您反映的", "群众反映的", 1)
    text = page if account.channel == "site" else "".join(lines)
    return Draft(
        channel=account.channel,
        account=account.key,
        purpose="reply",
        content_class="petition",
        stage=stage,
        title=facts.fill(TEMPLATES["title"][stage]) if account.channel == "site" else "",
        text=text if account.channel != "weibo" else _fitting(text, facts, stage),
        case_id=case.id,
        reply_to=parent,
        link=facts.link if account.channel == "site" or stage in {"progress", "not_ours"} else "",
        after="site" if account.channel != "site" and stage in {"progress", "not_ours"} else "",
    )


def _lines(facts: Facts, stage: str, said: Said) -> Iterator[str]:
    lines = TEMPLATES["stage"][stage]
    if stage in {"accepted", "forwarded"}:
        yield facts.fill(lines["text"])
        if facts.due:
            yield facts.fill(lines["due"])
        yield facts.fill(lines["contact"])
    elif stage == "progress":
        yield facts.fill(lines["text"], done=public(said.done))
        if said.next.strip():
            yield facts.fill(lines["next"], then=public(said.next))
        if facts.due:
            yield facts.fill(lines["due"])
        yield facts.fill(lines["contact"])
    else:
        told = lines["forwarded"] if said.forwarded else lines["elsewhere"]
        yield facts.fill(told, office=said.office.strip(), office_phone=said.phone.strip())
        if not said.forwarded and said.phone.strip():
            yield facts.fill(lines["phone"], office=said.office.strip(), office_phone=said.phone.strip())


def _fitting(text: str, facts: Facts, stage: str) -> str:
    """The whole where Weibo takes it, else what is told and where the rest is."""
    if weibo.length(text) <= weibo.LIMITS.length:
        return text
    return facts.fill(TEMPLATES["stage"][stage]["short"])
