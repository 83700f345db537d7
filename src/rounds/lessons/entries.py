"""Rungs for answers that are a dictionary: one entry for each question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from rounds.lessons.ladder import Rung


def is_dictionary(name: str, keys: Collection[Any]) -> tuple[Rung, Rung]:
    """Ask for a dictionary with exactly the keys of the stub, all dots replaced."""

    def ask_type(answer: Any) -> str | None:
        if isinstance(answer, Mapping):
            return None
        return f"{name} is of type {type(answer).__name__}; keep the curly brackets and the colons."

    def ask_shape(answer: Any) -> str | None:
        missing = [key for key in keys if answer.get(key, ...) in (..., None, "")]
        if missing:
            gaps = "1 gap; it" if len(missing) == 1 else f"{len(missing)} gaps; the next one"
            return f"{name} still has {gaps} is {missing[0]!r}."
        strange = [key for key in answer if key not in keys]
        return f"{name} has an entry too many: {strange[0]!r}." if strange else None

    return Rung("type", ask_type), Rung("shape", ask_shape)


def is_one_of(name: str, allowed: tuple[Any, ...]) -> Rung:
    """Ask for known values, which the sentence shows as they are given here; capitals do not count."""
    known = [plain(value) for value in allowed]

    def ask(answer: Any) -> str | None:
        for key, value in answer.items():
            if plain(value) not in known:
                shown = ", ".join(map(str, allowed))
                return f"{name}: {value!r} at {key!r} is unknown; choose from {shown}."
        return None

    return Rung("values", ask)


def plain(value: Any) -> Any:
    """Return a text without capitals and blanks at its ends, anything else as it is."""
    return value.strip().lower() if isinstance(value, str) else value


def count_right(answer: Mapping[Any, Any], truth: Mapping[Any, Any]) -> int:
    """Count the entries that are as they should be."""
    return sum(plain(answer.get(key)) == plain(value) for key, value in truth.items())
