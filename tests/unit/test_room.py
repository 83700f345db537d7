"""What stands around a server: environments, configuration, dashboards, processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from rounds.errors import PublishError
from rounds.room import publish_dashboard
from rounds.room.configuration import Room, learning_config, page_config, team_config
from rounds.room.dashboards import public_environment
from rounds.room.environment import TeamKernel, make_environment


def test_a_teams_package_is_seen_by_its_kernel_only_and_stays(tmp_path: Path) -> None:
    stork, fever = (
        TeamKernel(t, f"Team {t.title()}", tmp_path / t, tmp_path / f"{t}-specs") for t in ("stork", "fever")
    )
    make_environment(stork)
    make_environment(fever)
    packages = next((tmp_path / "stork").glob("lib/python*/site-packages"))
    (packages / "leech.py").write_text("WARD = 7\n")
    make_environment(stork)
    code = "import leech, pandas, rounds; print(leech.WARD)"
    assert subprocess.check_output([stork.python, "-c", code], text=True).strip() == "7"
    assert subprocess.run([fever.python, "-c", "import leech"], check=False, capture_output=True).returncode == 1


@pytest.mark.parametrize("pip", [("python", "-m", "pip"), ("pip",)], ids=["in a notebook", "in a terminal"])
def test_pip_of_a_team_kernel_installs_into_the_teams_environment(tmp_path: Path, pip: tuple[str, ...]) -> None:
    kernel = TeamKernel("stork", "Team Stork", tmp_path / "stork", tmp_path / "specs")
    make_environment(kernel)
    wheel = tmp_path / "pkg"
    (wheel / "leech").mkdir(parents=True)
    (wheel / "leech" / "__init__.py").write_text("")
    (wheel / "pyproject.toml").write_text(
        '[build-system]\nrequires=["hatchling"]\nbuild-backend="hatchling.build"\n'
        '[project]\nname="leech"\nversion="1"\n'
    )
    command = [kernel.folder / "bin" / pip[0], *pip[1:], "install", "-q", "--no-deps", str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    found = subprocess.check_output([kernel.python, "-c", "import leech; print(leech.__file__)"], text=True)
    assert Path(found.strip()).is_relative_to(kernel.folder)


def test_the_kernel_bears_the_teams_name_and_not_the_hubs_token(tmp_path: Path) -> None:
    kernel = TeamKernel("stork", "Team Stork", tmp_path / "stork", tmp_path / "specs")
    make_environment(kernel)
    spec = json.loads((kernel.jupyter_path / "kernels/team-stork/kernel.json").read_text())
    assert spec["display_name"] == "Team Stork"
    assert spec["env"]["JUPYTERHUB_API_TOKEN"] == ""


def test_nbgrader_and_co_editing_never_share_a_room(tmp_path: Path) -> None:
    room = Room("noa", tmp_path / "work", tmp_path / "own")
    learning, team = learning_config(room), team_config(room, "team-stork")
    assert learning["YDocExtension"]["disable_rtc"] is True
    assert "disable_rtc" not in team["YDocExtension"]
    extensions = team["ServerApp"]["jpserver_extensions"]
    assert not [name for name, on in extensions.items() if on and "nbgrader" in name]
    assert page_config(team=True)["disabledExtensions"]["@jupyter/nbgrader"] is True


def test_a_team_room_offers_its_own_kernel_only(tmp_path: Path) -> None:
    config = team_config(Room("noa", tmp_path / "work", tmp_path / "own"), "team-stork")
    assert config["KernelSpecManager"] == {
        "allowed_kernelspecs": ["team-stork"],
        "ensure_native_kernel": False,
    }


def test_dashboards_see_nothing_of_the_hub() -> None:
    environ = {"JUPYTERHUB_API_TOKEN": "t", "JPY_API_TOKEN": "t", "CONFIGPROXY_AUTH_TOKEN": "t", "HOME": "/h"}
    assert public_environment(environ) == {"HOME": "/h"}


def write_notebook(path: Path) -> Path:
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": "1",
        "execution_count": 1,
        "outputs": ["row"],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    return path


def test_a_published_dashboard_is_a_frozen_copy_without_outputs(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "dashboards" / "My flow.ipynb")
    environ = {"ROUNDS_PUBLISHED": str(tmp_path / "published")}
    assert "My flow.ipynb" in publish_dashboard(notebook, environ)
    published = json.loads((tmp_path / "published" / "my-flow.ipynb").read_text())
    assert published["cells"][0]["outputs"] == []


def test_a_notebook_is_found_from_the_teams_folder_too(tmp_path: Path) -> None:
    write_notebook(tmp_path / "team" / "dashboards" / "flow.ipynb")
    environ = {"ROUNDS_PUBLISHED": str(tmp_path / "published"), "ROUNDS_ROOM": str(tmp_path / "team")}
    publish_dashboard("dashboards/flow.ipynb", environ)
    assert (tmp_path / "published" / "flow.ipynb").is_file()


def test_publishing_elsewhere_or_nothing_says_what_to_do(tmp_path: Path) -> None:
    write_notebook(tmp_path / "flow.ipynb")
    with pytest.raises(PublishError, match="Only a team's room"):
        publish_dashboard(tmp_path / "flow.ipynb", {})
    with pytest.raises(PublishError, match=r'Did you mean "flow.ipynb"\?'):
        publish_dashboard(tmp_path / "flw.ipynb", {"ROUNDS_PUBLISHED": str(tmp_path / "p")})


ORPHANS = (
    "import subprocess, sys; "
    "subprocess.Popen([sys.executable, '-c', 'import time,signal;{deaf} time.sleep(300)'], start_new_session=True); "
    "{end}"
)


@pytest.mark.parametrize(
    "end", ["pass", "import os; os._exit(3)", "import os,signal; os.kill(os.getpid(), signal.SIGKILL)"]
)
@pytest.mark.parametrize("deaf", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN);"])
def test_nothing_outlives_a_tethered_command(end: str, deaf: str) -> None:
    code = (
        "import sys; from rounds.room.tether import run_tethered, psutil\n"
        f"run_tethered([sys.executable, '-c', {ORPHANS.format(end=end, deaf=deaf)!r}], grace_s=1)\n"
        "print(len(psutil.Process().children(recursive=True)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "0"


def test_an_adopted_orphan_that_ends_is_no_zombie(tmp_path: Path) -> None:
    done = tmp_path / "done"
    orphan = f"import pathlib, time; time.sleep(0.5); pathlib.Path({str(done)!r}).touch()"
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {orphan!r}])"
    command = f"import subprocess, sys, time; subprocess.run([sys.executable, '-c', {parent!r}]); time.sleep(300)"
    tether = subprocess.Popen([sys.executable, "-m", "rounds.room.tether", "--", sys.executable, "-c", command])
    deadline = time.monotonic() + 30
    while not done.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    states = [child.status() for child in psutil.Process(tether.pid).children(recursive=True)]
    tether.terminate()
    tether.wait()
    assert done.exists()
    assert len(states) == 1
    assert psutil.STATUS_ZOMBIE not in states


def test_a_killed_tether_takes_its_command_along() -> None:
    command = [
        sys.executable,
        "-m",
        "rounds.room.tether",
        "--",
        sys.executable,
        "-c",
        "import time; time.sleep(300)",
    ]
    tether = subprocess.Popen(command)
    deadline = time.monotonic() + 20
    while not (children := psutil.Process(tether.pid).children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    os.kill(tether.pid, signal.SIGKILL)
    tether.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert children
    assert alive == []


def test_a_stop_that_comes_when_all_has_ended_is_quiet() -> None:
    code = (
        "import os, signal, sys\n"
        "import rounds.room.tether as tether\n"
        "ended = tether._wait_and_reap\n"
        "def stop_late(process):\n"
        "    code = ended(process)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return code\n"
        "tether._wait_and_reap = stop_late\n"
        "sys.exit(tether.run_tethered([sys.executable, '-c', 'raise SystemExit(7)']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (7, "")


def test_a_stop_between_the_end_and_its_reaping_is_quiet() -> None:
    code = (
        "import os, signal, sys\n"
        "import rounds.room.tether as tether\n"
        "wait = os.wait\n"
        "def stop_between():\n"
        "    ended = wait()\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return ended\n"
        "os.wait = stop_between\n"
        "sys.exit(tether.run_tethered([sys.executable, '-c', 'raise SystemExit(7)']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (7, "")


def test_a_command_hears_an_interrupt_that_the_shell_ignored() -> None:
    ask = "import signal, sys; sys.exit(7 if signal.getsignal(signal.SIGINT) is signal.default_int_handler else 8)"
    code = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from rounds.room.tether import run_tethered\n"
        f"sys.exit(run_tethered([sys.executable, '-c', {ask!r}]))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 7
