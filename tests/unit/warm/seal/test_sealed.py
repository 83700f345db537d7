"""What a sealed process reaches and what it does not: each line is tried by a process that is really sealed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from tests.unit.warm.seal.inside import LONG_AGO, Inside, make_inside
from tests.unit.warm_kernels import wait_for

from rounds.warm.seal.calls import numbers
from rounds.warm.seal.plan import Plan, Timed

ERRORS = {"PermissionError", "FileNotFoundError", "OSError", "NotADirectoryError"}


def test_a_room_reads_and_writes_its_own_folders(inside: Inside) -> None:
    (inside.work / "given").write_text("as ever")
    move = "open('made', 'w').write('x'); import os; os.rename('made', 'kept'); "
    said = inside.python(move + "print(open('given').read())")
    assert said == "as ever"
    assert (inside.work / "kept").read_text() == "x"


@pytest.mark.parametrize(
    "code",
    [
        "open({path!r}).read()",
        "open({path!r}, 'w')",
        "import os; os.symlink({path!r}, 'link'); open('link').read()",
        "import os; os.link({path!r}, 'hard'); open('hard').read()",
        "import os; os.listdir(os.path.dirname({path!r}))",
        "import os; os.remove({path!r})",
        "import os; os.truncate({path!r}, 0)",
        "import os; os.rename({path!r}, 'taken')",
        "import os; os.chdir(os.path.dirname({path!r})); os.listdir()",
    ],
)
def test_a_file_outside_is_closed(inside: Inside, code: str) -> None:
    (inside.folder / "outside").mkdir()
    path = inside.folder / "outside" / "secret"
    path.write_text("secret")
    assert inside.python(code.format(path=str(path))) in ERRORS
    assert path.read_text() == "secret"


def test_a_files_mode_and_times_outside_stay(inside: Inside) -> None:
    path = inside.folder / "outside"
    path.write_text("secret")
    before = path.stat()
    inside.python(f"import os; os.chmod({str(path)!r}, 0)")
    inside.python(f"import os; os.utime({str(path)!r}, (1, 1))")
    inside.python(f"import os; os.setxattr({str(path)!r}, 'user.x', b'x')")
    after = path.stat()
    assert (after.st_mode, after.st_mtime) == (before.st_mode, before.st_mtime)
    assert os.listxattr(path) == []


def test_a_file_outside_is_not_even_there(whole: Inside) -> None:
    path = whole.folder / "outside"
    path.write_text("secret")
    assert whole.python(f"import os; print(os.path.exists({str(path)!r}), os.path.exists('/root'))") == "False False"


def test_a_folder_that_is_hidden_is_empty(tmp_path: Path) -> None:
    room = make_inside(tmp_path)
    (room.work / "hidden").mkdir()
    (room.work / "hidden" / "answers").write_text("secret")
    room = room.with_seal(hides=(str(room.work / "hidden"),))
    assert room.python("import os; print(os.path.exists('hidden/answers'))") == "False"


@pytest.mark.parametrize("name", ["shadow", "sudoers", "ssh/ssh_host_ed25519_key"])
def test_the_systems_secrets_are_closed(inside: Inside, name: str) -> None:
    assert inside.python(f"open('/etc/{name}').read()") in ERRORS


CLOSED_CALLS = [
    "import os; os.kill({pid}, 0)",
    "import os; os.kill({pid}, 9)",
    "open('/proc/{pid}/environ').read()",
    "open('/proc/{pid}/mem', 'rb').read(1)",
    "import os; os.readlink('/proc/{pid}/fd/0')",
    "import os; os.listdir('/proc/{pid}/cwd/')",
    "import os; print(os.readlink('/proc/{pid}/exe'))",
    "import ctypes; libc = ctypes.CDLL(None, use_errno=True); libc.ptrace(16, {pid}, 0, 0); "
    "raise OSError(ctypes.get_errno(), '')",
    "import resource; resource.prlimit({pid}, resource.RLIMIT_NOFILE, (1, 1))",
]


@pytest.mark.parametrize("code", CLOSED_CALLS)
def test_another_process_is_out_of_reach(inside: Inside, code: str) -> None:
    with subprocess.Popen(["sleep", "600"]) as other:
        try:
            said = inside.python(code.format(pid=other.pid))
            assert said in {*ERRORS, "ProcessLookupError"}
            assert other.poll() is None
        finally:
            other.kill()


def test_a_room_sees_its_own_processes_only(whole: Inside) -> None:
    seen = whole.python("import os; print(sorted(int(n) for n in os.listdir('/proc') if n.isdigit()))")
    assert seen == "[1, 2]"


@pytest.mark.parametrize(
    "code",
    [
        "socket.create_connection(('127.0.0.1', {port}), 2)",
        "socket.create_connection(('1.1.1.1', 443), 2)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53))",
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262).connect(('127.0.0.1', {port}))",
        "socket.socket().sendto(b'x', 0x20000000, ('127.0.0.1', {port}))",
        "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
        "socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)",
        "s = socket.socket(socket.AF_UNIX); s.connect({path!r})",
        "s = socket.socket(socket.AF_UNIX); s.connect('\\0{name}')",
        "socket.getaddrinfo('example.org', 80)",
    ],
)
def test_there_is_no_way_to_a_socket_outside(inside: Inside, code: str) -> None:
    path, name = str(inside.folder / "s"), f"rounds-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as named, socket.socket(socket.AF_UNIX) as abstract, socket.socket() as port:
        named.bind(path)
        abstract.bind(f"\0{name}")
        port.bind(("127.0.0.1", 0))
        for listener in (named, abstract, port):
            listener.listen()
        said = inside.python("import socket; " + code.format(port=port.getsockname()[1], path=path, name=name))
    assert said in {*ERRORS, "ConnectionRefusedError", "socket.gaierror", "TimeoutError"}


@pytest.mark.parametrize(
    "code",
    [
        "libc.unshare(0x10000000)",
        "libc.mount(None, b'/', None, 0x4000, None)",
        "libc.chroot(b'.')",
        "libc.syscall(n['clone'], 0x10000011, 0, 0, 0, 0)",
        "libc.syscall(n['io_uring_setup'], 8, 0)",
        "libc.syscall(n['bpf'], 0, 0, 0)",
        "libc.syscall(n['open_tree'], -100, b'/', 1)",
        "libc.syscall(n['keyctl'], 0, 0, 0, 0, 0)",
        "libc.fcntl(libc.open(b'/usr/bin/env', 0), 1024, 1)",
        "libc.ioctl(0, 0x5412, b'x')",
    ],
)
def test_a_call_that_could_undo_the_seal_is_refused(inside: Inside, code: str) -> None:
    told = f"import ctypes, errno; libc = ctypes.CDLL(None, use_errno=True); n = {numbers()}; "
    assert inside.python(told + f"print({code}, errno.errorcode[ctypes.get_errno()])") == "-1 EPERM"


def test_no_right_of_root_is_left(inside: Inside) -> None:
    lines = inside.python("print(open('/proc/self/status').read())").splitlines()
    said = dict(line.split(":\t") for line in lines if line.startswith(("Cap", "NoNewPrivs", "Seccomp:")))
    assert {name: int(said[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == dict.fromkeys(
        ("CapInh", "CapPrm", "CapEff", "CapAmb"), 0
    )
    assert (said["NoNewPrivs"], said["Seccomp"]) == ("1", "2")


def test_no_descriptor_comes_along(whole: Inside) -> None:
    with open(whole.folder / "plan.json", "a+") as secret:
        os.set_inheritable(secret.fileno(), True)
        assert whole.python("import os; print(len(os.listdir('/proc/self/fd')))") == "4"  # three, and the listing's own


def test_shared_memory_is_the_rooms_own(whole: Inside) -> None:
    assert whole.python("import os; print(os.listdir('/dev/shm'))") == "[]"


AS_EVER = [
    ("import multiprocessing as m; print(m.get_context('fork').Pool(2).map(abs, [-1, -2]))", "[1, 2]"),
    ("import subprocess; print(subprocess.check_output(['sh', '-c', 'echo $((1 + 1))'], text=True))", "2"),
    ("import os; print(os.popen('echo hi').read().strip())", "hi"),
    ("import pty, os; print(len(pty.openpty()))", "2"),
    ("import tempfile; print(tempfile.NamedTemporaryFile().name.rpartition('/')[0].endswith('/tmp'))", "True"),
    ("import asyncio; print(asyncio.run(asyncio.sleep(0, 'slept')))", "slept"),
    ("import threading; t = threading.Thread(target=print, args=('a thread',)); t.start(); t.join()", "a thread"),
    ("import psutil; print(psutil.Process().memory_info().rss > 0)", "True"),
    ("import shutil; open('a', 'w'); shutil.copy('a', 'b'); shutil.copystat('a', 'b'); print('copied')", "copied"),
    ("import zmq; c = zmq.Context(); s = c.socket(zmq.PAIR); s.bind('inproc://x'); print('bound')", "bound"),
]


@pytest.mark.parametrize(("code", "said"), AS_EVER)
def test_what_notebooks_do_goes_on(inside: Inside, code: str, said: str) -> None:
    assert inside.python(code) == said


def test_a_notebook_talks_to_itself(whole: Inside) -> None:
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); "
    assert whole.python(code + "socket.create_connection(s.getsockname()); print('both')") == "both"


def test_the_exit_code_is_the_commands(inside: Inside) -> None:
    assert inside.run("sh", "-c", "exit 7").returncode == 7
    assert inside.run("sh", "-c", "kill -TERM $$").returncode in (-15, 143)
    assert inside.run("no-such-command").returncode == 127


def test_what_a_room_started_ends_with_it(whole: Inside) -> None:
    marker = "86399.25"
    assert whole.run("sh", "-c", f"setsid sleep {marker} & exit 0").returncode == 0
    assert not [process for process in psutil.process_iter(["cmdline"]) if marker in (process.info["cmdline"] or ())]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_room_ends_with_the_process_that_keeps_it(whole: Inside, number: signal.Signals) -> None:
    marker = "86399.5"

    def running() -> bool:
        return any(marker in (process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"]))

    with subprocess.Popen(whole.command("sh", "-c", f"sleep {marker}; true"), cwd=whole.work) as keeping:
        assert wait_for(running)
        keeping.send_signal(number)
    assert wait_for(lambda: not running())


def test_a_large_file_is_not_made(inside: Inside) -> None:
    room = inside.with_seal(file_gb=0.001)
    room.python("open('sparse', 'wb').truncate(10**10)")
    assert (room.work / "sparse").stat().st_size == 0


def test_a_phase_with_internet_leads_to_no_port_of_this_machine(inside: Inside) -> None:
    room = inside.with_seal(internet=True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert room.python(f"import socket; socket.create_connection({address!r}, 2)") == "PermissionError"
        code = f"import socket; socket.socket().sendto(b'x', 0x20000000, {address!r})"
        assert room.python(code) == "PermissionError"


@pytest.mark.parametrize("code", ["bind(('0.0.0.0', 0))", "listen()"])
def test_a_phase_with_internet_opens_no_port(inside: Inside, code: str) -> None:
    assert inside.with_seal(internet=True).python(f"import socket; socket.socket().{code}") == "PermissionError"


def test_a_port_of_the_web_is_open_in_a_phase_with_internet(inside: Inside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        room = inside.with_seal(internet=True, ports=(port,))
        code = f"import socket; print(socket.create_connection(('127.0.0.1', {port}), 2).getpeername()[1])"
        assert room.python(code) == str(port)


def test_a_seal_that_fails_ends_the_process(tmp_path: Path) -> None:
    room = make_inside(tmp_path)
    command = room.command("echo", "unsealed")
    Path(command[5]).write_text("{}")
    done = subprocess.run(command, cwd=room.work, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr.startswith("Not started: the plan of this room's seal")


def test_where_the_whole_is_required_a_part_is_refused(inside: Inside) -> None:
    done = inside.with_seal(whole=True).run("echo", "started")
    if inside.without:
        assert done.returncode == 70
        assert ('Not started: policy.seal = "required", and this machine cannot seal it whole.') in done.stderr
    else:
        assert done.stdout == "started\n"


def test_a_command_ends_when_its_seal_does(whole: Inside) -> None:
    command = whole.command("sleep", "86399.75")
    soon = datetime.now(UTC) + timedelta(seconds=1)
    closed = whole.with_seal(writes=()).seal
    Path(command[5]).write_text(Plan((Timed(LONG_AGO, whole.seal), Timed(soon, closed))).encode())
    began = time.monotonic()
    assert subprocess.run(command, cwd=whole.work).returncode == 128 + signal.SIGKILL
    assert time.monotonic() - began < 60


def test_only_the_named_variables_come_along(inside: Inside) -> None:
    code = "import os; print(os.environ.get('SECRET_TOKEN'), os.environ['MORE'])"
    environ = {**os.environ, "SECRET_TOKEN": "x", "ROUNDS_SEAL_WITHOUT": inside.without}
    command = inside.command(sys.executable, "-c", code, environ={"MORE": "said"}, drops=("SECRET_",))
    done = subprocess.run(command, env=environ, cwd=inside.work, capture_output=True, text=True)
    assert done.stdout == "None said\n"
