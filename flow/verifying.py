"""An issued bulletin counted again: what still holds, what differs and because of what, whether its bytes are whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import time
from datetime import timedelta

import bulletins.evidence
import bulletins.verify
from bulletins.verify import FigureCheck
from bulletins.verify import Since
from bulletins.verify import Unsupported
from flow import issues
from flow.desk import Desk
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.periods import Period
from huanyu.types import Bulletin
from huanyu.types import Figures
from huanyu.types import LateChange
from huanyu.types import PaperCorrection
from huanyu.types import SourceKind
from huanyu.types import Standing

SOURCE = "source_posts:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The outcome; `holds` says whether anything is left that nobody can explain."""

    bulletin: Bulletin
    standing: Standing
    checks: tuple[FigureCheck, ...]
    unsupported: tuple[Unsupported, ...]
    changes: Mapping[int, LateChange]  #: later label changes by post

    @property
    def holds(self) -> bool:
        fine = self.standing.whole and self.standing.chained and not self.unsupported
        return fine and not any(check.state == bulletins.verify.DIFFERS for check in self.checks)

    def counted(self, state: str) -> int:
        """How many figures are same | explained | differs."""
        return sum(check.state == state for check in self.checks)


def verify(desk: Desk, bulletin_id: int) -> Verification:
    """Count every figure of an issued bulletin again, as it was known then; raises NotFound."""
    made, standing = desk.store.bulletins.get(bulletin_id).bulletin, desk.store.archive.standing(bulletin_id)
    counted = bool(made.figures)  # a 更正 has none: a person answers for it
    since = _since(desk, made, standing.corrections) if counted else Since()
    fresh = bulletins.evidence.measured(recount(desk, made)) if counted else ()
    late = (*since.labels_year_before, *since.labels_before, *since.labels)
    return Verification(
        bulletin=made,
        standing=standing,
        checks=bulletins.verify.figures(made, fresh, since),
        unsupported=bulletins.verify.unsupported(made, _known(desk, made)),
        changes={change.post_id: change for change in late},
    )


def recount(desk: Desk, made: Bulletin) -> Figures:
    """The figures of the bulletin's period as they were known when it was issued."""
    return issues.recount(desk, made, _sources(desk, made))


def _sources(desk: Desk, made: Bulletin) -> list[SourceRow]:
    """Today's sources, and those the bulletin counted that are no longer in the table."""
    known = {row.key for row in desk.bureau.sources}
    gone = [
        figure
        for figure in made.figures
        if figure.key.startswith(SOURCE) and figure.key.removeprefix(SOURCE) not in known
    ]
    return [
        *desk.bureau.sources,
        *(
            SourceRow(
                key=figure.key.removeprefix(SOURCE),
                name=figure.label or figure.key,
                spider="import",
                kind=SourceKind.PLATFORM,
            )
            for figure in gone
        ),
    ]


def _since(desk: Desk, made: Bulletin, corrections: tuple[PaperCorrection, ...]) -> Since:
    period = issues.subject_of(desk, made).period
    return Since(
        labels=_late(desk, made, period),
        labels_before=_late(desk, made, period.before()),
        labels_year_before=_late(desk, made, period.year_before()),
        separated=frozenset(post for post, _, _ in desk.store.counts.separated(made.issued_at)),
        corrections=corrections,
        narrowed=not issues.whole(made.scope),
    )


def _late(desk: Desk, made: Bulletin, period: Period) -> tuple[LateChange, ...]:
    """Labels of posts said in the period that a person changed after the bulletin was issued."""
    start = datetime.combine(period.first, time(), SHANGHAI)
    end = datetime.combine(period.last + timedelta(days=1), time(), SHANGHAI)
    return tuple(desk.store.counts.late_changes(start, end, since=made.issued_at))


def _known(desk: Desk, made: Bulletin) -> set[int]:
    return desk.store.counts.known_cases(bulletins.evidence.case_ids(made))


def told(found: Verification, who: Mapping[str, str]) -> list[str]:
    """The outcome line by line in Chinese, for a terminal."""
    lines = []
    for check in found.checks:
        if check.state != bulletins.verify.SAME:
            lines += [_difference(check), *_reasons(check, found, who)]
    lines += [f"无出处：[{one.heading}] {one.text}（{one.why}）" for one in found.unsupported]
    if not found.standing.whole:
        lines.append("存档的文件与编发时不符：内容指纹对不上")
    if not found.standing.chained:
        lines.append("审计链中找不到本期所印的链首")
    return lines


def _difference(check: FigureCheck) -> str:
    figure, unit = check.figure, check.figure.unit
    name = f"{figure.label}（{figure.key}）"
    if check.now is None:
        return f"不一致：{name} 刊载{figure.value}{unit}，现无法复算"
    word = "有变化，已查明" if check.state == bulletins.verify.EXPLAINED else "不一致"
    compared = ""
    if check.previous != figure.previous:
        compared = f"；上期{figure.previous}{unit}，复算{check.previous}{unit}"
    if check.year_before != figure.year_before:
        compared += f"；上年同期{figure.year_before}{unit}，复算{check.year_before}{unit}"
    return f"{word}：{name} 刊载{figure.value}{unit}，复算{check.now}{unit}{compared}"


def _reasons(check: FigureCheck, found: Verification, who: Mapping[str, str]) -> list[str]:
    lines = [
        f"    更正{one.number}：应为{one.correct}{one.unit}，{one.why}（{who.get(one.actor, one.actor)}"
        f" {one.at:%Y-%m-%d %H:%M}）"
        for one in check.put_right
    ]
    for post in check.posts:
        change = found.changes.get(post)
        if change is None:
            lines.append(f"    帖文 {post}：编发后被移出原案件")
        else:
            lines.append(
                f"    帖文 {post}：{change.at:%Y-%m-%d %H:%M} {who.get(change.actor, change.actor)}改判，"
                f"{verdict(change)}"
            )
    return lines


def verdict(change: LateChange) -> str:
    """What a label change said: 投诉改为非投诉."""
    names = ("非投诉", "投诉")
    if change.was_complaint != change.is_complaint:
        return f"{names[change.was_complaint]}改为{names[change.is_complaint]}"
    return "类别有改动" if change.kinds_before != change.kinds else "情绪有改动"
