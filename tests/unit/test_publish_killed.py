"""Publishing, killed with SIGKILL at every kind of step: nothing half-published, and the next run goes through.

A child counts what it does to the file system (an audit hook hears each open, rename, chmod ...) and kills itself at
the n-th act.  So the moments are exact, and not left to a clock.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.test_publish_road import NOW, ORDER, hold_outs, people_in, sign_both, write_clean

from rounds.custody.publishing.attach import check_can_attach
from rounds.custody.publishing.leftovers import withdraw
from rounds.custody.publishing.publication import read_publication
from rounds.custody.publishing.publish import publish
from rounds.custody.publishing.register import read_register
from rounds.data.dataset import open_dataset

CHILD = """
import os, signal, sys
from pathlib import Path
from tests.unit.test_publish_road import NOW, ORDER
from rounds.data.dataset import open_dataset
from rounds.custody.publishing.publish import publish
import pandas, pyarrow, pyarrow.parquet, scipy.sparse.csgraph, rounds.custody.privacy.check
ACTS = {"open", "os.rename", "os.mkdir", "os.chmod", "os.remove", "os.rmdir", "os.link", "shutil.rmtree", "tempfile.mkdtemp"}
here, acts, done = Path(sys.argv[1]), [], [0]

def hear(event, args):
    if event not in ACTS or (event == "open" and not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))):
        return
    if str(here) not in str(args[0]):
        return
    done[0] += 1
    if done[0] == limit:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hear)
for limit in map(int, sys.argv[2].split(",")):
    child = os.fork()
    if child == 0:
        done[0] = 0
        publish(open_dataset(here / "births"), here / str(limit) / "births", here / f"custodian-{limit}", ORDER, policy_k=11, now=NOW)
        print(limit, "whole", done[0], flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print(limit, "killed", os.WTERMSIG(status), flush=True)
"""  # noqa: E501


def publish_with_limits(tmp_path: Path, root: Path, limits: list[int]) -> dict[int, tuple[str, int]]:
    said = subprocess.check_output(
        [sys.executable, "-c", CHILD, str(tmp_path), ",".join(map(str, limits))], cwd=root, text=True
    )
    return {int(a): (b, int(c)) for a, b, c in (line.split() for line in said.splitlines())}


@pytest.mark.timeout(300)
def test_a_kill_at_any_act_on_the_disk_leaves_all_of_it_or_nothing(tmp_path: Path, root: Path) -> None:
    write_clean(tmp_path / "births")
    whole = publish_with_limits(tmp_path, root, [10**6])[10**6]
    assert whole[0] == "whole"
    acts = whole[1]
    assert acts > 25
    last = list(range(max(1, acts - 6), acts + 1))  # the rename and what comes after it
    limits = sorted({*last, *random.Random(5).sample(range(1, acts), min(30, acts - 1))})
    ended = publish_with_limits(tmp_path, root, limits)
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
            withdraw(home / "b")
        else:
            publish(open_dataset(tmp_path / "births"), target, custodian, ORDER, policy_k=11, now=NOW)
            assert [p.name for p in home.iterdir()] == ["births"]  # what the killed run left is swept away
            assert [p.name for p in hold_outs(custodian)] == [read_publication(target).hold_out]  # no orphan stays
            assert not [p for p in custodian.iterdir() if p.name.startswith(".")]
            _check_whole(target, custodian)
        withdraw(target)
    assert set(published) == {True, False}


def _check_whole(target: Path, custodian: Path) -> None:
    sign_both(target)
    assert check_can_attach(target, NOW)
    publication = read_publication(target)
    held = custodian / publication.hold_out
    assert len(people_in(held)) == publication.people["hold-out"]
    assert json.loads((target / "publication.json").read_text())["hold_out"] == held.name
