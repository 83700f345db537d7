"""An event's lessons, challenges and widgets are found, checked and laid out before anybody opens a room."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rounds.cli.app import app
from rounds.cli.content import find_content, lay_out
from rounds.errors import ChallengeError, DataError, LessonError, StartError
from rounds.event import load_event, store_event
from rounds.lessons.placing import index_lesson
from rounds.store.folders import Folders
from rounds_widgets.shared.outside import find_outside, list_outside

ROOT = Path(__file__).parents[3]


def run(*words: str) -> None:
    """Run a command as its user would."""
    app(list(words), standalone_mode=False)


@pytest.fixture
def event_file(tmp_path: Path, demo_event_file: Path) -> Path:
    """Return an event in a folder of its own, with a challenge, a lesson and a widget from skeletons."""
    folder = Path(shutil.copytree(demo_event_file.parent, tmp_path / "event"))
    run("lessons", "new", "x1_fever", "--folder", str(folder))
    run("challenges", "new", "kidney-injury", "--folder", str(folder))
    run("widgets", "new", "fever_share", "--folder", str(folder))
    file = folder / demo_event_file.name
    text = file.read_text(encoding="utf-8").replace('lessons = ["', 'lessons = ["x1-fever", "')
    section = '[[challenge]]\nid = "kidney-injury"\ntitle = "K"\ndataset = "kidney_injury"\nquestion = "Q"\n'
    file.write_text(f"{text}\n{section}", encoding="utf-8")
    return file


def test_what_an_event_brings_of_its_own_is_laid_out_beside_what_rounds_has(event_file: Path, tmp_path: Path) -> None:
    folders = Folders(tmp_path / "state")
    event = store_event(event_file, folders.event)
    lay_out(find_content(event, ROOT, folders.event / "current"), folders)
    index = json.loads((folders.lessons / "current" / "index.json").read_text(encoding="utf-8"))
    assert [lesson["assignment"] for lesson in index] == list(event.event.lessons)
    assert {path.name for path in (folders.challenges / "current").iterdir()} >= {"kidney_injury", "bsi"}
    assert (folders.data / "kidney_injury" / "datapackage.json").is_file()
    assert (folders.widgets / "current" / "fever_share.js").is_file()


def test_a_dataset_that_is_there_is_not_written_over(event_file: Path, tmp_path: Path) -> None:
    folders = Folders(tmp_path / "state")
    event = store_event(event_file, folders.event)
    content = find_content(event, ROOT, event_file.parent)
    lay_out(content, folders)
    note = folders.data / "kidney_injury" / "datapackage.json"
    note.chmod(0o644)
    note.write_text(note.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    lay_out(content, folders)
    assert note.read_text(encoding="utf-8").endswith("\n\n")


def test_a_restricted_dataset_in_a_challenges_folder_is_refused(event_file: Path) -> None:
    descriptor = event_file.parent / "notebooks" / "challenges" / "kidney_injury" / "dataset" / "datapackage.json"
    text = descriptor.read_text(encoding="utf-8")
    assert '"synthetic"' in text
    descriptor.write_text(text.replace('"synthetic"', '"restricted"'), encoding="utf-8")
    with pytest.raises(ChallengeError, match=r"restricted.*prepare-hospital-data"):
        find_content(load_event(event_file), ROOT, event_file.parent)


def test_a_dataset_of_another_name_is_refused(event_file: Path) -> None:
    text = event_file.read_text(encoding="utf-8")
    event_file.write_text(text.replace('dataset = "kidney_injury"', 'dataset = "kidneys"'), encoding="utf-8")
    with pytest.raises(ChallengeError, match=r'called "kidney_injury".*dataset = "kidneys"'):
        run("event", "check", str(event_file))


@pytest.mark.parametrize("command", ["check", "apply"])
def test_a_misspelt_lesson_stops_check_and_apply_before_anything_is_stored(
    event_file: Path, tmp_path: Path, command: str
) -> None:
    text = event_file.read_text(encoding="utf-8")
    event_file.write_text(text.replace('"x1-fever"', '"x1-fevre"'), encoding="utf-8")
    state = ["--state", str(tmp_path / "state")] if command == "apply" else []
    with pytest.raises(LessonError, match=r'no lesson "x1-fevre".* Did you mean "x1-fever"'):
        run("event", command, str(event_file), *state)
    assert not (tmp_path / "state" / "event").exists()


def test_a_lesson_that_cannot_be_loaded_is_named_with_its_line(event_file: Path) -> None:
    checks = event_file.parent / "tutorials" / "together" / "x1_fever" / "checks.py"
    checks.write_text(checks.read_text(encoding="utf-8") + "\nBROKEN = 1 / 0\n", encoding="utf-8")
    with pytest.raises(LessonError, match=r"x1_fever/checks\.py: line \d+: ZeroDivisionError"):
        run("event", "check", str(event_file))


def test_a_challenge_without_a_folder_is_said(event_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(event_file.parent / "notebooks")
    run("event", "check", str(event_file))
    assert (
        'The challenge "kidney-injury" has no folder with a brief.toml: its teams start without a notebook.'
        in capsys.readouterr().out
    )


KIDNEY, WIDGETS, LESSON = "notebooks/challenges/kidney_injury/", "widgets/fever_share", "tutorials/together/x1_fever/"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (KIDNEY + "brief.toml", '"age >= 18"', '"agee >= 18"', 'has no column "agee".* Did you mean "age"'),
        (KIDNEY + "brief.toml", '"age >= 18"', '"age >="', "this value does not fit"),
        (KIDNEY + "brief.toml", 'alone = "score"', 'alone = "scor"', 'alone: .*"scor".* Did you mean "score"'),
        (KIDNEY + "brief.toml", 'outcome = "outcome"', 'outcome = "outcom"', 'outcome: .*"outcom"'),
        (KIDNEY + "brief.toml", 'unit = ["stay_id"]', 'unit = "stay_id"', "takes a list"),
        (KIDNEY + "brief.toml", '"the outcome"', "the outcome", "quotation marks"),
        (KIDNEY + "start.ipynb", '"cells"', "cells", r"start\.ipynb: is no notebook"),
        (KIDNEY + "start.ipynb", "", None, r"start\.ipynb: is missing"),
        (KIDNEY + "dataset/stays.parquet", "", None, r"stays\.parquet: is missing"),
        (WIDGETS + ".py", "class FeverShare", "class FeverShaer", "holds no class FeverShare, but FeverShaer"),
        (WIDGETS + ".py", "def __init__(", "def __init__", r"fever_share\.py:\d+: "),
        (WIDGETS + ".js", "function render({", "function ({", r"fever_share\.js:\d+: SyntaxError"),
        (WIDGETS + ".css", "", None, r"fever_share\.css: is missing"),
        (LESSON + "lesson.py", "### END SOLUTION", "", r"lesson\.py: cell f1 has 1 times ### BEGIN SOLUTION"),
        (LESSON + "lesson.py", "{term}`prevalence`", "{term}`prevalense`", "cell worked: .*not in the glossary"),
    ],
)
def test_check_names_what_a_team_or_a_learner_would_meet(
    event_file: Path, file: str, old: str, new: str | None, says: str
) -> None:
    path = event_file.parent / file
    if new is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises((ChallengeError, LessonError), match=says):
        run("event", "check", str(event_file))


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("lesson.py", "100 * 12 / 50", "100 * 12 /", "cell e1 stops: SyntaxError"),
        ("lesson.py", "import WordMatch", "import WordMtach", "cell match stops: .*WordMtach"),
        ("lesson.py", 'open_lesson("x1")', 'open_lesson("x2")', 'no lesson "x2" here'),
        (
            "checks.py",
            'is_number("fever_percent", "12.5")',
            "Rung('type', lambda answer: answr)",
            "e1: .*checks.py stops: NameError",
        ),
    ],
)
def test_a_lesson_that_stops_is_named_with_its_cell(event_file: Path, file: str, old: str, new: str, says: str) -> None:
    path = event_file.parent / LESSON / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    head = "from rounds.lessons.ladder import Rung\n" if "Rung(" in new else ""
    text = text.replace("import annotations\n", f"import annotations\n\n{head}", 1) if head else text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LessonError, match=says):
        run("lessons", "test", "--folder", str(event_file.parent))


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("lessons", "new", "x1_fever"), LessonError),
        (("lessons", "new", "Fever"), LessonError),
        (("lessons", "new", "a3_again"), LessonError),
        (("challenges", "new", "kidney-injury"), ChallengeError),
        (("challenges", "new", "bsi"), ChallengeError),
        (("challenges", "new", "Kidney injury"), ChallengeError),
        (("widgets", "new", "fever_share"), StartError),
        (("widgets", "new", "FeverShare"), StartError),
        (("widgets", "new", "word_match"), StartError),
        (("widgets", "new", "class"), StartError),
    ],
)
def test_a_skeleton_never_takes_the_place_of_something(
    event_file: Path, words: tuple[str, ...], error: type[Exception]
) -> None:
    before = sorted(event_file.parent.rglob("*"))
    with pytest.raises(error):
        run(*words, "--folder", str(event_file.parent))
    assert sorted(event_file.parent.rglob("*")) == before


def test_a_folder_without_an_event_is_not_begun_by_a_misspelling(tmp_path: Path) -> None:
    for words in (("lessons", "new", "x1_fever"), ("challenges", "new", "kidneys"), ("widgets", "new", "fever_share")):
        with pytest.raises(StartError, match=r"has no event\.toml"):
            run(*words, "--folder", str(tmp_path / "evnet"))
    assert list(tmp_path.iterdir()) == []


def test_a_title_may_hold_quotation_marks(event_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    title = 'The "normal" range'
    run("lessons", "new", "x2_range", "--title", title, "--folder", str(event_file.parent))
    run("challenges", "new", "normal-range", "--title", title, "--folder", str(event_file.parent))
    section = capsys.readouterr().out.partition("\n\n")[2]
    text = event_file.read_text(encoding="utf-8").replace('lessons = ["', 'lessons = ["x2-range", "')
    event_file.write_text(text + section, encoding="utf-8")
    event = load_event(event_file)
    assert event.challenge_by_id["normal-range"].title == title
    assert index_lesson(find_content(event, ROOT, event_file.parent).lessons[0]).title == title


def test_the_skeleton_of_a_lesson_has_no_problems(event_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("lessons", "test", "--folder", str(event_file.parent))
    assert "All lessons are in order." in capsys.readouterr().out


def test_a_widget_that_cannot_be_loaded_is_one_sentence_for_the_learner(event_file: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(event_file.parent / "widgets", tmp_path / "broken"))
    file = folder / "fever_share.py"
    file.write_text(file.read_text(encoding="utf-8") + "\nGONE = 1 / 0\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"FeverShare cannot be loaded: fever_share\.py, line \d+: ZeroDivisionError"):
        find_outside("FeverShare", {"ROUNDS_WIDGETS": str(folder)})


def test_a_widget_of_the_event_is_found_by_its_name(event_file: Path) -> None:
    environ = {"ROUNDS_WIDGETS": str(event_file.parent / "widgets")}
    assert list_outside(environ)[0] == "FeverShare"
    share = find_outside("FeverShare", environ)(50)
    share.count = 70  # a message from a browser that asks for the impossible
    assert (share.count, share.share_percent) == (50, 100.0)
    assert find_outside("FeverShare", {}) is None
    assert "followLook" in str(share._esm)
