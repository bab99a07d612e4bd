"""The only place that knows the database: `Store.open(url, key)` and the frozen nouns it answers with."""

from __future__ import annotations

from huanyu.store.nouns import Added
from huanyu.store.nouns import AuditRow
from huanyu.store.nouns import Beside
from huanyu.store.nouns import BulletinHead
from huanyu.store.nouns import Correction
from huanyu.store.nouns import Drawn
from huanyu.store.nouns import Grounds
from huanyu.store.nouns import IdentityRead
from huanyu.store.nouns import JobLeft
from huanyu.store.nouns import JobsWaiting
from huanyu.store.nouns import OldVerdict
from huanyu.store.nouns import RawKept
from huanyu.store.nouns import Rejected
from huanyu.store.nouns import RejectHead
from huanyu.store.nouns import Renewal
from huanyu.store.nouns import Reserved
from huanyu.store.nouns import Sample
from huanyu.store.nouns import SavedFilter
from huanyu.store.nouns import Sign
from huanyu.store.nouns import StoredReject
from huanyu.store.nouns import Suggestion
from huanyu.store.nouns import TextVersion
from huanyu.store.nouns import Told
from huanyu.store.nouns import VisitSum
from huanyu.store.relabel import Label
from huanyu.store.searches import Asked
from huanyu.store.store import Store

__all__ = [
    "Added",
    "Asked",
    "AuditRow",
    "Beside",
    "BulletinHead",
    "Correction",
    "Drawn",
    "Grounds",
    "IdentityRead",
    "JobLeft",
    "JobsWaiting",
    "Label",
    "OldVerdict",
    "RawKept",
    "RejectHead",
    "Rejected",
    "Renewal",
    "Reserved",
    "Sample",
    "SavedFilter",
    "Sign",
    "Store",
    "StoredReject",
    "Suggestion",
    "TextVersion",
    "Told",
    "VisitSum",
]
