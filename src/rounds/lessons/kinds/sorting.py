"""Items to put into groups: an answer is a dictionary with one group for each item."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from rounds.lessons.entries import count_right, is_dictionary, is_one_of, plain
from rounds.lessons.ladder import UNRECOGNISED, Diagnosis, Mistake, Rung, recognise

LONGEST_ITEM, LONGEST_NAME = 24, 40  # letters of a mistake's name in the log
Why = Mapping[tuple[str, str], str]  # item and wrong group: the sentence to it


def is_sorting(name: str, items: Collection[str], groups: tuple[str, ...]) -> tuple[Rung, ...]:
    """Ask for a known group for each item; whether it is the right one is not asked."""
    return (*is_dictionary(name, items), is_one_of(name, groups))


def is_sorted(right: Mapping[str, str | Collection[str]], why: Why, otherwise: str) -> Rung:
    """Ask for the right group of each item, of which there may be several.

    The first item in a wrong group is answered: by the sentence of `why` to that item in that group, else by
    `otherwise`, which may hold ``{item}``, ``{right}`` and ``{of}`` for how many of how many are right.

    Examples
    --------
    >>> why = {("weight", "feature"): "We want to predict it."}
    >>> rung = is_sorted({"age": "feature", "weight": "label"}, why, "{item}?")
    >>> rung.ask({"age": "feature", "weight": "Feature"}), rung.ask({"age": "label", "weight": "label"})
    ('We want to predict it.', 'age?')
    """
    allowed = {item: {plain(one) for one in _several(groups)} for item, groups in right.items()}
    said = {(item, plain(group)): sentence for (item, group), sentence in why.items()}
    lost = [item for item, group in said if item not in right or group in allowed[item]]
    if lost:
        raise ValueError(f"`why` has a sentence for {lost[0]!r}, which is no item, or to its right group.")

    def wrong(answer: Mapping[str, Any]) -> list[str]:
        return [item for item in right if plain(answer.get(item)) not in allowed[item]]

    def make(item: str, group: str) -> Mistake:
        name = f"{_slug(item)[:LONGEST_ITEM]}-as-{_slug(str(group))}"[:LONGEST_NAME].rstrip("-")
        return Mistake(name, lambda answer: item in wrong(answer) and plain(answer[item]) == group, said[item, group])

    def ask(answer: Mapping[str, Any]) -> str | None:
        missed = wrong(answer)
        if not missed:
            return None
        counts = {"right": len(right) - len(missed), "of": len(right)}
        return Diagnosis(otherwise.format(item=missed[0], **counts), UNRECOGNISED)

    known = recognise("values", *(make(*key) for key in said))
    return Rung("values", lambda answer: known.ask(answer) or ask(answer), known.mistakes)


def share_sorted(answer: Mapping[str, Any], right: Mapping[str, str]) -> float:
    """Return the share of items that are in their group."""
    return count_right(answer, right) / len(right)


def _several(groups: str | Collection[str]) -> Collection[str]:
    return [groups] if isinstance(groups, str) else groups


def _slug(text: str) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())
