"""What a person may do next, worked out from the event and the marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rounds.counted import counted
from rounds.desk.access import teams_within
from rounds.event import Event, Person
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks, State
from rounds.roles import Action, Role

FOR_TWO = "It is for two, one from each profession, at one keyboard. Join each other under Lessons: it counts for both."
FIND_PATH = "Ten questions, about five minutes: they show with which lessons you begin, and what you may leave out."
TELL_KNOWLEDGE = (
    "If you want: 24 questions, at most 15 minutes, before your first exercise and again after the lessons. "
    "They show what was learned."
)
_BEHIND = (State.DONE, State.SUBMITTED, State.CHECKED)


@dataclass(frozen=True)
class NextStep:
    """One thing to do: why, the button's words, and the page of the desk behind it."""

    text: str
    label: str
    path: str


@dataclass(frozen=True)
class Situation:
    """What the steps depend on."""

    event: Event
    person: Person
    progress: EventMarks
    dashboards: int = 0
    not_invited: int = 0
    questions: int = 0
    answers: int = 0
    asking: int = 0
    helped: int = 0
    has_path: bool = False
    asks_knowledge: bool = False
    reviews: int = 0


def find_next_steps(now: Situation) -> list[NextStep]:
    """Return what to do next, the most urgent first; never empty."""
    by_role = {
        Role.PARTICIPANT: _for_participant,
        Role.MENTOR: _for_mentor,
        Role.ORGANISER: _for_organiser,
    }
    return by_role.get(now.person.role, _for_viewer)(now)


def find_next_exercise(progress: EventMarks, username: str) -> NextStep | None:
    """Return the first exercise, in the event's order, that the person can still bring forward; or the hand-in.

    What everybody does comes first, lesson by lesson; then what should or could be done.
    """
    marks = [(lesson, _states(progress, username, lesson)) for lesson in progress.lessons]
    steps = (_step_in(lesson, states, all_parts) for all_parts in (False, True) for lesson, states in marks)
    return next((step for step in steps if step), None)


def _states(progress: EventMarks, username: str, lesson: BoardLesson) -> Mapping[BoardExercise, State]:
    return {one: progress.mark(username, lesson.id, one.id).state for one in lesson.exercises}


def _step_in(lesson: BoardLesson, states: Mapping[BoardExercise, State], all_parts: bool) -> NextStep | None:
    """Return the next step in one lesson: an exercise, then the hand-in, then none."""
    ahead = next((one for one, state in states.items() if (all_parts or one.is_must) and state not in _BEHIND), None)
    if ahead:
        more = "" if ahead.is_must else f"If you want to go on ({ahead.part}). "
        text = f"{more}Next exercise: “{ahead.title}” in the lesson “{lesson.title}”."
    elif State.CHECKED in states.values():
        text = f"Every check of “{lesson.title}” passed. Hand the lesson in: then it counts."
        if any(state not in _BEHIND for state in states.values()):
            text = f"What everybody does in “{lesson.title}” passed. Hand the lesson in: then it counts."
    else:
        return None
    return NextStep(f"{text} {FOR_TWO}" if lesson.for_two else text, "Open this lesson", f"open/lesson/{lesson.id}")


def _for_participant(now: Situation) -> list[NextStep]:
    answered = f"{counted(now.answers, 'new answer')} about the columns of your challenge."
    steps = [NextStep(answered, "Read the answers", "questions")] if now.answers else []
    if now.helped:
        text = f"{counted(now.helped, 'request')} for help answered."
        steps.insert(0, NextStep(text, "Read what a mentor says", "help"))
    if now.reviews:
        text = f"{counted(now.reviews, 'short question')} from earlier lessons, half a minute: so it stays."
        steps.append(NextStep(text, "Answer", "lessons/reviews"))
    exercise = find_next_exercise(now.progress, now.person.username)
    if exercise and not now.has_path and not now.progress.passed(now.person.username):
        steps.append(NextStep(FIND_PATH, "Find my path", "lessons/path"))
    if now.asks_knowledge:
        steps.append(NextStep(TELL_KNOWLEDGE, "Read about the 24 questions", "lessons/knowledge"))
    if exercise:
        steps.append(exercise)
    elif now.progress.lessons:
        steps.append(NextStep("You have handed in every exercise.", "See the lessons board", "lessons"))
    else:
        steps.append(
            NextStep(
                "The lessons are not on the board yet. Look at the words of both professions meanwhile.",
                "Open the glossary",
                "glossary",
            )
        )
    for team in teams_within(now.event, now.person, Action.ENTER_TEAM_SERVER):
        text = f"Work on the challenge together with {team.title}."
        steps.append(NextStep(text, "Open the team’s server", f"open/team/{team.id}"))
    return steps


def _for_mentor(now: Situation) -> list[NextStep]:
    names = ", ".join(team.title for team in now.event.teams_of(now.person))
    progress = (
        NextStep(f"See which exercises {names} have done.", "See the lessons board", "lessons")
        if names
        else NextStep("You are not attached to a team yet. Ask an organiser.", "See all teams", "teams")
    )
    asked = f"{counted(now.questions, 'question waits', 'questions wait')} for you: what does this column mean?"
    waiting = [NextStep(asked, "Answer", "questions")] if now.questions else []
    return [*_asking(now), *waiting, progress, *_for_viewer(now)]


def _asking(now: Situation) -> list[NextStep]:
    text = f"{counted(now.asking, 'request for help waits', 'requests for help wait')} for an answer."
    return [NextStep(text, "Read and answer", "help")] if now.asking else []


def _for_organiser(now: Situation) -> list[NextStep]:
    steps = _asking(now)
    if now.not_invited:
        text = f"{counted(now.not_invited, 'person has', 'people have')} no link that works and no password yet."
        steps.append(NextStep(text, "Issue links", "invitations?state=none"))
    steps.append(NextStep("See who is at work and what is done.", "See the event", "event"))
    return steps


def _for_viewer(now: Situation) -> list[NextStep]:
    if now.dashboards:
        text = f"{counted(now.dashboards, 'dashboard')} to look at."
        return [NextStep(text, "See the dashboards", "dashboards")]
    return [
        NextStep(
            "No dashboard is published yet. The teams and their questions are here.",
            "See the teams",
            "teams",
        )
    ]
