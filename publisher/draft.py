"""Replies composed from the case record: sentence templates, every fact locked to what was recorded.

Pure. A sentence whose fact is not recorded is left out; nothing is guessed, padded or taken from another case.
The polluter is named only where the record says it is public (政府信息公开条例 15).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from importlib import resources
from typing import Any
from typing import Final

from huanyu import clock
from huanyu import kinds
from huanyu.bureau import AccountRow
from huanyu.bureau import Bureau
from huanyu.errors import BadInput
from huanyu.redact import mask
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import Result
from publisher.channels import site
from publisher.channels import weibo

_POLLUTER: Final = "涉事单位"
_FOUND_NOTHING: Final = frozenset({"不属实", "未发现"})
_STOPS: Final = "。！？；"
_TEMPLATES: Final[Mapping[str, Any]] = tomllib.loads(
    (resources.files("publisher") / "data" / "replies.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The only words a reply may take from the record."""

    number: str
    place: str
    kind: str
    unit: str
    phone: str
    hotline: str
    bureau: str
    link: str
    visited: str
    recorded: str
    finding: str
    found: str
    measure: str
    basis: str
    next: str

    def fill(self, template: str, **more: str) -> str:
        values = {name: getattr(self, name) for name in self.__slots__}
        return template.format(**values | more)


def reply(case: Case, bureau: Bureau) -> tuple[Draft, ...]:
    """Drafts of the result for every enabled account: the site first, the others only after it.

    Raises BadInput where the case has no result.
    """
    if case.result is None:
        raise BadInput("没有办理结果，不能拟答复", case=case.number)
    facts = _facts(case, case.result, bureau)
    return tuple(_draft(case, facts, account) for account in _accounts(bureau.accounts))


def _accounts(accounts: Iterable[AccountRow]) -> list[AccountRow]:
    order = ("site", "weibo", "telegram")
    wanted = [account for account in accounts if account.enabled and account.channel in order]
    return sorted(wanted, key=lambda account: order.index(account.channel))


def _draft(case: Case, facts: Facts, account: AccountRow) -> Draft:
    draft = Draft(
        channel=account.channel,
        account=account.key,
        purpose="reply",
        text="\n".join(_long(facts)),
        title=facts.fill(_TEMPLATES["title"]["site" if facts.place else "no_place"]),
        case_id=case.id,
        link=facts.link,
    )
    if account.channel == "site":
        return draft
    if account.channel == "weibo":
        thread = _thread(case)
        text = _short(facts, whom="您" if thread else "群众")
        return replace(draft, text=text, reply_to=thread, after="site")
    return replace(draft, text=_telegram(facts), recipient=account.chat_id, after="site")


def _facts(case: Case, result: Result, bureau: Bureau) -> Facts:
    unit = bureau.unit(case.unit)
    return Facts(
        number=case.number,
        place=mask(case.place) or bureau.area_name(case.area),
        kind=kinds.label(case.kinds[0]).removesuffix("问题") if case.kinds else "环境",
        unit=unit.name if unit else bureau.bureau.name,
        phone=(unit.phone if unit else "") or bureau.bureau.phone,
        hotline=bureau.bureau.hotline,
        bureau=bureau.bureau.name,
        link=site.address(bureau.bureau, case.public_id),
        visited=_when(result.visited_at),
        recorded=_day(result.recorded_at or result.visited_at),
        finding=result.finding,
        found=_public(result.found, result),
        measure=_public(result.measure, result),
        basis=_public(result.basis, result).rstrip("。"),
        next=_public(result.next_step, result),
    )


def _public(text: str, result: Result) -> str:
    """A recorded sentence as the public may read it: no undisclosed polluter, no personal data, one full stop."""
    text = " ".join(text.split())
    if result.polluter and not result.polluter_public:
        text = text.replace(result.polluter, _POLLUTER)
    text = mask(text)
    return text if not text or text[-1] in _STOPS else f"{text}。"


def _long(facts: Facts) -> Iterator[str]:
    lines = _TEMPLATES["site"]
    yield facts.fill(lines["subject"])
    verdict = facts.fill(_TEMPLATES["finding"].get(facts.finding, "经查："))
    yield facts.fill(lines["visited"]) + verdict + facts.found
    if facts.measure:
        yield facts.fill(lines["measure"]) + (facts.fill(lines["basis"]) if facts.basis else "")
    if facts.next:
        yield facts.fill(lines["next"])
    if facts.finding in _FOUND_NOTHING:
        yield facts.fill(lines["passing"])
    yield facts.fill(lines["contact"])
    yield facts.fill(lines["sign"])
    yield facts.fill(lines["date"])


def _short(facts: Facts, whom: str) -> str:
    """The fullest form that fits into a Weibo post; the last one always does."""
    verdict = facts.fill(_TEMPLATES["short"]["finding"].get(facts.finding, ""))
    texts = [facts.fill(form, verdict=verdict, whom=whom) for form in _TEMPLATES["short"]["forms"]]
    return next((text for text in texts if weibo.length(text) <= weibo.LIMITS.length), texts[-1])


def _telegram(facts: Facts) -> str:
    lines = _TEMPLATES["telegram"]
    body = list(_long(facts))[
        1:-3
    ]  # without the address to the reporter, the telephone line and the signature
    return "\n\n".join([facts.fill(lines["head"]), *body, facts.fill(lines["link"])])


def _thread(case: Case) -> str:
    """The citizen's own public post, where there is one to answer under; a new post would put them on show."""
    is_post = case.source_kind == "weibo" and case.first_native_id.isdecimal()
    return case.first_native_id if is_post else ""


def _when(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{local.month}月{local.day}日{local.hour}时{f'{local.minute}分' if local.minute else ''}"


def _day(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{local.year}年{local.month}月{local.day}日"
