"""The two hubs that the benchmarks compare: the demo event of Rounds, and JupyterHub as it comes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
from harness import ROOT, answers, clean_environment, free_ports, report, running, wait_until

from rounds.event import Event, load_event
from rounds.hub.hosting.own_proxy import find_node
from rounds.room.sockets import warm_socket
from rounds.store.folders import Folders
from rounds.warm.client import is_up

# Both sides serve the same JupyterLab: what Rounds leaves out of its rooms is left out of stock's too, so that only the
# way of starting differs.  What Rounds adds (rounds.*) is not there.
STOCK_SERVER = {
    "ServerApp": {
        "answer_yes": True,
        "jpserver_extensions": {
            "rounds.warm": False,
            "rounds.room": False,
            "jupyter_lsp": False,
            "jupyterlab_jupytext": False,
            "voila.server_extension": False,
            "jupyter_server_proxy": False,
            "nbgrader.server_extensions.formgrader": False,
            "nbgrader.server_extensions.course_list": False,
        },
    },
    "LabApp": {"check_for_updates_class": "jupyterlab.NeverCheckForUpdate", "news_url": None},
    "YDocExtension": {"disable_rtc": True},
    "ConnectionFileMixin": {"ip": "127.0.0.1"},
}
STOCK_HUB = """
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.spawner_class = "jupyterhub.spawner.SimpleLocalProcessSpawner"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {token!r}
c.Authenticator.allow_all = True
c.JupyterHub.services = [{{"name": "bench", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [
    {{"name": "bench", "services": ["bench"], "scopes": ["admin:users", "tokens"]}}
]
c.Spawner.args = {args!r}
c.Spawner.environment = {environment!r}
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.SimpleLocalProcessSpawner.home_dir_template = {home!r}
"""


@dataclass(frozen=True)
class Hub:
    """A running hub: its address, a token that may start servers and make tokens, its processes, state and log."""

    base: str
    token: str
    process: psutil.Process
    state: Path
    log: Path
    own_hosts: bool = False

    def room_host(self, account: str) -> str:
        """Return the host of an account's room; empty where it is the hub's."""
        return f"{account}.localhost:{urlsplit(self.base).port}" if self.own_hosts else ""

    def call(self, method: str, path: str, accept: Sequence[int] = (), **more: Any) -> Any:
        """Ask the hub's REST interface and return its answer; statuses in `accept` are no error."""
        headers = {"Authorization": f"token {self.token}"}
        url = f"{self.base}/hub/api{path}"
        answer = httpx.request(method, url, headers=headers, timeout=60, trust_env=False, **more)
        if answer.status_code in accept:
            return None
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def token_of(self, person: str) -> str:
        """Return a new token of a person: what a browser has after signing in."""
        return str(self.call("POST", f"/users/{person}/tokens", json={})["token"])

    def cpu_s(self) -> float:
        """Return the CPU seconds that the hub's own process has used."""
        times = self._find("jupyterhub", "--config").cpu_times()
        return float(times.user + times.system)

    def _find(self, *words: str) -> psutil.Process:
        """Return the eldest process of this hub whose command line has all `words`, the tethers left out."""
        for process in self.process.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                line = process.cmdline()
                if "rounds.room.tether" not in line and all(word in line for word in words):
                    return process
        raise RuntimeError(f"No process of the hub has {words}")

    def find_all(self, module: str) -> list[int]:
        """Return the numbers of all processes of this hub that run a module, one for each program."""
        found = []
        for process in self.process.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                line = process.cmdline()
                if "rounds.room.tether" not in line and line[1:3] == ["-m", module]:
                    found.append(process.pid)
        return found

    def keeper(self) -> psutil.Process:
        """Return the keeper of the template that servers and kernels are forked from."""
        return self._find("rounds.warm.keeper")


def report_on_demo(bench: str, measure: Callable[[Hub, Event], Coroutine[Any, Any, dict[str, float]]]) -> None:
    """Measure on a demo event of its own; print each figure, and last the line for the record."""
    before = os.getloadavg()[0]
    event = load_event(ROOT / "events" / "demo" / "event.toml")
    with (
        tempfile.TemporaryDirectory(prefix=f"{bench}-", ignore_cleanup_errors=True) as root,
        rounds_hub(Path(root)) as hub,
    ):
        results = asyncio.run(measure(hub, event))
    for name, value in results.items():
        print(f"  {name:24} {value}")
    report(bench, results, before)


@contextlib.contextmanager
def rounds_hub(folder: Path) -> Iterator[Hub]:
    """Run the demo event, ready for people, with its template up."""
    shutil.copytree(ROOT / "events" / "demo", folder / "event")
    log, state, port = folder / "demo.log", folder / "state", free_ports(1)[0]
    command = [sys.executable, "-m", "rounds", "demo", "--port", str(port), "--state", str(state)]
    command += ["--event", str(folder / "event" / "event.toml")]
    environ = clean_environment(folder, PYTHONUNBUFFERED="1")
    with running(command, log, environ, cwd=ROOT) as process:
        wait_until(lambda: "Each link works once" in log.read_text(encoding="utf-8"), process, log)
        token = json.loads((state / "hub" / "secrets.json").read_text(encoding="utf-8"))["apply"]
        hub = Hub(f"http://127.0.0.1:{port}", token, process, state, state / "hub" / "hub.log", own_hosts=True)
        wait_until(lambda: is_up(warm_socket(Folders(state)), 1), process, log)
        yield hub


@contextlib.contextmanager
def stock_hub(folder: Path, people: Sequence[str]) -> Iterator[Hub]:
    """Run JupyterHub as it comes, with ordinary local servers, for `people`."""
    port, hub_port, api_port = free_ports(3)
    token, config, log = os.urandom(24).hex(), folder / "jupyterhub_config.py", folder / "hub.log"
    own = folder / "config"
    own.mkdir()
    (own / "jupyter_server_config.json").write_text(json.dumps(STOCK_SERVER), encoding="utf-8")
    given = {"JUPYTER_CONFIG_DIR": str(own), "MPLCONFIGDIR": str(folder / "matplotlib"), "PYTHONNOUSERSITE": "1"}
    proxy = [find_node(), str(Path(sys.executable).with_name("configurable-http-proxy"))]
    values = {"port": port, "hub_port": hub_port, "api_port": api_port, "token": token, "environment": given}
    args = ["--allow-root"] if os.geteuid() == 0 else []
    home = str(folder / "homes" / "{username}")
    config.write_text(STOCK_HUB.format(**values, args=args, proxy=proxy, home=home), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterhub", "--config", str(config)]
    environ = {**clean_environment(folder), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with running(command, log, environ, cwd=folder) as process:
        hub = Hub(f"http://127.0.0.1:{port}", token, process, folder, log)
        wait_until(lambda: answers(f"{hub.base}/hub/health"), process, log)
        hub.call("POST", "/users", json={"usernames": list(people)})
        yield hub
