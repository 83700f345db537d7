"""When the tests of knowledge are open, and who gets which form.

Before the lessons, after them, and again some weeks later.  The first form is drawn and balanced, the second is the
other one, and the last one is the first form again.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from rounds.event import Event
from rounds.instrument.bank import ItemForm


class Occasion(StrEnum):
    """One of the three times at which somebody is asked."""

    BEFORE = "before"
    AFTER = "after"
    AGAIN = "again"


def second_opens(event: Event) -> datetime:
    """Return the aware moment from which the second test is open, and the first one no more."""
    return event.opens_at(next(phase for phase in event.phase if phase.id == event.learning.second))


def again_opens(event: Event) -> datetime | None:
    """Return the aware moment from which the first form is asked again; None where it never is."""
    days = event.learning.again_days
    return second_opens(event) + timedelta(days=days) if days else None


def find_occasion(event: Event, finished: Mapping[Occasion, ItemForm], now: datetime) -> Occasion | None:
    """Return the test that is open for somebody who finished these; None where none is.

    Who took no test before the lessons is asked none after them: there would be nothing to compare with.
    """
    again = again_opens(event)
    if now < second_opens(event):
        open_now = Occasion.BEFORE
    else:
        open_now = Occasion.AGAIN if again is not None and now >= again else Occasion.AFTER
    if open_now in finished or (open_now is not Occasion.BEFORE and Occasion.BEFORE not in finished):
        return None
    return open_now


def find_form(
    occasion: Occasion, finished: Mapping[Occasion, ItemForm], drawn: Mapping[ItemForm, int], seed: int
) -> ItemForm:
    """Return the form of a test.

    Parameters
    ----------
    drawn
        How many people of the same profession have each form before the lessons: who begins gets the rarer one, and
        one by chance where both are as many.
    """
    if occasion is Occasion.BEFORE:
        counts = [drawn.get(form, 0) for form in ItemForm]
        fewest = [form for form, count in zip(ItemForm, counts, strict=True) if count == min(counts)]
        return random.Random(seed).choice(fewest)  # noqa: S311  a draw of a form, no secret
    first = finished[Occasion.BEFORE]
    return first.other if occasion is Occasion.AFTER else first
