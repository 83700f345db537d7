"""A real template process: what it forks is its own, ends on its own, and the template outlives it."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from rounds.errors import WarmError
from rounds.warm.client import ForkedProcess, NobodyListensError, is_up, socket_of, start_warm
from rounds.warm.order import KernelLimits, read_command

MODULES = "json,random,uuid,secrets,ssl,numpy.random,multiprocessing"


def ends(pid: int, within_s: float = 5) -> bool:
    """Tell whether a process that this one did not start ends soon; one that waits to be reaped has ended."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


class Keeper:
    """A keeper of this test's own, and what it forks."""

    def __init__(self, folder: Path, modules: str = MODULES) -> None:
        self.socket = folder / "t.sock"
        command = [sys.executable, "-m", "rounds.warm.keeper", "--socket", str(self.socket), "--modules", modules]
        self.process = subprocess.Popen(command, env={**os.environ, "SECRET_OF_THE_HUB": "x"})
        assert is_up(self.socket, 30)

    def start(self, folder: Path, code: str, **more: Any) -> tuple[ForkedProcess, Path]:
        """Fork a program with this code; its output goes to a file."""
        folder.mkdir(exist_ok=True)
        (folder / "prog.py").write_text(code, encoding="utf-8")
        out = folder / f"{time.monotonic_ns()}.out"
        environ = {"PATH": os.environ["PATH"], "HOME": str(folder)} | more.pop("environ", {})
        with out.open("wb") as file, open(os.devnull, "rb") as nowhere:
            streams = (nowhere.fileno(), file.fileno(), file.fileno())
            given = [sys.executable, "-m", "prog", *more.pop("arguments", ())]
            return start_warm(given, environ, self.socket, cwd=str(folder), streams=streams, **more), out

    def run(self, folder: Path, code: str, **more: Any) -> tuple[int, str]:
        """Fork a program and return its exit code and output."""
        process, out = self.start(folder, code, **more)
        return process.wait(60), out.read_text(encoding="utf-8")

    def template(self) -> int:
        """Return the process that forks."""
        guard = psutil.Process(self.process.pid).children()[0]
        return min(guard.children(), key=lambda process: process.create_time()).pid

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def keeper() -> Iterator[Keeper]:
    """Return a keeper whose template has imported a little."""
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        keeper = Keeper(Path(folder))
        yield keeper
        keeper.end()


def test_a_forked_program_has_its_arguments_exit_code_and_streams(keeper: Keeper, tmp_path: Path) -> None:
    code = "import sys; print(sys.argv, __name__, __file__); sys.exit(3)"
    done, said = keeper.run(tmp_path, code, arguments=("-f", "x"))
    assert done == 3
    assert said == f"['prog', '-f', 'x'] __main__ {tmp_path / 'prog.py'}\n".replace(
        "'prog'", repr(str(tmp_path / "prog.py"))
    )


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("", 0),
        ("raise SystemExit('no')", 1),
        ("1 / 0", 1),
        ("import os; os._exit(7)", 7),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", -signal.SIGSEGV),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("import atexit; atexit.register(print, 'bye')", 0),
    ],
)
def test_however_it_ends_the_code_is_known_and_the_template_lives(
    keeper: Keeper, tmp_path: Path, code: str, end: int
) -> None:
    template = keeper.template()
    other, _ = keeper.start(tmp_path / "other", "import time; time.sleep(30)")
    done, said = keeper.run(tmp_path / "one", code)
    assert done == end
    assert ("ZeroDivisionError" in said) == ("/ 0" in code)
    assert ("bye" in said) == ("bye" in code)
    assert keeper.template() == template
    assert other.poll() is None
    other.kill()
    assert other.wait(10) == -signal.SIGKILL


OWN = """
import json, os, resource, sys, threading
mask = os.umask(0)
print(json.dumps({
    "pid": os.getpid(), "sid": os.getsid(0), "group": os.getpgid(0), "cwd": os.getcwd(), "umask": mask,
    "environ": dict(os.environ), "threads": threading.active_count(), "tasks": len(os.listdir("/proc/self/task")),
    "descriptors": sorted(int(n) for n in os.listdir("/proc/self/fd")),
    "limits": [resource.getrlimit(k)[0] for k in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE)],
    "seen": open("/proc/self/environ").read(), "line": open("/proc/self/cmdline").read(),
}))
"""


def test_session_folder_environment_and_limits_are_its_own(keeper: Keeper, tmp_path: Path) -> None:
    limits = KernelLimits(memory_gb=3, cpu_s=100, open_files=200)
    before = os.umask(0o027)
    try:
        process, out = keeper.start(tmp_path, OWN, environ={"OMP_NUM_THREADS": "1"}, limits=limits)
    finally:
        os.umask(before)
    assert process.wait(30) == 0
    said = json.loads(out.read_text())
    assert said["pid"] == said["sid"] == said["group"] == process.pid
    assert said["cwd"] == str(tmp_path)
    given = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "OMP_NUM_THREADS": "1"}
    assert said["environ"] == given | {"LC_CTYPE": "C.UTF-8"}  # as at an interpreter's start without LANG (PEP 538)
    assert said["limits"] == [3 * 1024**3, 100, 200]
    assert said["umask"] == 0o027
    assert said["threads"] == said["tasks"] == 1
    assert "SECRET_OF_THE_HUB" not in said["seen"]
    assert "-m prog" in said["line"].replace("\0", " ")


@pytest.mark.parametrize("environ", [{}, {"LANG": "C"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LANG": "C.UTF-8"}])
def test_text_is_utf8_also_without_a_locale(keeper: Keeper, tmp_path: Path, environ: dict[str, str]) -> None:
    code = (
        "import locale, subprocess; open('u', 'w').write('é€')\n"
        "print(subprocess.run(['echo', 'é'], capture_output=True, text=True).stdout.strip() == 'é')\n"
        "print(locale.getencoding(), open('u').read())"
    )
    assert keeper.run(tmp_path, code, environ=environ) == (0, "True\nUTF-8 é€\n")


def test_the_client_s_own_limits_and_niceness_are_kept(keeper: Keeper, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    code = "import os, resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0], os.nice(0))"
    mine = len(os.listdir("/proc/self/fd")) + 333  # the tests before this one hold descriptors too
    resource.setrlimit(resource.RLIMIT_NOFILE, (mine, before[1]))
    try:
        assert keeper.run(tmp_path, code) == (0, f"{mine} {os.nice(0)}\n")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_variables_of_an_interpreter_s_start_are_obeyed(keeper: Keeper, tmp_path: Path) -> None:
    environ = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "/nowhere", "PYTHONFAULTHANDLER": "1"}
    environ |= {"PYTHONINTMAXSTRDIGITS": "5000"}
    code = (
        "import sys, faulthandler\n"
        "print(sys.dont_write_bytecode, sys.pycache_prefix, faulthandler.is_enabled(), sys.get_int_max_str_digits())"
    )
    assert keeper.run(tmp_path, code, environ=environ) == (0, "True /nowhere True 5000\n")


def test_a_template_ends_with_its_keeper_and_what_it_forked_lives(tmp_path: Path) -> None:
    own = Keeper(tmp_path)
    template = own.template()
    guard = psutil.Process(own.process.pid).children()[0].pid
    program, _ = own.start(tmp_path / "one", "import time; time.sleep(30)")
    own.process.kill()
    own.process.wait(10)
    assert ends(guard)
    assert program.poll() is None
    with pytest.raises(NobodyListensError):
        own.start(tmp_path / "two", "")
    program.kill()
    program.wait(10)
    assert ends(template)


def test_no_descriptor_of_the_template_or_of_another_program_is_left(keeper: Keeper, tmp_path: Path) -> None:
    running = [keeper.start(tmp_path / str(n), "import time; time.sleep(60)")[0] for n in range(3)]
    for n in range(5):
        done, said = keeper.run(tmp_path / f"look{n}", OWN)
        assert done == 0
        assert json.loads(said)["descriptors"] == [0, 1, 2, 3]  # 3 is the listing itself
    for process in running:
        process.kill()
        process.wait(10)


RANDOM = """
import json, os, random, secrets, ssl, sys, tempfile, uuid
import multiprocessing.process, numpy
print(json.dumps({
    "random": random.random(), "numpy": numpy.random.random(), "generator": numpy.random.default_rng().random(),
    "uuid4": str(uuid.uuid4()), "uuid1": str(uuid.uuid1()), "secrets": secrets.token_hex(8),
    "ssl": ssl.RAND_bytes(8).hex(), "authkey": multiprocessing.process.current_process().authkey.hex(),
    "name": tempfile.mktemp(),
}))
"""


def test_a_hundred_forks_share_no_random_stream(keeper: Keeper, tmp_path: Path) -> None:
    started = [keeper.start(tmp_path / str(n), RANDOM) for n in range(100)]
    assert [process.wait(60) for process, _ in started] == [0] * 100
    drawn = [json.loads(out.read_text()) for _, out in started]
    assert {name: len({d[name] for d in drawn}) for name in drawn[0]} == dict.fromkeys(drawn[0], 100)


def test_a_killed_template_is_replaced_at_once_and_what_it_forked_lives(keeper: Keeper, tmp_path: Path) -> None:
    process, _ = keeper.start(tmp_path / "lives", "import time; time.sleep(60)")
    killed = keeper.template()
    began = time.monotonic()
    os.kill(killed, signal.SIGKILL)
    done, said = keeper.run(tmp_path / "next", "print('here')")
    assert time.monotonic() - began < 5
    assert (done, said) == (0, "here\n")
    assert keeper.template() != killed
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(10) != 0


def test_a_killed_guard_is_replaced_too(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        keeper = Keeper(Path(folder), "json")
        guard = psutil.Process(keeper.process.pid).children()[0]
        forking = keeper.template()
        guard.kill()
        assert keeper.run(tmp_path, "print('here')") == (0, "here\n")
        assert ends(forking)
        keeper.end()


def test_two_hundred_starts_in_a_row_leave_nothing_behind(keeper: Keeper, tmp_path: Path) -> None:
    before = sorted(os.listdir(f"/proc/{keeper.template()}/fd"))
    for _ in range(200):
        assert keeper.run(tmp_path, "")[0] == 0
    for _ in range(50):
        if sorted(os.listdir(f"/proc/{keeper.template()}/fd")) == before:
            break
        time.sleep(0.1)
    assert sorted(os.listdir(f"/proc/{keeper.template()}/fd")) == before
    with open(f"/proc/{keeper.template()}/task/{keeper.template()}/children") as file:
        assert file.read() == ""


def test_a_program_can_fork_thread_and_start_programs_itself(keeper: Keeper, tmp_path: Path) -> None:
    code = (
        "import multiprocessing, subprocess, sys, threading\n"
        "def square(x): return x * x\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(square, [1, 2]))\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool: print(pool.map(square, [3]))\n"
        "    print(subprocess.check_output([sys.executable, '-c', 'print(4)'], text=True), end='')\n"
        "    t = threading.Thread(target=print, args=(5,)); t.start(); t.join()\n"
    )
    assert keeper.run(tmp_path, code) == (0, "[1, 4]\n[9]\n4\n5\n")


def test_it_ends_with_its_client(keeper: Keeper, tmp_path: Path) -> None:
    code = (
        "import os, sys, time\nfrom pathlib import Path\nfrom rounds.warm.client import start_warm\n"
        f"p = start_warm([sys.executable, '-m', 'prog'], {{}}, Path({str(keeper.socket)!r}), "
        f"cwd={str(tmp_path)!r}, ends_with_client=True)\nprint(p.pid, flush=True)\ntime.sleep(60)"
    )
    (tmp_path / "prog.py").write_text("import time; time.sleep(60)")
    client = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert client.stdout is not None
    pid = int(client.stdout.readline())
    assert Path(f"/proc/{pid}").exists()
    client.kill()
    client.wait()
    client.stdout.close()
    assert ends(pid)


@pytest.mark.parametrize(
    ("command", "environ", "why"),
    [
        (["/bin/true"], {}, "python -m module"),
        ([sys.executable, "-c", "1"], {}, "python -m module"),
        ([sys.executable, "-m", "prog"], {"PYTHONHASHSEED": "1"}, "before the interpreter starts"),
        (["/usr/bin/python2", "-m", "prog"], {}, "another interpreter"),
        ([sys.executable, "-m", "prog"], {"BIG": "x" * 200_000}, "too large"),
    ],
)
def test_what_cannot_be_forked_is_refused_with_the_reason(
    keeper: Keeper, command: list[str], environ: dict[str, str], why: str
) -> None:
    with pytest.raises(WarmError, match=why):
        start_warm(command, environ, keeper.socket)


def test_without_a_template_the_reason_is_said(tmp_path: Path) -> None:
    with pytest.raises(WarmError, match="No template listens"):
        start_warm([sys.executable, "-m", "prog"], {}, tmp_path / "none.sock")


def test_a_socket_that_another_account_may_have_put_there_is_not_asked(keeper: Keeper, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(WarmError, match="open to other accounts"):
        start_warm([sys.executable, "-m", "prog"], {}, tmp_path / "t.sock")
    listening = subprocess.run([sys.executable, "-m", "rounds.warm.keeper", "--socket", str(tmp_path / "t.sock")])
    assert listening.returncode != 0
    assert not (tmp_path / "t.sock").exists()


def test_a_package_installed_later_renews_the_template(tmp_path: Path) -> None:
    venv, packages = (
        tmp_path / "venv",
        tmp_path / "venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages",
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", str(venv)], check=True)
    common = next(p for p in sys.path if p.endswith("site-packages"))
    source = Path(__file__).parents[2] / "src"
    (packages / "common.pth").write_text(f"{common}\n{source}\n")
    python, path = venv / "bin" / "python", tmp_path / "t.sock"
    command = [str(python), "-m", "rounds.warm.keeper", "--socket", str(path), "--modules", "json"]
    keeper = subprocess.Popen(command)
    assert is_up(path, 30)
    (packages / "fresh.py").write_text("")
    (packages / "fresh-1.0.dist-info").mkdir()
    with pytest.raises(WarmError, match="Packages have changed"):
        start_warm([str(python), "-m", "fresh"], {}, path)
    assert is_up(path, 30)
    (process := start_warm([str(python), "-m", "fresh"], {}, path)).wait(10)
    assert process.returncode == 0
    keeper.terminate()
    keeper.wait(10)


def test_a_place_that_is_not_ours_or_too_deep_is_left_for_another(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    for place in (deep, tmp_path / "missing"):
        path = socket_of({"XDG_RUNTIME_DIR": str(place)})
        assert path.parent == Path(f"/tmp/rounds-warm-{os.geteuid()}")
        assert len(os.fsencode(path)) < 107


def test_the_names_of_one_interpreter_have_one_template() -> None:
    folder = Path(sys.executable).parent
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert socket_of({}, str(folder / "python")) == socket_of({}, str(folder / version)) == socket_of({})


def test_a_folder_that_is_not_there_is_left_to_the_ordinary_start(tmp_path: Path) -> None:
    with pytest.raises(WarmError, match="no folder to work in"):
        read_command([sys.executable, "-m", "prog"], {}, tmp_path / "missing")
