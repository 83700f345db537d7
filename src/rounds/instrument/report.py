"""What organisers are told of the tests of knowledge: gains by area and profession, lessons taken, items.

Only people who take part are in it, and no figure of fewer than ten people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rounds.instrument.bank import AREAS, load_bank
from rounds.instrument.gains import (
    Answered,
    Figure,
    Gain,
    ItemFigures,
    compare_forms,
    compare_taken,
    measure_gain,
    measure_items,
)
from rounds.instrument.knowledge_tests import KnowledgeTest
from rounds.instrument.occasions import Occasion

EVERYBODY, ALL_AREAS = "everybody", "all areas"
Taken = Mapping[str, frozenset[str]]  # by username: the ids of the lessons taken between the two tests


@dataclass(frozen=True)
class Cell:
    """The gain of one group in one area."""

    area: str
    group: str
    gain: Gain


@dataclass(frozen=True)
class LearningReport:
    """Everything that is told; ``later`` is the test that the first one is compared with."""

    later: Occasion
    finished: Mapping[Occasion, int]
    gains: tuple[Cell, ...]
    taken: Figure
    forms: Figure
    items: tuple[ItemFigures, ...]


def build_report(tests: Iterable[KnowledgeTest], taken: Taken, later: Occasion = Occasion.AFTER) -> LearningReport:
    """Return the report of these tests."""
    handed_in = [one for one in tests if one.finished]
    people = list(pair_answers(handed_in, taken, later))
    bank = load_bank()
    groups = {EVERYBODY: people}
    for one in sorted(people, key=lambda person: person.profession):
        groups.setdefault(one.profession, []).append(one)
    areas = {ALL_AREAS: [item.id for item in bank]} | {
        area: [item.id for item in bank if item.area == area] for area in AREAS
    }
    return LearningReport(
        later,
        {when: sum(one.occasion is when for one in handed_in) for when in Occasion},
        tuple(Cell(a, g, measure_gain(groups[g], items)) for a, items in areas.items() for g in groups),
        compare_taken(people, {item.id: item.lesson for item in bank}),
        compare_forms(people),
        tuple(measure_items(people, [item.id for item in bank])),
    )


def pair_answers(handed_in: Sequence[KnowledgeTest], taken: Taken, later: Occasion) -> Iterable[Answered]:
    """Yield each person's first test with the later one, where there is one."""
    by_person = {(one.username, one.occasion): one for one in handed_in}
    for first in handed_in:
        if first.occasion is Occasion.BEFORE:
            second = by_person.get((first.username, later))
            lessons = taken.get(first.username, frozenset())
            unsure = find_unsure(first), find_unsure(second) if second else frozenset()
            yield Answered(first.profession, first.form, mark(first), mark(second) if second else None, lessons, unsure)


def find_unsure(test: KnowledgeTest) -> frozenset[str]:
    """Return the items answered with "I do not know", or left open."""
    return frozenset(item.id for item in load_bank() if test.answers.get(item.id) is None)


def mark(test: KnowledgeTest) -> dict[str, int]:
    """Return right (1) and wrong (0) of each item; what was left open is wrong."""
    return {item.id: int(test.is_right(item.id)) for item in load_bank()}
