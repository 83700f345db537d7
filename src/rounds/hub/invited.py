"""As what somebody is invited, in words: the role, and the team or teams it is for."""

from __future__ import annotations

from rounds.event import Event, Person
from rounds.event.model import Background
from rounds.roles import Role

MENTORS = {Background.CLINICIAN: "clinician mentor", Background.DATA_SCIENCE: "data-science mentor"}


def describe_invited(event: Event, person: Person) -> str:
    """Return what follows "You are invited as", such as ``clinician mentor of Team Stork``."""
    teams = " and ".join(team.title for team in event.teams_of(person))
    if person.role is Role.MENTOR:
        return f"{MENTORS.get(person.background, 'mentor')} {f'of {teams}' if teams else '(no team yet)'}"
    return f"{person.role.value} in {teams}" if teams else person.role.value
