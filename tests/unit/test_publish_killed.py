"""Publishing and attaching, killed with SIGKILL at every kind of step: nothing half-done, and the next run succeeds.

A child counts what it does to the file system (an audit hook hears each open, rename, chmod ...) and what it asks of a
database, and kills itself at the n-th act.  So the moments are exact, and not left to a clock.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.covered import UNMEASURED
from tests.unit.test_publish_road import NOW, ORDER, hold_outs, part, people_in, publish, sign_both, signed, write_clean

from rounds.audit import find_broken_record
from rounds.custody.publishing.attach import attach_part, check_can_attach
from rounds.custody.publishing.publication import read_publication
from rounds.custody.publishing.register import read_register
from rounds.data.dataset import open_dataset
from rounds.data.shelf.attachments import read_attached
from rounds.data.shelf.ledger import find_opened, open_ledger
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.manifest import hash_all, hash_folder
from rounds.store.staging import remove_folder
from rounds.store.tables import Attachment, AuditRecord

CHILD = """
import functools, os, signal, sqlite3, sys
from pathlib import Path
from tests.unit.test_publish_road import NOW, ORDER, part, publish
from rounds.custody.publishing.attach import attach_part
from rounds.data.dataset import open_dataset
from rounds.data.shelf.ledger import TABLE, open_ledger
from rounds.store.folders import Folders
from rounds.store.tables import Attachment
import pandas, pyarrow, pyarrow.parquet, scipy.sparse.csgraph, rounds.custody.privacy.check
ACTS = {"open", "os.rename", "os.mkdir", "os.chmod", "os.remove", "os.rmdir", "os.link", "shutil.rmtree", "tempfile.mkdtemp"}
here, acts, done = Path(sys.argv[1]), [], [0]

def hear(event, args):
    if event not in ACTS or (event == "open" and not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))):
        return
    if str(here) in str(args[0]):
        act()

def act():
    done[0] += 1
    if done[0] == limit:
        os.kill(os.getpid(), signal.SIGKILL)

def connect(really, *given, **named):
    connection = really(*given, **named)
    connection.set_trace_callback(lambda _: act())
    return connection

sys.addaudithook(hear)
sqlite3.connect = sqlite3.dbapi2.connect = functools.partial(connect, sqlite3.connect)
def do(limit):
    DO

for limit in map(int, sys.argv[2].split(",")):
    child = os.fork()
    if child == 0:
        done[0] = 0
        do(limit)
        print(limit, "whole", done[0], flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print(limit, "killed", os.WTERMSIG(status), flush=True)
"""  # noqa: E501


PUBLISH = """
    target = here / str(limit) / "births"
    publish(open_dataset(here / "births"), target, here / f"custodian-{limit}", ORDER, policy_k=11, now=NOW)
"""
ATTACH = """
    done[0] = -10**6  # a database that is made for the first time is no part of this
    with open_ledger(Folders(here / f"state-{limit}"), "rivka", NOW) as ledger:
        done[0] = 0
        attach_part(ledger, part(here / "data" / "births", "full"))
"""
REPLACE = """
    folders = Folders(here / f"state-{limit}")
    for text in ("old", "new"):
        done[0] = -10**6
        with open_ledger(folders, "rivka", NOW) as ledger:
            entry = Attachment(challenge="bsi", part=TABLE, asked_for="bsi", dataset="ward")
            done[0] = 0 if text == "new" else done[0]
            with ledger.attach(entry, folders.data / "ward") as staging:
                (staging / "rows").write_text(text)
"""


def run_with_limits(what: str, tmp_path: Path, root: Path, limits: list[int]) -> dict[int, tuple[str, int]]:
    child = CHILD.replace("\n    DO\n", what)
    command = [sys.executable, "-c", child, str(tmp_path), ",".join(map(str, limits))]
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    said = subprocess.check_output(command, cwd=root, text=True, env={**unmeasured, UNMEASURED: "1"})
    return {int(a): (b, int(c)) for a, b, c in (line.split() for line in said.splitlines())}


@pytest.mark.timeout(300)
def test_a_kill_at_any_act_on_the_disk_leaves_all_of_it_or_nothing(tmp_path: Path, root: Path) -> None:
    write_clean(tmp_path / "births")
    whole = run_with_limits(PUBLISH, tmp_path, root, [10**6])[10**6]
    assert whole[0] == "whole"
    acts = whole[1]
    assert acts > 25
    last = list(range(max(1, acts - 6), acts + 1))  # the rename and what the register says after it
    limits = sorted({*last, *random.Random(5).sample(range(1, acts), min(30, acts - 1))})
    ended = run_with_limits(PUBLISH, tmp_path, root, limits)
    assert set(ended) == set(limits)
    assert {how for how, _ in ended.values()} >= {"killed"}
    published = []
    for limit in limits:
        home, custodian = tmp_path / str(limit), tmp_path / f"custodian-{limit}"
        target = home / "births"
        names = [p.name for p in home.iterdir() if not p.name.startswith(".")] if home.exists() else []
        assert names in ([], ["births"])
        published.append(target.exists())
        if target.exists():
            target.chmod(0o755)
            _check_whole(target, custodian)
            left = {p.name for p in hold_outs(custodian)}
            publish(open_dataset(tmp_path / "births"), home / "b", custodian, ORDER, policy_k=11, now=NOW)
            assert len({p.name for p in hold_outs(custodian)} - left) == 1  # what is published stays, its note goes
            assert {Path(e.folder) for e in read_register(custodian)} == {target, home / "b"}  # each is written down
            assert (custodian / read_publication(target).hold_out).is_dir()
            assert not [p for p in custodian.iterdir() if p.name.startswith(".")]
            remove_folder(home / "b")
        else:
            publish(open_dataset(tmp_path / "births"), target, custodian, ORDER, policy_k=11, now=NOW)
            assert [p.name for p in home.iterdir()] == ["births"]  # what the killed run left is swept away
            assert [p.name for p in hold_outs(custodian)] == [read_publication(target).hold_out]  # no orphan stays
            assert not [p for p in custodian.iterdir() if p.name.startswith(".")]
            _check_whole(target, custodian)
        remove_folder(target)
    assert set(published) == {True, False}


def _check_whole(target: Path, custodian: Path) -> None:
    sign_both(target)
    assert check_can_attach(target, NOW)
    publication = read_publication(target)
    held = custodian / publication.hold_out
    assert len(people_in(held)) == publication.people["hold-out"]
    assert json.loads((target / "publication.json").read_text())["hold_out"] == held.name


def _see(folders: Folders) -> tuple[list[tuple[str, str]], dict[str, str], list[str]]:
    """Return what stands in the table, what rooms are told, and what the audit trail says."""
    engine = open_database(folders.database_url)
    with Session(engine) as session:
        opened = [(one.state, one.part) for one in session.scalars(select(Attachment))]
        acts = [act.what for act in session.scalars(select(AuditRecord))]
        assert find_broken_record(session) is None
    engine.dispose()
    return opened, read_attached(folders.data), acts


NOTHING = ([], {}, [])
ALL = ([("done", "full")], {"birthweight": "births"}, ["data attached"])


@pytest.mark.timeout(300)
def test_a_part_that_is_open_is_on_record_wherever_its_attaching_was_killed(tmp_path: Path, root: Path) -> None:
    """Before the next command: no open part without a row.  After it: all of it or nothing, and it says which."""
    published, said = signed(tmp_path), set()
    acts = run_with_limits(ATTACH, tmp_path, root, [10**6])[10**6][1]
    assert acts > 25
    limits = list(range(1, acts + 1))
    assert {how for how, _ in run_with_limits(ATTACH, tmp_path, root, limits).values()} == {"killed"}
    for limit in limits:
        folders = Folders(tmp_path / f"state-{limit}")
        target = folders.sized / "full" / "births"
        assert _see(folders)[0] or not target.exists()
        with open_ledger(folders, "rivka", NOW) as ledger:
            assert len(ledger.said) <= 1
            said |= {sentence.rpartition(": ")[2] for sentence in ledger.said}
        assert _see(folders) == (ALL if target.exists() else NOTHING)
        with open_ledger(folders, "rivka", NOW) as ledger:
            assert ledger.said == []
            attach_part(ledger, part(published, "full"))
        assert _see(folders)[:2] == ALL[:2]
        assert people_in(target) == people_in(published / "full" / "births")
        assert [path.name for path in target.parent.iterdir()] == ["births"]
        assert [path.name for path in folders.data.iterdir()] == ["attachments.json"]
    assert said == {"it is attached now.", "it was taken back. Run that command again."}


@pytest.mark.parametrize("how", ["exchange", "two renames"])
def test_a_dataset_that_takes_the_place_of_another_is_the_one_on_record(tmp_path: Path, root: Path, how: str) -> None:
    exchange = "" if how == "exchange" else "\n    import rounds.store.staging as s; s._exchange = lambda *_: False"
    acts = run_with_limits(exchange + REPLACE, tmp_path, root, [10**6])[10**6][1]
    limits, seen = list(range(1, acts + 1)), set()
    run_with_limits(exchange + REPLACE, tmp_path, root, limits)
    for limit in limits:
        folders = Folders(tmp_path / f"state-{limit}")
        with open_ledger(folders, "rivka", NOW) as ledger:
            (row,) = find_opened(ledger.engine, "bsi")
        text = (folders.data / "ward" / "rows").read_text()
        assert row.content == hash_all(hash_folder(folders.data / "ward"))
        assert _see(folders) == ([("done", "table")], {"bsi": "ward"}, ["data imported"] * (1 + (text == "new")))
        seen.add(text)
    assert seen == {"old", "new"}
