"""What has changed of the matters that complaints are compared with, marked by the database itself, whoever writes.

Triggers mark the first post of a case when anything changes that `store.matters` reads. On SQLite, where one writes at
a time, a mark is a count. On PostgreSQL it is the number of the transaction: one may end after another that began
later, so whoever reads asks again for all that was not over when it last looked. There each transaction has a mark of
its own, so that nobody waits for anybody; older ones go with the next change, unless somebody else is just removing them.
No row of it is anybody's only record.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import DDL
from sqlalchemy import Table
from sqlalchemy import event

from huanyu.store.tables.handling import cases
from huanyu.store.tables.incoming import posts
from huanyu.store.tables.incoming import verdicts
from huanyu.store.tables.shape import metadata

MARKS: Final = "matter_marks"
OF_CASES: Final = "first_post_id, number, kinds, area, place, last_post_at, state, joined_into, parent_id"
#: Trigger -> its table, when it fires, and the post that is marked.
TRIGGERS: Final[dict[str, tuple[Table, str, str]]] = {
    "cases_marked_new": (cases, "INSERT", "NEW.first_post_id"),
    "cases_marked": (cases, f"UPDATE OF {OF_CASES}", "NEW.first_post_id"),
    "cases_marked_former": (cases, "UPDATE OF first_post_id", "OLD.first_post_id"),
    "posts_marked": (posts, "UPDATE OF title, text", "NEW.id"),
    "verdicts_marked": (verdicts, "UPDATE OF signature, places, named", "NEW.post_id"),
    "verdicts_marked_gone": (verdicts, "DELETE", "OLD.post_id"),
}
_LITE: Final = (
    "CREATE TABLE IF NOT EXISTS matter_marks (post_id INTEGER PRIMARY KEY, mark INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_matter_marks_mark ON matter_marks (mark)",
)
_BIG: Final = (
    "CREATE TABLE IF NOT EXISTS matter_marks (post_id BIGINT, mark BIGINT, PRIMARY KEY (post_id, mark))",
    "CREATE INDEX IF NOT EXISTS ix_matter_marks_mark ON matter_marks (mark)",
    "CREATE OR REPLACE FUNCTION huanyu_mark() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ DECLARE touched BIGINT; BEGIN"
    " IF TG_ARGV[0] = 'NEW.first_post_id' THEN touched := NEW.first_post_id;"
    " ELSIF TG_ARGV[0] = 'OLD.first_post_id' THEN touched := OLD.first_post_id;"
    " ELSIF TG_ARGV[0] = 'NEW.post_id' THEN touched := NEW.post_id;"
    " ELSIF TG_ARGV[0] = 'OLD.post_id' THEN touched := OLD.post_id;"
    " ELSE touched := NEW.id; END IF;"
    " INSERT INTO matter_marks VALUES (touched, txid_current()) ON CONFLICT DO NOTHING;"
    " IF FOUND THEN DELETE FROM matter_marks WHERE ctid = ANY (ARRAY(SELECT ctid FROM matter_marks"
    " WHERE post_id = touched AND mark <> txid_current() FOR UPDATE SKIP LOCKED)); END IF;"
    " RETURN NULL; END $$",
)

_COUNTED: Final = (
    "INSERT INTO matter_marks (post_id, mark) VALUES ({}, (SELECT coalesce(max(mark), 0) + 1 FROM matter_marks))"
    " ON CONFLICT (post_id) DO UPDATE SET mark = excluded.mark"
)


def _made(name: str, verb: str, post: str, table: str) -> dict[str, str]:
    """The trigger as each database wants it."""
    head = f"CREATE TRIGGER {name} AFTER {verb} ON {table}"
    return {
        "sqlite": f"{head} BEGIN {_COUNTED.format(post)}; END",
        "postgresql": f"{head} FOR EACH ROW EXECUTE FUNCTION huanyu_mark('{post}')",
    }


for dialect, statements in {"sqlite": _LITE, "postgresql": _BIG}.items():
    for statement in statements:
        made = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(metadata, "before_create", made.execute_if(dialect=dialect))
for name, (table, verb, post) in TRIGGERS.items():
    for dialect, statement in _made(name, verb, post, table.name).items():
        made = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", made.execute_if(dialect=dialect))
