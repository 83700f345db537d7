"""What the machine must offer before an event starts: each missing part is one clear sentence."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from rounds.errors import StartError

LEAST_FREE_MB = 500


def check_machine(root: Path, bin_folder: Path, port: int) -> None:
    """Raise `StartError` with every part that is missing."""
    problems = [*_disk(root), *_proxy(bin_folder), *_port(port)]
    if problems:
        raise StartError("\n".join(problems))


def _disk(root: Path) -> Iterator[str]:
    folder = next(p for p in (root, *root.parents) if p.exists())
    if not os.access(folder, os.W_OK):
        yield f"{folder} cannot be written by this account. Choose another folder: --state FOLDER"
        return
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < LEAST_FREE_MB:
        yield f"{folder} has {free_mb} MB free, {LEAST_FREE_MB} MB are needed. Free some space, or: --state FOLDER"


def _proxy(bin_folder: Path) -> Iterator[str]:
    if not (bin_folder / "configurable-http-proxy").exists():
        yield f"{bin_folder}/configurable-http-proxy is missing. Run: make env"


def _port(port: int) -> Iterator[str]:
    if not is_free(port):
        yield f"Port {port} is in use. Stop what uses it, or choose another: make demo PORT={port + 1}"


def is_free(port: int) -> bool:
    """Return whether nothing listens on a loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return loopback ports that nothing uses now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports
