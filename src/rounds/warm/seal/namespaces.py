"""Enter namespaces of one's own without exec: a forked process has one thread, so it may.

As an ordinary account this needs a user namespace, in which it keeps its own number; root needs none.
"""

from __future__ import annotations

import fcntl
import os
import resource
import socket
import struct

from rounds.warm.seal.calls import call

MOUNTS, IPC, USER, PROCESSES, NETWORK = 0x00020000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1
_COUNTED_APART = (5, 14)  # from this Linux on, processes are counted per user namespace (ucounts(7))


def leave(kinds: int) -> None:
    """Leave the namespaces of these kinds for new ones; the processes' holds the children only."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0:
        kinds |= USER
    call("unshare", kinds)
    if kinds & USER:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)


def raise_loopback() -> None:
    """Bring up the loopback of a new network: notebooks talk to themselves."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, _GET_FLAGS, request))[1]
        fcntl.ioctl(probe, _SET_FLAGS, struct.pack("16sh14x", b"lo", flags | _UP))


def limit_processes(most: int) -> None:
    """Bound the processes of this account's part of a new user namespace; the account's others are not counted."""
    release = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
    if os.geteuid() != 0 and release >= _COUNTED_APART:
        hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_NPROC, (bound, bound))
