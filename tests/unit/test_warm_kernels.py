"""Kernels that are forked do what kernels do: run, stop, restart, ask, draw, fork, crash; each is its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tests.unit.warm_kernels import Kernel

from rounds.room.environment import TeamKernel, make_environment
from rounds.warm.client import ForkedProcess, is_up, socket_of


def test_a_kernel_knows_its_folder_its_name_and_nothing_of_the_template(kernel: Kernel, warm: Path) -> None:
    assert kernel.run("import os; print(os.getcwd(), __name__)") == f"{warm} __main__\n"
    assert kernel.run("import os, psutil; print(os.getpid())") == f"{kernel.process.pid}\n"
    assert "ipykernel_launcher" in " ".join(psutil.Process(kernel.process.pid).cmdline())


def test_what_the_template_imported_is_there_at_once(kernel: Kernel) -> None:
    said = kernel.run("import sys; print('pandas' in sys.modules, 'sklearn.ensemble' in sys.modules)")
    assert said == "True True\n"


def test_the_debugger_knows_the_file_of_every_module(kernel: Kernel) -> None:
    code = (
        "import sys; mine = set(get_ipython().kernel._kernel_modules)\n"
        "now = {m.__file__ for m in sys.modules.copy().values() if getattr(m, '__file__', None)}\n"
        "print(len(mine) > 1500, len([f for f in now - mine]) < 40)"
    )
    assert kernel.run(code) == "True True\n"


MODELS = """
import numpy as np, pandas as pd, threadpoolctl
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
numbers = np.random.default_rng(1)
a = numbers.normal(size=(600, 600))
assert np.allclose(a @ np.linalg.inv(a), np.eye(600), atol=1e-6)
x = numbers.normal(size=(3000, 5)); y = x[:, 0] > 0.5
HistGradientBoostingClassifier(max_iter=20).fit(x, y)
KMeans(4, n_init=2).fit(x); PCA(2).fit(x); LogisticRegression().fit(x, y)
RandomForestClassifier(20, n_jobs=2).fit(x, y)
assert len(pd.DataFrame(x).groupby(y).mean()) == 2
print(max(p['num_threads'] for p in threadpoolctl.threadpool_info()))
"""


@pytest.mark.parametrize("wait_s", [0, 2])  # a kernel that was forked for it, and one that was forked ahead
def test_models_use_all_cores_and_do_not_hang_after_a_rehearsal(warm: Path, wait_s: float) -> None:
    time.sleep(wait_s)
    kernel = Kernel(cwd=str(warm))
    assert kernel.run(MODELS) == f"{len(os.sched_getaffinity(0))}\n"
    kernel.end()


def test_pictures_are_drawn_in_the_notebook(kernel: Kernel) -> None:
    said = kernel.run("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert "image/png" in said


def test_an_interrupt_stops_the_cell_and_not_the_kernel(kernel: Kernel) -> None:
    kernel.client.execute("x = 1\nimport time\nprint('asleep', flush=True)\ntime.sleep(60)")
    while kernel.client.get_iopub_msg(timeout=20)["msg_type"] != "stream":
        pass
    kernel.manager.interrupt_kernel()
    assert kernel.client.get_shell_msg(timeout=20)["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("print(x)") == "1\n"


def test_a_question_is_asked_and_answered(kernel: Kernel) -> None:
    assert kernel.run("print(input('who? ')[::-1])", answer="aon") == "noa\n"


def test_programs_processes_and_threads_start_from_a_kernel(kernel: Kernel) -> None:
    code = (
        "import multiprocessing, subprocess, threading\n"
        "def double(x): return 2 * x\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(double, [1, 2]))\n"
        "print(subprocess.run(['echo', 'hi'], capture_output=True, text=True).stdout, end='')\n"
        "t = threading.Thread(target=lambda: found.append(3)); found = []; t.start(); t.join(); print(found)"
    )
    assert kernel.run(code) == "[2, 4]\nhi\n[3]\n"
    assert kernel.run("!echo shell").strip() == "shell"


def test_a_widget_opens_its_line_to_the_browser(kernel: Kernel) -> None:
    kernel.client.execute("import ipywidgets; s = ipywidgets.IntSlider(value=4); s")
    opened: list[str] = []
    while opened.count("comm_open") < 2 or opened[-1] != "status":
        opened.append(kernel.client.get_iopub_msg(timeout=20)["msg_type"])
    assert opened.count("comm_open") >= 2
    assert kernel.run("print(s.value)") == "4\n"


def test_the_debugger_answers(kernel: Kernel) -> None:
    request = {"type": "request", "command": "debugInfo", "seq": 1, "arguments": {}}
    message = kernel.client.session.msg("debug_request", request)
    kernel.client.control_channel.send(message)
    reply = kernel.client.get_control_msg(timeout=20)
    assert reply["content"]["success"] is True


@pytest.mark.parametrize("end", ["import os; os._exit(9)", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"])
def test_a_kernel_that_crashes_takes_no_other_along(kernel: Kernel, warm: Path, end: str) -> None:
    other = Kernel(cwd=str(warm))
    other.client.execute(end)
    deadline = time.monotonic() + 10
    while other.manager.is_alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not other.manager.is_alive()
    assert kernel.run("print(1)") == "1\n"
    other.manager.restart_kernel(now=True)
    other.client.wait_for_ready(timeout=30)
    assert other.run("print(2)") == "2\n"
    other.end()


SERVER = """
import sys, time
from jupyter_client.manager import KernelManager
manager = KernelManager()
manager.start_kernel(cwd=sys.argv[1])
print(manager.provisioner.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("wait_s", [0, 2])  # a kernel that was forked for it, and one that was forked ahead
def test_a_kernel_ends_with_its_server_and_says_nothing_by_itself(warm: Path, wait_s: float) -> None:
    time.sleep(wait_s)
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(warm)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    time.sleep(1)
    assert psutil.pid_exists(pid)
    server.kill()
    server.wait(10)
    with server.stdout as output:
        assert output.read() == ""  # ipykernel's advice for a terminal
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(pid)


def test_two_hundred_restarts_leave_no_kernel_stuck(kernel: Kernel) -> None:
    seen = set()
    for number in range(200):
        kernel.manager.restart_kernel(now=number % 10 != 0)
        kernel.client.wait_for_ready(timeout=30)
        assert kernel.run("import os; print(os.getpid())") == f"{kernel.process.pid}\n"
        seen.add(kernel.process.pid)
    assert len(seen) == 200


def test_a_kernel_ends_as_quickly_as_it_started(warm: Path) -> None:
    kernel = Kernel(cwd=str(warm))
    pid = kernel.process.pid
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel()
    assert not psutil.pid_exists(pid)


def test_a_limit_on_memory_ends_one_allocation_and_not_the_kernel(warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_KERNEL_LIMITS", "memory_gb=4 open_files=512")
    kernel = Kernel(cwd=str(warm))
    assert kernel.run("import numpy; numpy.ones(10**9)").endswith("MemoryError")
    assert kernel.run("import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])") == "512\n"
    kernel.end()


# ---- environments


def team(folder: Path) -> TeamKernel:
    kernel = TeamKernel("stork", "Team stork", folder / "environment", folder / "specs")
    make_environment(kernel)
    return kernel


def install(kernel: TeamKernel, name: str, code: str) -> None:
    """Put a module into a team's environment, as pip would."""
    packages = kernel.folder / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    (packages / f"{name}.py").write_text(code)
    (packages / f"{name}-1.0.dist-info").mkdir()


def test_a_teams_packages_lie_over_the_common_ones_in_the_same_template(
    warm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = team(warm)
    install(mine, "ward_score", "ANSWER = 42")
    monkeypatch.setenv("JUPYTER_PATH", str(mine.jupyter_path))
    kernel = Kernel(mine.name, cwd=str(warm))
    assert isinstance(kernel.process, ForkedProcess)
    assert kernel.run("import ward_score; print(ward_score.ANSWER)") == "42\n"
    assert kernel.run("import sys; print(sys.prefix, sys.executable)") == f"{mine.folder} {mine.python}\n"
    assert kernel.run("import sysconfig; print(sysconfig.get_path('purelib'))").startswith(str(mine.folder))
    assert "Successfully" in kernel.run(f"%pip install --no-index --no-deps --no-build-isolation {wheel(warm)}")
    assert kernel.run("import later; print(later.__file__)").startswith(str(mine.folder))
    kernel.end()


def wheel(folder: Path) -> Path:
    """Write a wheel that holds one module."""
    import zipfile

    path = folder / "later-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("later.py", "")
        file.writestr("later-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: later\nVersion: 1.0\n")
        file.writestr(
            "later-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr("later-1.0.dist-info/RECORD", "")
    return path


def test_a_team_with_its_own_version_of_a_common_package_gets_a_template_of_its_own(
    warm: Path, own_sockets: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = team(warm)
    own_sockets.append(socket_of(os.environ, str(mine.python)))
    install(mine, "jedi", "VERSION = 'mine'")
    monkeypatch.setenv("JUPYTER_PATH", str(mine.jupyter_path))
    first = Kernel(mine.name, cwd=str(warm))
    assert first.run("import jedi; print(jedi.VERSION)") == "mine\n"
    assert not isinstance(first.process, ForkedProcess)
    assert is_up(own_sockets[0], 60)
    second = Kernel(mine.name, cwd=str(warm))
    assert isinstance(second.process, ForkedProcess)
    assert second.run("import jedi; print(jedi.VERSION)") == "mine\n"
    first.end()
    second.end()


def test_another_language_or_interpreter_starts_in_the_ordinary_way_and_says_so_once(
    warm: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spec = warm / "share" / "kernels" / "other"
    spec.mkdir(parents=True)
    code = "import sys; sys.argv[0] = 'x'; from ipykernel.kernelapp import launch_new_instance as go; go()"
    argv = [sys.executable, "-c", code, "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Other", "language": "other"}))
    monkeypatch.setenv("JUPYTER_PATH", str(warm / "share"))
    with caplog.at_level("INFO"):
        for _ in range(2):
            kernel = Kernel("other", cwd=str(warm))
            assert isinstance(kernel.process, subprocess.Popen)
            assert kernel.run("print(1)") == "1\n"
            kernel.end()
    assert len([r for r in caplog.records if "ordinary way" in r.getMessage()]) <= 1
