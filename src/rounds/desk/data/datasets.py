"""Which datasets a visitor may know of, decided by the one table in `rounds.roles`.

A challenge's dataset is known to its teams and their mentors; a lesson's to every participant; all to organisers and
custodians; nobody else reads a dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from rounds.data.descriptor import read_package
from rounds.data.package import DataPackage
from rounds.data.shelf.attachments import attached
from rounds.data.shelf.catalogue import VARIABLE, Catalogue
from rounds.data.shelf.ledger import find_current
from rounds.desk.access import NotAllowedError, is_allowed
from rounds.event import Challenge, Event, Person
from rounds.roles import Action, Reach, reach
from rounds.store.folders import Folders
from rounds.synthetic.make import SEEDS


@dataclass(frozen=True)
class KnownDataset:
    """A dataset that the visitor may know of, and the challenges through which."""

    name: str
    package: DataPackage
    challenges: tuple[Challenge, ...]
    is_lesson: bool = False

    @property
    def prediction_time(self) -> str:
        """The challenge's moment of prediction, when the package knows it; else the package's own."""
        asked = [c.predict_at for c in self.challenges if c.predict_at in self.package.timeline]
        return asked[0] if asked else self.package.prediction_time


def reaches(event: Event, person: Person, action: Action, challenge: Challenge) -> bool:
    """Return whether ``person`` may do ``action`` on a challenge: on the whole event, or through a team of it."""
    if reach(person.role, action) is Reach.ALL:
        return True
    teams = [team for team in event.teams_of(person) if team.challenge == challenge.id]
    return any(is_allowed(event, person, action, team.id) for team in teams)


def challenges_within(event: Event, person: Person, action: Action) -> tuple[Challenge, ...]:
    """Return the challenges on which ``person`` may do ``action``, in the file's order."""
    return tuple(challenge for challenge in event.challenge if reaches(event, person, action, challenge))


def dataset_of(challenge: Challenge, folders: Folders) -> str:
    """Return the dataset that a challenge's notebooks open now."""
    return attached(challenge.dataset, {VARIABLE: str(folders.data)})


def features_of(challenge: Challenge, folders: Folders, engine: Engine) -> str:
    """Return the dataset of the hold-out's features; empty when the challenge has no hold-out."""
    registered = find_current(engine, challenge.id, dataset_of(challenge, folders))
    return registered.dataset if registered else ""


def find_datasets(event: Event, person: Person, folders: Folders, engine: Engine) -> dict[str, KnownDataset]:
    """Return the datasets whose dictionary ``person`` may read, by name: the challenges' first."""
    paths = Catalogue((folders.data, folders.sized / "sample", folders.sized / "full")).paths()
    through: dict[str, list[Challenge]] = {}
    for challenge in challenges_within(event, person, Action.READ_DICTIONARY):
        for name in (dataset_of(challenge, folders), features_of(challenge, folders, engine)):
            if name:
                through.setdefault(name, []).append(challenge)
    lessons = set(SEEDS) if is_allowed(event, person, Action.READ_LESSON_DATA, whom=person.username) else set()
    others = paths if reach(person.role, Action.READ_DICTIONARY) is Reach.ALL else lessons
    names = [*through, *(name for name in sorted(others) if name not in through)]
    return {
        name: KnownDataset(name, read_package(paths[name]), tuple(through.get(name, ())), name in lessons)
        for name in names
        if name in paths
    }


def open_known(event: Event, person: Person, folders: Folders, engine: Engine, name: str) -> KnownDataset:
    """Return a dataset that ``person`` may know of; raise the same for one that is not there."""
    known = find_datasets(event, person, folders, engine)
    if name not in known:
        raise NotAllowedError("There is no dataset of this name for you.")
    return known[name]
