"""The `[learning]` section: whether people are asked what they know, before the lessons and after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from rounds.errors import suggest
from rounds.event.section import Section


class Learning(Section):
    """The `[learning]` section; nobody is asked anything unless ``measure`` is true."""

    measure: bool = False
    second: str = ""
    again_days: int = Field(28, ge=0, le=365)
    draw_lessons: bool = False
    consent: str = ""


def find_wrong_learning(learning: Learning, phases: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield a key and what is wrong with it for everything that does not fit the event's phases."""
    if not learning.measure:
        return
    if not learning.second:
        yield "second", f'is needed with measure = true; the phase that opens the second test: second = "{phases[-1]}"'
    elif learning.second not in phases:
        yield "second", f'no phase "{learning.second}".{suggest(learning.second, phases)}'
    elif learning.second == phases[0]:
        yield "second", "is the first phase: the first test, before the lessons, would never be open"
