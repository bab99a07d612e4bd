"""Discuz! pages of each markup version, invented, against values written by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from crawler import discuz_html
from crawler import discuz_rss
from crawler import forum_memory
from crawler import walls
from crawler.charset import decode
from crawler.forum_memory import Memory
from crawler.forum_memory import Read
from crawler.forum_memory import Rest
from crawler.forum_memory import Wanted
from crawler.forum_page import Attachment
from crawler.forum_page import BoardRow
from crawler.markup import tidy
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
BASE = "https://bbs.invalid/"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def floor(message: str, *, number: str = "楼主", author: str = "", files: str = ""):
    """The one floor of a desktop page."""
    who = author or '<div class="authi"><a href="space-uid-31.html" class="xw1">水边柳</a></div>'
    html = (
        '<html><body><div id="postlist"><div id="post_90"><table><tr>'
        f'<td class="pls" rowspan="2"><div class="pls favatar"><div class="pi">{who}</div></div></td>'
        f'<td class="plc"><div class="pi"><strong><a id="postnum90">{number}</a></strong>'
        '<div class="authi"><em id="authorposton90">发表于 2026-3-5 23:58:07</em></div></div>'
        f'<div class="pcb"><table><tr><td class="t_f" id="postmessage_90">{message}</td></tr></table>{files}</div>'
        "</td></tr></table></div></div></body></html>"
    )
    return discuz_html.thread(html, NOW, BASE).floors[0]


# --- a floor


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("楼主", 1),
        ("\n沙发", 2),
        ("板凳", 3),
        ("地板", 4),
        ("<em>5</em><sup>#</sup>", 5),
        ('<em title="回帖置顶" class="replystick vm">置顶</em> 来自 12<sup>#</sup>', 12),
        ("推荐", None),
    ],
)
def test_floors_have_numbers_whatever_they_are_called(shown, number):
    assert floor("味道很大", number=shown).number == number


def test_a_floor_that_was_put_on_top_is_not_the_opening_post():
    html = "".join(
        f'<div id="post_{pid}"><a id="postnum{pid}">{place}</a><td id="postmessage_{pid}">字</td></div>'
        for pid, place in ((95, "置顶 来自 12#"), (90, "楼主"), (91, "沙发"))
    )
    found = discuz_html.thread(f'<body><div id="postlist">{html}</div></body>', NOW, BASE)
    assert (found.opener, found.pids) == ("90", (95, 90, 91))


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ('<i class="pstatus"> 本帖最后由 甲 于 2026-3-6 00:12 编辑 </i><br /><br />\n臭了三天', "臭了三天"),
        ('<div class="quote"><blockquote>甲 发表于 昨天<br />臭吗</blockquote></div><br />\n臭', "臭"),
        (
            '前<div class="quote"><blockquote>外<div class="quote"><blockquote>里</blockquote></div></blockquote></div>后',
            "前后",
        ),
        ('臭<div class="locked">游客，如果您要查看本帖隐藏内容请<a href="#">回复</a></div>了', "臭了"),
        ('<div class="showhide"><h4>本帖隐藏的内容</h4>底价</div>明的', "明的"),
        ('臭<font class="jammer">a1 b2</font><span style="display:none">c3</span>气', "臭气"),
        ('臭<img src="static/image/smiley/default/cry.gif" smilieid="8" alt=":\'(" />气', "臭气"),
        ('<strong>夜里</strong>有人<a href="https://x.invalid/">偷排</a>', "夜里有人偷排"),
        ('<div class="attach_nopermission attach_tips"><h3>注册一下</h3></div>臭', "臭"),
        ("PM2.5 &lt; 35&nbsp;&nbsp;也叫好？", "PM2.5 < 35\xa0\xa0也叫好？"),
        ('<div class="blockcode"><ol><li>第一行</ol></div>', "第一行"),
    ],
)
def test_only_the_authors_own_words_are_the_text(message, text):
    assert floor(message).text == text


FILE = (
    '<ignore_js_op><dl class="tattl"><dt><img src="static/image/filetype/msoffice.gif" /></dt><dd><p class="attnm">'
    '<a href="forum.php?mod=attachment&amp;aid=MTJ8YWI%3D" id="aid12" target="_blank">检测报告.doc</a></p>'
    '<div class="tip tip_4" id="aid12_menu" style="display: none">2026-3-5 23:58 上传</div><p>12 KB, 下载次数: 3</p>'
    "</dd></dl></ignore_js_op>"
)
IN_TEXT = (
    '<span style="white-space: nowrap" id="attach_13"><img src="static/image/filetype/pdf.gif" />'
    '<a href="forum.php?mod=attachment&amp;aid=MTM%3D" target="_blank">环评公示.pdf</a><em class="xg1">(1 MB)</em></span>'
)
PICTURE = (
    '<ignore_js_op><img id="aimg_7" zoomfile="data/attachment/a.jpg" src="static/image/common/none.gif" />'
    '<div class="tip aimg_tip"><p><strong>烟囱.jpg</strong></p><p><a href="forum.php?mod=attachment&amp;aid=7">下载附件</a></p>'
    "</div></ignore_js_op>"
)


def test_files_are_listed_by_name_and_pictures_apart_and_neither_is_text():
    found = floor(f"看附件{IN_TEXT}{PICTURE}，谢谢", files=f'<div class="pattl">{FILE}</div>')
    assert found.text == "看附件，谢谢"
    assert found.images == ("https://bbs.invalid/data/attachment/a.jpg",)
    assert found.attachments == (
        Attachment("环评公示.pdf", "https://bbs.invalid/forum.php?mod=attachment&aid=MTM%3D"),
        Attachment("检测报告.doc", "https://bbs.invalid/forum.php?mod=attachment&aid=MTJ8YWI%3D"),
    )
    assert "检测报告.doc" in found.html and "本帖" not in found.text


@pytest.mark.parametrize(
    ("author", "name", "uid"),
    [
        (
            '<div class="authi"><a href="home.php?mod=space&amp;uid=77" class="xw1">北城老张</a> <a href="#">认证</a></div>',
            "北城老张",
            "77",
        ),
        (
            '<div class="authi"><a href="space-username-%B1%B1%B3%C7.html" class="xw1">北城</a></div>',
            "北城",
            "",
        ),
        ("匿名", "匿名", ""),
        ('<a href="javascript:;">游客 <em>118.190.x.x</em></a>', "游客 118.190.x.x", ""),
    ],
)
def test_authors_with_and_without_a_page_of_their_own(author, name, uid):
    found = floor("臭", author=author)
    assert (found.author, found.author_id) == (name, uid)


# --- the telephone pages

OLD_TOUCH_THREAD = """<!DOCTYPE html><html><body><div class="postlist"><h2>
[投诉]
夜里的味道
<a href="forum.php?mod=viewthread&tid=7&page=1&authorid=31&mobile=2" rel="nofollow" class="blue">只看楼主</a></h2>
<div class="plc cl" id="pid90"><span class="avatar"><img src="uc/avatar.php?uid=31" /></span>
<div class="display pi" href="#replybtn_90"><ul class="authi"><li class="grey"><em>楼主</em><b>
<a href="home.php?mod=space&amp;uid=31&amp;mobile=2" class="blue">水边柳</a></b></li>
<li class="grey rela"><em><a href="#" class="favbtn blue">收藏</a></em>2026-3-5 23:58</li></ul>
<div class="message"><div class="grey quote"><blockquote>旧话</blockquote></div>臭了三天</div>
<ul class="img_one"><li><a href="#"><img id="aimg_1" src="forum.php?mod=image&amp;aid=1&amp;size=600x1000" /></a></li></ul>
</div></div>
<div class="plc cl" id="pid91"><div class="display pi"><ul class="authi"><li class="grey"><em>2<sup>#</sup></em><b>匿名</b></li>
<li class="grey rela">半小时前</li></ul>
<div class="message"><div class="grey quote">提示: <em>该帖被管理员或版主屏蔽</em></div></div></div></div>
</div><div class="page"></div></body></html>"""

OLD_TOUCH_BOARD = """<html><body><div class="threadlist"><ul>
<li><a href="forum.php?mod=viewthread&amp;tid=12&amp;extra=page%3D1&amp;mobile=2" >版规
<span class="by">站务</span></a><span class="num">3</span>
<span class="icon_top"><img src="static/image/mobile/images/icon_top.png"></span></li>
<li><a href="forum.php?mod=viewthread&amp;tid=7&amp;extra=page%3D1&amp;mobile=2" style="color: #EE1B2E;">夜里的味道
<span class="by">水边柳</span></a><span class="num">0</span></li>
</ul></div><div class="pg"><strong>1</strong>
<a href="forum.php?mod=forumdisplay&fid=5&page=2&mobile=2" class="nxt">下一页</a></div></body></html>"""


def test_a_thread_of_the_older_telephone_template():
    found = discuz_html.thread(OLD_TOUCH_THREAD, NOW, BASE)
    opener, blocked = found.floors
    assert (found.title.split(), found.page, found.pages) == (["[投诉]", "夜里的味道"], 1, 1)
    assert (opener.pid, opener.number, opener.author, opener.author_id) == ("90", 1, "水边柳", "31")
    assert (opener.text, opener.posted_at, opener.hidden) == ("臭了三天", at(2026, 3, 5, 23, 58), False)
    assert opener.images == ("https://bbs.invalid/forum.php?mod=image&aid=1&size=600x1000",)
    assert (blocked.author, blocked.number, blocked.text, blocked.hidden) == ("匿名", 2, "", True)
    assert blocked.posted_at == at(2026, 3, 6, 8, 30)


def test_a_board_of_the_older_telephone_template():
    found = discuz_html.board(OLD_TOUCH_BOARD, NOW)
    told = [(row.tid, row.title, row.author, row.sticky, row.replies) for row in found.rows]
    assert told == [("12", "版规", "站务", True, 3), ("7", "夜里的味道", "水边柳", False, 0)]
    assert found.has_next


# --- notices, charsets, RSS


def test_a_notice_on_a_telephone_page_is_told_like_one_on_a_desk():
    page = '<html><body><div class="jump_c"><p>抱歉，{}</p></div></body></html>'
    told = (
        "指定的主题不存在或已被删除",
        "您需要先登录才能继续本操作",
        "本版块只有特定用户组可以访问, 您所在的用户组无法查看",
    )
    assert [walls.find(200, page.format(one), "html").state for one in told] == [
        "gone",
        "login_needed",
        "login_needed",
    ]


def test_a_thread_about_safety_checks_is_no_wall():
    page = "<html><head><title>燃气安全检查走过场，谁来管 - 百姓话题 - 水城论坛 - Powered by Discuz!</title></head></html>"
    assert walls.find(200, page, "html") is None
    assert walls.find(200, "<title>网站安全检查中, 请稍候</title>", "html").state == "wall"


@pytest.mark.parametrize(
    "title",
    [
        "市领导带队开展节前消防安全检查_水城新闻网",
        "燃气安全检查走过场_聊城吧_百度贴吧",
        "安全检查走过场_聊城吧",
        "全市开展安全检查 - 水城在线",
    ],
)
def test_news_of_safety_checks_with_a_short_name_behind_it_is_no_wall(title):
    assert walls.find(200, f"<html><head><title>{title}</title></head></html>", "html") is None


@pytest.mark.parametrize(
    "title", ["安全检查", "安全检查中……", "正在进行安全检查", "百度安全验证", "Just a moment..."]
)
def test_a_page_that_checks_its_reader_is_a_wall(title):
    assert walls.find(200, f"<html><title>{title}</title></html>", "html").state == "wall"


@pytest.mark.parametrize("header", ["", "text/html; charset=utf-8", "text/html; charset=iso-8859-1"])
def test_a_gbk_board_whose_header_lies_keeps_its_escapes_and_titles(header):
    row = (
        '<table id="threadlisttableid"><tbody id="normalthread_7"><tr><th><a href="thread-7-1-1.html" class="s xst">'
        "许营养猪场的气味</a></th>"
        '<td class="by"><cite><a href="space-username-%C0%CF%D5%C5.html">老张</a></cite>'
        "<em>2026-3-5</em></td></tr></tbody></table>"
    )
    found = discuz_html.board(decode(f'<meta charset="utf-8" />{row}'.encode("gbk"), header).text, NOW).rows[
        0
    ]
    assert (found.title, found.author, found.posted_at) == ("许营养猪场的气味", "老张", at(2026, 3, 5))


def test_an_rss_names_its_threads_by_script_or_by_rewritten_address():
    items = (
        "<item><title>一</title><link>http://x.invalid/forum.php?mod=viewthread&amp;tid=31</link></item>"
        "<item><title>二</title><link><![CDATA[http://x.invalid/thread-30-1-1.html]]></link></item><item><title>断"
    )
    text = f'<?xml version="1.0" encoding="gbk"?><rss version="2.0"><channel><link>http://x.invalid/</link>{items}'
    assert discuz_rss.threads(text) == ("31", "30")
    assert discuz_rss.threads('<rss version="2.0"><channel></channel></rss>') == ()


@pytest.mark.parametrize("text", ["RSS Disabled", "<html><body>首页</body></html>", ""])
def test_what_is_no_rss_says_so(text):
    with pytest.raises(BadInput, match="不是 RSS"):
        discuz_rss.threads(text)


def test_an_rss_of_something_else_says_so():
    with pytest.raises(BadInput, match="没有主题编号"):
        discuz_rss.threads("<rss><item><link>http://x.invalid/about.html</link></item></rss>")


# --- what is remembered of a board


def row(tid: str, last: datetime | None, replies: int | None = 0, **more: object) -> BoardRow:
    told = {"title": "", "author": "", "sticky": False, "posted_at": None, "views": None, "replies": replies}
    return BoardRow(tid=tid, last_at=last, **told | more)


def test_the_memory_of_a_board_survives_the_cursor():
    memory = Memory(
        known=at(2026, 3, 6, 8),
        before=at(2026, 3, 5, 8),
        deep=forum_memory.Deep(6, at(2026, 3, 1)),
        read={"7": Read(7003, "202603060800/3")},
        waiting={"8": Wanted("/2", 1)},
        rest=[Rest("7", "7000", 4, 0), Rest("7", "7000", 9, 7020)],
        answers={"7001": 23},
        inside={"7002": forum_memory.Inside("7", "7000", 3)},
        feed=("31", "30"),
        board_at=NOW,
    )
    cursor = forum_memory.dump(memory, "5")
    assert forum_memory.load(cursor, "5") == memory
    assert forum_memory.load({}, "5") == Memory()
    assert set(forum_memory.dump(Memory(), "5").values()) == {""}


def test_a_cursor_of_an_older_version_is_read():
    memory = forum_memory.load({"5": NOW.isoformat(), "again:5": "8790 8801"}, "5")
    assert memory.waiting == {"8790": Wanted(""), "8801": Wanted("")} and memory.before == NOW


@pytest.mark.parametrize(
    ("told", "news"),
    [
        (row("1", at(2026, 3, 6, 8, 30)), True),  # unknown, moved since
        (row("1", at(2026, 3, 4)), False),  # unknown, from before our time
        (row("1", at(2026, 3, 5)), True),  # unknown, only its day is told
        (row("1", None), True),  # unknown, no time at all
        (row("7", at(2026, 3, 4, 8), 3), False),  # known as it stands
        (row("7", at(2026, 3, 4, 8), 4), True),  # answered
        (row("7", at(2026, 3, 6, 8), 3), True),  # its time has changed
    ],
)
def test_what_counts_as_news_on_a_board(told, news):
    memory = Memory(known=at(2026, 3, 6, 8), read={"7": Read(7003, "202603040800/3")})
    assert memory.is_news(told, told.last_at, at(2026, 3, 5, 12)) is news


def test_a_reply_in_the_minute_of_the_last_visit_is_not_missed():
    memory = Memory(known=at(2026, 3, 6, 8), read={"7": Read(7003, "202603060800/3")})
    assert memory.is_news(row("7", at(2026, 3, 6, 8), 3), at(2026, 3, 6, 8), memory.known)


def test_where_times_fade_a_new_day_is_no_news():
    today = row("7", at(2026, 3, 6, 8), 3, fades=True)
    tomorrow = row("7", at(2026, 3, 6), 3, fades=True)
    assert today.stamp == tomorrow.stamp == "/3"


def test_blanks_go_from_both_sides_of_every_break_however_many_breaks_follow():
    assert tidy("昨夜 \n \n  又臭了 \n住户") == "昨夜\n\n又臭了\n住户"
