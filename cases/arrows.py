"""A table of states as Markdown: the diagram, and each arrow with the rule behind it."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping

Arrows = Mapping[str, Mapping[str, str]]  #: from -> to -> its source


def diagram(label: Mapping[str, str], start: str, allowed: Arrows, ends: Collection[str]) -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state} : {name}" for state, name in label.items()]
    lines += [f"    [*] --> {start}"]
    lines += [f"    {state} --> {to}" for state, arrows in allowed.items() for to in arrows]
    lines += [f"    {state} --> [*]" for state in label if state in ends]
    return "\n".join(lines)


def page(
    title: str, made: str, label: Mapping[str, str], start: str, allowed: Arrows, ends: Collection[str]
) -> str:
    """A page of docs/; `made` is the command that prints it."""
    head = f"<!-- Made by `{made}`; a test compares. -->"
    rows = [
        f"| {label[state]} `{state}` | {label[to]} `{to}` | {source} |"
        for state, arrows in allowed.items()
        for to, source in arrows.items()
    ]
    drawn = ["```mermaid", diagram(label, start, allowed, ends), "```"]
    table = ["| 从 | 到 | 依据 |", "|---|---|---|", *rows]
    return "\n".join([f"# {title}", "", head, "", *drawn, "", *table, ""])
