"""Whom the demo introduces: one person of each kind, and two of one team."""

from __future__ import annotations

from rounds.event import Challenge, Event, Person
from rounds.event.model import Background
from rounds.roles import Role


def choose_challenge(event: Event) -> Challenge | None:
    """Return the challenge of the team that the demo introduces, when predictions are scored in it."""
    challenge = event.challenge_by_id[event.team[0].challenge] if event.team else None
    return challenge if challenge and challenge.metric else None


def choose_guests(event: Event) -> list[tuple[str, Person]]:
    """Return what each guest stands for, with the person; what an event lacks is left out."""
    team = event.team[0].id if event.team else ""
    members = event.members(team)
    engineers = [p for p in members if p.background is Background.ENGINEERING]
    guests = [
        ("organiser", event.with_role(Role.ORGANISER)[:1]),
        ("clinician mentor", _mentors(event, team, Background.CLINICIAN)),
        ("data-science mentor", _mentors(event, team, Background.DATA_SCIENCE)),
        ("bio/med participant", [p for p in members if p.background is Background.BIOMED][:1]),
        ("engineer", engineers[:1]),
        ("engineer of the same team", engineers[1:2]),
        ("participant of another team", [p for p in event.with_role(Role.PARTICIPANT) if p.team != team][:1]),
        ("juror", event.with_role(Role.JUROR)[:1]),
    ]
    return [(text, person) for text, people in guests for person in people]


def _mentors(event: Event, team: str, background: Background) -> list[Person]:
    mentors = event.mentors(team) if team else event.with_role(Role.MENTOR)
    return [p for p in mentors if p.background is background][:1]
