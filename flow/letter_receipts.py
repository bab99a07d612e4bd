"""来信回执: whoever wrote a letter that became a case is told its number and code, once, in one approved text.

The address stays sealed beside the post until the mail leaves, as does the code: the outbox names neither.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from email.utils import parseaddr
from typing import Final

from cases.forms import ACCOUNT
from flow import entering
from flow.desk import Desk
from huanyu.entry_rows import RECEIPT_CODE
from huanyu.entry_rows import MailboxTable
from huanyu.errors import Refused
from huanyu.review_rows import RECEIPT
from huanyu.store.audit import SYSTEM
from huanyu.store.unsealing import Lost
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Post

TO: Final = "来信人"  #: in the outbox, in place of the address
REASON: Final = "寄发来信回执"
FRESH: Final = timedelta(days=2)  # a mailbox first read holds letters that were answered long ago
MOST: Final = 3  # in a day to one address: two programs that answer each other stop here
DAY: Final = timedelta(days=1)


def offer(desk: Desk, box: MailboxTable, sender: str, case_id: int, post: Post, now: datetime) -> bool:
    """Put the receipt on its way, in the transaction of the letter; `sender` is the digest by which the store knows them."""
    if not box.receipt or post.posted_at is None or now - post.posted_at > FRESH:
        return False
    if desk.store.letters.told(sender, now - DAY) >= MOST:
        return False
    report = desk.store.public.vouch(post.id, entering.code_of(desk, post), True, SYSTEM, now)
    draft = draft_of(box, report.number, f"{desk.config.public_url}/progress", case_id)
    return desk.store.outbox.add(draft, _key(post.id), MessageState.APPROVED, SYSTEM, now) is not None


def draft_of(box: MailboxTable, number: str, page: str, case_id: int) -> Draft:
    """The receipt as it stands in the outbox: the approved text with number and page, nothing of the letter."""
    return Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=RECEIPT,
        title=f"来信已收到（{number}）",
        text=box.receipt.replace("{number}", number).replace("{page}", page),
        recipient=TO,
        case_id=case_id,
    )


def addressed(desk: Desk, message: Message) -> Message:
    """A receipt with its address and code, any other message as it is; raises Refused where the address is kept no more."""
    if message.purpose != RECEIPT or message.case_id is None or message.claimed_at is None:
        return message
    post_id = int(message.key.rpartition(":")[2])
    case_id = (
        desk.store.posts.case_of(post_id) or message.case_id
    )  # the letter may have been joined to another since
    kept = desk.store.people.reporters(case_id, SYSTEM, REASON, message.claimed_at, post_id)
    found = (json.loads(one).get("mail", "") for one in kept if not isinstance(one, Lost))
    address = next((one for one in found if "@" in parseaddr(one)[1]), "")
    if not address:
        for one in kept:
            if isinstance(one, Lost):
                raise Refused(f"来信人的地址读不出：{one.told}")
        raise Refused("来信人的地址已不再保存")
    code = entering.code_of(desk, desk.store.posts.get(post_id))
    return replace(message, recipient=parseaddr(address)[1], text=message.text.replace(RECEIPT_CODE, code))


def _key(post_id: int) -> str:
    return f"receipt:{post_id}"
