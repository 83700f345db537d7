"""A team's model card: what it says, the figures that its own evaluation gives, and where the two differ.

The entries are a short form of Mitchell 2019, *Model Cards for Model Reporting* (FAT* 2019, 220), with the figures that
TRIPOD+AI asks of a prediction model (Collins 2024, *BMJ* 385:e078378): lesson J8 practises it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.challenges.model_card_entries import (
    ACTING,
    LIMITS,
    PURPOSE,
    QUESTION,
    RISK,
    TESTED,
    THRESHOLD,
    VALUE,
    Entry,
    Section,
)
from rounds.challenges.risk import measure_auroc
from rounds.errors import DataError
from rounds.store.whole import write_whole

if TYPE_CHECKING:
    import pandas as pd

FILE, VERSION = "model-card.json", 1
SHORTEST = 3  # letters that say something


@dataclass(frozen=True)
class Finding:
    """What is said of one entry: it is open, it holds, or a sentence says what does not."""

    key: str
    state: str  # "open", "holds", "differs"
    words: str = ""


@dataclass(frozen=True)
class Evaluation:
    """The rows of a team's test: who (`person`), what happened, what was predicted; shapes (n,)."""

    person: Any
    observed: Any
    predicted: Any

    @classmethod
    def of(cls, tested: pd.DataFrame) -> Evaluation:
        """Read the columns `observed` and `predicted` (in grams: `observed_g`, `predicted_g`), and `person` if there.

        Raises
        ------
        DataError
            Where a column is missing, a value is missing, or there is no row.
        """
        import numpy as np

        found = [next((n for n in tested.columns if n in (w, f"{w}_g")), None) for w in ("observed", "predicted")]
        if None in found:
            raise DataError(
                "The rows of your test need the columns observed and predicted, and person where one has several rows: "
                'ModelCard(tested=test.rename(columns={"my_risk": "predicted", "my_outcome": "observed"})).'
            )
        observed, predicted = (tested[name].to_numpy(dtype=float) for name in found)
        if not len(observed) or np.isnan(observed).any() or np.isnan(predicted).any():
            raise DataError(
                "A row of your test has no outcome or no prediction. Say in the card how many you left out."
            )
        person = tested["person"].to_numpy() if "person" in tested else np.arange(len(observed))
        evaluation = cls(person, observed, predicted)
        if evaluation.is_risk and (predicted.min() < 0 or predicted.max() > 1):
            raise DataError("A predicted risk lies outside 0 to 1. Give probabilities, such as predict_proba(x)[:, 1].")
        return evaluation

    @property
    def is_risk(self) -> bool:
        """Whether the outcome is yes or no."""
        return set(self.observed.tolist()) <= {0.0, 1.0}

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of a card for such an outcome."""
        figures = (RISK, ACTING) if self.is_risk else (VALUE,)
        return (PURPOSE, QUESTION, TESTED, *figures, LIMITS)

    def figures(self, threshold: float | None = None) -> dict[str, float]:
        """Return the own figures by the key of their entry; one that cannot be told is NaN."""
        acting = self.is_risk and threshold is not None
        return {**self._settled, **(self._acting(threshold or 0.0) if acting else {})}

    @cached_property
    def _settled(self) -> dict[str, float]:
        """The figures that no threshold changes; a thousand draws are made once."""
        import pandas as pd

        counts = {"rows": float(len(self.observed)), "people": float(pd.Series(self.person).nunique())}
        return {**counts, **(self._risk_figures() if self.is_risk else self._value_figures())}

    def _risk_figures(self) -> dict[str, float]:
        import numpy as np

        from rounds.evaluation.metrics import calibration_slope, observed_to_predicted

        once = np.ones((1, len(self.observed)))
        found, low, high = measure_auroc(self.observed, self.predicted, self.person)
        level = observed_to_predicted(self.observed, self.predicted, once)[0]
        slope = calibration_slope(self.observed, self.predicted, once)[0]
        ends = {"auroc": found, "auroc_low": low, "auroc_high": high}
        return {**ends, "events": float(self.observed.sum()), "observed_expected": float(level), "slope": float(slope)}

    def _acting(self, threshold: float) -> dict[str, float]:
        flagged = self.predicted >= threshold
        right, events = float(self.observed[flagged].sum()), float(self.observed.sum())
        return {
            "sensitivity": right / events if events else math.nan,
            "ppv": right / float(flagged.sum()) if flagged.any() else math.nan,
            "alerts_per_100": 100 * float(flagged.mean()),
        }

    def _value_figures(self) -> dict[str, float]:
        import numpy as np

        from rounds.evaluation.bootstrap import Array, estimate
        from rounds.evaluation.metrics import mean_absolute_error

        def measure(weights: Array) -> dict[str, Array]:
            return {"mae": mean_absolute_error(self.observed, self.predicted, weights)}

        found, low, high = estimate(measure, self.person, np.ones(len(self.observed)), seed=0)["mae"]
        error = float((self.predicted - self.observed).mean())
        return {"mae": found, "mae_low": low, "mae_high": high, "mean_error": error}


def check_card(evaluation: Evaluation, said: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for each entry of a card; `said` holds what stands in each, by its key."""
    threshold = _read_number(said.get(THRESHOLD, ""))
    acts = threshold if threshold is not None and 0 < threshold < 1 else None
    own = evaluation.figures(acts)
    for entry in (entry for section in evaluation.sections for entry in section.entries):
        text = said.get(entry.key, "").strip()
        if not text:
            yield Finding(entry.key, "open")
        elif entry.key == THRESHOLD:
            yield _judge_threshold(acts)
        elif entry.is_number:
            yield _judge_number(entry, text, own.get(entry.key))
        elif len(text) < SHORTEST:
            yield Finding(entry.key, "differs", "Say it in some words.")
        else:
            yield Finding(entry.key, "holds")


def _judge_threshold(acts: float | None) -> Finding:
    if acts is None:
        return Finding(THRESHOLD, "differs", "A risk between 0 and 1 is wanted, such as 0.15.")
    return Finding(THRESHOLD, "holds")


def _judge_number(entry: Entry, text: str, own: float | None) -> Finding:
    number = _read_number(text)
    if number is None:
        return Finding(entry.key, "differs", f'"{text}" is no number. Write it with a point, such as 0.83.')
    if own is None:
        return Finding(entry.key, "differs", "Fill in first from which risk on somebody acts.")
    if math.isnan(own):
        return Finding(entry.key, "differs", "Your test cannot tell this figure: no outcome, or no alert, is in it.")
    decimals = len(text.partition(".")[2])
    right = f"Your test says {own:,.{entry.decimals or 0}f}."
    if decimals < (entry.decimals or 0):
        return Finding(entry.key, "differs", f"Write {entry.decimals} decimals. {right}")
    if abs(number - own) > 0.5 * 10**-decimals * (1 + 1e-9):
        return Finding(entry.key, "differs", right)
    return Finding(entry.key, "holds", "As in your test.")


def _read_number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "").replace("−", "-"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_card(path: Path) -> dict[str, str]:
    """Return what stands in a card's file; nothing where there is none.

    Raises
    ------
    DataError
        Where the file is no card.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        entries = said["entries"]
        if said["version"] != VERSION or not all(isinstance(text, str) for text in entries.values()):
            raise ValueError
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        raise DataError(
            f"{path} is no model card, or a damaged one. Rename it, then run this cell again: the form begins empty."
        ) from None
    return dict(entries)


def write_entry(path: Path, said: Mapping[str, str], key: str, evaluation: Evaluation) -> dict[str, str]:
    """Write the entry `key` of what is said beside what others have written meanwhile, and return all entries."""
    entries = {**said, **read_card(path), key: said[key]}
    threshold = _read_number(entries.get(THRESHOLD, ""))
    own = {name: None if math.isnan(value) else value for name, value in evaluation.figures(threshold).items()}
    states = {finding.key: finding.state for finding in check_card(evaluation, entries)}
    kept: dict[str, Any] = {"version": VERSION, "entries": entries, "states": states, "evaluation": own}
    write_whole(path, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    return entries


def format_card(evaluation: Evaluation, said: Mapping[str, str]) -> str:
    """Return a card as Markdown, for a report or slides; what is open or differs says so."""
    states = {finding.key: finding for finding in check_card(evaluation, said)}
    return "\n".join(_format(evaluation, said, states))


def _format(evaluation: Evaluation, said: Mapping[str, str], states: Mapping[str, Finding]) -> Iterator[str]:
    yield "# Model card"
    for section in evaluation.sections:
        yield f"\n## {section.title}\n\n| | |\n|---|---|"
        for entry in section.entries:
            finding, text = states[entry.key], said.get(entry.key, "").strip().replace("|", "\\|").replace("\n", " ")
            note = f" ({finding.words})" if finding.state == "differs" else ""
            yield f"| {entry.label} | {text or 'open'}{note} |"
