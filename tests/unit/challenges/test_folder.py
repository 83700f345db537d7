"""A challenge is a folder: found by its id wherever it lies, its brief read with every problem and its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rounds.challenges.brief import load_brief
from rounds.challenges.briefs import brief_of
from rounds.challenges.folder import find_challenges, place_challenges
from rounds.errors import ChallengeError, DataError
from rounds.hub.starter_notebooks import place_starters
from rounds.installed import Installed

OWN = Path(__file__).parents[3] / "notebooks" / "challenges"
BRIEF = 'outcome = "died"\nevent = "death"\n'


def write(place: Path, name: str, text: str = BRIEF) -> Path:
    """Write a challenge's folder with a brief only."""
    (place / name).mkdir(parents=True)
    (place / name / "brief.toml").write_text(text, encoding="utf-8")
    return place / name


def test_a_challenge_is_found_in_rounds_in_the_events_folder_and_in_an_installed_package(tmp_path: Path) -> None:
    write(tmp_path / "event", "kidney_injury")
    package = write(tmp_path / "site-packages", "sepsis")
    found = find_challenges([OWN, tmp_path / "event"], installed=[Installed("sepsis", package, "pack", ())])
    assert {"bsi", "heart-failure", "kidney-injury", "sepsis"} <= set(found)
    assert found["heart-failure"].name == "heart_failure"
    assert found["heart-failure"].dataset is None


def test_two_challenges_of_one_id_are_refused_with_both_places(tmp_path: Path) -> None:
    write(tmp_path, "heart-failure")
    with pytest.raises(ChallengeError, match=rf'two challenges "heart-failure": {OWN}/heart_failure and {tmp_path}'):
        find_challenges([OWN, tmp_path], installed=())


def test_rooms_get_brief_and_notebooks_and_no_data(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(OWN / "bsi", tmp_path / "event" / "bsi"))
    (folder / "dataset").mkdir()
    (folder / "dataset" / "datapackage.json").write_text("{}", encoding="utf-8")
    place_challenges(list(find_challenges([tmp_path / "event"], installed=()).values()), tmp_path / "room")
    placed = sorted(path.name for path in (tmp_path / "room" / "current" / "bsi").iterdir())
    assert placed == ["brief.toml", "dashboard.ipynb", "start.ipynb"]
    here = {"ROUNDS_CHALLENGES": str(tmp_path / "room" / "current")}
    assert brief_of("bsi", here).unit == ("person_id", "day")


def test_a_team_keeps_its_own_notebook_of_the_same_name(tmp_path: Path) -> None:
    challenge = find_challenges([OWN], installed=())["bsi"]
    assert [path.name for path in place_starters(challenge, tmp_path)] == ["start.ipynb", "bsi.ipynb"]
    (tmp_path / "notebooks" / "start.ipynb").write_text("ours", encoding="utf-8")
    assert place_starters(challenge, tmp_path) == []
    assert (tmp_path / "notebooks" / "start.ipynb").read_text(encoding="utf-8") == "ours"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('outcome = "died"\n', "event: is missing; an example"),
        (BRIEF + 'peple = "patients"\n', r'brief.toml:3: unknown key "peple".* Did you mean "people"'),
        (BRIEF + '[shift]\ntrian = ["a"]\n', r'brief.toml:4: unknown key "trian".* Did you mean "train"'),
        (BRIEF + '[[step]]\nlabel = "Adults"\n', "takes one of the two: condition"),
        (BRIEF + "[[step]]\nlabel = 3\n", "brief.toml:4: step.label: takes a text in quotation marks"),
        (BRIEF + "[[step\n", "brief.toml: is not TOML .*quotation marks"),
    ],
)
def test_a_wrong_brief_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ChallengeError, match=says):
        load_brief(write(tmp_path, "x", text) / "brief.toml")


def test_a_brief_that_is_nowhere_is_answered_with_the_nearest() -> None:
    with pytest.raises(DataError, match=r'no brief for "covit" here.* Did you mean "covid"'):
        brief_of("covit", {"ROUNDS_CHALLENGES": str(OWN)})
