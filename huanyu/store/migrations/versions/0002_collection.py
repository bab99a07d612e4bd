"""What collection has to remember: visits, sightings, evidence, probes, and a post's name on its platform.

Columns are added with a default, never by rebuilding a table: SQLite would empty `posts` under its foreign keys.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
moment = sa.DateTime(timezone=True)


# Numbers of Weibo's posts are the same whichever source found them; those of an export are shorter. What answers
# another post may be a comment or a repost: it gets its name when it is seen again.
NUMBERED = "kind = 'weibo' AND parent_id = '' AND length(native_id) = 16 AND native_id BETWEEN '3' AND '6'"


def name_posts() -> None:
    """Every post its name; of several rows of one post the earliest has it, and the others point there."""
    op.execute("UPDATE posts SET identity = source || '/' || native_id")
    op.execute(
        f"UPDATE posts SET identity = 'weibo/' || native_id"
        f" WHERE id IN (SELECT min(id) FROM posts WHERE {NUMBERED} GROUP BY native_id)"
    )
    op.create_index('uq_posts_identity', 'posts', ['identity'], unique=True)
    op.execute(
        "UPDATE posts SET same_why = 'link',"
        " same_as = (SELECT p.id FROM posts p WHERE p.identity = 'weibo/' || posts.native_id)"
        f" WHERE {NUMBERED} AND identity <> 'weibo/' || native_id"
    )


def upgrade() -> None:
    op.create_table('blobs',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('media', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('at', moment, nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_blobs'))
    )
    op.create_table('probes',
    sa.Column('id', key, nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('posted_at', moment, nullable=True),
    sa.Column('added_at', moment, nullable=False),
    sa.Column('added_by', sa.Text(), nullable=False),
    sa.Column('retired_at', moment, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_probes'))
    )
    op.create_table('visits',
    sa.Column('id', key, nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('at', moment, nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('seen', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('rejects', sa.Integer(), nullable=False),
    sa.Column('finished', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits'))
    )
    op.create_index('ix_visits_source_at', 'visits', ['source', 'at'], unique=False)
    op.create_table('evidence',
    sa.Column('id', key, nullable=False),
    sa.Column('post_id', key, nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', moment, nullable=True),
    sa.Column('at', moment, nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_evidence_post_id')),
    sa.ForeignKeyConstraint(['sha256'], ['blobs.sha256'], name=op.f('fk_evidence_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('post_id', 'url', name=op.f('uq_evidence_post_id_url'))
    )
    op.create_index('ix_evidence_sha256', 'evidence', ['sha256'], unique=False)
    op.create_index('ix_evidence_wanted', 'evidence', ['next_at'], unique=False, sqlite_where=sa.text("state = 'wanted'"), postgresql_where=sa.text("state = 'wanted'"))
    op.create_table('probe_checks',
    sa.Column('id', key, nullable=False),
    sa.Column('probe_id', key, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('post_id', key, nullable=True),
    sa.Column('readable', sa.Boolean(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_probe_checks_post_id')),
    sa.ForeignKeyConstraint(['probe_id'], ['probes.id'], name=op.f('fk_probe_checks_probe_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_probe_checks')),
    sa.UniqueConstraint('probe_id', 'day', name=op.f('uq_probe_checks_probe_id_day'))
    )
    op.create_table('sightings',
    sa.Column('id', key, nullable=False),
    sa.Column('post_id', key, nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('at', moment, nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_sightings_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sightings')),
    sa.UniqueConstraint('post_id', 'source', name=op.f('uq_sightings_post_id_source'))
    )
    op.create_index('ix_sightings_source_at', 'sightings', ['source', 'at'], unique=False)
    op.execute("INSERT INTO sightings (post_id, source, at) SELECT id, source, fetched_at FROM posts")
    op.add_column('payloads', sa.Column('sha256', sa.Text(), nullable=False, server_default=""))
    op.add_column('posts', sa.Column('identity', sa.Text(), nullable=False, server_default=""))
    op.add_column('posts', sa.Column('link', sa.Text(), nullable=False, server_default=""))
    op.add_column("posts", sa.Column("same_as", key, nullable=True))
    op.add_column('posts', sa.Column('same_why', sa.Text(), nullable=False, server_default=""))
    op.add_column('posts', sa.Column('event_at', moment, nullable=True))
    op.add_column('posts', sa.Column('event_words', sa.Text(), nullable=False, server_default=""))
    op.add_column('posts', sa.Column('compared_at', moment, nullable=True))
    op.create_index('ix_posts_link', 'posts', ['link'], unique=False)
    op.create_index('ix_posts_same_as', 'posts', ['same_as'], unique=False)
    op.create_index('ix_posts_source_stored_at', 'posts', ['source', 'stored_at'], unique=False)
    waiting = sa.text("kind = 'news' AND compared_at IS NULL")
    op.create_index('ix_posts_uncompared', 'posts', ['said_at'], unique=False, sqlite_where=waiting, postgresql_where=waiting)
    name_posts()
    op.add_column('rejects', sa.Column('callback', sa.Text(), nullable=False, server_default=""))
    op.add_column('rejects', sa.Column('meta', json, nullable=False, server_default="{}"))
    op.add_column('source_states', sa.Column('last_try', moment, nullable=True))
    op.add_column('source_states', sa.Column('failures', sa.Integer(), nullable=False, server_default="0"))
    op.add_column('source_states', sa.Column('interval', sa.Integer(), nullable=False, server_default="0"))
    op.add_column('source_states', sa.Column('next_at', moment, nullable=True))
