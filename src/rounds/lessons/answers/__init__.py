"""For each tutorial: what learners write, right and wrong, and what each check must say to it."""

from rounds.lessons.answers.example import Examples, Wrong

__all__ = ["Examples", "Wrong"]
