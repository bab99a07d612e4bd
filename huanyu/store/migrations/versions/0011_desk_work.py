"""Work at the desk: judgements taken back, what waits for one found at once, full-text search, saved filters."""

import unicodedata
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BATCH = 2000


def upgrade() -> None:
    op.add_column("corrections", sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_verdicts_unsure",
        "verdicts",
        ["post_id"],
        sqlite_where=sa.text("unsure = 1"),
        postgresql_where=sa.text("unsure = true"),
    )
    _filters()
    _search()


def _filters() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("owner", "page", "name", name=op.f("uq_saved_filters_owner_page_name")),
    )


def _search() -> None:
    connection = op.get_bind()
    lite = connection.dialect.name == "sqlite"
    if lite:
        op.execute("CREATE VIRTUAL TABLE IF NOT EXISTS post_grams USING fts5(words, content='', tokenize='ascii')")
        put = sa.text("INSERT INTO post_grams(rowid, words) VALUES (:id, :words)")
    else:
        op.execute("CREATE TABLE IF NOT EXISTS post_grams (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX IF NOT EXISTS ix_post_grams_words ON post_grams USING gin (words)")
        put = sa.text("INSERT INTO post_grams(rowid, words) VALUES (:id, CAST(:words AS tsvector))")
    last = 0
    page = sa.text("SELECT id, title, text, author, native_id FROM posts WHERE id > :last ORDER BY id LIMIT :most")
    while rows := connection.execute(page, {"last": last, "most": BATCH}).all():
        connection.execute(put, [{"id": row[0], "words": _spelt(row[1:], lite)} for row in rows])
        last = rows[-1][0]


def _spelt(texts: tuple[str, ...], lite: bool) -> str:
    """As huanyu.store.grams spelt it when this was written."""
    found: list[str] = []
    for text in texts:
        folded = unicodedata.normalize("NFKC", text).casefold()
        for run in "".join(one if one.isalnum() else " " for one in folded).split():
            found += (*(f"{ord(one):x}x{ord(other):x}" for one, other in pairwise(run)), "z")
    if lite:
        return " ".join(found)
    places: dict[str, list[str]] = {}
    for at, gram in enumerate(found, start=1):
        places.setdefault(gram, []).append(str(min(at, 16_000)))
    return " ".join(f"{gram}:{','.join(dict.fromkeys(at))}" for gram, at in places.items())
