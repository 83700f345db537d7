"""The page of the curriculum: every lesson with what it is for; made from the lessons, never edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rounds.lessons.curriculum.overview import ExerciseOverview, LessonOverview
from rounds.lessons.curriculum.peers import render_peers

HEAD = """<!-- made by: rounds lessons curriculum; do not edit -->
# Curriculum

What each lesson is for, the mistaken idea that it works on, what its widget lets one discover, and how its exercises
are checked. Every figure here is counted from the lessons' own files.
"""
PEERS = """What others offer, read from snapshots of their repositories; a letter is our reading of the files opened.
Y yes, p partly, - no or not found, ? not checked. The last column is counted by `rounds lessons curriculum`."""
COUNTED = {
    "notebooks": "lessons",
    "exercises": "exercises",
    "questions": "questions with a reply to each option",
    "kinds": "ways to answer, by code or by a form",
    "mistakes": "mistakes that are named",
    "wrong_answers": "wrong answers that are tried and meet their sentence",
    "exercises_with_hidden": "exercises checked again at hand-in, on what the learner has not seen",
    "widgets": "teaching widgets",
    "pictures": "pictures",
    "figures_without_alt": "pictures without words for whoever does not see them",
    "instructor_pages": "teacher's pages",
    "terms": "words of the glossary",
    "lint_findings": "findings of the lint",
}


def render_page(lessons: Sequence[LessonOverview], counts: Mapping[str, int]) -> str:
    """Return the page as Markdown."""
    lines = [HEAD, *_render_counts(counts)]
    ordered = sorted(lessons, key=lambda lesson: (lesson.track, lesson.id))
    for track, group in groupby(ordered, key=lambda lesson: lesson.track):
        lines += [f"## {track}", ""]
        for lesson in group:
            lines += _render_lesson(lesson)
    lines += ["## Beside others", "", PEERS, "", *render_peers(lessons, counts)]
    return "\n".join(lines).rstrip() + "\n"


def _render_counts(counts: Mapping[str, int]) -> Iterator[str]:
    yield "| what | how many |"
    yield "|---|---|"
    yield from (f"| {COUNTED[name]} | {number:,} |" for name, number in counts.items())
    yield ""


def _render_lesson(lesson: LessonOverview) -> Iterator[str]:
    yield f"### {lesson.id.upper()}: {lesson.title}"
    yield ""
    yield from (f"{number}. {text}" for number, text in enumerate(lesson.objectives, start=1))
    yield ""
    yield from (f"- You may have thought: *{said}*" for said in lesson.misconceptions)
    yield f"- Widget: `{lesson.widget}`. It lets one discover: {lesson.discovery}" if lesson.discovery else ""
    yield f"- {lesson.questions} questions, {len(lesson.alts) + lesson.plots} pictures."
    yield ""
    yield "| exercise | | minutes | answered by | named mistakes | wrong answers tried | checked again at hand-in |"
    yield "|---|---|---|---|---|---|---|"
    yield from map(_render_exercise, lesson.exercises)
    yield ""


def _render_exercise(exercise: ExerciseOverview) -> str:
    again = "yes" if exercise.has_hidden else "no"
    cells = (exercise.title, exercise.part, exercise.minutes, ", ".join(exercise.kinds), exercise.mistakes)
    return "| " + " | ".join(map(str, (*cells, exercise.wrong_answers, again))) + " |"
