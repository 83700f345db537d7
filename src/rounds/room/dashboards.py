"""Serve a team's published dashboards: Voila in its own process, behind the hub's sign-in.

    python -m rounds.room.dashboards FOLDER

`jupyter standaloneproxy` asks the hub about every request; Voila behind it has none of the hub's variables and
takes no code from a browser.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from rounds.room.tether import die_with_parent, run_tethered
from rounds.warm.seal.plan import VARIABLE

_SECRET_PREFIXES = ("JUPYTERHUB_", "JPY_", "CONFIGPROXY_", "ROUNDS_SECRET")
IDLE_KERNEL_S = 30 * 60
WIRE = "rounds.warm.wire"  # runs a program whose small messages leave at once


def proxy_command(folder: Path) -> list[str]:
    """Return the command that the hub starts for a team's dashboards."""
    python = sys.executable
    return [
        *(python, "-m", WIRE, "jupyter_server_proxy.standalone:main"),
        "--absolute-url",
        "--timeout=120",
        "--activity-interval=0",  # its pings say "in use" for ever; the hub knows real use from its own proxy
        "--",
        *(python, "-m", "rounds.room.dashboards", "--voila", "{port}", "{base_url}", str(folder)),
    ]


def voila_command(port: str, base_url: str, folder: Path) -> list[str]:
    """Return the command that serves the notebooks of `folder`."""
    return [
        *sealed_server(port),
        *(sys.executable, "-m", WIRE, "voila", str(folder)),
        *("--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1", f"--Voila.base_url={base_url}/"),
        *("--template=rounds", "--show_tracebacks=False", "--VoilaConfiguration.strip_sources=True"),
        *(
            f"--MappingKernelManager.cull_idle_timeout={IDLE_KERNEL_S}",
            "--MappingKernelManager.cull_interval=60",
            "--MappingKernelManager.cull_connected=True",  # a page that nobody uses; it says that it sleeps
        ),
        "--VoilaConfiguration.file_allowlist=[]",
    ]


def sealed_server(port: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return what stands before the command of a server that is sealed first; nothing where the room has no plan."""
    if not environ.get(VARIABLE):
        return []
    return [*(sys.executable, "-I", "-m", "rounds.warm.seal"), *("--plan", environ[VARIABLE], "--listens", port, "--")]


def public_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a team's dashboard code may see: none of the hub's."""
    return {name: value for name, value in environ.items() if not name.startswith(_SECRET_PREFIXES)}


def share_folder() -> Path:
    """Return the folder with the Voila template that asks no other host."""
    return Path(str(files("rounds.room") / "share" / "jupyter"))


def main(arguments: Sequence[str] = ()) -> int:
    """Serve the folder, as the hub's side or, after ``--voila``, as Voila itself."""
    given = list(arguments or sys.argv[1:])
    die_with_parent()
    if given[0] == "--voila":
        port, base_url, folder = given[1:]
        return run_tethered(voila_command(port, base_url.rstrip("/"), Path(folder)), public_environment(os.environ))
    return run_tethered(proxy_command(Path(given[0])))


if __name__ == "__main__":
    sys.exit(main())
