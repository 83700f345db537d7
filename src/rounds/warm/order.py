"""What a client asks of the template: one Python program with its own environment, folder, limits and account.

An order is one message of a Unix socket; the program's standard streams travel beside it as descriptors.
"""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rounds.errors import WarmError
from rounds.warm.seal.value import Seal, decode_seal

LARGEST = 160_000  # bytes of one message; the kernel's socket buffer holds a little more
MODULE = "-m"
KERNELS = ("ipykernel_launcher", "ipykernel")  # the programs that are an IPython kernel
AT_START_ONLY = frozenset(  # read by the interpreter before its first line: a fork comes too late for them
    {"PYTHONHASHSEED", "PYTHONOPTIMIZE", "PYTHONMALLOC", "PYTHONDEVMODE", "PYTHONTRACEMALLOC", "PYTHONHOME"}
    | {"PYTHONUTF8", "PYTHONUSERBASE", "PYTHONNODEBUGRANGES", "PYTHONASYNCIODEBUG", "PYTHONIOENCODING"}
    | {"PYTHONPLATLIBDIR", "PYTHONWARNINGS", "PYTHONDEBUG", "PYTHONPROFILEIMPORTTIME", "LD_PRELOAD", "LD_LIBRARY_PATH"}
)


@dataclass(frozen=True)
class KernelLimits:
    """The most that a process may use; 0 is no limit."""

    memory_gb: float = 0
    cpu_s: int = 0
    open_files: int = 0


@dataclass(frozen=True)
class ForkOrder:
    """A module to run as a program.

    Parameters
    ----------
    python
        The interpreter that an ordinary start would run.
    module, arguments
        ``python -m module arguments``.
    environ, cwd, umask
        The program's own; nothing of the template's shows through.
    limits
        What the process may use at most.
    uid, gid
        The account to become, where the template runs as root; -1 keeps the template's.
    ends_with_client
        Whether the program ends when the process that asked for it ends, as a kernel does with its server.
    starts_askers
        Whether what the program starts in sessions of its own may ask for forks as well, as it may itself.
    seal
        What the program may reach; None leaves it as open as its account is.
    bounds, nice
        The client's own resource limits (soft and hard, by name) and niceness, which a child would inherit.
    """

    python: str
    module: str
    arguments: tuple[str, ...]
    environ: Mapping[str, str]
    cwd: str
    umask: int = 0o022
    limits: KernelLimits = field(default_factory=KernelLimits)
    uid: int = -1
    gid: int = -1
    ends_with_client: bool = False
    starts_askers: bool = False
    seal: Seal | None = None
    bounds: Mapping[str, Sequence[int]] = field(default_factory=dict)
    nice: int = 0

    def encode(self) -> bytes:
        """Return the message; raise `WarmError` when it is larger than a message may be."""
        message = json.dumps(asdict(self)).encode()
        if len(message) > LARGEST:
            raise WarmError(f"The environment of {self.module} is too large for a warm start: {len(message)} bytes.")
        return message


def decode_order(message: bytes) -> ForkOrder:
    """Return the order in a message."""
    values = json.loads(message)
    values["arguments"] = tuple(values["arguments"])
    values["limits"] = KernelLimits(**values["limits"])
    values["seal"] = decode_seal(values["seal"]) if values.get("seal") else None
    return ForkOrder(**values)


def read_command(command: Sequence[str], environ: Mapping[str, str], cwd: str | Path | None) -> ForkOrder:
    """Return the order for ``[python, "-m", module, ...]``; raise `WarmError` for a command that cannot be forked."""
    if len(command) < 3 or command[1] != MODULE:
        raise WarmError(f"Only commands of the form python -m module can be forked, not {' '.join(command[:3])}.")
    strange = sorted(name for name in AT_START_ONLY & set(environ) if environ[name] != os.environ.get(name))
    if strange:
        raise WarmError(f"{', '.join(strange)} must be set before the interpreter starts.")
    mask = os.umask(0o022)
    os.umask(mask)
    folder = os.path.abspath(cwd or os.getcwd())
    if not os.path.isdir(folder):
        raise WarmError(f"{folder} is no folder to work in.")
    bounds, nice = read_bounds()
    return ForkOrder(command[0], command[2], tuple(command[3:]), dict(environ), folder, mask, bounds=bounds, nice=nice)


def read_bounds() -> tuple[dict[str, tuple[int, int]], int]:
    """Return this process's resource limits by name, and its niceness."""
    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return {n: resource.getrlimit(getattr(resource, n)) for n in names}, os.getpriority(os.PRIO_PROCESS, 0)
