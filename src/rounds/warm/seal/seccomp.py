"""Install a filter of system calls: in this thread, or in all threads of this process."""

from __future__ import annotations

import ctypes
import struct

from rounds.warm.seal.calls import call, control
from rounds.warm.seal.landlock import PR_SET_NO_NEW_PRIVS

_SET_FILTER, _ALL_THREADS = 1, 1
_LINE = 8  # bytes of one instruction


def install(program: bytes, in_all_threads: bool = False) -> None:
    """Let a program decide on every system call from now on, of every child too; it cannot be taken back."""
    lines = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxQ", len(program) // _LINE, ctypes.addressof(lines))
    control(PR_SET_NO_NEW_PRIVS, 1)
    call("seccomp", _SET_FILTER, _ALL_THREADS if in_all_threads else 0, header)
