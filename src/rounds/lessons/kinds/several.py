"""Several of a few options: an answer is a list of those chosen, in any order."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from rounds.lessons.entries import plain
from rounds.lessons.ladder import Diagnosis, Mistake, Rung, recognise

LONGEST = 34  # letters of an option in its mistake's name
MOST_WORDS = 15  # of all options together, so that the sentence stays under 25


def is_several(name: str, options: tuple[str, ...]) -> Rung:
    """Ask for a list, tuple or set of different options."""
    known = [plain(option) for option in options]

    def ask(answer: Any) -> str | None:
        if isinstance(answer, str):
            return f'{name} is one text. Write a list, also for one: ["{options[0]}"].'
        if not isinstance(answer, list | tuple | set | frozenset):
            return f"{name} is of type {type(answer).__name__}; write a list in square brackets."
        given = [plain(one) for one in answer]
        strange = next((one for one in answer if plain(one) not in known), None)
        if strange is not None:
            return f"{name}: {strange!r} is unknown{_name_known(str(strange), options)}"
        twice = next((one for one in given if given.count(one) > 1), None)
        return None if twice is None else Diagnosis(f"{name} has {twice} twice; name each once.", "twice")

    return Rung("type", ask)


def _name_known(strange: str, options: tuple[str, ...]) -> str:
    """Return the end of a sentence to an unknown option: all options where they are few words, else the nearest."""
    if len(" ".join(options).split()) <= MOST_WORDS:
        return f"; choose from {', '.join(options)}."
    near = get_close_matches(plain(strange), [plain(option) for option in options], n=1)
    return f'. Did you mean "{near[0]}"?' if near else f'; choose from the {len(options)} names, like "{options[0]}".'


def are_all(right: Collection[str], why: Mapping[str, str], missing: str) -> Rung:
    """Ask for all that are right and no other; to a wrong one `why` has its sentence.

    `missing` is said when all that were named are right and one or more lack; it may hold ``{number}``.

    Examples
    --------
    >>> rung = are_all({"numbers", "names"}, {"text": "The text stays."}, "{number} more.")
    >>> rung.ask(["names", "text"]), rung.ask(["names"]), rung.ask(["numbers", "names"])
    ('The text stays.', '1 more.', None)
    """
    wanted = {plain(one) for one in right}

    def lacking(answer: Collection[Any]) -> int:
        return len(wanted - {plain(one) for one in answer})

    def make(option: str) -> Mistake:
        return Mistake(
            "named-" + "-".join(re.findall(r"[a-z0-9]+", plain(option)))[:LONGEST],
            lambda answer: plain(option) in map(plain, answer),
            why[option],
        )

    short = Mistake(
        "some-missing", lambda answer: lacking(answer) > 0, lambda answer: missing.format(number=lacking(answer))
    )
    return recognise("values", *(make(option) for option in why), short)
