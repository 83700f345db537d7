"""Who may do what: one table of role x action decides everything.

`REACH` says how far a role's permission goes: over the whole event, over the teams the person belongs to or is
attached to, over the person alone, or not at all.  A pair that is missing is an error, never a permission
(tests/spec/test_roles.py holds every cell).
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the event."""

    PARTICIPANT = "participant"
    MENTOR = "mentor"
    JUROR = "juror"
    ORGANISER = "organiser"
    CUSTODIAN = "custodian"
    CHECKER = "checker"


class Action(StrEnum):
    """What a person may want to do."""

    USE_LEARNING_SERVER = "use a learning server"
    ENTER_TEAM_SERVER = "enter a team's server"
    START_TEAM_SERVER = "start a team's server"
    STOP_TEAM_SERVER = "stop a team's server"
    VIEW_DASHBOARDS = "view published dashboards"
    PUBLISH_DASHBOARD = "publish a dashboard"
    SEE_PROGRESS = "see how many exercises a team has done"
    SEE_LEARNERS = "see a learner's presses and minutes"
    SEE_TEAM_SERVER = "see whether a team's server runs"
    FIND_OWN_PATH = "be shown a path through the lessons"
    TAKE_KNOWLEDGE_TEST = "take a test of knowledge"
    ASK_FOR_HELP = "ask for help"
    SEE_HELP = "see who asked for help"
    GIVE_HELP = "answer who asked for help"
    OPEN_ATTEMPT = "read the box that came with a request for help"
    SEE_EVENT = "see the event's state"
    ISSUE_INVITATION = "issue an invitation"
    SEE_CHALLENGES = "see a challenge and its question"
    READ_DICTIONARY = "read a challenge's data dictionary"
    READ_LESSON_DATA = "read the data dictionary of a lesson"
    ASK_CLINICIAN = "ask about a column"
    ANSWER_QUESTION = "answer a question about a column"
    HAND_IN_PREDICTIONS = "hand in predictions"
    SEE_SCORES = "see a team's scores"


class Reach(StrEnum):
    """How far a permission goes."""

    ALL = "everyone"
    TEAMS = "own teams"
    SELF = "oneself"
    NONE = "nobody"


_ALL, _TEAMS, _SELF, _NONE = Reach.ALL, Reach.TEAMS, Reach.SELF, Reach.NONE
_A, _R = Action, Role

REACH: dict[Action, dict[Role, Reach]] = {
    _A.USE_LEARNING_SERVER: {
        _R.PARTICIPANT: _SELF,
        _R.MENTOR: _SELF,
        _R.JUROR: _SELF,
        _R.ORGANISER: _SELF,
        _R.CUSTODIAN: _SELF,
        _R.CHECKER: _SELF,
    },
    _A.ENTER_TEAM_SERVER: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.START_TEAM_SERVER: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.STOP_TEAM_SERVER: {
        _R.PARTICIPANT: _NONE,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.VIEW_DASHBOARDS: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _ALL,
        _R.JUROR: _ALL,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _ALL,
        _R.CHECKER: _ALL,
    },
    _A.PUBLISH_DASHBOARD: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.SEE_PROGRESS: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _ALL,
        _R.JUROR: _ALL,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.SEE_LEARNERS: {
        _R.PARTICIPANT: _SELF,
        _R.MENTOR: _TEAMS,
        _R.JUROR: _SELF,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _SELF,
        _R.CHECKER: _SELF,
    },
    _A.SEE_TEAM_SERVER: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _TEAMS,
        _R.JUROR: _NONE,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.FIND_OWN_PATH: {
        _R.PARTICIPANT: _SELF,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.TAKE_KNOWLEDGE_TEST: {
        _R.PARTICIPANT: _SELF,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.ASK_FOR_HELP: {
        _R.PARTICIPANT: _SELF,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.SEE_HELP: {
        _R.PARTICIPANT: _SELF,
        _R.MENTOR: _TEAMS,
        _R.JUROR: _NONE,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.GIVE_HELP: {
        _R.PARTICIPANT: _NONE,
        _R.MENTOR: _TEAMS,
        _R.JUROR: _NONE,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.OPEN_ATTEMPT: {
        _R.PARTICIPANT: _SELF,
        _R.MENTOR: _TEAMS,
        _R.JUROR: _NONE,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.SEE_EVENT: {
        _R.PARTICIPANT: _NONE,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.ISSUE_INVITATION: {
        _R.PARTICIPANT: _NONE,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.SEE_CHALLENGES: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _TEAMS,
        _R.JUROR: _ALL,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _ALL,
        _R.CHECKER: _NONE,
    },
    _A.READ_DICTIONARY: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _TEAMS,
        _R.JUROR: _NONE,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _ALL,
        _R.CHECKER: _NONE,
    },
    _A.READ_LESSON_DATA: {
        _R.PARTICIPANT: _SELF,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _ALL,
        _R.CUSTODIAN: _ALL,
        _R.CHECKER: _NONE,
    },
    _A.ASK_CLINICIAN: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.ANSWER_QUESTION: {
        _R.PARTICIPANT: _NONE,
        _R.MENTOR: _TEAMS,
        _R.JUROR: _NONE,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.HAND_IN_PREDICTIONS: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _NONE,
        _R.JUROR: _NONE,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
    _A.SEE_SCORES: {
        _R.PARTICIPANT: _TEAMS,
        _R.MENTOR: _TEAMS,
        _R.JUROR: _ALL,
        _R.ORGANISER: _NONE,
        _R.CUSTODIAN: _NONE,
        _R.CHECKER: _NONE,
    },
}


def reach(role: Role, action: Action) -> Reach:
    """Return how far `role` may do `action`."""
    return REACH[action][role]
