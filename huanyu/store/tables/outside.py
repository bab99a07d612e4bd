"""Other systems at the desk: tokens of units, monitoring stations, what these reported."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import once
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

tokens = Table(
    "tokens",
    metadata,
    key(),
    text("name"),
    text("unit"),
    Column("scopes", Tuple, nullable=False),
    Column("channels", Tuple, nullable=False),
    Column("token_hash", Words, nullable=False, unique=True),
    text("hint"),
    moment("made_at"),
    text("made_by"),
    moment("expires_at"),
    moment("used_at", null=True),  # written once in a while, not at every request
    moment("revoked_at", null=True),
    text("revoked_by"),
)
once("uq_tokens_name", [tokens.c.name], "revoked_at IS NULL")

stations = Table(
    "stations",
    metadata,
    key(),
    text("code"),
    text("name"),
    text("place"),
    text("area"),
    text("kind"),
    text("unit"),
    Column("secret", LargeBinary, nullable=False),  # sealed: what is signed with it has to be signed again
    moment("made_at"),
    text("made_by"),
    moment("heard_at", null=True),
    moment("revoked_at", null=True),
    text("revoked_by"),
)
once("uq_stations_code", [stations.c.code], "revoked_at IS NULL")

readings = Table(
    "readings",
    metadata,
    key(),
    ref("station_id", "stations.id"),
    text("number"),
    text("point"),
    text("substance"),
    text("value"),
    text("limit"),
    text("unit"),
    moment("at"),  # measured
    moment("heard_at"),
    ref("case_id", "cases.id"),  # as it was when this came in
    UniqueConstraint("station_id", "number"),
    Index("ix_readings_point", "station_id", "point", "substance", "at"),
)
