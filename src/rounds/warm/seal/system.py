"""What every sealed process needs of the machine: the system's programs and devices, /proc, a part of /etc.

/etc is taken in parts: as root, without any right left, a process still owns /etc/shadow and the host's keys.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from rounds.warm.seal.value import Seal

_ETC = (
    *("alternatives", "bash.bashrc", "ca-certificates", "debian_version", "fonts", "gai.conf", "group", "host.conf"),
    *("hostname", "hosts", "inputrc", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias", "locale.conf"),
    *("localtime", "magic", "mime.types", "nsswitch.conf", "os-release", "passwd", "pki/ca-trust/extracted"),
    *("pki/tls/certs", "profile", "profile.d", "protocols", "resolv.conf", "services", "shells", "ssl/certs"),
    *("ssl/openssl.cnf", "terminfo", "timezone"),
)
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/opt", "/var/cache/fontconfig"),
    *(f"/etc/{name}" for name in _ETC),
    *("/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup"),
    *("/sys/kernel/mm/transparent_hugepage", "/proc"),
)
DEVICES = ("/dev/zero", "/dev/random", "/dev/urandom")
WRITTEN = ("/dev/null", "/dev/full", "/dev/tty", "/dev/ptmx", "/dev/pts", "/dev/shm")  # noqa: S108


def with_system(seal: Seal) -> Seal:
    """Return the seal with what the machine's own programs need.

    /proc is read whole: a rule on /proc/self would hold for one process, and joblib's workers look up their own.  It
    shows the room's own processes where the machine has namespaces; elsewhere what is secret in it is closed by the
    ban on ptrace, which Landlock brings with it.
    """
    read, written = of_the_machine()
    reads, writes = (*read, *_and_where_they_lead(seal.reads)), (*written, *_and_where_they_lead(seal.writes))
    return replace(seal, reads=reads, writes=writes)


@cache
def of_the_machine() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what every process reads and writes of the machine; the template asks once, for all of its forks."""
    return _and_where_they_lead((*SYSTEM, *DEVICES)), _and_where_they_lead(WRITTEN)


def _and_where_they_lead(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the paths with what they are called without symbolic links."""
    given = [os.path.abspath(path) for path in paths]
    return tuple(dict.fromkeys([*given, *map(os.path.realpath, given)]))


def interpreter() -> tuple[str, ...]:
    """Return what a Python of this environment reads: itself, its packages, and what is installed from a folder.

    A folder of an editable installation is named by a line of a .pth file; it is allowed as it stands there
    (``src``, ``widgets``), never the checkout around it.
    """
    own = [sys.prefix, sys.base_prefix, os.path.dirname(os.path.realpath(sys.executable))]
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
    found = dict.fromkeys([*own, *sorted(packages), *(line for folder in packages for line in _editable(folder))])
    return tuple(path for path in found if os.path.exists(path))


def _editable(packages: str) -> Iterator[str]:
    for file in sorted(Path(packages).glob("*.pth")):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("/"):
                yield line.rstrip()
