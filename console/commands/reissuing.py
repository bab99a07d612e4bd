"""bulletin anew, copies: an issue compiled again under the next number, and the numbered copies of a classified one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.commands.signing import By
from console.commands.signing import Number
from console.commands.signing import named
from console.commands.signing import signer
from console.commands.work import desk
from flow import lookback
from flow import papers
from flow.desk import Desk
from flow.issues import Subject
from huanyu.clock import now
from huanyu.types import User


def anew(
    number: Number,
    by: By,
    judgement: Annotated[str, typer.Option(metavar="文字", help="补写的研判; 不写则沿用原来写的")] = "",
    advice: Annotated[str, typer.Option(metavar="文字", help="补写的建议; 不写则沿用原来写的")] = "",
) -> None:
    """重编并签发: 撤回了的, 或编好还没有签发的一期, 按现在的数据编为新的一期; 原来那一期作废, 期号保留。

    例: huanyu bulletin anew 12 --judgement 夜间噪声占三成。 --by juzhang
    """
    with desk() as opened:
        person = signer(opened, by)
        old, about = opened.store.bulletins.get(number), papers.anew(opened, person, number, now())
        for kind, text in (("judgement", judgement), ("advice", advice)):
            if text.strip():
                _remark(opened, person, about, kind, text)
        made = papers.sign(opened, person, about, now())
        sent = opened.store.archive.standing(made.id).deliveries
    print(f"{named(made)} 序号 {made.id}: 已由{person.full_name}签发, 送 {len(sent)} 份; 代替{named(old)}")


def _remark(opened: Desk, person: User, about: Subject, kind: str, text: str) -> None:
    last = about.period.last
    papers.remark(opened, person, about.series.key, last, kind, text, now(), scope=about.scope)


def copies(
    number: Number,
    first: Annotated[int, typer.Option("--from", metavar="份号", help="从第几份")] = 1,
    last: Annotated[int, typer.Option("--to", metavar="份号", help="到第几份; 缺省为只要一份")] = 0,
    out: Annotated[Path, typer.Option(metavar="文件夹", help="存到这里; 缺省为当前文件夹")] = Path(),
) -> None:
    """涉密的一期: 逐份编上份号 (六位数字) 的 PDF, 供印制。

    例: huanyu bulletin copies 12 --from 1 --to 15 --out 印制
    """
    out.mkdir(parents=True, exist_ok=True)
    with desk() as opened:
        made = [lookback.numbered_copy(opened, number, one) for one in range(first, max(first, last) + 1)]
    for name, body in made:
        (out / name).write_bytes(body)
        print(out / name)
