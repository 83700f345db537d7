"""Plain sentences: how long they are, and which of their words a second-language reader may not know."""

from __future__ import annotations

import re
from pathlib import Path

COMMON = Path(__file__).parent / "common_words.txt"
MOST_WORDS = 25
CODE = re.compile(r'"[^"]*"|\S*[_.()=\[\]<>&|~*%@{}/\d$]\S*\w\S*|\S*\(\S*')
ENDINGS = ("", "s", "es", "ed", "d", "ing", "er", "ly")


def list_words(file: Path) -> set[str]:
    """Return the words of a list: its lines without those that begin with #, and without what follows a colon."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.partition(":")[0].split()}


def is_known(word: str, known: set[str]) -> bool:
    """Return whether a word, or what it is made of, is in the list."""
    bases = {word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending)}
    return bool(known & (bases | {base + "e" for base in bases}))


def find_hard_words(text: str, code: str, known: set[str]) -> list[str]:
    """Return the words of a text that are neither common nor taken from the code."""
    words = re.findall(r"[A-Za-z]+", CODE.sub(" ", text).replace("'s ", " "))
    return [w for w in words if w not in re.findall(r"[A-Za-z]+", code) and not is_known(w.lower(), known)]


def sentences(text: str) -> list[str]:
    """Return the sentences of an explanation; a point inside code or a number ends none."""
    return [part for part in re.split(r"(?<=[.?!])\s+(?=[A-Z.]|$)", text) if part]
