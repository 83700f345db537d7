"""Who may do what on the desk, asked of the one table in `rounds.roles`.

Deny by default: what no function here allows, no page does.
"""

from __future__ import annotations

from rounds.event import Event, Person, Team
from rounds.roles import Action, Reach, reach


class NotAllowedError(Exception):
    """The person may not do this; the message is one calm sentence for the page."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def is_allowed(event: Event, person: Person, action: Action, team_id: str = "", *, whom: str = "") -> bool:
    """Return whether `person` may do `action`: on the team of `team_id`, or on what is of the person `whom`.

    What reaches a team or oneself only is not allowed while it is not said whose it is.
    """
    extent = reach(person.role, action)
    if extent is Reach.TEAMS:
        return team_id in {team.id for team in event.teams_of(person)}
    if extent is Reach.SELF:
        return whom == person.username
    return extent is Reach.ALL


def check_can(
    event: Event, person: Person, action: Action, team_id: str = "", sentence: str = "", *, whom: str = ""
) -> None:
    """Raise `NotAllowedError` unless `person` may do `action`."""
    if not is_allowed(event, person, action, team_id, whom=whom):
        raise NotAllowedError(sentence or f"Your role in this event may not {action.value}.")


def teams_within(event: Event, person: Person, action: Action) -> tuple[Team, ...]:
    """Return the teams on which `person` may do `action`, in the file's order."""
    return tuple(team for team in event.team if is_allowed(event, person, action, team.id))
