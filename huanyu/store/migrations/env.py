"""Alembic's entry point; huanyu.store.schema hands in an open transaction, there is nothing to configure here."""

from __future__ import annotations

from alembic import context

context.run_migrations()
