"""The custodian's register: what an earlier version wrote is taken over, what was killed leaves no hold-out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rounds.custody.publishing.register import Registered, open_register, read_register
from rounds.errors import DataError

ONE = {"id": "p1", "name": "births", "challenge": "birthweight", "folder": "/hospital/births", "hold_out": "births-p1",
       "published": "2026-11-24T09:00:00+00:00"}  # fmt: skip


def test_the_register_of_the_version_before_is_taken_over_once(tmp_path: Path) -> None:
    old = tmp_path / "publications.json"
    old.write_text(json.dumps([ONE]))
    for _ in range(2):
        assert read_register(tmp_path) == (Registered(**ONE),)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["publications.json.old", "register.sqlite"]
    assert (tmp_path / "register.sqlite").stat().st_mode & 0o077 == 0


def test_a_damaged_register_of_the_version_before_is_named(tmp_path: Path) -> None:
    (tmp_path / "publications.json").write_text(json.dumps([ONE])[:-20])
    for _ in range(2):
        with pytest.raises(DataError, match=r"publications\.json: the register of publications cannot be read"):
            read_register(tmp_path)


def publish_in(custodian: Path, target: Path, staging: Path) -> Path:
    """Leave on record what a killed publication leaves, and return its hold-out."""
    (held := custodian / "births-p1").mkdir(parents=True)
    with open_register(custodian) as register:
        register._write(Registered(**ONE | {"folder": str(target)}, staging=str(staging)))
    return held


def test_what_was_killed_is_taken_away_with_its_hold_out(tmp_path: Path) -> None:
    (staging := tmp_path / ".births-x").mkdir()
    held = publish_in(tmp_path / "custodian", tmp_path / "births", staging)
    with open_register(tmp_path / "custodian"):
        assert not held.exists()
        assert not staging.exists()
    assert read_register(tmp_path / "custodian") == ()


def test_a_hold_out_whose_publication_was_moved_away_stays_and_is_on_record(tmp_path: Path) -> None:
    held = publish_in(tmp_path / "custodian", tmp_path / "births", tmp_path / "gone")
    assert read_register(tmp_path / "custodian") == ()
    for _ in range(2):
        with open_register(tmp_path / "custodian"):
            assert held.is_dir()
    assert [(one.id, one.hold_out) for one in read_register(tmp_path / "custodian")] == [("p1", "births-p1")]
