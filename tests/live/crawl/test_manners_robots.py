"""robots.txt by RFC 9309, on local sites: missing, refused, broken, moved, endless, closed, opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler import pacing
from huanyu import clock

EMPTY = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'
CLOSED = b"User-agent: *\nDisallow: /\n"


@pytest.fixture
def visit(desk, serve, answer):
    """A site whose robots.txt answers as told, and the report of a visit to it."""

    def go(*robots, paths=("/rss.xml",), **more):
        told = list(robots)

        def say():
            found = told.pop(0) if len(told) > 1 else told[0]
            return found(site) if callable(found) else found

        site = serve(lambda path, headers: answer(EMPTY, 200, "application/xml"), robots=say)
        desk.source("a", "feed", "news", urls=[f"{site.url}{path}" for path in paths], **more)
        return site, desk.crawl("a")

    return go


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_file_that_is_missing_or_refused_closes_nothing(visit, answer, status):
    site, report = visit(answer(CLOSED, status))
    assert report.state == "ok" and site.paths == ["/rss.xml"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_file_that_cannot_be_had_closes_the_site_for_this_visit_as_a_failure(visit, answer, status):
    site, report = visit(answer(b"", status))
    assert site.asked == []
    assert report.state == "failing"
    assert "robots.txt" in report.sentence and str(status) in report.sentence


def test_a_file_that_comes_at_the_second_try_is_enough(visit, answer):
    site, report = visit(answer(b"", 503), answer(b"", 404))
    assert report.state == "ok" and site.robots == 2


def test_five_redirects_are_followed_and_what_stands_at_their_end_counts(visit, answer, serve):
    hops = [lambda site: answer(status=302, headers={"Location": f"{site.url}/robots.txt"})] * 5
    site, report = visit(*hops, answer(CLOSED))
    assert site.asked == [] and report.state == "robots_closed"


def test_redirects_without_end_read_as_no_file(visit, answer):
    site, report = visit(lambda site: answer(status=302, headers={"Location": f"{site.url}/robots.txt"}))
    assert report.state == "ok" and site.robots == 6


def test_a_redirect_to_an_inside_address_is_not_followed_for_robots_either(visit, answer, serve):
    inside = serve(lambda path, headers: answer(b""))
    site, report = visit(answer(status=302, headers={"Location": f"{inside.url}/secret"}))
    assert inside.times == [] and site.asked == []
    assert report.state == "failing" and "内部地址" in report.sentence


def test_only_the_first_500_kib_count_and_a_line_cut_in_two_does_not(visit, answer):
    filler = b"User-agent: Huanyu\n" + b"# " + b"x" * (500 * 1024 - 40) + b"\n"
    site, report = visit(answer(filler + b"Disallow: /rss.xml-of-another-kind\nDisallow: /\n"))
    assert report.state == "ok" and site.paths == ["/rss.xml"]


def test_our_own_group_counts_and_the_longest_rule_wins(visit, answer):
    told = b"User-agent: *\nDisallow: /\n\nUser-agent: huanyu\nDisallow: /\nAllow: /open/\n"
    site, report = visit(answer(told), paths=("/open/rss.xml", "/rss.xml"))
    assert site.paths == ["/open/rss.xml"]
    assert report.state == "ok" and "robots.txt" in report.sentence


def test_the_file_is_asked_once_a_visit_and_remembered_for_a_day(visit, desk, answer):
    site, _ = visit(answer(b"User-agent: *\nAllow: /\n"), paths=("/a.xml", "/b.xml", "/c.xml"))
    assert (site.robots, len(site.asked)) == (1, 3)
    desk.crawl("a")
    assert (site.robots, len(site.asked)) == (1, 6)
    [kept] = (desk.folder / "data" / "sites").glob("*.robots")
    told = pacing.read(kept)
    pacing.write(kept, told | {"at": (clock.now() - timedelta(hours=24, minutes=1)).isoformat()})
    desk.crawl("a")
    assert (site.robots, len(site.asked)) == (2, 9)


def test_a_closed_door_is_looked_at_again_on_every_visit(visit, desk, answer):
    site, report = visit(answer(CLOSED), answer(b"User-agent: *\nAllow: /\n"))
    assert report.state == "robots_closed" and site.asked == []
    assert desk.crawl("a").state == "ok" and site.robots == 2


def test_a_permission_written_down_needs_no_robots(visit, answer):
    site, report = visit(answer(CLOSED), permission="站方函件 2026-01-05")
    assert report.state == "ok" and site.robots == 0


def test_the_file_itself_is_asked_for_at_the_pace(visit, answer):
    site, report = visit(answer(b"", 503), answer(b"", 404), pace=0.5)
    assert report.state == "ok" and len(site.times) == 3
    assert min(later - earlier for earlier, later in zip(site.times, site.times[1:], strict=False)) >= 0.5
