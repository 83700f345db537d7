"""The level of predicted risks: events for each one expected with its interval, and the push that sets it right."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import chi2

from rounds.errors import DataError

FARTHEST = 20.0  # log-odds: beyond it every risk is 0 or 1


def ratio_interval(outcome: Any, risk: Any) -> tuple[float, float, float]:
    """Return events for each one expected, and the two ends of its 95 % interval.

    The interval is exact for a count of events (Poisson), with the expected number taken as known: Ulm 1990, *American
    Journal of Epidemiology* 131:373.

    Parameters
    ----------
    outcome, risk
        One value for each person: what happened (0 or 1, or false and true), and what was predicted (0 to 1).

    Raises
    ------
    DataError
        Where nothing was expected, or the two have different lengths.

    Examples
    --------
    >>> tuple(round(one, 2) for one in ratio_interval([1] * 10 + [0] * 90, [0.1] * 100))
    (1.0, 0.48, 1.84)
    """
    happened, expected = _read(outcome, risk)
    events = happened.sum()
    low = chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    high = chi2.ppf(0.975, 2 * (events + 1)) / 2
    total = expected.sum()
    return float(events / total), float(low / total), float(high / total)


def find_push(outcome: Any, risk: Any) -> float:
    """Return what to add to the log-odds of every risk so that as many events are expected as happened.

    Raises
    ------
    DataError
        Where nobody or everybody had the event: no push is large enough.
    """
    happened, expected = _read(outcome, risk)
    if happened.mean() in (0.0, 1.0):
        raise DataError("find_push: nobody or everybody had the event here. Take more people.")
    odds = logit(np.clip(expected, 1e-9, 1 - 1e-9))
    return float(brentq(lambda push: expit(odds + push).mean() - happened.mean(), -FARTHEST, FARTHEST))


def push_risks(risk: Any, push: float) -> Any:
    """Return the risks with this added to their log-odds; their order stays."""
    return expit(logit(np.clip(np.asarray(risk, float), 1e-9, 1 - 1e-9)) + push)


def _read(outcome: Any, risk: Any) -> tuple[Any, Any]:
    happened, expected = np.asarray(outcome, float), np.asarray(risk, float)
    if happened.shape != expected.shape or happened.ndim != 1:
        raise DataError(
            f"outcome has {happened.size} values and risk {expected.size}; give one of each for each person."
        )
    if not expected.sum() > 0:
        raise DataError("No event is expected here, so there is no ratio. Choose people with a risk above 0.")
    return happened, expected
