"""What a site's robots.txt allows us, by RFC 9309; also where there is none or where it cannot be read.

Pure: an answer in, rules out. Fetching and remembering it is the business of `crawler.robots_gate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

LARGEST = 500 * 1024  # bytes that are read of one; the RFC wants at least so many
AGENT = "Huanyu"
TOO_MANY = 429
LONGEST_DELAY = 600.0  # seconds between two requests beyond which a site cannot be read in a day

UNREADABLE = "{why}, 读不到它的 robots.txt, 按规定这次不抓取, 稍后再试"
FORBIDDEN = "该网站的 robots.txt 不允许抓取这个地址"
TOO_SLOW = (
    "该网站的 robots.txt 要求两次访问至少间隔 {minutes} 分钟, 抓取没有意义; 如有需要请向网站取得书面许可"
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site's file says to us."""

    text: str  #: as it is remembered until tomorrow
    parsed: Protego

    def allow(self, url: str) -> bool:
        return bool(self.parsed.can_fetch(url, AGENT))

    def delay(self) -> float:
        """Seconds between two requests that the site asks for; 0 when it asks for nothing."""
        rate = self.parsed.request_rate(AGENT)
        spread = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(float(self.parsed.crawl_delay(AGENT) or 0.0), float(spread))


def rules(text: str) -> Rules:
    return Rules(text, Protego.parse(text))


def answered(status: int, body: bytes) -> Rules | None:
    """The rules an answer gives, None where the file is unreachable: then everything is closed.

    A file that is refused or missing (4xx, a redirect that leads nowhere) closes nothing; "too many requests" is
    no statement about the file.
    """
    if 200 <= status < 300:
        return rules(decoded(body))
    if 300 <= status < 500 and status != TOO_MANY:
        return rules("")
    return None


def decoded(body: bytes) -> str:
    """The first 500 KiB as text, without the line that was cut in two."""
    if len(body) > LARGEST:
        body = body[:LARGEST].rpartition(b"\n")[0]
    return body.decode("utf-8-sig", "ignore")


def place(url: str) -> str:
    """Scheme, host and port: each has a robots.txt of its own."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
