"""Write the small programs that seccomp runs before each system call: a handful of instructions of classic BPF.

A program is a list of decisions, one a system call; each ends in an answer (linux/filter.h, seccomp(2)).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

LOAD, AND, RETURN = 0x20, 0x54, 0x06
IS_EQUAL, IS_AT_LEAST, HAS_ANY = 0x15, 0x35, 0x45
ALLOW, KILL = 0x7FFF0000, 0x80000000
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16
_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_ENOSYS = 38

Line = tuple[int, int, int, int]
Lines = list[Line]


def answer(error: int) -> int:
    """Return the answer that lets a call fail with an error number; 0 lets it succeed, undone."""
    return 0x00050000 | error


def give(returned: int) -> Lines:
    """Return the decision that always answers the same."""
    return [(RETURN, 0, 0, returned)]


def load(argument: int) -> Line:
    """Look at an argument of the call, counted from 0: its lower 32 bits, as all flags and small numbers are."""
    return (LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument)


def load_upper(argument: int) -> Line:
    """Look at the upper 32 bits of an argument."""
    return (LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument + 4)


def when(test: int, value: int, then: Lines) -> Lines:
    """Return lines that are passed through only when a test of what is looked at holds; they end in an answer."""
    return [(test, 0, len(then), value), *then]


def if_any_bit(argument: int, bits: int, then: int, otherwise: int = ALLOW) -> Lines:
    """Answer by whether any of the bits is set in an argument."""
    return [load(argument), *when(HAS_ANY, bits, give(then)), *give(otherwise)]


def if_one_of(argument: int, values: Iterable[int], then: int, otherwise: int = ALLOW) -> Lines:
    """Answer by whether an argument is one of these values."""
    return [load(argument), *(line for value in values for line in when(IS_EQUAL, value, give(then))), *give(otherwise)]


def assemble(decisions: Mapping[int, Lines], machine: str, otherwise: int = ALLOW) -> bytes:
    """Return the program: its decisions by the number of the call, `otherwise` for every other call."""
    lines: Lines = [(LOAD, 0, 0, _ARCH_AT), *_only(_ARCH[machine]), (LOAD, 0, 0, _NUMBER_AT)]
    if machine == "x86_64":
        lines += when(IS_AT_LEAST, _X32, give(answer(_ENOSYS)))
    for number in sorted(decisions):
        lines += when(IS_EQUAL, number, decisions[number])
    lines += give(otherwise)
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _only(arch: int) -> Lines:
    """End a process that calls in the way of another processor, such as int 0x80: its numbers mean other calls."""
    return [(IS_EQUAL, 1, 0, arch), (RETURN, 0, 0, KILL)]
