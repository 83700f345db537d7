"""The event: one frozen value that everything else is derived from.

`load_event` makes it; nobody else parses the file.  Nothing here touches disk, and no secret ever enters.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from rounds.event.hosting import Hosting
from rounds.event.learning import Learning
from rounds.event.numbers import ROUNDING, SMALLEST_CELL, USUAL_K
from rounds.event.section import Section
from rounds.roles import Role
from rounds.slugs import dashboards_account, is_reserved, is_slug, team_account

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SMALLEST_KERNEL_GB = 3.0  # address space, which is more than memory: libraries reserve a gigabyte and use a little
FEWEST_FILES = 128


class Deployment(StrEnum):
    """Where the event runs."""

    EMBEDDED = "embedded"
    MACHINE = "machine"
    CLUSTER = "cluster"


class Background(StrEnum):
    """What a person brings along."""

    BIOMED = "biomed"
    ENGINEERING = "engineering"
    CLINICIAN = "clinician"
    DATA_SCIENCE = "data-science"


def _check_slug(value: str) -> str:
    if not is_slug(value):
        raise ValueError("takes lower-case letters, digits and single hyphens")
    return value


Slug = Annotated[str, Field(min_length=1, max_length=24)]


class About(Section):
    """The `[event]` section."""

    id: Slug
    title: str = Field(min_length=1)
    timezone: str = "UTC"
    deployment: Deployment = Deployment.EMBEDDED
    people: str = "people.csv"
    terms: str = "terms.md"
    lessons: tuple[str, ...] = ()

    _slug = field_validator("id")(_check_slug)

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError('is no time zone; an example: timezone = "Asia/Jerusalem"')
        return value


class Policy(Section):
    """The `[policy]` section: the numbers that decide."""

    min_cell_count: int = Field(SMALLEST_CELL, ge=1, le=1000)
    rounding_base: int = Field(ROUNDING, ge=1, le=100)
    k_anonymity: int = Field(USUAL_K, ge=2)
    output_checkers: int = Field(2, ge=1)
    outgoing_mb_per_person_per_day: float = Field(2, gt=0)
    pass_mark: float = Field(0.7, gt=0, le=1)
    cell_s: float = Field(120, ge=1, le=3600)
    invitation_valid_h: float = Field(24 * 14, gt=0)
    failed_sign_ins: int = Field(5, ge=2)
    lockout_min: float = Field(15, gt=0)
    idle_server_min: float = Field(60, gt=0)
    warm_before_min: float = Field(15, ge=0, le=24 * 60)
    warm_for_min: float = Field(30, ge=0, le=24 * 60)
    warm_learning_servers: bool = False
    seal: Literal["required", "possible"] = "possible"
    stuck_failures: int = Field(5, ge=1, le=100)
    stuck_min: float = Field(15, gt=0, le=600)


class Limits(Section):
    """One `[[limits]]`: the most that each kernel of one kind of room may use; 0 is no limit of its own."""

    room: Literal["learning", "team", "dashboards"]
    memory_gb: float = Field(0, ge=0)
    cpu_h: float = Field(0, ge=0)
    open_files: int = Field(0, ge=0)

    @field_validator("memory_gb")
    @classmethod
    def _enough_to_import(cls, value: float) -> float:
        if 0 < value < SMALLEST_KERNEL_GB:
            raise ValueError(f"is too little to import pandas and scikit-learn; write at least {SMALLEST_KERNEL_GB:g}")
        return value

    @field_validator("open_files")
    @classmethod
    def _enough_to_open(cls, value: int) -> int:
        if 0 < value < FEWEST_FILES:
            raise ValueError(f"is too few for a kernel's own channels; write at least {FEWEST_FILES}")
        return value


class Phase(Section):
    """One `[[phase]]`: what is open from a moment on."""

    id: Slug
    opens: datetime
    internet: bool = False
    data: Literal["none", "sample", "full"] = "none"
    exports: Literal["open", "airlock", "shut"] = "shut"

    _slug = field_validator("id")(_check_slug)


class Challenge(Section):
    """One `[[challenge]]`: a clinical question, its dataset, and how predictions are scored."""

    id: Slug
    title: str = Field(min_length=1)
    dataset: Slug
    question: str = Field(min_length=1)
    metric: Literal["", "mae", "auroc", "alerts"] = ""
    outcome: str = ""
    outcome_range: tuple[float, ...] = ()
    unit: tuple[str, ...] = ()
    predict_at: str = ""
    time_zero: str = ""
    time_zero_plus_days: str = ""
    time_zero_plus_h: float = Field(0, ge=0)
    alert_budget_percent: float = Field(10, gt=0, lt=100)
    honest_band: tuple[float, ...] = ()

    @field_validator("outcome_range", "honest_band")
    @classmethod
    def _two_rising_numbers(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if value and (len(value) != 2 or value[0] >= value[1]):
            raise ValueError("takes two numbers, the smaller one first; an example: [300, 6500]")
        return value


class Team(Section):
    """One `[[team]]`: a challenge, its two mentors and its machine."""

    id: Slug
    challenge: str
    clinician: str
    data_scientist: str
    cores: float = Field(8, gt=0)
    memory_gb: float = Field(16, gt=0)

    _slug = field_validator("id")(_check_slug)

    @property
    def title(self) -> str:
        """The team's name as people say it."""
        return "Team " + self.id.replace("-", " ").title()


class Person(Section):
    """One line of the people file."""

    username: str
    name: str = Field(min_length=1)
    email: str
    role: Role
    background: Background
    education: str = ""
    skills: tuple[str, ...] = ()
    team: str = ""

    @field_validator("email")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not _ADDRESS.fullmatch(value):
            raise ValueError("is no e-mail address; an example: noa@example.org")
        return value

    @field_validator("username")
    @classmethod
    def _safe_username(cls, value: str) -> str:
        if not is_slug(value):
            raise ValueError("takes lower-case letters, digits and single hyphens")
        if is_reserved(value):
            raise ValueError('begins like a team\'s account ("team-" or "dash-"); choose another')
        return value


class Event(Section):
    """One whole event."""

    event: About
    policy: Policy = Policy()
    hosting: Hosting = Hosting()
    learning: Learning = Learning()
    limits: tuple[Limits, ...] = ()
    phase: tuple[Phase, ...] = Field(min_length=1)
    challenge: tuple[Challenge, ...] = Field(min_length=1)
    team: tuple[Team, ...] = ()
    people: tuple[Person, ...] = ()
    terms: str = ""
    consent: str = ""

    @cached_property
    def zone(self) -> ZoneInfo:
        """The event's time zone."""
        return ZoneInfo(self.event.timezone)

    @cached_property
    def person_by_name(self) -> dict[str, Person]:
        """Every person, by username."""
        return {person.username: person for person in self.people}

    @cached_property
    def accounts(self) -> frozenset[str]:
        """Every hub account: the people, the teams' rooms and their dashboards."""
        rooms = {account(team.id) for team in self.team for account in (team_account, dashboards_account)}
        return frozenset(rooms | set(self.person_by_name))

    @cached_property
    def team_by_id(self) -> dict[str, Team]:
        """Every team, by id."""
        return {team.id: team for team in self.team}

    @cached_property
    def challenge_by_id(self) -> dict[str, Challenge]:
        """Every challenge, by id."""
        return {challenge.id: challenge for challenge in self.challenge}

    def limits_of(self, room: str) -> Limits | None:
        """Return the limits of a kind of room, None where the file names none."""
        return next((limits for limits in self.limits if limits.room == room), None)

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """Return the people of one role, in the file's order."""
        return tuple(person for person in self.people if person.role is role)

    def members(self, team_id: str) -> tuple[Person, ...]:
        """Return a team's participants, in the file's order."""
        return tuple(p for p in self.with_role(Role.PARTICIPANT) if p.team == team_id)

    def mentors(self, team_id: str) -> tuple[Person, ...]:
        """Return the mentors of a team: the two that its section names, then those whose line names it."""
        team = self.team_by_id[team_id]
        named = (team.clinician, team.data_scientist)
        attached = [p for p in self.with_role(Role.MENTOR) if p.username in named or p.team == team_id]
        return tuple(attached)

    def teams_of(self, person: Person) -> tuple[Team, ...]:
        """Return the teams that a participant is in or a mentor is attached to."""
        if person.role is Role.MENTOR:
            return tuple(team for team in self.team if person in self.mentors(team.id))
        return tuple(team for team in self.team if team.id == person.team)

    def current_phase(self, now: datetime) -> Phase:
        """Return the last phase that is open at `now` (aware), or the first when none is yet."""
        opened = [phase for phase in self.phase if self.opens_at(phase) <= now]
        return opened[-1] if opened else self.phase[0]

    def next_phase(self, now: datetime) -> Phase | None:
        """Return the phase that opens next after `now` (aware), if one is still to come."""
        return next((phase for phase in self.phase if self.opens_at(phase) > now), None)

    def opens_at(self, phase: Phase) -> datetime:
        """Return the aware moment at which `phase` opens; a plain time is the event's own."""
        return phase.opens if phase.opens.tzinfo else phase.opens.replace(tzinfo=self.zone)
