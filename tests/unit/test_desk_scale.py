"""A figure of a score is drawn on one scale in all tries, with its interval and the honest band of the challenge."""

from __future__ import annotations

from itertools import pairwise

import pytest

from rounds.custody.scoring.score import Figure
from rounds.custody.scoring.words import WORDS
from rounds.desk.scores.scale import INSET, WIDTH, draw, scale_of
from rounds.event.model import Challenge

LAST = WIDTH - INSET


def challenge(**given: object) -> Challenge:
    """Return a challenge that is scored by its alerts, unless something else is given."""
    base = {"id": "x", "title": "X", "dataset": "x", "question": "Who?", "metric": "alerts", "honest_band": (0.66, 0.7)}
    return Challenge(**{**base, **given})


BIRTHS = challenge(metric="mae", honest_band=(361, 389), outcome_range=(300, 6500))


def figure(name: str, value: float | None, low: float | None, high: float | None) -> Figure:
    return Figure(name, value, low, high, 0.001)


@pytest.mark.parametrize("name", WORDS)
def test_every_figure_has_a_scale_with_even_ticks(name: str) -> None:
    ticks = scale_of(name, BIRTHS if name == "mae" else challenge()).ticks
    steps = {round(b - a, 9) for a, b in pairwise(ticks)}
    assert len(steps) == 1
    assert min(steps) > 0


# a value stands at the same place whatever else was scored: figure, value, where on the axis
@pytest.mark.parametrize(
    ("name", "value", "share"),
    [
        ("auroc", 0.5, 0),
        ("auroc", 0.75, 0.5),
        ("average_precision", 0.25, 0.25),
        ("ppv", 1.0, 1),
        ("calibration_slope", 1.0, 0.5),
        ("observed_to_predicted", 2.0, 1),
    ],
)
def test_a_value_stands_where_its_scale_says(name: str, value: float, share: float) -> None:
    for other in (0.5, 1.0, 3.0):
        drawn = draw(figure(name, value, value, max(value, other)), challenge())
        assert drawn.value == pytest.approx(INSET + share * (WIDTH - 2 * INSET), abs=0.06)


def test_an_error_is_drawn_from_0_to_more_than_an_honest_one() -> None:
    assert scale_of("mae", BIRTHS).ticks == (0, 150, 300, 450, 600)
    assert scale_of("mae", challenge(metric="mae", honest_band=(), outcome_range=(300, 6500))).ticks[-1] == 2000


@pytest.mark.parametrize("top", [0.004, 0.9, 1, 7, 40, 389, 12_345])
def test_the_honest_band_of_an_error_lies_well_on_its_scale(top: float) -> None:
    ticks = scale_of("mae", challenge(metric="mae", honest_band=(top / 2, top))).ticks
    assert 1.5 * top <= ticks[-1] * (1 + 1e-9)
    assert ticks[-1] <= 2.5 * top


def test_the_band_is_marked_on_the_figure_that_it_is_about_and_on_no_other() -> None:
    drawn = draw(figure("auroc", 0.68, 0.6, 0.76), challenge())
    axis = WIDTH - 2 * INSET
    assert drawn.band == pytest.approx((INSET + 0.32 * axis, INSET + 0.4 * axis), abs=0.06)
    assert draw(figure("ppv", 0.1, 0.05, 0.2), challenge()).band is None
    assert draw(figure("auroc", 0.68, 0.6, 0.76), challenge(honest_band=())).band is None
    assert draw(figure("mae", 370, 350, 390), BIRTHS).band is not None


def test_what_lies_beyond_the_scale_stands_at_its_end_and_says_so() -> None:
    below = draw(figure("auroc", 0.45, 0.4, 0.55), challenge())
    assert (below.low, below.value, below.is_beyond) == (INSET, INSET, True)
    above = draw(figure("mae", 700, 580, 800), BIRTHS)
    assert (above.high, above.is_beyond) == (LAST, True)
    assert not draw(figure("auroc", 0.6, 0.5, 1.0), challenge()).is_beyond


@pytest.mark.parametrize("missing", [(None, 0.1, 0.2), (0.1, None, 0.2), (0.1, 0.05, None)])
def test_what_cannot_be_told_is_not_drawn(missing: tuple[float | None, ...]) -> None:
    assert draw(figure("ppv", *missing), challenge()) is None
