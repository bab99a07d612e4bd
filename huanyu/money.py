"""Money as people type it, in yuan, and as it is kept, in cents. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from huanyu.errors import BadInput

TYPED = re.compile(r"(\d{1,3}(?:[,，]\d{3})+|\d{1,12})(\.\d{1,2})?")


def cents_of(what: str, text: str) -> int | None:
    """Yuan such as 20000, 20,000 or 20000.50 in cents; None where nothing is typed. Raises BadInput naming `what`."""
    plain = "".join(text.split()).removesuffix("元")
    if not plain:
        return None
    if not TYPED.fullmatch(plain):
        raise BadInput(f"{what}请写以元为单位的数字，例如 20000 或 20000.50，不是“{text.strip()[:20]}”")
    return int(Decimal(plain.replace(",", "").replace("，", "")) * 100)


def yuan(cents: int | None) -> str:
    """20,000 or 20,000.50; "" for nothing."""
    if cents is None:
        return ""
    whole, rest = divmod(cents, 100)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"
