"""The scale on which a figure is drawn: one for each figure of a challenge, so that all tries and teams share it."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from rounds.custody.scoring.score import Figure
from rounds.event import Challenge

WIDTH, INSET = 320, 24  # of the drawing; a label at either end of the axis has room
ABOUT_ONE = {"observed_to_predicted", "calibration_slope"}
STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Scale:
    """Where an axis begins and ends, its ticks, and the value that is right where there is one."""

    ticks: tuple[float, ...]
    right: float | None = None

    def place(self, value: float) -> float:
        """Return where a value stands on the axis, from 0 to 1; what lies beyond stands at the end."""
        low, high = self.ticks[0], self.ticks[-1]
        return min(max((value - low) / (high - low), 0.0), 1.0)

    def holds(self, value: float) -> bool:
        """Return whether a value lies on the axis."""
        return self.ticks[0] <= value <= self.ticks[-1]


@dataclass(frozen=True)
class Drawing:
    """A figure on its scale, in units of the drawing: ticks with labels, band, interval, value."""

    ticks: tuple[tuple[float, str], ...]
    low: float
    high: float
    value: float
    right: float | None
    band: tuple[float, float] | None
    is_beyond: bool


def main_figure(challenge: Challenge) -> str:
    """Return the figure that the honest band of a challenge is about."""
    return "mae" if challenge.metric == "mae" else "auroc"


def scale_of(name: str, challenge: Challenge) -> Scale:
    """Return the scale of a figure: shares from 0 to 1, AUROC from chance, an error to that of a poor guess."""
    if name == "mae":
        top = _top_of_error(challenge)
        return Scale(tuple(top * step / 4 for step in range(5)))
    if name == "auroc":
        return Scale((0.5, 0.6, 0.7, 0.8, 0.9, 1.0))
    return Scale((0.0, 0.5, 1.0, 1.5, 2.0), right=1.0) if name in ABOUT_ONE else Scale((0.0, 0.25, 0.5, 0.75, 1.0))


def draw(figure: Figure, challenge: Challenge) -> Drawing | None:
    """Return where to draw a figure; None when it or its interval cannot be told."""
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    scale = scale_of(figure.name, challenge)
    band = challenge.honest_band if figure.name == main_figure(challenge) else ()
    low, high, value = (_x(scale, one) for one in (figure.low, figure.high, figure.value))
    return Drawing(
        ticks=tuple((_x(scale, tick), f"{tick:,.5g}") for tick in scale.ticks),
        low=low,
        high=high,
        value=value,
        right=None if scale.right is None else _x(scale, scale.right),
        band=(_x(scale, band[0]), _x(scale, band[1])) if band else None,
        is_beyond=not all(scale.holds(one) for one in (figure.low, figure.high, figure.value)),
    )


def _top_of_error(challenge: Challenge) -> float:
    """Return the largest error to draw: half as much again as an honest model's.

    Without a band it is a quarter of the range of outcomes: the error of who always says the middle, when each outcome
    is as frequent as any other.
    """
    if challenge.honest_band:
        return _round_up(1.5 * challenge.honest_band[1])
    low, high = challenge.outcome_range or (0.0, 4.0)
    return _round_up((high - low) / 4)


def _round_up(value: float) -> float:
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in STEPS if step * power >= value * (1 - 1e-9))


def _x(scale: Scale, value: float) -> float:
    return round(INSET + (WIDTH - 2 * INSET) * scale.place(value), 1)
