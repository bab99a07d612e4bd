"""Have kept items read again by today's parsers, in a child process, without a single request to any site.

This side knows no Scrapy: the desk's own process stays small. The other side is `crawler.reread`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel
from pydantic import ConfigDict

from crawler.run import start
from huanyu.types import RawPost
from huanyu.types import Reject

MARK = b"huanyu-reread "  #: the line of standard output that carries an answer
AT_ONCE = 20  # items for one child: starting it takes longer than reading them
LONGEST = 120.0  # seconds for so many; parsers are bounded, a hang is a bug of ours


class Wire(BaseModel):
    """What crosses the line between the two processes: JSON, bytes in Base64."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")


class Kept(Wire):
    """One item to read again."""

    reject: Reject


class Reread(Wire):
    """What today's parser makes of a kept item."""

    posts: tuple[RawPost, ...] = ()
    rejects: tuple[Reject, ...] = ()
    more: int = 0  #: pages it would go on to; nothing is fetched, the next visit reads them
    problem: str = ""  #: Chinese: why it could not be tried at all

    def still(self, item: Reject) -> str:
        """Why the item is unreadable today too, "" where it is dealt with; bad items inside it are items of their own."""
        if self.problem:
            return self.problem
        same = [one.reason for one in self.rejects if one.payload == item.payload]
        return next(iter(same), "" if self.posts or self.rejects or self.more else NOTHING)

    def others(self, item: Reject) -> tuple[Reject, ...]:
        """Bad items that were found inside this one."""
        return tuple(one for one in self.rejects if one.payload != item.payload)


NOTHING = "重新读取后没有得到任何内容, 页面里可能本来就没有"
DIED = Reread(problem="重新读取时解析程序意外退出, 内容原样保留")


def read_again(
    rejects: Sequence[Reject], config_path: Path | None = None, longest: float = LONGEST
) -> Iterator[Reread]:
    """One answer for each item, in their order; an item that kills its reader costs no other one its answer."""
    left = list(rejects)
    while left:
        batch = left[:AT_ONCE]
        answers = asked(batch, config_path, longest)
        yield from answers
        if len(answers) < len(batch):
            answers.append(DIED)
            yield DIED
        left = left[len(answers) :]


def asked(batch: Sequence[Reject], config_path: Path | None, longest: float) -> list[Reread]:
    """The answers of one child, fewer than items where it died or did not come to an end."""
    where = ["--config", str(config_path.resolve())] if config_path is not None else []
    told = b"".join(Kept(reject=one).model_dump_json().encode() + b"\n" for one in batch)
    with start("crawler.reread", where, told) as child:
        try:
            output, noted = child.communicate(timeout=longest)
        except subprocess.TimeoutExpired:
            child.kill()
            output, noted = child.communicate()
    sys.stderr.write(noted.decode("utf-8", "replace"))
    lines = [line for line in output.splitlines(keepends=True) if line.startswith(MARK)]
    whole = [line.removeprefix(MARK) for line in lines if line.endswith(b"\n")]
    return [Reread.model_validate_json(line) for line in whole]
