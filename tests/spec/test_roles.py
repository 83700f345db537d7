"""Every role x action is decided, and the hub's roles follow from the table alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from rounds.event import load_event
from rounds.hub.accounts import groups_of, members_group, role_group, roles_of
from rounds.roles import REACH, Action, Reach, Role, reach

WHO_MAY = {
    # action: (may for everyone, may for own teams, may for oneself)
    Action.USE_LEARNING_SERVER: ("", "", "participant mentor juror organiser custodian checker"),
    Action.ENTER_TEAM_SERVER: ("", "participant", ""),
    Action.START_TEAM_SERVER: ("organiser", "participant", ""),
    Action.STOP_TEAM_SERVER: ("organiser", "", ""),
    Action.VIEW_DASHBOARDS: ("mentor juror organiser custodian checker", "participant", ""),
    Action.PUBLISH_DASHBOARD: ("", "participant", ""),
    Action.SEE_PROGRESS: ("mentor juror organiser", "participant", ""),
    Action.SEE_LEARNERS: ("organiser", "mentor", "participant juror custodian checker"),
    Action.SEE_TEAM_SERVER: ("organiser", "participant mentor", ""),
    Action.FIND_OWN_PATH: ("", "", "participant"),
    Action.TAKE_KNOWLEDGE_TEST: ("", "", "participant"),
    Action.ASK_FOR_HELP: ("", "", "participant"),
    Action.SEE_HELP: ("organiser", "mentor", "participant"),
    Action.GIVE_HELP: ("organiser", "mentor", ""),
    Action.OPEN_ATTEMPT: ("", "mentor", "participant"),
    Action.SEE_EVENT: ("organiser", "", ""),
    Action.ISSUE_INVITATION: ("organiser", "", ""),
    Action.SEE_CHALLENGES: ("juror organiser custodian", "participant mentor", ""),
    Action.READ_DICTIONARY: ("organiser custodian", "participant mentor", ""),
    Action.READ_LESSON_DATA: ("organiser custodian", "", "participant"),
    Action.ASK_CLINICIAN: ("", "participant", ""),
    Action.ANSWER_QUESTION: ("", "mentor", ""),
    Action.HAND_IN_PREDICTIONS: ("", "participant", ""),
    Action.SEE_SCORES: ("juror", "participant mentor", ""),
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_every_cell_is_decided(role: Role, action: Action) -> None:
    assert isinstance(reach(role, action), Reach)
    assert set(REACH[action]) == set(Role)


@pytest.mark.parametrize("action", Action)
def test_the_table_reads_as_written_here(action: Action) -> None:
    for extent, names in zip((Reach.ALL, Reach.TEAMS, Reach.SELF), WHO_MAY[action], strict=True):
        assert {role.value for role in Role if reach(role, action) is extent} == set(names.split())


def scopes_of(role_name: str, event_file: Path) -> set[str]:
    return next((set(r["scopes"]) for r in roles_of(load_event(event_file)) if r["name"] == role_name), set())


def test_a_member_may_start_and_never_stop_the_teams_server(demo_event_file: Path) -> None:
    scopes = scopes_of(members_group("stork"), demo_event_file)
    assert "start:servers!user=team-stork" in scopes
    assert not {s for s in scopes if s.startswith(("servers", "delete:servers", "admin"))}


def test_a_member_reaches_no_other_teams_accounts(demo_event_file: Path) -> None:
    scopes = scopes_of(members_group("stork"), demo_event_file)
    assert {s.partition("!user=")[2] for s in scopes} == {"team-stork", "dash-stork"}


@pytest.mark.parametrize("role", [Role.MENTOR, Role.JUROR])
def test_mentors_and_jury_reach_dashboards_only(role: Role, demo_event_file: Path) -> None:
    scopes = scopes_of(role_group(role), demo_event_file)
    assert scopes
    assert {s.partition("!")[2] for s in scopes} == {"group=dashboard-accounts"}


def test_groups_hold_exactly_the_events_people(demo_event_file: Path) -> None:
    event = load_event(demo_event_file)
    groups = groups_of(event)
    assert groups[members_group("stork")] == tuple(sorted(p.username for p in event.members("stork")))
    assert len(groups[role_group(Role.PARTICIPANT)]) == 50
