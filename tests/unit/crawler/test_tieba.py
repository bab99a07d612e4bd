"""Tieba's pages in the shapes of 2020 and 2024, invented, against values written by hand."""

from __future__ import annotations

import html
import json
from datetime import datetime

import pytest

from crawler import manners
from crawler import tieba_html
from crawler import walls
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

NOW = datetime(2026, 3, 6, 12, 0, tzinfo=SHANGHAI)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def attribute(told: object) -> str:
    return html.escape(json.dumps(told))


def item(tid: int, opened: str, last: str, top: bool = False) -> str:
    told = attribute({"id": tid, "author_name": "jia", "reply_num": 18, "is_top": top or None})
    return (
        f"<li class=\" j_thread_list clearfix thread_item_box\" data-field='{told}' data-tid='{tid}' data-floor='1''>"
        f'<a rel="noopener" href="/p/{tid}" title="许营养猪场的气味，有人管吗" class="j_th_tit ">许营养猪场的气味...</a>'
        '<span class="tb_icon_author " title="主题作者: 水边柳树下的人" data-field=\'{"user_id":5}\'>'
        '<a class="frs-author-name">水边柳...</a></span>'
        f'<span class="pull-right is_show_create_time" title="创建时间">{opened}</span>'
        f'<span class="threadlist_reply_date pull_right j_reply_data">\n   {last}   </span></li>'
    )


ROWS = (
    item(11, "11:20", "11:24")
    + item(12, "5-15", "3-5")
    + item(13, "2020-05", "08:01")
    + item(14, "2019-12", "", top=True)
)
ADVERT = (
    '<li class="j_thread_list clearfix" data-field="{}"><a class="j_th_tit">广告</a>'
    '</li><li class="thread_top_list_folder"></li>'
)
PAGER = '<div id="frs_list_pager"><a href="#" class="next pagination-item " >下一页&gt;</a></div>'
LIST = f'<ul id="thread_list">{ADVERT}{ROWS}</ul>{PAGER}'
OLD = f"<html><body>{LIST}</body></html>"
NEW = (
    '<html><body><code class="pagelet_html" id="pagelet_html_frs-list/pagelet/thread_footer"><!--\n--></code>'
    f'<code class="pagelet_html" id="pagelet_html_frs-list/pagelet/thread_list" style="display:none;"><!--\n\n{LIST}--></code>'
    '<script>Bigpipe.register("frs-list/pagelet/thread_list", {}).then(function(pagelet){});</script></body></html>'
)


@pytest.mark.parametrize("text", [OLD, NEW], ids=["2020", "2024"])
def test_a_list_is_read_whether_it_stands_in_the_page_or_in_a_comment(text):
    found = tieba_html.board(text, NOW)
    told = [(row.tid, row.posted_at, row.last_at, row.sticky) for row in found.rows]
    assert told == [
        ("11", at(2026, 3, 6, 11, 20), at(2026, 3, 6, 11, 24), False),
        ("12", at(2025, 5, 15), at(2026, 3, 5), False),
        ("13", at(2020, 5, 1), at(2026, 3, 6, 8, 1), False),
        ("14", at(2019, 12, 1), None, True),
    ]
    first = found.rows[0]
    assert (first.title, first.author, first.replies) == ("许营养猪场的气味，有人管吗", "水边柳树下的人", 18)
    assert found.has_next and first.stamp == "/18"


def floor(pid: int, number: int, message: str, below: str = "", comments: int = 0) -> str:
    told = {
        "author": {"user_id": 5, "user_name": "shuibian", "user_nickname": "水边"},
        "content": {"post_id": pid, "post_no": number, "comment_num": comments},
    }
    return (
        f'<div class="l_post l_post_bright j_l_post clearfix  " data-field="{attribute(told)}" data-pid="{pid}">'
        '<div class="d_author"><a class="p_author_name j_user_card">水边柳<img src="//x/nick.png" class="nicknameEmoji">'
        "</a></div>"
        f'<div id="post_content_{pid}" class="d_post_content j_d_post_content ">            {message}</div>'
        '<div class="share_btn_wrapper"><img src="data:image/png;base64,AAAA"></div>'
        '<div class="post-tail-wrap"><span>IP属地:山东</span><span class="tail-info">来自<a>Android客户端</a></span>'
        f'<span class="tail-info">{number}楼</span><span class="tail-info">2026-03-05 16:5{number}</span></div>{below}</div>'
    )


INSIDE = (
    "<li class=\"lzl_single_post j_lzl_s_p\" data-field=\"{'pid':'901','spid':'955','user_name':'bei','showname':'北城老张'}\">"
    '<div class="lzl_cnt"><a class="at j_user_card ">北城<img src="//x/1.png"></a>:&nbsp;<span class="lzl_content_main">'
    '同问<img class="BDE_Smiley" src="//x/s.png"></span><span class="lzl_time">2026-3-5&nbsp;23:48</span></div></li>'
)
PICTURE = (
    '<div class="replace_div"><img class="BDE_Image" src="http://pic.invalid/a.jpg">'
    '<div class="replace_tip">点击展开，查看完整图片</div></div>'
)
THREAD = (
    '<html><body><script>PageData.thread = { author: "x", thread_id:9, reply_num:31 };'
    'PageData.pager = {"cur_page":2,"total_page":3,"page_size":30};</script>'
    '<h3 class="core_title_txt pull-left" title="许营养猪场的气味">许营养...</h3>'
    + floor(900, 1, f"臭了三天{PICTURE}第二行<br>第三行")
    + '<div class="l_post l_post_bright j_l_post clearfix" data-field="{}"><div class="d_post_content">广告</div></div>'
    + floor(901, 2, "PM2.5 &lt; 35", INSIDE, 14)
    + "</body></html>"
)


def test_a_thread_gives_its_floors_and_the_answers_inside_them():
    found = tieba_html.thread(THREAD, NOW)
    opener, second, inside = found.floors
    assert (found.title, found.page, found.pages, found.replies, found.opener) == (
        "许营养猪场的气味",
        2,
        3,
        31,
        "900",
    )
    assert (opener.text, opener.images) == ("臭了三天\n\n第二行\n第三行", ("http://pic.invalid/a.jpg",))
    assert (opener.author, opener.author_id, opener.region, opener.number) == ("水边柳", "5", "山东", 1)
    assert (opener.posted_at, opener.year_inferred) == (at(2026, 3, 5, 16, 51), False)
    assert (second.text, second.answers) == ("PM2.5 < 35", 14)
    assert (inside.pid, inside.below, inside.author, inside.text) == ("955", "901", "北城", "同问")
    assert (inside.posted_at, inside.images, found.pids) == (at(2026, 3, 5, 23, 48), (), (900, 901))
    assert "base64" not in opener.html and "IP属地:山东" in opener.html


def test_a_thread_without_its_script_tells_its_pages_below():
    page = THREAD.replace("PageData.pager", "x").replace(
        "</body>",
        '<li class="l_reply_num"><span class="red">31</span>回复贴，共<span class="red">3</span>页</li></body>',
    )
    assert tieba_html.thread(page, NOW).pages == 3


def test_answers_come_page_by_page():
    pager = (
        "<li class=\"lzl_li_pager\" data-field='{&quot;total_num&quot;:16,&quot;total_page&quot;:2}'></li>"
    )
    other = INSIDE.replace(
        "\"{'pid':'901','spid':'955','user_name':'bei','showname':'北城老张'}\"", "'{&quot;spid&quot;:956}'"
    )
    found, pages = tieba_html.answers(INSIDE + other + pager, NOW, "901")
    assert ([floor.pid for floor in found], pages) == (["955", "956"], 2)


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("<title>贴吧404</title><div>抱歉</div>", True),
        ('<div class="page404"><h1>很抱歉，该贴已被删除。</h1></div>', True),
        ("<p>您访问的贴子被隐藏，暂时无法访问</p>", True),
        ("<p>服务器开小差了</p>", False),
        (floor(900, 1, "我的贴子已被删除，为什么"), False),
    ],
)
def test_a_deleted_thread_is_told_from_one_about_deleting(words, gone):
    assert tieba_html.is_gone(f"<html><body>{words}</body></html>") is gone


def test_what_is_none_of_these_pages_says_so_in_chinese():
    for read in (tieba_html.board, tieba_html.search, tieba_html.thread):
        with pytest.raises(BadInput, match="不是贴吧的"):
            read("<html><body>502</body></html>", NOW)
    with pytest.raises(BadInput, match="楼中楼"):
        tieba_html.answers("", NOW, "1")


def test_the_security_check_is_a_wall_that_stops():
    wall = walls.find(
        200, "<!DOCTYPE html><html><head><title>百度安全验证</title></head><body></body></html>", "html"
    )
    assert wall is not None and (wall.state, wall.stop) == ("wall", True)


def test_tieba_is_closed_without_a_written_permission():
    row = SourceRow.model_validate(
        {"key": "t", "name": "贴吧", "spider": "tieba", "kind": "forum", "boards": ["聊城"]}
    )
    assert manners.needs_permission(row)
    assert not manners.needs_permission(row.model_copy(update={"permission": "函〔2026〕3号"}))
