"""A form fills the gaps of its box; a file that does not fit is one sentence."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from tests.courses import FOLDERS

from rounds.errors import LessonError
from rounds.lessons.build import build_instructor, build_learner
from rounds.lessons.folder import LessonFolder
from rounds.lessons.view.forms import check_gaps, note_forms, read_forms

WHOLE = """
[[e1]]
ask = "How many of them?"
number = { min = 0, max = 100, step = 5 }
unit = ["mg/dL", "µmol/L"]
[[e2]]
ask = "The shares are"
choose = ["1 - spec", "spec"]
[[e2]]
ask = "The word is"
choose = { "A: the label" = '"A"', "B: the feature" = '"B"' }
[[e3]]
ask = "Sort the columns"
sort = ["age", "weight"]
into = ["feature", "label"]
[[e4]]
ask = "In which order?"
order = { A = "split", B = "train" }
[[e5]]
ask = "Build the lines"
lines = ["model.fit(X)", "model.score(X)"]
[[e6]]
ask = "Which of them?"
several = ["names", "numbers"]
[[e7]]
ask = "From where to where?"
interval = { min = 0, max = 1 }
[[e8]]
ask = "Which picture?"
pictures = { a = "a.svg", b = "b.svg" }
alt = { a = "A line that rises", b = "A line that falls" }
[[e9]]
ask = "Who acts then?"
text = 80
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "forms.toml"
    path.write_text(text, encoding="utf-8")
    return path


def box(name: str, source: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, id=name)  # type: ignore[no-untyped-call]
    cell.metadata["rounds"] = {"role": "box", "exercise": name}
    return cell  # type: ignore[no-any-return]


def test_each_kind_of_control_is_read(tmp_path: Path) -> None:
    forms = read_forms(written(tmp_path, WHOLE))
    kinds = [gap["kind"] for gaps in forms.values() for gap in gaps]
    assert kinds == ["number", "choose", "choose", "sort", "order", "lines", "several", "interval", "pictures", "text"]
    assert forms["e1"][0]["units"] == ["mg/dL", "µmol/L"]
    assert forms["e2"][1]["options"] == [["A: the label", '"A"'], ["B: the feature", '"B"']]
    assert forms["e2"][0]["options"] == [["1 - spec", "1 - spec"], ["spec", "spec"]]  # in the author's order
    assert forms["e3"] == [
        {"ask": "Sort the columns", "kind": "sort", "items": ["age", "weight"], "groups": ["feature", "label"]}
    ]


# code of a choice, and how the page shows it: only of a whole text are the quotes left out
@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('"train"', "train"),
        ('""', '""'),
        ('a["x"] == "I50"', 'a["x"] == "I50"'),
        ('"a" + "b"', '"a" + "b"'),
        ("1", "1"),
    ],
)
def test_a_choice_shows_its_code_whole_and_of_a_text_the_words(tmp_path: Path, code: str, shown: str) -> None:
    file = tmp_path / "forms.toml"
    file.write_text(f"[[e1]]\nask = \"Which is it?\"\nchoose = ['{code}', 'other']\n", encoding="utf-8")
    assert read_forms(file)["e1"][0]["options"][0] == [shown, code]


def test_a_lesson_without_forms_has_none() -> None:
    assert read_forms(None) == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[e1]]\nask = "Which is it?"', "e1 has 0 controls in one entry"),
        ('[[e1]]\nask = "Which is it?"\nseveral = ["a", "b"]\nchoose = ["a", "b"]', "e1 has 2 controls"),
        ('[e1]\nask = "Which is it?"\nchoose = ["a", "b"]', "Write [[e1]] with two brackets"),
        ('[[e1]]\nchoose = ["a", "b"]', "e1 asks nothing"),
        ('[[e1]]\nask = "Which is it?"\nchoose = ["a"]', "choose is a list of 2 to"),
        ('[[e1]]\nask = "Which is it?"\nchoose = ["a", "a"]', "different texts"),
        ('[[e1]]\nask = "Which is it?"\nchoose = ["a", "b"]\nchose = 1', '"chose" is no key of such an entry. Did you'),
        ('[[e1]]\nask = "Which is it?"\nsort = ["a", "b"]', "into is a list of 2 to"),
        ('[[e1]]\nask = "Which is it?"\nnumber = { min = 3, max = 2 }', "number needs its ends"),
        ('[[e1]]\nask = "Which is it?"\ninterval = { low = 3, max = 2 }', "interval needs its ends"),
        ('[[e1]]\nask = "Which is it?"\norder = { A = "a" }', "order needs two or more"),
        ('[[e1]]\nask = "Which is it?"\npictures = { a = "a.svg", b = "b.svg" }', "picture a has no alt text"),
        ('[[e1]]\nask = "Who acts then?"\ntext = "long"', "text is the most letters"),
        ("[[e1]\n", "forms.toml: "),
    ],
)
def test_a_file_that_does_not_fit_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(LessonError) as error:
        read_forms(written(tmp_path, text))
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_form_is_noted_in_its_box_and_one_of_data_stands_open(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    cells = [box(f"e{number}", "x = ...") for number in range(1, 10)]
    note_forms(cells, read_forms(path), path, opened=False)
    is_open = {cell.id: cell.metadata["rounds"]["form"]["open"] for cell in cells}
    assert [name for name, open_ in is_open.items() if not open_] == ["e2", "e5"]
    note_forms(cells, read_forms(path), path, opened=True)
    assert all(cell.metadata["rounds"]["form"]["open"] for cell in cells)


def test_a_choice_of_words_and_numbers_is_data(tmp_path: Path) -> None:
    codes = {"e1": "['\"clinician\"', '\"engineer\"']", "e2": '["1", "-0.5"]', "e3": '["1", "x + 1"]'}
    text = "".join(f'[[{name}]]\nask = "Which is it?"\nchoose = {codes[name]}\n' for name in codes)
    path = written(tmp_path, text)
    cells = [box(name, "x = ...") for name in codes]
    note_forms(cells, read_forms(path), path, opened=False)
    assert [cell.metadata["rounds"]["form"]["open"] for cell in cells] == [True, True, False]


def test_a_form_without_a_box_and_a_gap_without_an_entry_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, '[[e9]]\nask = "Which is it?"\nchoose = ["a", "b"]')
    with pytest.raises(LessonError, match='there is no box "e9"'):
        note_forms([box("e1", "x = ...")], read_forms(path), path, opened=True)
    cell = box("e9", "x = ...\ny = ...")
    note_forms([cell], read_forms(path), path, opened=True)
    with pytest.raises(LessonError, match="e9 has 1 entries, and its box 2 gaps"):
        check_gaps([cell], path)


@pytest.mark.parametrize("lesson", FOLDERS.values(), ids=lambda lesson: lesson.id)
def test_the_source_and_the_learners_notebook_carry_the_same_forms(lesson: LessonFolder) -> None:
    forms = [
        [cell.metadata["rounds"].get("form") for cell in build(lesson).cells if cell.cell_type == "code"]
        for build in (build_instructor, build_learner)
    ]
    assert forms[0] == forms[1]
    assert "correct" not in str(forms)
