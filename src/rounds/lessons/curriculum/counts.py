"""How much of everything there is in all lessons together."""

from __future__ import annotations

from collections.abc import Sequence

from rounds.lessons.curriculum.overview import LessonOverview
from rounds.vocabulary import load_glossary


def count(lessons: Sequence[LessonOverview]) -> dict[str, int]:
    """Return the counts of `rounds lessons count`: lessons, exercises and their kinds, pictures, words, findings.

    ``kinds`` counts how exercises are answered: a function, a table, and each control of a form.
    """
    exercises = [exercise for lesson in lessons for exercise in lesson.exercises]
    return {
        "notebooks": len(lessons),
        "exercises": len(exercises),
        "questions": sum(lesson.questions for lesson in lessons),
        "kinds": len({kind for exercise in exercises for kind in exercise.kinds} - {"data"}),
        "mistakes": sum(exercise.mistakes for exercise in exercises),
        "wrong_answers": sum(exercise.wrong_answers for exercise in exercises),
        "exercises_with_hidden": sum(exercise.has_hidden for exercise in exercises),
        "widgets": len({lesson.widget for lesson in lessons} - {""}),
        "pictures": sum(len(lesson.alts) + lesson.plots for lesson in lessons),
        "figures_without_alt": sum(lesson.without_alt for lesson in lessons),
        "instructor_pages": sum(lesson.has_teachers_page for lesson in lessons),
        "terms": len(load_glossary()),
        "lint_findings": sum(len(lesson.problems) for lesson in lessons),
    }
