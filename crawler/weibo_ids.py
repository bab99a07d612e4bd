"""The names of a Weibo post: its number, the short id made of it, and the addresses that carry either.

Pure text; which pages exist is not known here.
"""

from __future__ import annotations

import re

from crawler import links

NUMBER = re.compile(r"\d{9,19}")
SHORT = re.compile(r"[0-9A-Za-z]{8,11}")


def bid(mid: str) -> str:
    """Short id of a post: seven decimal digits become four of base 62, from the right."""
    groups = [mid[max(0, end - 7) : end] for end in range(len(mid), 0, -7)]
    coded = [base62(int(group)).rjust(4, "0") for group in groups]
    return "".join(reversed(coded)).lstrip("0")


def base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = links.BASE62[digit] + digits
    return digits or "0"


def permalink(uid: str, short: str, mid: str) -> str:
    """The page a person opens: https://weibo.com/<uid>/<bid>."""
    return f"https://weibo.com/{uid}/{short or bid(mid)}" if uid else f"https://m.weibo.cn/detail/{mid}"


def watched(told: str) -> str:
    """The number of a post that a person named by number, short id or address; "" where it is none of them."""
    told = told.strip()
    if NUMBER.fullmatch(told):
        return told
    if SHORT.fullmatch(told):
        return links.mid_of(told)
    kind, _, mid = links.canonical(told).partition("/")
    return mid if kind == "weibo" else ""
