"""Landlock: an allow-list of folders and ports that a process gives itself and every child, for ever.

https://docs.kernel.org/userspace-api/landlock.html; what each version of the interface adds is in `_FILES` and below.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable
from functools import cache

from rounds.warm.seal.calls import call, control
from rounds.warm.seal.value import Seal

PR_SET_NO_NEW_PRIVS = 38
_VERSION = 1
_BENEATH, _PORT = 1, 2
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_CHAR, MAKE_BLOCK = 1 << 6, 1 << 11
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
BIND, CONNECT = 1, 2
ABSTRACT_SOCKETS, SIGNALS = 1, 2
_FIRST = (1 << 13) - 1  # version 1: thirteen rights
_READ = EXECUTE | READ_FILE | READ_DIR
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # a rule on a file takes no right of a folder
TERMINALS = ("/dev/ptmx", "/dev/pts", "/dev/tty")
FILES, NETWORK, SCOPES, DEVICES = 1, 4, 6, 5  # the versions that brought them: Linux 5.13, 6.7, 6.12 and 6.10


@cache
def version() -> int:
    """Return the version of this machine's Landlock, 0 where it has none."""
    try:
        return call("landlock_create_ruleset", None, 0, _VERSION)
    except OSError:
        return 0


def restrict(seal: Seal, own_network: bool = False, most: int = 99) -> None:
    """Bind this process to the seal's files, ports and scopes, as far as version `most` of Landlock can say them."""
    has = min(version(), most)
    if has < FILES:
        return
    files, ports = _handled(has), not own_network and has >= NETWORK
    scopes = 0 if seal.serves else (ABSTRACT_SOCKETS | SIGNALS)
    attributes = struct.pack("=QQQ", files, (BIND | CONNECT) if ports else 0, scopes if has >= SCOPES else 0)
    size = 8 if has < NETWORK else 16 if has < SCOPES else 24
    ruleset = call("landlock_create_ruleset", attributes[:size], size, 0)
    try:
        _allow_files(ruleset, seal, files)
        if ports:
            _allow_ports(ruleset, seal)
        control(PR_SET_NO_NEW_PRIVS, 1)
        call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _handled(has: int) -> int:
    """Return the rights to files that this version knows; what is handled and not allowed is refused."""
    more = {2: REFER, 3: TRUNCATE, DEVICES: IOCTL_DEV}
    return _FIRST | sum(right for since, right in more.items() if has >= since)


def _allow_files(ruleset: int, seal: Seal, files: int) -> None:
    write = files & ~(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV)
    _allow(ruleset, seal.reads, _READ & files)
    _allow(ruleset, seal.writes, write)
    _allow(ruleset, seal.lists, READ_DIR)
    _allow(ruleset, (path for path in TERMINALS if path in seal.writes), files & (_READ | WRITE_FILE | IOCTL_DEV))


def _allow(ruleset: int, paths: Iterable[str], rights: int) -> None:
    for path in paths:
        try:
            beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # not there, or not for this account: it stays closed
            continue
        try:
            is_folder = stat.S_ISDIR(os.fstat(beneath).st_mode)
            allowed = rights if is_folder else rights & _OF_FILES
            call("landlock_add_rule", ruleset, _BENEATH, struct.pack("=Qi", allowed, beneath), 0)
        finally:
            os.close(beneath)


def _allow_ports(ruleset: int, seal: Seal) -> None:
    listens, asks = (seal.serves.listens, seal.serves.asks) if seal.serves else ((), ())
    asked = {*asks, *seal.own_ports, *(seal.ports if seal.internet else ())}
    for rights, ports in ((BIND, set(listens)), (CONNECT, asked)):
        for port in ports:
            call("landlock_add_rule", ruleset, _PORT, struct.pack("=QQ", rights, port), 0)
