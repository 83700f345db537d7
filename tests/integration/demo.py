"""A real demo event for tests: started as an organiser starts it, and stopped the same way."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from rounds.hub.machine_checks import find_bar
from rounds.synthetic.make import SEEDS
from rounds.warm.ports import LOWEST
from tests.made import lesson

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 600  # the first start makes a dataset: some seconds of one processor, more on a busy machine
MAKES = "birthweight"  # the first start finds no such dataset, and makes it
MADE: list[Path] = []  # the state folders of this run in which they were made
LINK = re.compile(r"^  (?P<what>\S.*?)\s{2,}(?P<name>\S.*?)\s{2,}(?P<link>http://\S+/hub/invitation/\S+)$")


def free_port() -> int:
    """Return a loopback port that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_row(count: int) -> int:
    """Return the first of so many ports in a row that nothing uses now, below those that Rounds chooses itself."""
    rows = (range(first, first + count) for first in range(8300, LOWEST - count, count))
    return next(row[0] for row in rows if not any(find_bar("0.0.0.0", port) for port in row))


@dataclass
class Demo:
    """One running event; `event_file` is a copy that a test may change."""

    folder: Path
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    links: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        """The event's state folder."""
        return self.folder / "state"

    @property
    def base(self) -> str:
        """The address that people open."""
        return f"http://{self.host}:{self.port}"

    def room(self, account: str) -> str:
        """Return the address of an account's room: a host of its own, for which no name server is asked."""
        return f"http://{account}.localhost:{self.port}/user/{account}"

    @property
    def event_file(self) -> Path:
        """The event file, which a test may change."""
        return self.folder / "event" / "event.toml"

    @property
    def output(self) -> str:
        """What the command printed so far."""
        return (self.folder / "output.txt").read_text(encoding="utf-8")

    def copy_event(self, **policy: str) -> None:
        """Copy the demo's event; `policy` replaces numbers of its policy section."""
        shutil.copytree(ROOT / "events" / "demo", self.folder / "event", dirs_exist_ok=True)
        text = self.event_file.read_text(encoding="utf-8")
        for key, value in policy.items():
            text, count = re.subn(rf"(?m)^{key} = \S+", f"{key} = {value}", text)
            assert count == 1, key
        self.event_file.write_text(text, encoding="utf-8")

    def start(self) -> None:
        """Start the event and wait until it says that it is open."""
        command = [sys.executable, "-m", "rounds", "demo", "--port", str(self.port), "--state", str(self.state)]
        command += ["--event", str(self.event_file)]
        environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self._lay_data()
        with (self.folder / "output.txt").open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output)
        deadline = time.monotonic() + READY_WITHIN_S
        while "Each link works once" not in self.output:
            assert self.process.poll() is None, self.output + self.hub_log()
            assert time.monotonic() < deadline, self.output + self.hub_log()
            time.sleep(0.2)
        MADE.append(self.state)
        found = (LINK.match(line) for line in self.output.split("\n"))
        self.links.update({match["what"].strip(): match["link"] for match in found if match})

    def _lay_data(self) -> None:
        """Copy the synthetic datasets of an earlier start; the first start makes one itself, and has what all share."""
        places = [(path, self.state / path.relative_to(MADE[0])) for path in (_datasets(MADE[0]) if MADE else [])]
        if not MADE:
            shared = (name for name in SEEDS if name != MAKES)
            places = [(lesson(name).path, self.state / "data" / name) for name in shared]
        for made, target in places:
            if not target.exists():
                shutil.copytree(made, target)

    def rounds(self, *arguments: str) -> str:
        """Run a command of Rounds on this event and return what it printed."""
        command = [sys.executable, "-m", "rounds", *arguments, "--state", str(self.state)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def invite(self, username: str) -> str:
        """Return a new sign-in link of a person."""
        return self.rounds("people", "invite", username).strip().split("\t")[2]

    def hub_log(self) -> str:
        """Return the end of the hub's log."""
        log = self.state / "hub" / "hub.log"
        return log.read_text(encoding="utf-8", errors="replace")[-6000:] if log.exists() else ""

    def processes(self) -> list[psutil.Process]:
        """Return every process of this event."""
        return psutil.Process(self.running.pid).children(recursive=True)

    @property
    def running(self) -> subprocess.Popen[bytes]:
        """The started command."""
        assert self.process is not None
        return self.process

    def find(self, *words: str) -> psutil.Process:
        """Return the one process whose command line has all `words`."""
        found = [p for p in self.processes() if all(w in " ".join(words_of(p)) for w in words)]
        assert len(found) == 1, [words_of(p) for p in self.processes()]
        return found[0]

    def stop(self, signum: int = signal.SIGTERM) -> int:
        """Stop the event and return the command's exit code."""
        if self.running.poll() is None:
            self.running.send_signal(signum)
        return self.running.wait(timeout=60)


@contextmanager
def started(folder: Path) -> Iterator[Demo]:
    """Run a demo event of its own in a folder, as long as the block lasts; who ends it may leave it ended."""
    demo = Demo(folder)
    demo.copy_event()
    demo.start()
    try:
        yield demo
    finally:
        demo.stop()


def words_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _datasets(state: Path) -> list[Path]:
    folders = [state / "data", *(state / "sizes").glob("*")]
    return [folder / name for folder in folders for name in SEEDS if (folder / name).is_dir()]
