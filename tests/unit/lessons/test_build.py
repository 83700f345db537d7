"""A tutorial's source becomes two notebooks; a broken one is named with its cell."""

import pytest

from rounds.errors import LessonError
from rounds.lessons.build import build_instructor, build_learner, release_config, render_notebook
from rounds.lessons.folder import LessonFolder
from rounds.lessons.linting.lint import PARTS, find_problems
from rounds.lessons.source import link_terms, read_source

ANSWER = (
    '# %% id="a" nbgrader={"grade": false, "grade_id": "a", "locked": false,'
    ' "schema_version": 3, "solution": true, "task": false}\n'
    "x = ...\n### BEGIN SOLUTION\nx = 41\n### END SOLUTION\n"
)
TEST = (
    '\n# %% id="t" nbgrader={"grade": true, "grade_id": "t", "locked": true, "points": 2,'
    ' "schema_version": 3, "solution": false, "task": false}\n'
    "assert x\n### BEGIN HIDDEN TESTS\nassert x == 41\n### END HIDDEN TESTS\n"
)
TEXT = '\n# %% [markdown] id="m"\n# About {term}`sensitivity` and {term}`alerts <cutoff>`.\n'


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "track" / "x1_topic"
    folder.mkdir(parents=True)
    (folder / "lesson.py").write_text(ANSWER + TEST + TEXT)
    return LessonFolder("x1_topic", "track", folder, folder)


def test_cell_ids_are_those_of_the_source(source):
    assert [cell.id for cell in build_learner(source).cells] == ["a", "t", "m"]


def test_learner_keeps_the_stub_and_loses_solution_and_hidden_tests(source):
    answer, test, _ = build_learner(source).cells
    assert answer.source == "x = ...\n"
    assert test.source == "assert x"
    assert answer.metadata.nbgrader.checksum


def test_instructor_keeps_solution_and_hidden_tests(source):
    text = render_notebook(build_instructor(source))
    assert "BEGIN SOLUTION" in text
    assert "BEGIN HIDDEN TESTS" in text


def test_building_twice_gives_the_same_bytes(source):
    assert render_notebook(build_learner(source)) == render_notebook(build_learner(source))


def test_term_becomes_a_link_that_shows_both_meanings():
    text = link_terms("A {term}`recall` and {term}`alerts <cutoff>`.")
    assert text.startswith("A [recall](#Words-of-this-lesson ")
    assert "Clinic:" in text
    assert "[alerts](#Words" in text


def test_unknown_term_stops_the_build():
    with pytest.raises(LessonError, match="not in the glossary"):
        link_terms("{term}`sensitvity`")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %%\nx = 1\n", "cell 1 has no id"),
        ('# %% id="a"\n1\n\n# %% id="a"\n2\n', "repeat"),
        ('# %% id="a b"\n1\n', "odd signs"),
    ],
)
def test_source_with_broken_ids_is_refused(tmp_path, text, message):
    path = tmp_path / "01_x.py"
    path.write_text(text)
    with pytest.raises(LessonError, match=message):
        read_source(path)


def test_the_folder_names_lesson_and_assignment(source):
    said = build_learner(source).metadata["rounds"]
    assert (said["assignment"], said["lesson"]) == ("x1-topic", "x1")


def test_release_config_leaves_no_exception_in_answer_cells():
    assert release_config().ClearSolutions.code_stub == {"python": ""}


def test_tutorial_without_its_parts_is_named(source):
    problems = find_problems(read_source(source.file("lesson.py")))
    assert len(problems) == 1
    assert all(part in problems[0] for part in PARTS)
