"""One error with everything that its explanation may look at, and the rules that explain it."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rounds.mistakes.place import Location
from rounds.mistakes.reading import inner_table, is_series, is_table, public_names

MISSING = object()
HELD_IN = ("self", "obj", "left", "right", "df", "frame", "X", "data")


@dataclass(frozen=True)
class Failure:
    """An error: the names of its kind and of what that inherits from, what it says, its place, and the names there."""

    kinds: tuple[str, ...]
    message: str
    place: Location = field(default_factory=Location)
    names: Mapping[str, Any] = field(default_factory=dict)

    def look_up(self, name: str) -> Any:
        """Return what a name holds where the error happened; `MISSING` where it holds nothing."""
        frame = self.place.frame
        local = frame.f_locals if frame is not None else {}
        for names in (local, self.names, builtins.__dict__):
            if name in names:
                return names[name]
        return MISSING

    def value_of(self, node: ast.AST | None) -> Any:
        """Return what a plain name in the code holds; nothing else is worked out, because that would run code."""
        return self.look_up(node.id) if isinstance(node, ast.Name) else MISSING

    def find_tables(self) -> Iterator[Any]:
        """Return the tables that the library was asked for something, outermost first; none where it was a column."""
        if self.place.beyond and is_series(self.place.beyond[0].f_locals.get("self")):
            return
        for frame in self.place.beyond:
            held = [frame.f_locals.get(name) for name in HELD_IN]
            yield from filter(is_table, (*held, *map(inner_table, held)))

    def find_column(self) -> Any:
        """Return the column, or the row, that a library was asked for something; None without any."""
        held = (frame.f_locals.get(name) for frame in self.place.beyond for name in HELD_IN)
        return next(filter(is_series, held), None)

    def is_in(self, library: str) -> bool:
        """Return whether the error came up inside a library."""
        homes = (str(frame.f_globals.get("__name__", "")) for frame in self.place.beyond)
        return any(home.partition(".")[0] == library for home in homes)

    def parts_of(self, node: ast.AST | None) -> list[str]:
        """Return the names that a value has, where a plain name holds it."""
        value = self.value_of(node)
        return [] if value is MISSING else public_names(value)


Said = str | None
Say = Callable[[Failure, re.Match[str]], Said]


@dataclass(frozen=True)
class Rule:
    """A rule: the kinds of error and the pattern of the message that it knows, and what it says of them.

    What it says is one text, in which ``{1}`` stands for the pattern's first group, or a function that may say nothing.
    """

    name: str
    kinds: str
    pattern: str
    say: str | Say

    def explain(self, failure: Failure) -> str | None:
        """Return the sentences for a failure that it knows, None for another."""
        if not set(self.kinds.split()) & set(failure.kinds):
            return None
        match = re.search(self.pattern, failure.message, re.S)
        if match is None:
            return None
        if callable(self.say):
            return self.say(failure, match)
        return self.say.format(match[0], *(group or "" for group in match.groups()))


def first(rules: Iterable[Rule], failure: Failure) -> tuple[str, str] | None:
    """Return the name of the first rule that knows a failure, and what it says."""
    for rule in rules:
        words = rule.explain(failure)
        if words:
            return rule.name, words
    return None
