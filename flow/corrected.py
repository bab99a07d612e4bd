"""Each 更正 as a numbered paper in the archive, beside the issue it puts right; one a crash cut off is caught up."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import bulletins.correction
import bulletins.render_docx
import bulletins.render_html
import bulletins.render_pdf
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.types import PaperCorrection
from huanyu.types.circulation import CORRECTION
from huanyu.types.circulation import correction_scope


def finish(desk: Desk, now: datetime) -> int:
    """Number and file every correction that has no signed paper yet."""
    left = desk.store.circulation.unprinted()
    for bulletin_id, put_right in left:
        with suppress(Conflict):  # somebody else is filing it at this moment
            file(desk, bulletin_id, put_right, now)
    return len(left)


def file(desk: Desk, bulletin_id: int, put_right: PaperCorrection, now: datetime) -> int:
    """The correction's paper, numbered, filed and signed by whoever made it; returns its id."""
    scope, store = correction_scope(bulletin_id, put_right.number), desk.store
    reserved = store.bulletins.reserve(
        CORRECTION, local(now).date(), now=now, actor=put_right.actor, scope=scope
    )
    if not reserved.issued:
        made = bulletins.correction.paper(
            store.bulletins.get(bulletin_id).bulletin,
            put_right,
            _name(desk, put_right.actor),
            (reserved.number, reserved.total),
            scope,
            local(now),
            audit_head=store.audit.seal(now=now),
        )
        files = {
            "html": bulletins.render_html.render(made),
            "docx": bulletins.render_docx.render(made),
            "pdf": bulletins.render_pdf.render(made),
        }
        store.bulletins.issue(reserved.id, made, **files, now=now, actor=put_right.actor)
    store.circulation.sign(reserved.id, (), actor=put_right.actor, now=now)
    return reserved.id


def _name(desk: Desk, actor: str) -> str:
    known = desk.store.people.user(actor)
    return known[0].full_name if known else actor
