"""The faces of Weibo: which address gives what, and where a list goes on.

Pure. A position is a query ("page=3", "max_id=…&max_id_type=0") that is added to the first page's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl
from urllib.parse import urlencode

from crawler import weibo_ids

COUNT = 200  # the most the open platform gives at once
XSRF = re.compile(r"(?:^|;\s*)XSRF-TOKEN=([^;]+)")
AJAX = {"X-Requested-With": "XMLHttpRequest"}  # what the page itself sends with its requests for data


@dataclass(frozen=True, slots=True)
class Way:
    """One face of Weibo: its modes, and how its pages are asked."""

    base: str
    modes: frozenset[str]
    json: bool = True
    by_time: bool = False  #: comments come newest first, else by heat

    def timeline(self, uid: str, at: str) -> str:
        """An account's posts, newest first."""
        raise NotImplementedError

    def search(self, words: str, at: str) -> str:
        """Posts with these words, newest first."""
        raise NotImplementedError

    def show(self, mid: str) -> str:
        """One post."""
        raise NotImplementedError

    def whole(self, mid: str) -> str:
        """The text of a post that a list cuts."""
        raise NotImplementedError

    def comments(self, mid: str, at: str) -> str:
        """Comments below a post."""
        raise NotImplementedError

    def replies(self, cid: str, at: str) -> str:
        """Replies below a comment."""
        raise NotImplementedError

    def following(self, number: int, told: str) -> str:
        """Position of the page after page `number` of a list of posts, which told `told`."""
        return told or f"page={number + 1}"

    def headers(self, cookie: str) -> dict[str, str]:
        """The account's own log-in, as a browser would show it."""
        shown = {"Cookie": cookie} if cookie else {}
        return shown | (AJAX if self.json else {})

    def address(self, path: str, query: dict[str, str], at: str = "") -> str:
        return f"{self.base.rstrip('/')}{path}?{urlencode(query | dict(parse_qsl(at)))}"


class Mobile(Way):
    """m.weibo.cn: comments come by heat."""

    def timeline(self, uid: str, at: str) -> str:
        return self.address("/api/container/getIndex", {"containerid": f"107603{uid}"}, at)

    def search(self, words: str, at: str) -> str:
        container = {"containerid": f"100103type=61&q={words}", "page_type": "searchall"}  # 61: newest first
        return self.address("/api/container/getIndex", container, at)

    def show(self, mid: str) -> str:
        return self.address("/statuses/show", {"id": mid})

    def whole(self, mid: str) -> str:
        return self.address("/statuses/extend", {"id": mid})

    def comments(self, mid: str, at: str) -> str:
        return self.address("/comments/hotflow", {"id": mid, "mid": mid, "max_id_type": "0"}, at)

    def replies(self, cid: str, at: str) -> str:
        return self.address("/comments/hotFlowChild", {"cid": cid, "max_id": "0", "max_id_type": "0"}, at)


class Desktop(Way):
    """weibo.com/ajax: comments come by time."""

    def timeline(self, uid: str, at: str) -> str:
        return self.address("/ajax/statuses/mymblog", {"uid": uid, "page": "1", "feature": "0"}, at)

    def show(self, mid: str) -> str:
        return self.address("/ajax/statuses/show", {"id": weibo_ids.bid(mid)})

    def whole(self, mid: str) -> str:
        return self.address("/ajax/statuses/longtext", {"id": weibo_ids.bid(mid)})

    def comments(self, mid: str, at: str) -> str:
        return self.address("/ajax/statuses/buildComments", ajax_comments(mid, by_time=True), at)

    def replies(self, cid: str, at: str) -> str:
        return self.address("/ajax/statuses/buildComments", ajax_comments(cid, by_time=False), at)

    def following(self, number: int, told: str) -> str:
        return f"page={number + 1}" + (f"&{told}" if told else "")

    def headers(self, cookie: str) -> dict[str, str]:
        token = XSRF.search(cookie)
        return Way.headers(self, cookie) | ({"X-XSRF-TOKEN": token[1]} if token else {})


class Results(Way):
    """s.weibo.com: pages for people, for searching only."""

    def search(self, words: str, at: str) -> str:
        return self.address("/weibo", {"q": words, "typeall": "1", "suball": "1", "xsort": "time"}, at)


WAYS: dict[str, Way] = {
    "mobile": Mobile("https://m.weibo.cn", frozenset({"timeline", "search", "comments"})),
    "desktop": Desktop("https://weibo.com", frozenset({"timeline", "comments"}), by_time=True),
    "results": Results("https://s.weibo.com", frozenset({"search"}), json=False),
}


def ajax_comments(number: str, *, by_time: bool) -> dict[str, str]:
    """Query of buildComments: the comments of a post by time, or the replies below a comment."""
    level = "0" if by_time else "1"
    told = {"flow": "1" if by_time else "0", "is_reload": "1", "id": number, "is_show_bulletin": "2"}
    return told | {"is_mix": level, "fetch_level": level, "count": "20"}


def own_list(base: str, path: str, low: int, at: str) -> str:
    """A list of the open platform above the number `low`, from position `at` downwards."""
    query = {"count": str(COUNT), "page": "1"} | ({"since_id": str(low)} if low else {})
    return f"{base.rstrip('/')}/{path}.json?{urlencode(query | dict(parse_qsl(at)))}"


def resume(at: str) -> str:
    """Where a later visit goes on: page numbers move, so one page earlier; "" where `at` itself will do."""
    told = dict(parse_qsl(at))
    return f"page={max(int(told['page']) - 1, 1)}" if set(told) == {"page"} else ""


def page_number(at: str) -> int:
    """The number of the page at a position, 1 where it has none."""
    return int(dict(parse_qsl(at)).get("page", "1"))
