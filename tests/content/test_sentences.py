"""What the checks of a lesson say is plain: short sentences, common words, the glossary, names of the lesson's code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.plain import COMMON, MOST_WORDS, find_hard_words, list_words, sentences

from rounds.lessons.finding import find_lessons
from rounds.lessons.folder import LessonFolder
from rounds.vocabulary import load_glossary

ROOT = Path(__file__).parents[2]
FOLDERS = find_lessons([ROOT / "tutorials"], installed=())
ERRORS = ROOT / "tests" / "unit" / "mistakes" / "own_words.txt"
OWN = Path(__file__).parent / "lesson_words.txt"


def say_all(folder: LessonFolder) -> Iterator[str]:
    """Yield each text of a lesson's checks that reads like a sentence."""
    for name in ("checks.py", "hidden.py"):
        file = folder.file(name)
        assert file is not None
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.search("[a-z] [a-z]", text) and text.rstrip().endswith((".", "?")):
                yield text


def glossary_words() -> set[str]:
    return {word for term in load_glossary() for word in re.findall("[a-z]+", term.lower())}


@pytest.mark.parametrize("lesson_id", FOLDERS)
def test_sentences_are_short_and_plain(lesson_id: str) -> None:
    source = FOLDERS[lesson_id].file("lesson.py")
    assert source is not None
    known = list_words(COMMON) | list_words(ERRORS) | list_words(OWN) | glossary_words()
    said = list(say_all(FOLDERS[lesson_id]))
    assert len(said) > 30
    assert [part for text in said for part in sentences(text) if len(part.split()) > MOST_WORDS] == []
    code = source.read_text(encoding="utf-8")
    assert sorted({word for text in said for word in find_hard_words(text, code, known)}) == []


def test_each_word_of_the_list_is_used() -> None:
    said = " ".join(text.lower() for folder in FOLDERS.values() for text in say_all(folder))
    assert [word for word in sorted(list_words(OWN)) if word not in said] == []
