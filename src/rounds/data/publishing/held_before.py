"""Whoever was held out before stays held out: a second publication opens no outcome that the first one kept.

An earlier publication of the same tables says in its hold-out who was held out, and in its full data whose outcomes may
be known.  After another de-identification people have other ids; the keys in the custodian's folder lead from the one
to the other.  Nothing of a key is written anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.publishing.parts import people_of
from rounds.data.publishing.publication import read_publication

KEYS = "*.key"
Name = tuple[str, str]  # the domain of an id, and the id that the hospital gave


@dataclass(frozen=True)
class Before:
    """People of earlier publications, by their ids of today: held out then, and published with their outcomes."""

    held: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    unlinked: tuple[Path, ...] = ()


NONE_BEFORE = Before()


def find_before(dataset: Dataset, publications: Sequence[Path], custodian: Path) -> Before:
    """Return who was held out and who was published before; without both keys nobody of a publication is known."""
    people = people_of(dataset)
    ways = _Ways.read(sorted(custodian.glob(KEYS)), people)
    held, given, unlinked = set[str](), set[str](), []
    for folder in publications:
        published = read_publication(folder)
        before, kept = open_dataset(folder / "full" / published.name), custodian / published.hold_out
        now = ways.lead(people_of(before))
        given |= now
        if published.hold_out and kept.is_dir():
            held |= ways.lead(people_of(open_dataset(kept)))
        if not now or (published.hold_out and not kept.is_dir()):
            unlinked.append(folder)
    return Before(frozenset(held), frozenset(given - held), tuple(unlinked))


@dataclass(frozen=True)
class _Ways:
    """From an id of any de-identification to the hospital's, and from there to the id of today."""

    today: frozenset[str]
    names: dict[str, Name]
    ids: dict[Name, str]

    @classmethod
    def read(cls, keys: Iterable[Path], today: frozenset[str]) -> _Ways:
        names: dict[str, Name] = {}
        for key in keys:
            names |= {new: (domain, old) for domain, ids in _read_ids(key).items() for old, new in ids.items()}
        return cls(today, names, {name: new for new, name in names.items() if new in today})

    def lead(self, people: frozenset[str]) -> set[str]:
        """Return the ids of today of these people; who is not among today's people is left out."""
        named = (self.names[person] for person in people - self.today if person in self.names)
        return set(people & self.today) | {self.ids[name] for name in named if name in self.ids}


def _read_ids(key: Path) -> dict[str, dict[str, str]]:
    """Return the ids of a key by their domain; a file that is no key of Rounds leads nobody anywhere."""
    try:
        ids: dict[str, dict[str, str]] = json.loads(key.read_text(encoding="utf-8"))["ids"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return ids if isinstance(ids, dict) else {}
