"""An idle server gives memory back once, and again after it was busy."""

from __future__ import annotations

import os

from rounds.warm.trim import IDLE_CPU_S, Trimmer, trim_allocator


def test_it_trims_once_when_idle_and_again_after_work() -> None:
    used, trimmed = [0.0], []
    trimmer = Trimmer(lambda: trimmed.append(1), lambda: used[0])
    seen = []
    for more in (0.0, 0.0, IDLE_CPU_S * 2, 0.0, 0.0):
        used[0] += more
        trimmer.look()
        seen.append(len(trimmed))
    assert seen == [1, 1, 1, 2, 2]


def test_freed_memory_goes_back_to_the_system() -> None:
    def resident() -> int:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    pieces = [bytearray(100_000) for _ in range(600)]  # below the size that malloc maps apart
    last = bytearray(100_000)  # keeps the top of the heap in use
    pieces.clear()
    before = resident()
    assert trim_allocator()
    assert before - resident() > 20_000_000
    assert last is not None
