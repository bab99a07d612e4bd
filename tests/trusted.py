"""Whom clients of tests trust, read once: a client that is told nothing reads a quarter of a megabyte of authorities."""

from __future__ import annotations

import httpx

TRUSTED = httpx.create_ssl_context(trust_env=False)
