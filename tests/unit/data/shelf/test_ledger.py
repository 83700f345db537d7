"""What challenges open is in one table: nothing of it is lost to a second command, a damaged file or an old version."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rounds.data import attached
from rounds.data.shelf.attachments import read_attached, write_attached
from rounds.data.shelf.ledger import TABLE, find_current, find_opened, open_ledger, settle_ledger
from rounds.errors import DataError
from rounds.store.folders import Folders
from rounds.store.tables import Attachment

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "state")


def attach(folders: Folders, challenge: str, dataset: str, text: str = "1", slow_s: float = 0) -> None:
    """Let a challenge open a table that was imported whole."""
    entry = Attachment(challenge=challenge, part=TABLE, asked_for=challenge, dataset=dataset, source="t.csv")
    with open_ledger(folders, "rivka", NOW) as ledger, ledger.attach(entry, folders.data / dataset) as staging:
        (staging / "rows").write_text(text)
        time.sleep(slow_s)


def test_of_commands_that_attach_at_once_none_is_lost(folders: Folders) -> None:
    names = [f"challenge{number}" for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda name: attach(folders, name, f"{name}_own", slow_s=0.05), names))
    assert read_attached(folders.data) == {name: f"{name}_own" for name in names}
    assert all((folders.data / f"{name}_own" / "rows").is_file() for name in names)


@pytest.mark.parametrize("text", ["", '{"bsi": "ward"', "[]", "[" * 200_000])
def test_a_file_that_cannot_be_read_is_an_error_and_not_an_empty_one(folders: Folders, text: str) -> None:
    attach(folders, "bsi", "ward")
    attach(folders, "covid", "tests")
    file = folders.data / "attachments.json"
    file.write_text(text)
    with pytest.raises(DataError, match=r"attachments\.json: which dataset .* rounds event apply FILE"):
        attached("bsi", {"ROUNDS_DATA": str(folders.data)})
    said = settle_ledger(folders, "rivka", NOW)
    assert said == ["attachments.json could not be read. It was written again from the database."]
    assert read_attached(folders.data) == {"bsi": "ward", "covid": "tests"}


def test_the_table_decides_when_file_and_table_differ(folders: Folders) -> None:
    attach(folders, "bsi", "ward")
    write_attached(folders.data, {"bsi": "another"})
    assert settle_ledger(folders, "rivka", NOW) == []
    assert read_attached(folders.data) == {"bsi": "ward"}


def test_the_latest_of_a_name_counts_and_the_one_before_leaves_no_row(folders: Folders) -> None:
    for dataset in ("ward", "ward_2"):
        attach(folders, "bsi", dataset)
    with open_ledger(folders, "rivka", NOW) as ledger:
        assert [row.dataset for row in find_opened(ledger.engine, "bsi")] == ["ward_2"]
    assert read_attached(folders.data) == {"bsi": "ward_2"}


def test_a_write_that_fails_attaches_nothing(folders: Folders) -> None:
    attach(folders, "bsi", "ward")
    entry = Attachment(challenge="bsi", part=TABLE, asked_for="bsi", dataset="other")
    with (
        open_ledger(folders, "rivka", NOW) as ledger,
        pytest.raises(OSError, match="no space"),
        ledger.attach(entry, folders.data / "other"),
    ):
        raise OSError("no space left on device")
    assert read_attached(folders.data) == {"bsi": "ward"}
    assert not (folders.data / "other").exists()


def test_the_start_of_an_event_does_not_wait_for_a_long_attaching(folders: Folders) -> None:
    with open_ledger(folders, "rivka", NOW):
        assert settle_ledger(folders, "rivka", NOW) == ()


# what earlier versions of Rounds left


def write_old(folders: Folders) -> None:
    """Write what the version before wrote: a published challenge with its hold-out, and an imported table."""
    for folder in (folders.data, folders.hold_outs):
        folder.mkdir(parents=True)
    said = {"heart_failure": "ward", "heart_failure_hold_out": "ward_hold_out", "bsi": "births14"}
    opened = {"publication": "p1", "folder": "/hospital/ward", "parts": {"full": "ward", "hold-out": "ward_hold_out"}}
    held = {"challenge": "heart-failure", "folder": "/custodian/ward-p1", "hash": "h1", "features": "ward_hold_out",
            "rows": 40, "outcome_unit": ""}  # fmt: skip
    drawn = held | {"challenge": "covid", "folder": "/custodian/covid-1", "features": "covid_hold_out", "hash": "h2"}
    for path, entry in {
        folders.data / "attached.json": said,
        folders.hold_outs / "heart-failure.publication": opened,
        folders.hold_outs / "heart-failure.json": held,
        folders.hold_outs / "covid.json": drawn,
    }.items():
        path.write_text(json.dumps(entry))


def test_the_files_of_the_version_before_are_read_once_and_put_aside(folders: Folders) -> None:
    write_old(folders)
    for _ in range(2):
        with open_ledger(folders, "rivka", NOW) as ledger:
            opened = find_opened(ledger.engine, "heart-failure")
            assert {(o.part, o.dataset, o.publication, o.place) for o in opened} == {
                ("full", "ward", "p1", "sizes/full/ward"),
                ("hold-out", "ward_hold_out", "p1", "data/ward_hold_out"),
            }
            held = find_current(ledger.engine, "heart-failure", "ward")
            assert (held.folder, held.hash, held.rows) == ("/custodian/ward-p1", "h1", 40)
            assert find_current(ledger.engine, "covid", "covid").hash == "h2"
            assert len(find_opened(ledger.engine, "")) == 1  # births14, of which no challenge is named
        told = read_attached(folders.data)
        assert told.items() >= json.loads((folders.data / "attached.json.old").read_text()).items()
    assert sorted(path.name for path in folders.hold_outs.iterdir()) == [
        "covid.json.old", "heart-failure.json.old", "heart-failure.publication.old"]  # fmt: skip


@pytest.mark.parametrize("text", ['{"challenge": "co', '{"challenge": "covid"}', "[1]"])
def test_an_old_file_that_cannot_be_read_is_named_and_nothing_is_taken_over(folders: Folders, text: str) -> None:
    write_old(folders)
    (folders.hold_outs / "covid.json").write_text(text)
    for _ in range(2):
        with (
            pytest.raises(DataError, match=r"covid\.json: this file of an earlier version"),
            open_ledger(folders, "rivka", NOW),
        ):
            pass
    assert (folders.data / "attached.json").is_file()
    (folders.hold_outs / "covid.json").unlink()
    attach(folders, "dialysis", "own")
    assert read_attached(folders.data).items() >= {"heart_failure": "ward", "dialysis": "own"}.items()


def test_a_database_that_was_begun_anew_takes_over_what_rooms_were_told(folders: Folders) -> None:
    attach(folders, "bsi", "ward")
    for path in folders.root.glob("rounds.sqlite*"):
        path.unlink()
    attach(folders, "covid", "tests")
    assert read_attached(folders.data) == {"bsi": "ward", "covid": "tests"}
