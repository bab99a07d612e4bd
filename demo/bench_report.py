"""One report of all benches: Markdown with charts, made of what each run kept as JSON beside it.

Runs of several days or machines may be joined; a bench that fails is told, and the others run all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any
from typing import Final

import structlog

from bulletins import curves
from demo import machine
from demo.bench_found import Figure
from demo.bench_found import Found
from demo.bench_found import Proof
from huanyu.clock import now
from huanyu.errors import BadInput
from huanyu.errors import HuanyuError

REPORT: Final = "report.md"
RATIOS, GROWTH = "ratios.svg", "growth.svg"
HIDDEN: Final = frozenset({"database", "kept"})  # an address may hold a password, a folder names a machine

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Task:
    """A bench to be run."""

    name: str
    run: Callable[[], Proof]
    asked: Mapping[str, Any]


def make(folder: Path, tasks: Iterable[Task], others: Sequence[Path], names: Sequence[str]) -> bool:
    """Run the tasks and write the report of them and of what is kept in the folders; whether all of it holds.

    `names`: every bench there is, so that the report says which were not run. Raises BadInput for a file that is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for found in kept(others):
        found.keep(folder)
    _write(folder, names)
    for task in tasks:
        _run(task).keep(folder)
        _write(folder, names)
    return all(found.holds for found in kept([folder]))


def kept(folders: Sequence[Path]) -> list[Found]:
    """What was found, by name and size; of two runs of one size the later."""
    latest: dict[str, Found] = {}
    for folder in folders:
        if not folder.is_dir():
            raise BadInput(f"没有这个目录: {folder.name}")
        for path in sorted(folder.glob("*.json")):
            found = Found.read(path)
            known = latest.get(path.stem)
            latest[path.stem] = found if known is None or found.begun >= known.begun else known
    return sorted(latest.values(), key=lambda found: (found.name, found.asked.get("posts") or 0))


def _run(task: Task) -> Found:
    begun, moment, problem, proof = perf_counter(), now(), "", Proof(holds=False, rows=())
    log.info("bench_begun", bench=task.name)
    try:
        proof = task.run()
    except HuanyuError as error:
        problem = str(error.args[0]).split(": ")[0]  # what stands behind may be an address
    except Exception as error:  # the others are still to be run
        log.exception("bench_failed", bench=task.name)
        problem = f"出错：{type(error).__name__}"
    return Found(
        name=task.name,
        asked={name: value for name, value in task.asked.items() if name not in HIDDEN and value is not None},
        begun=moment.isoformat(timespec="seconds"),
        seconds=round(perf_counter() - begun, 1),
        machine=machine.described(),
        proof=proof,
        problem=problem,
    )


def _write(folder: Path, names: Sequence[str]) -> None:
    all_found = kept([folder])
    bars = [
        curves.Bar(f"{one.key}：{figure.what}", figure.value, figure.limit)
        for one, figure in _figures(all_found)
    ]
    lines = [
        curves.Curve(f"到 {one.proof.points[-1][0]:,} 条", one.proof.points)
        for one in all_found
        if one.proof.points
    ]
    for name, drawn in (
        (RATIOS, curves.bars(bars) if bars else None),
        (GROWTH, curves.curves(lines) if lines else None),
    ):
        if drawn is None:
            (folder / name).unlink(missing_ok=True)
        else:
            (folder / name).write_bytes(drawn)
    text = "\n".join(_told(all_found, names, has_bars=bool(bars), has_curves=bool(lines)))
    (folder / REPORT).write_text(text, encoding="utf-8")


def _figures(all_found: Iterable[Found]) -> Iterator[tuple[Found, Figure]]:
    return ((found, figure) for found in all_found for figure in found.proof.figures)


def _told(
    all_found: Sequence[Found], names: Sequence[str], *, has_bars: bool, has_curves: bool
) -> Iterator[str]:
    yield from (
        "# 性能对比",
        "",
        "每一行都与同一次运行中的对照或限度相比；机器不同，比值可以相比，快慢不可以。",
        "",
    )
    yield from ("## 结论", "", "| 项目 | 结论 | 用时 | 何时 | 机器 |", "|---|---|---|---|---|")
    machines = list(dict.fromkeys(tuple(found.machine.items()) for found in all_found))
    for found in all_found:
        verdict = f"没有结果：{found.problem}" if found.problem else "符合" if found.holds else "**不符合**"
        place = machines.index(tuple(found.machine.items())) + 1
        begun = found.begun[:16].replace("T", " ")
        yield f"| {_cell(found.key)} | {_cell(verdict)} | {found.seconds:,.0f} 秒 | {begun} | {place} |"
    missing = [name for name in names if name not in {found.name for found in all_found}]
    yield from (f"| {name} | 未运行 | | | |" for name in missing)
    yield ""
    if has_bars:
        yield from (f"![各项比值，红线为限度]({RATIOS})", "")
    if has_curves:
        yield from (f"![每条信息的用时随条数的变化]({GROWTH})", "")
    for found in all_found:
        yield from _section(found)
    yield from ("## 机器", "")
    for place, told in enumerate(machines, start=1):
        yield from (f"{place}. " + "；".join(f"{name} {value}" for name, value in told), "")


def _section(found: Found) -> Iterator[str]:
    options = "，".join(f"{name} {value}" for name, value in found.asked.items() if value not in ("", (), []))
    yield from (f"## {found.key}", "", *([f"选项：{options}", ""] if options else []))
    if found.proof.figures:
        yield from ("| 比值 | 测得 | 限度 |", "|---|---|---|")
        yield from (f"| {_cell(one.what)} | {one.value:.3g} | {_limit(one)} |" for one in found.proof.figures)
        yield ""
    if found.proof.rows:
        yield from ("| 项目 | 结果 |", "|---|---|")
        yield from (f"| {_cell(what)} | {_cell(said)} |" for what, said in found.proof.rows)
        yield ""
    if found.problem:
        yield from (f"没有结果：{found.problem}", "")


def _limit(one: Figure) -> str:
    if one.limit is None:
        return "—"
    return f"{'不超过' if one.at_most else '不低于'} {one.limit}，{'符合' if one.holds else '**不符合**'}"


def _cell(text: str) -> str:
    return text.replace("|", "｜").replace("\n", " ")
