"""What reaches a team or oneself only is allowed when it is said whose it is, and is one's own."""

from __future__ import annotations

import pytest

from rounds.desk.access import NotAllowedError, check_can, is_allowed
from rounds.event import Event
from rounds.roles import Action


@pytest.mark.parametrize(("whom", "allowed"), [("noa", True), ("roni", False), ("", False)])
def test_what_is_ones_own_is_not_anothers(event: Event, whom: str, allowed: bool) -> None:
    noa = event.person_by_name["noa"]
    assert is_allowed(event, noa, Action.USE_LEARNING_SERVER, whom=whom) is allowed


def test_without_a_word_of_whose_it_is_nothing_is_allowed(event: Event) -> None:
    noa = event.person_by_name["noa"]
    with pytest.raises(NotAllowedError):
        check_can(event, noa, Action.USE_LEARNING_SERVER)
    with pytest.raises(NotAllowedError):
        check_can(event, noa, Action.ENTER_TEAM_SERVER)
