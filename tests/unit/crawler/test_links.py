"""One page has one name, two pages have two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import links
from crawler import weibo_ids

STATUS = "weibo/5123456789012345"
SHORT = weibo_ids.bid("5123456789012345")


@pytest.mark.parametrize(
    "url",
    [
        f"https://weibo.com/1234567890/{SHORT}",
        f"http://www.weibo.com/1234567890/{SHORT}?from=page_100505&wvr=6&mod=weibotime#comment",
        f"https://weibo.com/1234567890/{SHORT}/",
        "https://m.weibo.cn/detail/5123456789012345",
        f"https://m.weibo.cn/status/{SHORT}?sourceType=weixin&wm=9006_2001&featurecode=newtitle",
        "https://m.weibo.cn/status/5123456789012345?",
        "https://m.weibo.cn/1234567890/5123456789012345",
        "https://weibo.com/detail/5123456789012345",
        f"https://weibo.cn/comment/{SHORT}?uid=1234567890",
        "https://share.api.weibo.cn/share/300000001,5123456789012345.html?weibo_id=5123456789012345",
        "http://weibointl.api.weibo.com/share/300000001.html?weibo_id=5123456789012345",
        f"  HTTPS://WEIBO.COM:443/1234567890/{SHORT} ",
    ],
)
def test_a_status_has_one_name_however_its_address_is_written(url):
    assert links.canonical(url) == STATUS


def test_a_short_id_written_down_by_hand_is_decoded():
    """z0JH2lOMb is the example of the platform's own documentation."""
    assert links.mid_of("z0JH2lOMb") == "3501756485200075"


@given(st.integers(min_value=10**8, max_value=6 * 10**15))
def test_short_and_long_ids_of_weibo_are_each_others_inverse(mid):
    assert links.mid_of(weibo_ids.bid(str(mid))) == str(mid)


@pytest.mark.parametrize(
    "url",
    [
        "https://weibo.com/u/1234567890",
        "https://weibo.com/1234567890/followers",
        "https://weibo.com/1234567890/photoalbum",
        "https://weibo.com/n/%E6%B9%96%E7%95%94%E8%A1%8C%E4%BA%BA",
        "https://weibo.com/ajax/statuses/show?id=5123456789012345",
        "https://s.weibo.com/weibo?q=%E8%81%8A%E5%9F%8E",
    ],
)
def test_other_pages_of_weibo_are_not_taken_for_a_status(url):
    assert not links.canonical(url).startswith("weibo/")


@pytest.mark.parametrize(
    "url",
    [
        "http://bbs.example.org/forum.php?mod=viewthread&tid=70412&extra=page%3D1&page=3",
        "https://bbs.example.org/forum.php?mod=viewthread&amp;tid=70412&amp;mobile=2",
        "https://bbs.example.org/thread-70412-1-1.html",
        "https://BBS.example.org:443/thread-70412-12-1.html#pid9921",
        "http://bbs.example.org:80/viewthread.php?tid=70412",
        "https://bbs.example.org/forum.php?tid=70412&mod=viewthread",
    ],
)
def test_a_thread_has_one_name_on_every_page_and_under_every_rewriting(url):
    assert links.canonical(url) == "bbs.example.org/thread/70412"


def test_a_board_in_a_folder_and_another_port_keep_their_own_threads():
    assert links.canonical("http://a.example.org/bbs/thread-7-1-1.html") == "a.example.org/bbs/thread/7"
    assert (
        links.canonical("http://a.example.org/bbs/forum.php?mod=viewthread&tid=7")
        == "a.example.org/bbs/thread/7"
    )
    assert links.canonical("http://127.0.0.1:8099/thread-7-1-1.html") == "127.0.0.1:8099/thread/7"


def test_a_floor_looked_for_in_a_thread_is_not_the_thread():
    found = links.canonical("http://a.example.org/forum.php?mod=redirect&goto=findpost&ptid=7&pid=91")
    assert found == "a.example.org/forum.php?goto=findpost&mod=redirect&pid=91&ptid=7"


@pytest.mark.parametrize(
    "url",
    [
        "https://tieba.baidu.com/p/8012345678",
        "http://tieba.baidu.com/p/8012345678?pid=149&cid=0&red_tag=1#149",
        "https://tieba.baidu.com/p/8012345678/",
        "http://tieba.baidu.com/mo/q/m?kz=8012345678&is_bakan=0",
    ],
)
def test_a_thread_of_tieba_has_one_name(url):
    assert links.canonical(url) == "tieba/8012345678"


def test_an_article_of_a_public_account_is_known_by_its_four_parameters():
    long = "mp.weixin.qq.com/s?__biz=MzA5&idx=1&mid=2650&sn=ab12"
    assert (
        links.canonical("http://mp.weixin.qq.com/s?__biz=MzA5&mid=2650&idx=1&sn=ab12&chksm=f&scene=21#wechat")
        == long
    )
    assert links.canonical("https://mp.weixin.qq.com/s?sn=ab12&idx=1&mid=2650&__biz=MzA5&mpshare=1") == long
    assert links.canonical("https://mp.weixin.qq.com/s/Abc_d-E9?scene=1#rd") == "mp.weixin.qq.com/s/Abc_d-E9"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://news.example.org/a/2026-03/c_1.htm?utm_source=wx&UTM_a=x&spm=a.1", "news.example.org/a/2026-03/c_1.htm"),
        ("http://news.example.org:80/show?id=9&cat=2&share_token=88&from=timeline", "news.example.org/show?cat=2&id=9"),
        ("http://news.example.org:8080/show?id=9", "news.example.org:8080/show?id=9"),
        ("https://user:word@news.example.org/a#top", "news.example.org/a"),
        ("https://news.example.org/a;jsessionid=00FF?id=1", "news.example.org/a?id=1"),
        ("https://news.example.org./%7efang/%e8%81%8a", "news.example.org/~fang/%E8%81%8A"),
        ("https://news.example.org/聊", "news.example.org/%E8%81%8A"),
        ("https://bücher.example/a", "xn--bcher-kva.example/a"),
        ("https://news.example.org/?id=3", "news.example.org/?id=3"),
        ("https://news.example.org?id=3", "news.example.org/?id=3"),
    ],
)  # fmt: skip
def test_any_other_page_is_its_address_without_what_does_not_matter(url, name):
    assert links.canonical(url) == name


def test_parameters_in_an_old_charset_stay_apart():
    first, second = (links.canonical(f"http://a.example.org/s?kw={word}") for word in ("%C1%C4", "%B3%C7"))
    assert first != second


def test_the_mobile_host_and_the_www_host_are_other_pages():
    names = {links.canonical(f"https://{host}example.org/a") for host in ("", "www.", "m.")}
    assert len(names) == 3


@pytest.mark.parametrize(
    "url",
    ["", "weibo", "ftp://a.example.org/x", "javascript:alert(1)", "https://", "https:///a", "https://a.example.org",
     "https://a.example.org/?utm_source=x", "http://a.example.org:99999/x", "http://[::1", "mailto:a@example.org"],
)  # fmt: skip
def test_what_is_no_page_has_no_name(url):
    assert links.canonical(url) == ""


@given(st.text(max_size=80))
def test_no_text_breaks_it_and_a_name_is_stable(text):
    name = links.canonical(f"https://a.example.org/{text}")
    if "/thread/" not in name and name:
        assert links.canonical(f"http://{name}") == name
