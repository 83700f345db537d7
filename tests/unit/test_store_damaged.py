"""A database that cannot be used is named in a sentence, by the real command, and its file is left as it is."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from rounds.errors import StartError
from rounds.store.database import open_database

ROOT = Path(__file__).parents[2]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rounds", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def sound(folder: Path) -> bytes:
    """Return the bytes of a database that is in order."""
    open_database(f"sqlite:///{folder / 'sound.sqlite'}").dispose()
    return (folder / "sound.sqlite").read_bytes()


DAMAGES = {
    "random": lambda _: random.Random(3).randbytes(20_000),
    "cut in its first page": lambda whole: whole[:3000],
    "cut behind it": lambda whole: whole[:9000],
    "zeros behind it": lambda whole: whole[:4096] + bytes(len(whole) - 4096),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_named_and_kept(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "rounds.sqlite"
    path.write_bytes(spoiled := DAMAGES[damage](sound(tmp_path)))
    with pytest.raises(StartError, match=r"rounds\.sqlite: the event's database is damaged .* left as it is.*backup"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes() == spoiled


def test_apply_says_that_the_database_is_damaged_before_it_takes_the_event_over(
    tmp_path: Path, demo_event_file: Path
) -> None:
    (tmp_path / "rounds.sqlite").write_bytes(random.Random(3).randbytes(20_000))
    done = run("event", "apply", demo_event_file, "--state", tmp_path)
    assert done.returncode == 2
    assert "is damaged" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "event").exists()


@pytest.mark.parametrize(
    "words", [("event", "apply", "events/demo/event.toml"), ("demo",), ("hub", "memory"), ("people", "invite", "dana")]
)
@pytest.mark.parametrize("below", [".", "deeper/still"])
def test_a_file_in_place_of_the_state_folder_is_named(tmp_path: Path, words: tuple[str, ...], below: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    done = run(*words, "--state", file / below)
    assert done.returncode == 2
    assert f"rounds: {file} is a file; the state of an event is a folder" in done.stderr
    assert "Traceback" not in done.stderr
    assert file.read_text() == "mine"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"cannot be written here .*--state FOLDER"):
        open_database(f"sqlite:///{tmp_path / 'gone' / 'rounds.sqlite'}")


def test_a_database_of_a_newer_version_is_no_bug(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rounds.sqlite'}"
    open_database(url).dispose()
    with (engine := create_engine(url)).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StartError, match="another version of Rounds"):
        open_database(url)
