"""The figures of a score in words, for both readers."""

from __future__ import annotations

from dataclasses import dataclass

from rounds.custody.scoring.rounding import decimals
from rounds.custody.scoring.score import Figure
from rounds.errors import Command, DataError


@dataclass(frozen=True)
class FigureWords:
    """A figure's name, and what it means in one sentence."""

    name: str
    meaning: str


WORDS = {
    "mae": FigureWords("Mean absolute error", "How far a prediction lies from the truth, on average."),
    "auroc": FigureWords(
        "AUROC", "How often a row with the outcome has a higher risk than one without; 0.5 is chance, 1 is all."
    ),
    "average_precision": FigureWords(
        "Average precision", "How many of the alerts are right, averaged over thresholds. Chance is the share below."
    ),
    "rate": FigureWords("Share with the outcome", "How many of all rows have the outcome."),
    "observed_to_predicted": FigureWords(
        "Observed for each predicted", "Calibration: 1 is right; above 1, risks are too low, under 1 too high."
    ),
    "calibration_slope": FigureWords(
        "Calibration slope", "1 is right; under 1, the predictions are too extreme, above 1 too timid."
    ),
    "sensitivity": FigureWords(
        "Sensitivity at the alert budget", "The share of rows with the outcome that raise an alert (recall)."
    ),
    "ppv": FigureWords(
        "Positive predictive value at the alert budget", "The share of alerts that are right (precision)."
    ),
}


def unprepared(challenge: str, is_own: bool) -> DataError:
    """Return how a challenge's hold-out is prepared: drawn for its own synthetic dataset, attached for another one."""
    if is_own:
        prepare = Command("data", "hold-out", challenge)
        return DataError(f'The challenge "{challenge}" has no hold-out yet. Prepare it: ', prepare)
    attach = Command("data", "attach", "FOLDER", "--challenge", challenge, "--part", "hold-out")
    return DataError(f'The challenge "{challenge}" has no hold-out of its dataset yet. Attach it: ', attach)


def describe_figure(figure: Figure) -> str:
    """Return a figure with its interval in one line."""
    return f"{WORDS[figure.name].name}: {say_value(figure)} ({say_interval(figure)})"


def say_value(figure: Figure) -> str:
    """Return a figure's value in words."""
    return _say(figure.value, figure.step)


def say_interval(figure: Figure) -> str:
    """Return a figure's interval in words."""
    if figure.low is None or figure.high is None:
        return "no interval can be told"
    return f"95 % interval {_say(figure.low, figure.step)} to {_say(figure.high, figure.step)}"


def _say(value: float | None, step: float) -> str:
    return "cannot be told" if value is None else f"{value:,.{decimals(step)}f}"
