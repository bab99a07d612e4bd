"""Nothing a site sends may keep a visit for ever or fill the memory: bombs, drips, floods, loops, inside addresses."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest

ROOT = Path(__file__).resolve().parents[3]
MEGABYTE = 1024 * 1024
MOST_MEMORY = 450 * MEGABYTE  # a visit with all its libraries takes 140 to 200
PLAIN = b"<rss>" + b"<item>" * (100 * MEGABYTE // 6)

Talk = Callable[[socket.socket], None]


class RawSite:
    """A server that says to every connection what it likes, byte by byte; robots.txt is missing."""

    def __init__(self, talk: Talk) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.talk = talk
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            asked = connection.recv(65_536)
            if b"/robots.txt" in asked:
                connection.sendall(
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
            else:
                self.talk(connection)

    def close(self) -> None:
        self.listening.close()


@pytest.fixture
def raw() -> Iterator[Callable[[Talk], RawSite]]:
    sites: list[RawSite] = []

    def start(talk: Talk) -> RawSite:
        sites.append(RawSite(talk))
        return sites[-1]

    yield start
    for site in sites:
        site.close()


def state(desk, key: str):
    store = desk.store()
    found = store.sources.state(key)
    store.close()
    return found


def visit(desk, *more: str) -> int:
    """Visit source "a" with Scrapy settings of its own; the most memory it took, in bytes."""
    command = [sys.executable, "-m", "scrapy", "crawl", "feed", "-a", "source=a", "-s", "RETRY_TIMES=0"]
    for setting in (f"HUANYU_CONFIG={desk.config_path}", *more):
        command += ["-s", setting]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout) * (1 if sys.platform == "darwin" else 1024)


#: Between the tests and the visit stands a small process: a child's peak begins with that of whoever forked it.
MEASURED = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
print(used.ru_maxrss)
sys.exit(child.returncode)
"""


# --- bombs


def deflated(plain: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(plain) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", deflated), ("br", lambda plain: brotli.compress(plain, quality=5))]
)  # fmt: skip
def test_a_compressed_bomb_is_not_unpacked(desk, serve, answer, coding, pack):
    body = pack(PLAIN)
    assert len(body) < MEGABYTE
    site = serve(lambda path, headers: answer(body, 200, "application/xml", {"Content-Encoding": coding}))
    desk.source("a", "feed", "news", urls=[f"{site.url}/rss.xml"])
    assert visit(desk) < MOST_MEMORY
    found = state(desk, "a")
    assert found.state == "failing" and "过大" in found.sentence


def test_a_bomb_inside_a_bomb_is_not_unpacked(desk, serve, answer):
    body = gzip.compress(gzip.compress(PLAIN))
    told = {"Content-Encoding": "gzip, gzip"}
    site = serve(lambda path, headers: answer(body, 200, "application/xml", told))
    desk.source("a", "feed", "news", urls=[f"{site.url}/rss.xml"])
    assert visit(desk) < MOST_MEMORY
    assert state(desk, "a").state == "failing"


@pytest.mark.parametrize(
    "head",
    [
        "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)),
        f'<!ENTITY q "{"x" * 100_000}">',
    ],
)
def test_an_xml_bomb_is_not_unfolded(desk, serve, answer, head):
    text = "&l11;" if "l11" in head else "&q;" * 20_000
    item = f"<item><title>{text}</title><guid>1</guid><link>http://127.0.0.1/1</link></item>"
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "l">{head}]>'
        f'<rss version="2.0"><channel><title>t</title>{item}</channel></rss>'
    )
    site = serve(lambda path, headers: answer(body.encode(), 200, "application/xml"))
    desk.source("a", "feed", "news", mode="summary", urls=[f"{site.url}/rss.xml"])
    assert visit(desk) < MOST_MEMORY
    store = desk.store()
    assert all(len(post.title) + len(post.text) < 200_000 for post, _ in store.posts.iterate(None))
    store.close()


# --- no end


def test_fifty_megabytes_are_not_fetched(desk, serve, answer):
    site = serve(lambda path, headers: answer(b"x" * (50 * MEGABYTE), 200, "application/xml"))
    desk.source("a", "feed", "news", urls=[f"{site.url}/rss.xml"])
    assert visit(desk) < MOST_MEMORY
    found = state(desk, "a")
    assert found.state == "failing" and "过大" in found.sentence


def test_a_body_without_end_is_cut(desk, raw):
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n")
        while True:
            connection.sendall(b"<item></item>" * 5000)

    desk.source("a", "feed", "news", urls=[f"{raw(talk).url}/rss.xml"])
    assert visit(desk) < MOST_MEMORY
    found = state(desk, "a")
    assert found.state == "failing" and "过大" in found.sentence


@pytest.mark.parametrize("opening", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nX-Long: "])
def test_headers_without_end_are_cut(desk, raw, opening):
    def talk(connection: socket.socket) -> None:
        connection.sendall(opening)
        while True:
            connection.sendall(b"X-Again: and again\r\n" * 3000 if opening.endswith(b"\n") else b"y" * 65_536)

    desk.source("a", "feed", "news", urls=[f"{raw(talk).url}/rss.xml"])
    assert visit(desk, "DOWNLOAD_TIMEOUT=8") < MOST_MEMORY
    assert state(desk, "a").state == "failing"


@pytest.mark.parametrize("opening", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n<rss>", b""])
def test_a_site_that_drips_is_left(desk, raw, opening):
    """One byte now and then keeps every time-out awake that only waits for the next byte."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(opening)
        while True:
            time.sleep(0.2)
            connection.sendall(b"x")

    desk.source("a", "feed", "news", urls=[f"{raw(talk).url}/rss.xml"])
    visit(desk, "DOWNLOAD_TIMEOUT=2")
    found = state(desk, "a")
    assert found.state == "failing" and "规定时间" in found.sentence


def test_redirects_in_a_circle_end(desk, serve, answer):
    site = serve(lambda path, headers: answer(status=302, headers={"Location": f"{path}x"}))
    desk.source("a", "feed", "news", urls=[f"{site.url}/r"])
    report = desk.crawl("a")
    assert len(site.asked) == 6
    assert report.state == "failing" and "跳转" in report.sentence


def test_a_visit_that_asks_for_more_than_any_visit_needs_ends_and_says_so(desk, serve, answer):
    def respond(path: str, headers: dict[str, str]):
        """Twenty articles of ten pages each, and every page behind four redirects."""
        if path == "/rss.xml":
            links = "".join(
                f"<item><title>{n}</title><guid>{n}</guid><link>{site.url}/{n}/1</link></item>"
                for n in range(20)
            )
            feed = f'<rss version="2.0"><channel><title>t</title>{links}</channel></rss>'
            return answer(feed.encode(), 200, "application/xml", {"ETag": '"1"'})
        _, article, page, *hops = path.split("/")
        if len(hops) < 4:
            return answer(status=302, headers={"Location": f"{path}/x"})
        text = "<p>工地夜里一直施工，居民说已经打过几次热线，希望有关部门来看一看。</p>" * 3
        return answer(f'{text}<a href="/{article}/{int(page) + 1}">下一页</a>'.encode())

    site = serve(respond)
    desk.source("a", "feed", "news", urls=[f"{site.url}/rss.xml"], max_pages=1)
    report = desk.crawl("a")
    assert (report.state, report.finished) == ("slow", False) and "没有尽头" in report.sentence
    assert len(site.asked) == 260
    assert state(desk, "a").cursor.get(f"etag:{site.url}/rss.xml") is None


# --- inside addresses


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "localhost", "LOCALHOST.",
        "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "127.0.0.1.", "1.1.1.1@127.0.0.1", "１２７.0.0.1",
    ],
)  # fmt: skip
def test_no_spelling_of_an_inside_address_is_followed(desk, serve, answer, host):
    inside = serve(lambda path, headers: answer(b"secret"))
    port = urlsplit(inside.url).port
    where = f"http://{host}:{port}/secret"
    site = serve(
        lambda path, headers: answer(status=302, headers={"Location": where.encode().decode("latin-1")})
    )
    desk.source("a", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("a")
    assert inside.times == []
    assert report.state == "failing" and report.new == 0


@pytest.mark.parametrize(
    "where", ["http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "ftp://1.1.1.1/x", "data:,x"]
)
def test_nothing_but_the_public_web_is_followed(desk, serve, answer, where):
    site = serve(lambda path, headers: answer(status=302, headers={"Location": where}))
    desk.source("a", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("a")
    assert report.state == "failing" and report.pages == 0


def test_a_name_of_the_outside_that_leads_inside_is_not_followed(desk, serve, answer):
    name = socket.gethostname()
    try:
        socket.gethostbyname(name)
    except OSError:
        pytest.skip("this machine's own name leads nowhere")
    site = serve(lambda path, headers: answer(status=302, headers={"Location": f"http://{name}:9/"}))
    desk.source("a", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("a")
    assert report.state == "failing" and "内部地址" in report.sentence
