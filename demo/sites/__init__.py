"""Local sites that play what the spiders read: Weibo, m.weibo.cn, two Discuz! forums, a news site, and broken ones.

    with start_all(now) as sites:
        sites.weibo.url     # open platform: /2/statuses/mentions.json …, access_token = demo.sites.weibo.TOKEN
        sites.mobile.url    # m.weibo.cn: /api/container/getIndex … (robots.txt closed)
        sites.wall.url      # m.weibo.cn that answers {"ok": -100}
        sites.forum.url     # Discuz! X3.5, UTF-8; boards 2 and 36
        sites.old_forum.url # Discuz! X3.5, GBK bytes under a header that claims UTF-8; boards 7 and 9
        sites.news.url      # /rss.xml, /atom.xml, /content/<id>.html
        sites.failing.url   # slow, then 500
        sites.dead.url      # connection refused

All posts are invented and lie in demo/posts/*.jsonl; they are dated from `now` when the sites start. Ids never change,
and with fixed ports addresses don't either, so that a second run finds the same posts and not new ones. Every address
can be opened in a browser. `sites.truth` says what each post is, for tests and for the demo's summary.
"""

from __future__ import annotations

from demo.sites.fleet import Sites
from demo.sites.fleet import start_all

__all__ = ["Sites", "start_all"]
