"""A page reads one moment: what others write meanwhile is for the next one."""

from __future__ import annotations

from datetime import datetime

import pytest

from huanyu.clock import SHANGHAI
from huanyu.store import Store

NOW = datetime(2026, 3, 5, 10, 20, tzinfo=SHANGHAI)


def test_what_is_written_meanwhile_is_seen_by_the_next_look(store: Store) -> None:
    store.settings.put("pace", "before", NOW)
    with store.looking():
        assert store.settings.get("pace") == "before"
        store.settings.put("pace", "after", NOW)
        assert store.settings.get("pace") == "before"
        with store.looking():
            assert store.settings.get("pace") == "before"
    assert store.settings.get("pace") == "after"


def test_what_is_written_in_a_look_is_kept_though_the_page_fails(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.looking():
        store.settings.put("pace", "kept", NOW)
        raise ZeroDivisionError
    assert store.settings.get("pace") == "kept"


def test_a_batch_inside_a_look_reads_what_it_wrote(store: Store) -> None:
    store.settings.put("pace", "before", NOW)
    with store.looking():
        assert store.settings.get("pace") == "before"
        with store.together():
            store.settings.put("pace", "after", NOW)
            assert store.settings.get("pace") == "after"
        assert store.settings.get("pace") == "before"
    with store.together(), store.looking():
        store.settings.put("pace", "last", NOW)
        assert store.settings.get("pace") == "last"
