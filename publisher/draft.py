"""Replies composed from the case record: sentence templates, every fact locked to what was recorded.

Pure. A sentence whose fact is not recorded is left out; nothing is guessed, padded or taken from another case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from huanyu.bureau import AccountRow
from huanyu.bureau import Bureau
from huanyu.errors import BadInput
from huanyu.types import Case
from huanyu.types import Draft
from publisher.channels import weibo
from publisher.facts import TEMPLATES
from publisher.facts import Facts
from publisher.facts import facts_of

_FOUND_NOTHING: Final = frozenset({"不属实", "未发现"})
#: Channels with a reply of their own, the site before those that link to it.
_ORDER: Final = ("site", "weibo", "wechat", "telegram", "discuz")
#: Where a reply stands only under the citizen's own post, and what kind of source that is.
THREADS: Final = {"weibo": "weibo", "discuz": "forum"}
_DIGEST: Final = 120  # characters of a WeChat article's summary, which is its first paragraph


def reply(case: Case, bureau: Bureau) -> tuple[Draft, ...]:
    """Drafts of the result for every enabled account: the site first, the others only after it.

    Raises BadInput where the case has no result.
    """
    if case.result is None:
        raise BadInput("没有办理结果，不能拟答复", case=case.number)
    facts = facts_of(case, bureau)
    made = (_draft(case, facts, account) for account in accounts(bureau))
    return tuple(draft for draft in made if draft is not None)


def by_hand(case: Case, bureau: Bureau, text: str) -> tuple[Draft, ...]:
    """The same accounts with a text a person wrote, where no template may be used; a short form says where it is."""
    facts = facts_of(case, bureau)
    made = (_draft(case, facts, account) for account in accounts(bureau))
    told = {"site": text, "wechat": text}

    def short(one: Draft) -> str:
        whom = "您" if one.channel == "weibo" and one.reply_to else "群众"
        return facts.fill(TEMPLATES["short"]["by_hand"], whom=whom)

    return tuple(replace(one, text=told.get(one.channel) or short(one)) for one in made if one is not None)


def accounts(bureau: Bureau) -> list[AccountRow]:
    """Enabled accounts that answer citizens, in the order in which they are answered."""
    wanted = [account for account in bureau.accounts if account.enabled and account.channel in _ORDER]
    return sorted(wanted, key=lambda account: _ORDER.index(account.channel))


def thread(case: Case, account: AccountRow) -> str:
    """The citizen's own public post, where there is one to answer under; a new post would put them on show.

    A forum's threads are numbered by every forum anew: an account answers in its own forum only.
    """
    if case.source_kind != THREADS.get(account.channel):
        return ""
    if account.channel == "weibo":
        return case.first_native_id if case.first_native_id.isdecimal() else ""
    here, there = urlsplit(account.base_url).hostname, urlsplit(case.first_url).hostname
    return case.first_native_id if not here or not there or here == there else ""


def _draft(case: Case, facts: Facts, account: AccountRow) -> Draft | None:
    draft = Draft(
        channel=account.channel,
        account=account.key,
        purpose="reply",
        content_class="petition",
        stage="result",
        text="\n".join(_long(facts)),
        title=facts.fill(TEMPLATES["title"]["site" if facts.place else "no_place"]),
        case_id=case.id,
        link=facts.link,
    )
    if account.channel == "site":
        return draft
    draft = replace(draft, after="site", reply_to=thread(case, account))
    if account.channel == "weibo":
        return replace(draft, text=_short(facts, whom="您" if draft.reply_to else "群众"))
    if account.channel == "wechat":
        return replace(draft, text="\n".join([digest(facts), *list(_long(facts))[1:]]))
    if account.channel == "discuz":
        return replace(draft, text=_floor(facts)) if draft.reply_to else None
    return replace(draft, text=_telegram(facts), recipient=account.chat_id)


def _long(facts: Facts) -> Iterator[str]:
    lines = TEMPLATES["site"]
    yield facts.fill(lines["subject"])
    verdict = facts.fill(TEMPLATES["finding"].get(facts.finding, "经查："))
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


def digest(facts: Facts) -> str:
    """The first paragraph of an article, which WeChat shows as its summary."""
    verdict = facts.fill(TEMPLATES["short"]["finding"].get(facts.finding, ""))
    forms = [facts.fill(form, verdict=verdict) for form in TEMPLATES["wechat"]["digest"]]
    return next((form for form in forms if len(form) <= _DIGEST), forms[-1][:_DIGEST])


def _short(facts: Facts, whom: str) -> str:
    """The fullest form that fits into a Weibo post; the last one always does."""
    verdict = facts.fill(TEMPLATES["short"]["finding"].get(facts.finding, ""))
    # A unit's own answer for the public stands as what was found: no form may drop all that was done.
    done = {
        form: facts.measure or ("" if "{found}" in form else facts.found)
        for form in TEMPLATES["short"]["forms"]
    }
    texts = [facts.fill(form, verdict=verdict, whom=whom, measure=said) for form, said in done.items()]
    return next((text for text in texts if weibo.length(text) <= weibo.LIMITS.length), texts[-1])


def _telegram(facts: Facts) -> str:
    lines = TEMPLATES["telegram"]
    body = list(_long(facts))[
        1:-3
    ]  # without the address to the reporter, the telephone line and the signature
    return "\n\n".join([facts.fill(lines["head"]), *body, facts.fill(lines["link"])])


def _floor(facts: Facts) -> str:
    """A floor of the thread: who answers, then what the page says."""
    lines = TEMPLATES["discuz"]
    return "\n".join([facts.fill(lines["head"]), *list(_long(facts))[1:], facts.fill(lines["link"])])
