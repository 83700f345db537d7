"""The kernel that was forked ahead is a kernel as any other, and what was rehearsed shows nowhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from tests.unit.warm_kernels import PROVISIONER, Kernel, forks_of, wait_for

from rounds.warm.client import ForkedProcess
from rounds.warm.provisioner import NAME


def _waiting(keeper: psutil.Process) -> int:
    """Return the process that waits for the next kernel: the only one below the template that leads no session."""
    assert wait_for(lambda: any(os.getsid(pid) != pid for pid in forks_of(keeper)))
    return next(pid for pid in forks_of(keeper) if os.getsid(pid) != pid)


def test_the_next_kernel_is_the_process_that_waited(keeper: psutil.Process, warm: Path) -> None:
    waited = _waiting(keeper)
    kernel = Kernel(cwd=str(warm))
    assert kernel.process.pid == waited
    assert kernel.run("import os; print(os.getpid(), os.getcwd())") == f"{waited} {warm}\n"
    assert _waiting(keeper) != waited
    kernel.end()


def test_a_waiting_process_that_was_killed_is_not_missed(keeper: psutil.Process, warm: Path) -> None:
    os.kill(_waiting(keeper), signal.SIGKILL)
    kernel = Kernel(cwd=str(warm))
    assert isinstance(kernel.process, ForkedProcess)
    assert kernel.run("print(1)") == "1\n"
    kernel.end()


def test_the_order_s_home_settings_and_zone_are_the_kernel_s(
    keeper: psutil.Process, warm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = warm / "home"
    (home / ".ipython" / "profile_default").mkdir(parents=True)
    (home / ".ipython" / "profile_default" / "ipython_config.py").write_text(
        "c = get_config()\nc.InteractiveShellApp.exec_lines = ['configured = 42']\n", encoding="utf-8"
    )
    for name, value in {"HOME": str(home), "TZ": "Asia/Jerusalem", "TMPDIR": str(warm)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("IPYTHONDIR")
    waited = _waiting(keeper)
    kernel = Kernel(cwd=str(warm))
    assert kernel.process.pid == waited
    assert kernel.run("print(configured)") == "42\n"
    assert kernel.run("from IPython.paths import get_ipython_dir as d; print(d())") == f"{home}/.ipython\n"
    assert kernel.run("import time, tempfile; print(time.tzname[0], tempfile.gettempdir())") == f"IST {warm}\n"
    assert kernel.run("from jupyter_core.paths import jupyter_data_dir as d; print(d())").startswith(str(home))
    kernel.end()


def test_kernels_that_waited_share_no_random_stream(keeper: psutil.Process, warm: Path) -> None:
    code = "import random, numpy, uuid; print(random.random(), numpy.random.rand(), uuid.uuid4())"
    said = []
    for _ in range(3):
        _waiting(keeper)
        kernel = Kernel(cwd=str(warm))
        said += kernel.run(code).split()
        kernel.end()
    assert len(set(said)) == 9


SHOWS = """
import builtins, logging, sys, matplotlib, matplotlib.pyplot as plt, pandas as pd
shell = get_ipython()
print(plt.get_fignums(), [n for n in ('exit', 'quit', 'get_ipython') if hasattr(builtins, n)], __name__)
print(shell.history_manager.enabled, shell.user_ns['In'][:1], len(shell.events.callbacks['pre_execute']))
print(matplotlib.get_backend(), matplotlib.rcParams['figure.figsize'], pd.options.display.max_rows)
print(len(logging.getLogger('IPKernelApp').handlers), type(sys.excepthook).__name__, sys.path[0], sys.argv[1:2])
"""


def test_nothing_of_the_rehearsal_is_left(keeper: psutil.Process, warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for provisioner in (NAME, "local-provisioner"):
        _waiting(keeper)
        monkeypatch.setenv(PROVISIONER, provisioner)
        KernelProvisionerFactory.clear_instance()
        kernel = Kernel(cwd=str(warm))
        said.append(kernel.run(SHOWS))
        kernel.end()
    assert said[0] == said[1]
    assert said[0].startswith("[] ['get_ipython'] __main__\nTrue [''] ")


def test_what_ipython_calls_new_is_what_the_learner_imported(kernel: Kernel) -> None:
    code = "import sys, wave; new = set(sys.modules) - get_ipython()._sys_modules_keys; print('wave' in new)"
    assert kernel.run(code) == "True\n"
    assert kernel.run("print('pandas' in new, 'pandas' in sys.modules, len(new) < 40)") == "False True True\n"


def test_it_ends_with_its_template(tmp_path: Path) -> None:
    path = tmp_path / "own.sock"
    command = [sys.executable, "-m", "rounds.warm.keeper", "--socket", str(path), "--modules", "ipykernel.kernelapp"]
    own = subprocess.Popen(command)
    assert wait_for(lambda: len(psutil.Process(own.pid).children(recursive=True)) == 3, 30)
    pids = [process.pid for process in psutil.Process(own.pid).children(recursive=True)]
    own.terminate()
    own.wait(10)
    assert wait_for(lambda: not any(psutil.pid_exists(pid) for pid in pids))
