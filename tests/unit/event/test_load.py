"""A file that cannot be read as an event is one sentence: what, where, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from rounds.errors import EventError
from rounds.event import load_event


def test_a_folder_in_the_place_of_the_file_is_named_with_the_file_in_it(tmp_path: Path) -> None:
    with pytest.raises(EventError, match=r"is a folder\. Name the file in it: .*event\.toml"):
        load_event(tmp_path)


def test_a_misspelt_file_is_answered_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "event.toml").write_text("", encoding="utf-8")
    with pytest.raises(EventError, match=r'no such file\. Did you mean "event\.toml"'):
        load_event(tmp_path / "evnt.toml")


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "event.toml").write_bytes('[event]\ntitle = "שלום"\n'.encode("cp1255"))
    with pytest.raises(EventError, match=r"event\.toml:2: is not UTF-8 text"):
        load_event(tmp_path / "event.toml")


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "event.toml").write_text('[event]\nid = "x"\ntitle = "a "b" c"\n', encoding="utf-8")
    with pytest.raises(EventError, match=r"event\.toml:3: is not TOML"):
        load_event(tmp_path / "event.toml")


def test_a_people_file_in_another_encoding_and_missing_terms_are_said(tmp_path: Path, demo_event_file: Path) -> None:
    (tmp_path / "event.toml").write_text(demo_event_file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "people.csv").write_bytes("name,email,role,background\nשלום,a@b.c,juror,clinician\n".encode("cp1255"))
    with pytest.raises(EventError) as caught:
        load_event(tmp_path / "event.toml")
    assert "people.csv:2: is not UTF-8 text" in str(caught.value)
    assert 'no file "terms.md" beside it' in str(caught.value)
