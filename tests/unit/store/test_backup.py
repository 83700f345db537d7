"""Backing up and restoring: what cannot be made again comes back byte for byte, while others write; nothing half."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from rounds.audit import Act, find_broken_record, record
from rounds.errors import BackupError
from rounds.event import AppliedEvent, store_event
from rounds.meter import silent
from rounds.people.invitations import NewPassword, accept_invitation, issue_invitation
from rounds.people.sign_in import LockOut, sign_in
from rounds.store import backup
from rounds.store.backup import BackedUp, back_up
from rounds.store.database import open_database
from rounds.store.folders import Folders, make_folder
from rounds.store.manifest import hash_folder
from rounds.store.restore import restore
from rounds.store.staging import remove_folder
from rounds.store.versions import LINK, write_version

NOW = datetime(2027, 2, 21, 9, tzinfo=UTC)
NAIVE = NOW.replace(tzinfo=None)
PASSWORD = "a quiet ward at night"


@pytest.fixture
def folders(tmp_path: Path, demo_event_file: Path) -> Folders:
    """Return the folders of an event with people, work, a gradebook and what needs no backup."""
    folders = Folders(tmp_path / "state")
    make_folder(folders.root)
    store_event(demo_event_file, folders.event)
    engine = open_database(folders.database_url)
    with Session(engine) as session, session.begin():
        secret = issue_invitation(session, "noa", 24, NAIVE)
        accept_invitation(session, secret, NewPassword(PASSWORD, PASSWORD, True), NAIVE)
    engine.dispose()
    record(folders.database_url, Act("rivka", "event applied", "demo", "test"), NOW)
    for place, name in ((folders.home("noa"), "מחברת.ipynb"), (folders.team("stork"), "first look.ipynb")):
        (make_folder(place) / name).write_text("{}", encoding="utf-8")
    for place in (folders.hub, folders.warm, folders.room("noa") / "runtime", folders.home("noa") / "__pycache__"):
        (make_folder(place) / "secret").write_text("not to keep", encoding="utf-8")
    package = folders.environment("stork") / "lib" / "python3.11" / "site-packages" / "emoji-2.14.dist-info"
    make_folder(package)
    return folders


def save(folders: Folders, target: Path) -> BackedUp:
    return back_up(folders, target, "demo", NOW, silent)


def test_an_event_comes_back_with_work_passwords_and_audit(folders: Folders, tmp_path: Path) -> None:
    save(folders, tmp_path / "event.backup")
    fresh = Folders(tmp_path / "another" / "machine")
    manifest = restore(tmp_path / "event.backup", fresh)
    assert (manifest.event, manifest.packages) == ("demo", {"stork": ["emoji==2.14"]})
    assert AppliedEvent(fresh.event).current() == AppliedEvent(folders.event).current()
    assert hash_folder(fresh.team("stork")) == hash_folder(folders.team("stork"))
    assert [path.name for path in fresh.home("noa").iterdir()] == ["מחברת.ipynb"]
    engine = open_database(fresh.database_url)
    with Session(engine) as session:
        assert sign_in(session, "noa", PASSWORD, LockOut(5, 15), NAIVE) == "noa"
        assert find_broken_record(session) is None
    engine.dispose()


def test_what_the_next_start_makes_anew_is_left_out(folders: Folders, tmp_path: Path) -> None:
    made = save(folders, tmp_path / "event.backup").manifest
    assert [name for name in made.files if name.endswith("secret")] == []
    assert {name.split("/")[0] for name in made.folders} == {"event", "homes", "teams", "rooms"}


def test_only_its_owner_reads_a_backup_and_what_comes_of_it(folders: Folders, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save(folders, tmp_path / "event.backup")
        restore(tmp_path / "event.backup", Folders(tmp_path / "fresh"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "event.backup").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "fresh").stat().st_mode) == 0o700


def test_modes_links_and_read_only_folders_come_back(folders: Folders, tmp_path: Path) -> None:
    shut = make_folder(folders.road / "published")
    (shut / "rows").write_text("1", encoding="utf-8")
    (shut / "rows").chmod(0o400)
    shut.chmod(0o500)
    (folders.home("noa") / "inside").symlink_to(folders.team("stork"))
    (folders.home("noa") / "outside").symlink_to("/etc/hostname")
    save(folders, tmp_path / "event.backup")
    fresh = Folders(tmp_path / "fresh")
    restore(tmp_path / "event.backup", fresh)
    assert stat.S_IMODE((fresh.road / "published").stat().st_mode) == 0o500
    assert stat.S_IMODE((fresh.road / "published" / "rows").stat().st_mode) == 0o400
    assert os.readlink(fresh.home("noa") / "inside") == str(fresh.team("stork"))
    assert os.readlink(fresh.home("noa") / "outside") == "/etc/hostname"
    for root in (folders.root, fresh.root):
        remove_folder(root / "road")


def test_a_database_is_right_while_others_write(folders: Folders, tmp_path: Path) -> None:
    path = make_folder(folders.course) / "gradebook.db"
    with closing(sqlite3.connect(path, check_same_thread=False, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE pair (a, b)")
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                writer.executescript("BEGIN; INSERT INTO pair VALUES (1, 0); UPDATE pair SET b = a; COMMIT")

        thread = threading.Thread(target=write)
        thread.start()
        save(folders, tmp_path / "event.backup")
        stop.set()
        thread.join()
    fresh = Folders(tmp_path / "fresh")
    restore(tmp_path / "event.backup", fresh)
    with closing(sqlite3.connect(fresh.course / "gradebook.db")) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert reader.execute("SELECT count(*) FROM pair WHERE a <> b").fetchone() == (0,)
    assert [path.name for path in fresh.course.iterdir()] == ["gradebook.db"]


def test_the_version_that_is_current_is_taken_whole_though_it_is_replaced_meanwhile(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced: list[Path] = []
    really = shutil.copytree

    def copy_and_replace(source: Path, target: Path, **rest: bool) -> Path:
        copied = really(source, target, **rest)
        if not replaced and folders.event in Path(source).parents:
            with write_version(folders.event) as version:
                really(source, version, dirs_exist_ok=True)
                (version / "new").write_text("yes", encoding="utf-8")
            replaced.append(Path(source))
        return Path(copied)

    monkeypatch.setattr(backup.shutil, "copytree", copy_and_replace)
    save(folders, tmp_path / "event.backup")
    fresh = Folders(tmp_path / "fresh")
    restore(tmp_path / "event.backup", fresh)
    assert replaced
    assert (fresh.event / LINK / "new").is_file()
    assert len(list(fresh.event.iterdir())) == 2


def test_a_file_that_never_keeps_still_is_named(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noisy = folders.team("stork") / "training.log"
    noisy.write_text("0", encoding="utf-8")
    really = shutil.copyfile

    def copy_and_write(source: Path, target: Path, **rest: bool) -> None:
        really(source, target, **rest)
        if source == noisy:
            noisy.write_text(noisy.read_text(encoding="utf-8") + "1", encoding="utf-8")

    monkeypatch.setattr(backup.shutil, "copyfile", copy_and_write)
    assert save(folders, tmp_path / "event.backup").restless == ("teams/stork/training.log",)


def test_sockets_and_pipes_are_nothing_to_keep(folders: Folders, tmp_path: Path) -> None:
    os.mkfifo(folders.home("noa") / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(folders.home("noa"))  # a socket's path is short
        listener.bind("socket")
        os.chdir(here)
        made = save(folders, tmp_path / "event.backup").manifest
    assert not {"homes/noa/pipe", "homes/noa/socket"} & made.files.keys()


def test_a_backup_takes_nothings_place(folders: Folders, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("mine", encoding="utf-8")
    for target, said in (
        (tmp_path / "old", "is there already"),
        (folders.root / "x", "lies in the state folder"),
        (tmp_path / "no" / "x", "no such folder"),
    ):
        with pytest.raises(BackupError, match=said):
            save(folders, target)
    with pytest.raises(BackupError, match="No event is in"):
        save(Folders(tmp_path / "nothing"), tmp_path / "new")
    assert (tmp_path / "old").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_not_empty_is_left_alone(folders: Folders, tmp_path: Path) -> None:
    save(folders, tmp_path / "event.backup")
    with pytest.raises(BackupError, match="is not empty"):
        restore(tmp_path / "event.backup", folders)
    empty = make_folder(tmp_path / "empty")
    restore(tmp_path / "event.backup", Folders(empty))
    assert (empty / "rounds.sqlite").is_file()


def spoil(path: Path, how: str) -> None:
    whole = path.read_bytes()
    if how == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "a byte":
        path.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    elif how == "text":
        path.write_text("no backup", encoding="utf-8")
    else:
        plain = gzip.decompress(whole)
        assert b"{}" in plain
        path.write_bytes(gzip.compress(plain.replace(b"\0{}\0", b"\0[]\0", 1)))


@pytest.mark.parametrize("how", ["cut", "a byte", "text", "a file that was changed"])
def test_a_backup_that_is_not_as_it_was_restores_nothing(folders: Folders, tmp_path: Path, how: str) -> None:
    save(folders, tmp_path / "event.backup")
    spoil(tmp_path / "event.backup", how)
    fresh = Folders(tmp_path / "fresh")
    with pytest.raises(BackupError, match="Take another file"):
        restore(tmp_path / "event.backup", fresh)
    assert not fresh.root.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".fresh")] == []


def test_no_path_of_a_backup_leads_out_of_the_new_folder(folders: Folders, tmp_path: Path) -> None:
    from rounds.store.archive import Manifest, Writer, place_beside

    (tmp_path / "bad").write_text("bad", encoding="utf-8")
    for name, links in (("../out", {}), ("/tmp/out", {}), ("ok", {"a": "/etc", "a/b": "x"}), ("ok", {"../l": "x"})):
        file = tmp_path / "bad.backup"
        file.unlink(missing_ok=True)
        with place_beside(file) as place:
            writer = Writer(file)
            manifest = Manifest("now", "demo", "/state", links=links)
            manifest.files[name] = writer.add(name, tmp_path / "bad", 0o600)
            writer.finish(manifest, place)
        with pytest.raises((BackupError, ValueError)):
            restore(file, Folders(tmp_path / "fresh"))
        assert not (tmp_path / "fresh").exists()
