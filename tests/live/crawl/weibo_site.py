"""A small Weibo with all its faces for people: m.weibo.cn, weibo.com/ajax and s.weibo.com, answering from one store.

Everything said is invented. It is as fussy as the real one: comments page on max_id and max_id_type together.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from crawler import links
from crawler import weibo_ids
from huanyu import clock

Blob = dict[str, Any]
Query = dict[str, str]

OWNER = "7000000001"
CUT = 12  # characters that a list shows of a long post
GONE = {"ok": 0, "errno": "20101", "msg": "该微博不存在"}
NOTHING = {"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}}


@dataclass
class Said:
    """A post, a comment, or a reply below one."""

    mid: int
    text: str
    uid: str = OWNER
    long: bool = False
    repost_of: int = 0
    deleted: bool = False
    below: int = 0  #: the post or comment it stands under


@dataclass
class Faces:
    """Answers for every face; `asked` lists the paths, `instead` may answer first."""

    answer: Callable[..., Any]
    said: list[Said]
    size: int = 3
    old: int = 0  #: what has this number or a lower one is half a year old, the rest of yesterday
    asked: list[str] = field(default_factory=list)
    instead: Callable[[str], Any] = lambda path: None

    def __call__(self, target: str, headers: dict[str, str]) -> Any:
        self.asked.append(target)
        if (found := self.instead(target)) is not None:
            return found
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        known = {
            "/api/container/getIndex": self.cards,
            "/statuses/extend": self.extend,
            "/statuses/show": self.show,
            "/comments/hotflow": self.hotflow,
            "/comments/hotFlowChild": self.hot_replies,
            "/ajax/statuses/mymblog": self.mymblog,
            "/ajax/statuses/show": self.ajax_show,
            "/ajax/statuses/longtext": self.longtext,
            "/ajax/statuses/buildComments": self.build_comments,
        }
        if parts.path == "/weibo":
            return self.answer(self.results(query).encode(), 200, "text/html; charset=utf-8")
        return self.json(known[parts.path](query)) if parts.path in known else self.answer(b"", 404)

    def json(self, found: Blob, status: int = 200) -> Any:
        return self.answer(json.dumps(found, ensure_ascii=False).encode(), status, "application/json")

    # --- the store --------------------------------------------------------------------------------------------

    def day(self, one: Said) -> datetime:
        return clock.now() - timedelta(days=180 if one.mid <= self.old else 1)

    def one(self, number: int | str) -> Said | None:
        return next((one for one in self.said if one.mid == int(number)), None)

    def posts(self) -> list[Said]:
        return sorted((one for one in self.said if not one.below), key=lambda one: -one.mid)

    def under(self, number: int | str) -> list[Said]:
        return sorted((one for one in self.said if one.below == int(number)), key=lambda one: one.mid)

    def replies(self, one: Said) -> int:
        return sum(1 + self.replies(below) for below in self.under(one.mid))

    def found(self, words: list[str]) -> list[Said]:
        return [one for one in self.posts() if all(word in one.text for word in words)]

    # --- m.weibo.cn -------------------------------------------------------------------------------------------

    def cards(self, query: Query) -> Blob:
        container = query["containerid"]
        info: Blob = {"containerid": container}
        if container.startswith("107603"):
            mine = [one for one in self.posts() if one.uid == container[6:]]
            mine = [one for one in mine if one.mid <= int(query.get("since_id", 10**18))]
            shown, rest = mine[: self.size], mine[self.size :]
            info |= {"since_id": rest[0].mid} if rest else {}
        else:
            number = int(query.get("page", "1"))
            fit = self.found(container.partition("&q=")[2].split())
            shown = fit[(number - 1) * self.size : number * self.size]
            info |= {"page": number + 1}
        if not shown:
            return NOTHING
        cards = [{"card_type": 9, "mblog": self.mblog(one)} for one in shown]
        return {"ok": 1, "data": {"cardlistInfo": info, "cards": [{"card_type": 11, "card_group": cards}]}}

    def mblog(self, one: Said, *, whole: bool = False) -> Blob:
        when = self.day(one).strftime("%a %b %d %H:%M:%S %z %Y")
        told: Blob = {
            "id": str(one.mid),
            "mid": str(one.mid),
            "bid": weibo_ids.bid(str(one.mid)),
            "created_at": when,
        }
        if one.deleted:
            return told | {"text": "此微博已被原作者删除。", "deleted": "1"}
        cut = one.long and not whole
        told["text"] = f'{one.text[:CUT]}...<a href="/status/{one.mid}">全文</a>' if cut else one.text
        if one.long and whole:
            told["longText"] = {"longTextContent": one.text}
        if one.repost_of and (original := self.one(one.repost_of)):
            told["retweeted_status"] = self.mblog(original)
        user = {"id": int(one.uid), "screen_name": f"网友{one.uid[-2:]}"}
        counts = {"reposts_count": 1, "comments_count": self.replies(one), "attitudes_count": "1.2万"}
        return told | counts | {"isLongText": one.long, "region_name": "发布于 山东", "user": user}

    def extend(self, query: Query) -> Blob:
        one = self.one(query["id"])
        if one is None or one.deleted:
            return GONE
        return {
            "ok": 1,
            "data": {"ok": 1, "longTextContent": one.text.replace("\n", "<br />")} if one.long else {},
        }

    def show(self, query: Query) -> Blob:
        one = self.one(query["id"])
        return GONE if one is None or one.deleted else {"ok": 1, "data": self.mblog(one, whole=True)}

    def hotflow(self, query: Query) -> Blob:
        """Comments by heat, which here is by age; page n is asked with max_id n and max_id_type n % 2."""
        return self.flow(self.under(query["mid"]), query, inner=True)

    def hot_replies(self, query: Query) -> Blob:
        found = self.flow(self.under(query["cid"]), query, inner=False)
        return found if found["ok"] == 0 else {"ok": 1, **found["data"], "rootComment": []}

    def flow(self, below: list[Said], query: Query, *, inner: bool) -> Blob:
        number = int(query.get("max_id", "0"))
        if int(query["max_id_type"]) != number % 2:
            number = 0
        shown, rest = below[number * self.size : (number + 1) * self.size], below[(number + 1) * self.size :]
        if not shown:
            return {"ok": 0, "msg": "还没有人评论哦~快来抢沙发！"}
        following = number + 1 if rest else 0
        comments = [self.comment(one, shows=1 if inner else 0) for one in shown]
        paging = {"max_id": following, "max_id_type": following % 2, "total_number": len(below)}
        return {"ok": 1, "data": {"data": comments, **paging}}

    def comment(self, one: Said, shows: int) -> Blob:
        below = self.under(one.mid)
        told = self.mblog(one) | {"source": "来自山东", "total_number": len(below), "rootid": str(one.mid)}
        parent = self.one(one.below)
        if parent is not None and parent.below:
            told |= {"rootid": str(parent.mid), "reply_id": str(parent.mid)}
        nested = [self.comment(reply, 0) for reply in below[:shows]]
        return told | {"comments": nested or False, "like_count": 2}

    # --- weibo.com/ajax ---------------------------------------------------------------------------------------

    def mymblog(self, query: Query) -> Blob:
        mine = [one for one in self.posts() if one.uid == query["uid"]]
        mine = [one for one in mine if one.mid < int(query.get("since_id", 10**18))]
        shown, rest = mine[: self.size], mine[self.size :]
        paging = {"since_id": shown[-1].mid} if rest else {"next_cursor": -1}
        return {"ok": 1, "data": {"list": [self.ajax(one) for one in shown], **paging}}

    def ajax(self, one: Said) -> Blob:
        told = self.mblog(one)
        told |= {"id": one.mid, "idstr": str(one.mid), "mblogid": told.pop("bid")}
        if not one.deleted:
            told["text_raw"] = f"{one.text[:CUT]}\u200b" if one.long else one.text
        if one.repost_of and (original := self.one(one.repost_of)):
            told["retweeted_status"] = self.ajax(original)
        return told

    def by_short(self, query: Query) -> Said | None:
        return self.one(links.mid_of(query["id"]))

    def ajax_show(self, query: Query) -> Blob:
        one = self.by_short(query)
        return GONE if one is None or one.deleted else {"ok": 1} | self.ajax(one)

    def longtext(self, query: Query) -> Blob:
        one = self.by_short(query)
        if one is None or one.deleted:
            return GONE
        return {"ok": 1, "data": {"longTextContent": one.text} if one.long else {}}

    def build_comments(self, query: Query) -> Blob:
        """Comments of a post newest first, replies of a comment oldest first."""
        level = int(query["fetch_level"])
        below = self.under(query["id"])
        below = below if level else below[::-1]
        after = int(query.get("max_id", "0"))
        start = next((n for n, one in enumerate(below) if one.mid == after), 0)
        shown, rest = below[start : start + self.size], below[start + self.size :]
        comments = [
            self.comment(one, 0 if level else 1) | {"text_raw": one.text, "idstr": str(one.mid)}
            for one in shown
        ]
        return {"ok": 1, "data": comments, "max_id": rest[0].mid if rest else 0, "total_number": len(below)}

    # --- s.weibo.com ------------------------------------------------------------------------------------------

    def results(self, query: Query) -> str:
        number = int(query.get("page", "1"))
        fit = self.found(query["q"].split())
        shown = fit[(number - 1) * self.size : number * self.size]
        if not shown:
            return self.around(
                '<div class="card-wrap"><div class="card card-no-result"><p>抱歉，未找到相关结果。</p></div></div>'
            )
        more = (
            f'<a class="next" href="/weibo?page={number + 1}">下一页</a>'
            if len(fit) > number * self.size
            else ""
        )
        return self.around("".join(map(self.card, shown)) + more)

    def around(self, inner: str) -> str:
        return f"<!DOCTYPE html><html><title>微博搜索</title><body><div id='pl_feedlist_index'>{inner}</div></body></html>"

    def card(self, one: Said) -> str:
        link = f"//weibo.com/{one.uid}/{weibo_ids.bid(str(one.mid))}"
        whole = f'<p class="txt" node-type="feed_list_content_full">{one.text}<a action-type="fl_fold">收起</a></p>'
        short = one.text[:CUT] + "...<a action-type='fl_unfold'>展开</a>" if one.long else one.text
        return f"""<div class="card-wrap" action-type="feed_list_item" mid="{one.mid}"><div class="content">
            <a class="name" href="//weibo.com/{one.uid}" nick-name="网友">网友</a>
            <div class="from"><a href="{link}">{self.day(one):%m月%d日 %H:%M}</a> 发布于 山东</div>
            <p class="txt" node-type="feed_list_content">{short}</p>{whole if one.long else ""}</div>
            <a action-type="feed_list_forward"> 1</a><a action-type="feed_list_comment">评论</a></div>"""
