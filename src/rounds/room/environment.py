"""A team's own package environment over the common one, and the kernel that runs in it.

The environment is a virtual environment without pip whose `.pth` file puts the common packages behind its own:
`%pip install` finds the common pip, sees the common packages, and installs into the team's environment only.
"""

from __future__ import annotations

import json
import os
import shlex
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

from rounds.slugs import page_kernel, team_account
from rounds.store.whole import write_whole


@dataclass(frozen=True)
class TeamKernel:
    """The kernel that bears a team's name: its environment, and beside it the folder of what Jupyter reads of it.

    The team writes its environment; a kernelspec there could name any command, and the server would run it.
    """

    team_id: str
    title: str
    folder: Path
    specs: Path

    @property
    def name(self) -> str:
        """The kernelspec's name."""
        return team_account(self.team_id)

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.folder / "bin" / "python"

    @property
    def jupyter_path(self) -> Path:
        """The folder to put on JUPYTER_PATH."""
        return self.specs


def make_environment(kernel: TeamKernel) -> None:
    """Make the team's environment and kernelspec where they are missing; what members installed stays."""
    if not kernel.python.exists():
        venv.EnvBuilder(with_pip=False, symlinks=True, prompt=kernel.title).create(kernel.folder)
    _put_common_packages_behind(kernel)
    _write_kernelspec(kernel)
    _write_pip(kernel)


def _write_pip(kernel: TeamKernel) -> None:
    """Let `pip` in a terminal of the team install into the team's environment, as %pip does."""
    script = kernel.python.with_name("pip")
    if not script.exists():
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(str(kernel.python))} -m pip "$@"\n', encoding="utf-8")
        script.chmod(0o755)


def _put_common_packages_behind(kernel: TeamKernel) -> None:
    variables = {"base": str(kernel.folder), "platbase": str(kernel.folder)}
    own = Path(sysconfig.get_path("purelib", "venv", variables))
    common = sysconfig.get_path("purelib")
    own.mkdir(parents=True, exist_ok=True)
    line = f"import site; site.addsitedir({common!r})\n"
    (own / "rounds_common.pth").write_text(line, encoding="utf-8")


def _write_kernelspec(kernel: TeamKernel) -> None:
    """Write the kernel of the team's room, and that of its published dashboards, which have nothing of the hub's."""
    own = {"PATH": f"{kernel.folder / 'bin'}{os.pathsep}${{PATH}}", "VIRTUAL_ENV": str(kernel.folder)}
    _write_spec(kernel, kernel.name, {**own, "JUPYTERHUB_API_TOKEN": "", "JPY_API_TOKEN": ""})
    _write_spec(kernel, page_kernel(kernel.team_id), own)


def _write_spec(kernel: TeamKernel, name: str, environ: dict[str, str]) -> None:
    folder = kernel.jupyter_path / "kernels" / name
    folder.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [str(kernel.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": kernel.title,
        "language": "python",
        "metadata": {"debugger": True},
        "env": environ,
    }
    write_whole(folder / "kernel.json", json.dumps(spec, indent=2))
