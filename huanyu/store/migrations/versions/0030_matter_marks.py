"""Triggers mark what has changed of the matters that complaints are compared with: nobody need read all of them again."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CASES = "first_post_id, number, kinds, area, place, last_post_at, state, joined_into, parent_id"
TRIGGERS = (
    ("cases_marked_new", "INSERT", "cases", "NEW.first_post_id"),
    ("cases_marked", f"UPDATE OF {CASES}", "cases", "NEW.first_post_id"),
    ("cases_marked_former", "UPDATE OF first_post_id", "cases", "OLD.first_post_id"),
    ("posts_marked", "UPDATE OF title, text", "posts", "NEW.id"),
    ("verdicts_marked", "UPDATE OF signature, places, named", "verdicts", "NEW.post_id"),
    ("verdicts_marked_gone", "DELETE", "verdicts", "OLD.post_id"),
)
FUNCTION = """
CREATE OR REPLACE FUNCTION huanyu_mark() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE touched BIGINT; BEGIN
IF TG_ARGV[0] = 'NEW.first_post_id' THEN touched := NEW.first_post_id;
ELSIF TG_ARGV[0] = 'OLD.first_post_id' THEN touched := OLD.first_post_id;
ELSIF TG_ARGV[0] = 'NEW.post_id' THEN touched := NEW.post_id;
ELSIF TG_ARGV[0] = 'OLD.post_id' THEN touched := OLD.post_id;
ELSE touched := NEW.id; END IF;
INSERT INTO matter_marks VALUES (touched, txid_current()) ON CONFLICT DO NOTHING;
IF FOUND THEN DELETE FROM matter_marks WHERE ctid = ANY (ARRAY(SELECT ctid FROM matter_marks
WHERE post_id = touched AND mark <> txid_current() FOR UPDATE SKIP LOCKED)); END IF;
RETURN NULL; END $$
"""


def upgrade() -> None:
    op.create_index("ix_cases_first_post_id", "cases", ["first_post_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TABLE matter_marks (post_id INTEGER PRIMARY KEY, mark INTEGER NOT NULL)")
        does = _counted
    else:
        op.execute("CREATE TABLE matter_marks (post_id BIGINT, mark BIGINT, PRIMARY KEY (post_id, mark))")
        op.execute(sa.text(FUNCTION.replace(":=", r"\:=")))
        does = _called
    op.execute("CREATE INDEX ix_matter_marks_mark ON matter_marks (mark)")
    for name, verb, table, post in TRIGGERS:
        op.execute(f"CREATE TRIGGER {name} AFTER {verb} ON {table} {does(post)}")


def _counted(post: str) -> str:
    return (
        f"BEGIN INSERT INTO matter_marks (post_id, mark) VALUES ({post}, (SELECT coalesce(max(mark), 0) + 1"
        " FROM matter_marks)) ON CONFLICT (post_id) DO UPDATE SET mark = excluded.mark; END"
    )


def _called(post: str) -> str:
    return f"FOR EACH ROW EXECUTE FUNCTION huanyu_mark('{post}')"
