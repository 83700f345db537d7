"""Load the parts of a lesson: what its checks say, what is checked at hand-in, the answers that tests try.

The parts of one lesson are the modules of one package without a file, so that each may write
``from .checks import ...`` wherever it lies.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from rounds.errors import LessonError
from rounds.lessons.examples import Examples, Gaps
from rounds.lessons.exercise import Key, Lesson
from rounds.lessons.folder import LessonFolder
from rounds.lessons.ladder import Rung

PACKAGE = "rounds_lessons"


def load_lesson(folder: LessonFolder) -> Lesson:
    """Return a lesson's exercises and questions, as its ``checks.py`` has them."""
    module = _load(folder, "checks")
    title, exercises, questions = (_take(folder, module, name) for name in ("TITLE", "EXERCISES", "QUESTIONS"))
    return Lesson(folder.id, str(title), folder.assignment, tuple(exercises), tuple(questions))


def load_hidden(folder: LessonFolder) -> Mapping[str, tuple[Rung, ...]]:
    """Return the rungs that an answer must climb when it is handed in, by exercise."""
    hidden: Mapping[str, tuple[Rung, ...]] = _take(folder, _load(folder, "hidden"), "HIDDEN")
    return hidden


def load_keys(folder: LessonFolder) -> Mapping[str, Key]:
    """Return the keys of a lesson's questions, by question."""
    keys: Mapping[str, Key] = _take(folder, _load(folder, "hidden"), "KEYS")
    return keys


def load_answers(folder: LessonFolder) -> Mapping[str, Examples]:
    """Return right answers, the stub and wrong answers, by exercise."""
    answers: Mapping[str, Examples] = _take(folder, _load(folder, "answers"), "EXAMPLES")
    return answers


def load_gaps(folder: LessonFolder) -> Gaps:
    """Return what is tried in the gaps of a lesson's faded example."""
    gaps: Gaps = _take(folder, _load(folder, "answers"), "GAPS")
    return gaps


def _load(folder: LessonFolder, part: str) -> ModuleType:
    if folder.file(f"{part}.py") is None:
        raise LessonError(f'The lesson "{folder.id}" has no {part}.py here.')
    package = _package(folder.name, [str(path) for path in folder.parts])
    wrote, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # a lesson's folder is everybody's to read
    try:
        return import_module(f"{package}.{part}")
    except LessonError:
        raise
    except Exception as error:
        raise LessonError(f"{folder.file(f'{part}.py')}: {_where(error)}{type(error).__name__}: {error}") from error
    finally:
        sys.dont_write_bytecode = wrote


def _package(name: str, places: list[str]) -> str:
    """Return the package of a lesson; made anew when the lesson lies elsewhere than before."""
    sys.modules.setdefault(PACKAGE, _empty(PACKAGE, []))
    full = f"{PACKAGE}.{name}"
    if full not in sys.modules or list(sys.modules[full].__path__) != places:
        for module in [m for m in sys.modules if m == full or m.startswith(f"{full}.")]:
            del sys.modules[module]
        sys.modules[full] = _empty(full, places)
    return full


def _empty(name: str, places: list[str]) -> ModuleType:
    module = ModuleType(name)
    module.__path__ = places
    return module


def _take(folder: LessonFolder, module: ModuleType, name: str) -> Any:
    if not hasattr(module, name):
        raise LessonError(f"{module.__file__}: there is no {name}. Every lesson has one; see tutorials/ for examples.")
    return getattr(module, name)


def _where(error: BaseException) -> str:
    """Return the line of the lesson in which it stopped."""
    trace, line = error.__traceback__, ""
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.name in ("checks.py", "hidden.py", "answers.py"):
            line = f"line {trace.tb_lineno}: "
        trace = trace.tb_next
    return line
