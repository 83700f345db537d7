"""Whoever was held out before stays held out: a second publication opens no outcome that the first one kept.

All hold-outs of the same challenge in the custodian's folder count, whatever the dataset was called; so do the
publications below the state folder, and those of the custodian's register wherever they lie.  After another
de-identification people have other ids; the keys in the custodian's folder lead from the one to the other.  Nothing of
a key is written anywhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rounds.counted import counted
from rounds.custody.privacy.plan.treatment import read_treatment
from rounds.custody.publishing.parts import people_of
from rounds.custody.publishing.publication import FILE as PUBLICATION
from rounds.custody.publishing.publication import Publication, read_publication
from rounds.custody.publishing.register import Registered, read_register
from rounds.custody.publishing.scored import HOLD_OUT
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import FILE
from rounds.errors import DataError

KEYS = "*.key"
SPELLED = (
    "may be written another way in the tables of today (zeros in front, a space, a capital, .0): import them alike"
)
Name = tuple[str, str]  # the domain of an id, and the id that the hospital gave
People = frozenset[str]
Found = Sequence[tuple[Path, Publication]]


@dataclass(frozen=True)
class Before:
    """People of earlier publications, by their ids of today: held out then, and published with their outcomes.

    ``gone`` counts those held out then who are not among the people of today.  ``where`` names the publications, and
    ``unlinked`` says what is missing to know all people of each.
    """

    held: People = frozenset()
    given: People = frozenset()
    gone: int = 0
    where: tuple[str, ...] = ()
    unlinked: tuple[str, ...] = ()


NONE_BEFORE = Before()


def find_before(dataset: Dataset, publications: Sequence[Path], custodian: Path) -> Before:
    """Return who was held out and who was published before, for the same challenge; and what cannot be known."""
    ways, own = _Ways.read(sorted(custodian.glob(KEYS)), people_of(dataset)), read_treatment(dataset.path)
    same = {"name": dataset.name, "challenge": own.challenge if own else ""}
    noted = [entry for entry in read_register(custodian) if _is_same(entry.name, entry.challenge, **same)]
    folders = dict.fromkeys(path.resolve() for path in (*publications, *(Path(entry.folder) for entry in noted)))
    found = [(folder, p) for folder, p in _published(folders) if _is_same(p.name, p.challenge, **same)]
    kept = {path.name: _people(path) for path in _hold_outs(custodian, **same)}
    rounds = [*_published_rounds(found, kept, ways, custodian), *_lone_hold_outs(found, kept, ways, custodian)]
    held, given = People().union(*(r.held for r in rounds)), People().union(*(r.given for r in rounds))
    unlinked = dict.fromkeys((*_say_lost(noted, found, kept), *(missing for r in rounds for missing in r.missing)))
    where = tuple(r.where for r in rounds)
    return Before(ways.lead(held), ways.lead(given), ways.gone(held), where, tuple(unlinked))


def check_linked(before: Before, custodian: Path) -> None:
    """Raise when it cannot be known who was held out before."""
    if before.unlinked:
        raise DataError(
            f"It cannot be known who was held out before: {'; '.join(before.unlinked)}. Let each hold-out lie in "
            f"{custodian} under the name that it got, and the keys of all de-identifications as NAME.key. To hold out "
            "other people all the same, write --draw-anew; then scores may say nothing."
        )


@dataclass(frozen=True)
class _Round:
    """One publication: where it is, whose outcomes it shows, whom it holds out, what is missing to know them today."""

    where: str
    given: People
    held: People
    missing: tuple[str, ...]


def _published_rounds(found: Found, kept: Mapping[str, People], ways: _Ways, custodian: Path) -> Iterator[_Round]:
    """Yield the publications that are there; where the hold-out of one is gone, its key tells who else was in it."""
    for folder, published in found:
        given, name = _people(folder / "full" / published.name), published.hold_out
        missing = ways.say_missing(given, folder)
        if name in kept:
            held, missing = kept[name], [*missing, *ways.say_missing(kept[name], custodian / name)]
        else:
            held = ways.others(given) if name else People()
            missing += [f"{custodian / name} (its hold-out) is not there"] if name and not held else []
        yield _Round(str(folder), given, held, tuple(missing))


def _lone_hold_outs(found: Found, kept: Mapping[str, People], ways: _Ways, custodian: Path) -> Iterator[_Round]:
    """Yield the hold-outs whose publication is gone; the key tells who else was in it."""
    for name in sorted(kept.keys() - {published.hold_out for _, published in found}):
        missing = ways.say_missing(kept[name], custodian / name)
        yield _Round(f"the publication of {name}", ways.others(kept[name]), kept[name], tuple(missing))


def _published(folders: Iterable[Path]) -> Iterator[tuple[Path, Publication]]:
    """Yield the publications that are there and may be read."""
    for folder in folders:
        if os.access(folder / PUBLICATION, os.R_OK):
            yield folder, read_publication(folder)


def _say_lost(noted: Iterable[Registered], found: Found, kept: Iterable[str]) -> list[str]:
    """Name each publication of the register that is gone with its hold-out: nothing tells whom it held."""
    there, held = {published.id for _, published in found}, set(kept)
    return [
        f"{entry.folder} (published on {entry.published[:10]}) is not there, nor is a hold-out of it"
        for entry in noted
        if entry.id not in there and entry.hold_out not in held
    ]


def _is_same(other_name: str, other_challenge: str, name: str, challenge: str) -> bool:
    """Tell whether two datasets hold the outcomes of one challenge, or are rounds of one dataset."""
    return other_name == name or bool(challenge and other_challenge == challenge)


def _hold_outs(custodian: Path, name: str, challenge: str) -> Iterator[Path]:
    """Yield the hold-outs of the challenge in the custodian's folder."""
    for path in sorted(custodian.glob(f"*/{FILE}")):
        own = read_treatment(path.parent)
        if own and own.part == HOLD_OUT and _is_same(own.dataset, own.challenge, name, challenge):
            yield path.parent


def _people(folder: Path) -> People:
    try:
        return people_of(open_dataset(folder))
    except (OSError, ValueError) as error:
        raise DataError(
            f"{folder}: an earlier publication or its hold-out cannot be read ({error}). Move it to another place: "
            "the other one of the two and the keys tell who was held out."
        ) from error


@dataclass(frozen=True)
class _Ways:
    """From an id of any de-identification to the hospital's, and from there to the id of today."""

    today: People
    names: dict[str, Name]
    ids: dict[Name, str]
    keys: tuple[People, ...]

    @classmethod
    def read(cls, paths: Iterable[Path], today: People) -> _Ways:
        read = [_read_ids(path) for path in paths]
        names = {new: (domain, old) for key in read for domain, ids in key.items() for old, new in ids.items()}
        people = tuple(frozenset(ids.values()) for key in read for ids in key.values())
        return cls(today, names, {name: new for new, name in names.items() if new in today}, people)

    def lead(self, people: People) -> People:
        """Return the ids of today of these people; who is not among today's people is left out."""
        named = (self.names[person] for person in people - self.today if person in self.names)
        return (people & self.today) | {self.ids[name] for name in named if name in self.ids}

    def gone(self, people: People) -> int:
        """Return how many of these people are not among those of today."""
        return len({self.names.get(person, ("", person)) for person in people - self.today} - self.ids.keys())

    def others(self, people: People) -> People:
        """Return who else stands in the same key, or among today's people when they are of today."""
        if people & self.today:
            return self.today - people
        return next((key - people for key in self.keys if people and people <= key), frozenset())

    def say_missing(self, people: People, where: Path) -> list[str]:
        """Return what is missing to know these people among today's; nothing when all can be known."""
        old = people - self.today
        if not old:
            return []
        if not old <= self.names.keys():
            return [f"no key, or not the whole key, of {where}"]
        if not self.today <= self.names.keys():
            return ["no key, or not the whole key, of the dataset of today"]
        names = {self.names[person] for person in old} - self.ids.keys()
        alike = {_plain(name) for name in names} & {_plain(name) for name in self.ids}
        return [f"{counted(len(alike), 'id', 'ids')} of {where} {SPELLED}"] if alike else []


def _plain(name: Name) -> Name:
    """Return an id without what a spreadsheet takes away or adds."""
    domain, text = name
    return domain, text.strip().casefold().removesuffix(".0").lstrip("0")


def _read_ids(key: Path) -> dict[str, dict[str, str]]:
    """Return the ids of a key by their domain; a file that is no key of Rounds leads nobody anywhere."""
    try:
        ids = json.loads(key.read_text(encoding="utf-8"))["ids"]
        return {str(domain): {str(old): str(new) for old, new in some.items()} for domain, some in ids.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
