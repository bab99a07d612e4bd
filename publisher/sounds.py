"""How common characters sound (publisher/data/sounds.txt), and which sounds are often mistaken for each other."""

from __future__ import annotations

from importlib import resources


def lines(name: str) -> list[str]:
    """The lines of a list in publisher/data that are not remarks."""
    text = (resources.files("publisher") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def syllables() -> dict[str, str]:
    """Each syllable, without its tone, and the characters that may be read so."""
    rows = (line.partition(" ") for line in lines("sounds.txt"))
    return {sound: chars for sound, _, chars in rows}


def blurred(sound: str) -> str:
    """A syllable without what is often mistaken: zh like z, -ang like -an."""
    heard = sound[0] + sound[2:] if sound[:2] in {"zh", "ch", "sh"} else sound
    return heard[:-1] if heard.endswith(("ang", "eng", "ing")) else heard
