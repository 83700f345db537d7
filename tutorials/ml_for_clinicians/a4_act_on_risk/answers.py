"""What learners write in A4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import ratio


def _ratio(observed: Any, expected: Any, result: Any = lambda o, e: o / e) -> Any:
    """Return exercise 1 with these in its gaps."""
    return lambda y, p: result(observed(y, p), expected(y, p))


def _died(y: Any, p: Any) -> Any:
    return y.sum()


def _risks(y: Any, p: Any) -> Any:
    return p.sum()


def _net(
    flags: Any = lambda p, t: p >= t,
    false: Any = lambda flags, died: flags & ~died,
    weight: Any = lambda t: t / (1 - t),
    whole: Callable[[Any], Any] = len,
) -> Any:
    """Return exercise 3 with these in its gaps."""

    def net_benefit(y: Any, p: Any, t: float) -> Any:
        import numpy as np

        died, flagged = np.asarray(y) == 1, flags(np.asarray(p), t)
        true, in_vain = (flagged & died).sum(), false(flagged, died).sum()
        return (true - weight(t) * in_vain) / whole(flagged)

    return net_benefit


def _by_rates(y: Any, p: Any, t: float) -> Any:
    """Return net benefit by shares, over the rows one by one."""
    true = sum(1 for one, risk in zip(y, p, strict=True) if risk >= t and one) / len(y)
    false = sum(1 for one, risk in zip(y, p, strict=True) if risk >= t and not one) / len(y)
    return true - false * (t / (1 - t))


def _spoiling_net(y: Any, p: Any, t: float) -> Any:
    said = _net()(y, p, t)
    p[:] = 0
    return said


def _strange_next_to_zero(y: Any, p: Any, t: float) -> Any:
    return 0.0 if t < 0.01 else _net()(y, p, t)


def _only_shown_thresholds(y: Any, p: Any, t: float) -> Any:
    weight = {0.1: 1 / 9, 0.2: 1 / 4, 0.4: 2 / 3}.get(round(t, 2), 1.0)
    return _net(weight=lambda _: weight)(y, p, t) if t else float(sum(y)) / len(y)


def _push(shift: Any, is_high: Any = lambda shifted, share: shifted.mean() > share) -> Any:
    """Return exercise 6 with these in its gaps."""

    def shift_to(p: Any, observed_share: float) -> Any:
        import numpy as np

        log_odds, push, step = np.log(p / (1 - p)), 0.0, 8.0
        for _ in range(50):
            shifted = shift(p, log_odds, push)
            push, step = (push - step if is_high(shifted, observed_share) else push + step), step / 2
        return shifted

    return shift_to


def _risk_of(x: Any) -> Any:
    import numpy as np

    return 1 / (1 + np.exp(-x))


def _right_push(p: Any, log_odds: Any, middle: float) -> Any:
    return _risk_of(log_odds + middle)


def _halve(is_too_high: Callable[[float], bool], low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if is_too_high(middle) else (middle, high)
    return low


def _by_root(p: Any, observed_share: float) -> Any:
    """Return the risks as a list."""
    import numpy as np

    log_odds = np.log(p / (1 - p))
    return list(_risk_of(log_odds + _halve(lambda one: _risk_of(log_odds + one).mean() > observed_share, -20, 20)))


def _by_newton(p: Any, observed_share: float) -> Any:
    """Return the risks after Newton's steps, as an array."""
    import numpy as np

    log_odds, push = np.log(np.asarray(p) / (1 - np.asarray(p))), 0.0
    for _ in range(100):
        risk = _risk_of(log_odds + push)
        push += float(np.clip((observed_share - risk.mean()) / max((risk * (1 - risk)).mean(), 1e-9), -0.5, 0.5))
    return _risk_of(log_odds + push)


def _in_steps(p: Any, observed_share: float) -> Any:
    """Return the best of many pushes."""
    import numpy as np

    log_odds = np.log(p / (1 - p))
    best = min(np.arange(-10, 10, 0.01), key=lambda one: abs(_risk_of(log_odds + one).mean() - observed_share))
    return _risk_of(log_odds + best)


def _by_means(p: Any, observed_share: float) -> Any:
    import numpy as np

    mean = p.mean()
    push = np.log(observed_share / (1 - observed_share)) - np.log(mean / (1 - mean))
    return _risk_of(np.log(p / (1 - p)) + push)


def _by_slope(p: Any, observed_share: float) -> Any:
    import numpy as np

    log_odds = np.log(p / (1 - p))
    return _risk_of(log_odds * _halve(lambda one: _risk_of(one * log_odds).mean() < observed_share, 0.1, 9))


def _spoiling_push(p: Any, observed_share: float) -> Any:
    said = _push(_right_push)(p, observed_share)
    p[:] = said
    return said


def _to_one_share(p: Any, observed_share: float) -> Any:
    return _push(_right_push)(p, min(observed_share, 0.3))


EXAMPLES = {
    "e1": Examples(
        right=(
            ratio,
            _ratio(_died, _risks),
            _ratio(lambda y, p: sum(y), lambda y, p: sum(p)),
            _ratio(lambda y, p: y.mean(), lambda y, p: p.mean()),
            _ratio(lambda y, p: (y == 1).sum(), _risks, lambda o, e: o / e if e else None),
        ),
        stub=_ratio(lambda y, p: ..., lambda y, p: ..., lambda o, e: ...),
        wrong=(
            Wrong(_ratio(_died, _risks, result=lambda o, e: e / o if o else 0), "puts the observed deaths first"),
            Wrong(_ratio(_risks, _died), "puts the observed deaths first"),
            Wrong(_ratio(_died, _risks, result=lambda o, e: o - e), "This is a difference"),
            Wrong(_ratio(_died, lambda y, p: len(p)), "the share that died"),
            Wrong(_ratio(lambda y, p: len(y), _risks), "all patients as deaths"),
            Wrong(_ratio(lambda y, p: y.mean(), _risks), "divided by a number of deaths"),
            Wrong(_ratio(_died, lambda y, p: (p > 0.5).sum()), "above one half"),
            Wrong(_ratio(_died, lambda y, p: (p >= 0.5).sum()), "above one half"),
            Wrong(_ratio(lambda y, p: (p > 0.5).sum(), _risks), "Who died stands in y"),
            Wrong(_ratio(_died, lambda y, p: p.max()), "the highest risk"),
            Wrong(_ratio(_died, lambda y, p: p.mean()), "divided by a mean risk"),
            Wrong(_ratio(_died, _risks, result=lambda o, e: 100 * o / e), "in percent"),
            Wrong(_ratio(lambda y, p: len(y[y]), _risks), "not where y is 1 and 0"),
            Wrong(_ratio(_died, _risks, result=lambda o, e: ...), "still holds three dots"),
            Wrong(_ratio(_died, _risks, result=lambda o, e: None), "returns nothing"),
            Wrong(_ratio(lambda y, p: y, _risks), "returns many values"),
            Wrong(_ratio(lambda y, p: 46, _risks), "Not O/E yet"),
            Wrong(0.45, "not a function"),
        ),
    ),
    "e2": Examples(
        right=(
            {"Lake": "too high", "Hill": "about right", "Port": "too low", "Glen": "too few deaths"},
            {"Glen": "Too few deaths ", "Hill": "About right", "Port": "too low", "Lake": "TOO HIGH"},
        ),
        stub=...,
        wrong=(
            Wrong(
                {"Lake": "too low", "Hill": "about right", "Port": "too high", "Glen": "too few deaths"},
                "In Lake fewer",
            ),
            Wrong(
                {"Lake": "about right", "Hill": "about right", "Port": "too low", "Glen": "too few deaths"},
                "Lake has the most",
            ),
            Wrong(
                {"Lake": "too few deaths", "Hill": "about right", "Port": "too low", "Glen": "too few deaths"},
                "In Lake about a hundred",
            ),
            Wrong(
                {"Lake": "too high", "Hill": "too high", "Port": "too low", "Glen": "too few deaths"},
                "Hill has fewer",
            ),
            Wrong(
                {"Lake": "too high", "Hill": "too low", "Port": "too low", "Glen": "too few deaths"}, "by very little"
            ),
            Wrong(
                {"Lake": "too high", "Hill": "too few deaths", "Port": "too low", "Glen": "too few deaths"},
                "In Hill far more",
            ),
            Wrong(
                {"Lake": "too high", "Hill": "about right", "Port": "too high", "Glen": "too few deaths"},
                "In Port more",
            ),
            Wrong(
                {"Lake": "too high", "Hill": "about right", "Port": "about right", "Glen": "too few deaths"},
                "by half of what",
            ),
            Wrong(
                {"Lake": "too high", "Hill": "about right", "Port": "too few deaths", "Glen": "too few deaths"},
                "In Port more than a hundred",
            ),
            Wrong(
                {"Lake": "too high", "Hill": "about right", "Port": "too low", "Glen": "too low"},
                "one or two deaths less",
            ),
            Wrong(
                {"Lake": "too high", "Hill": "about right", "Port": "too low", "Glen": "too high"},
                "both numbers are small",
            ),
            Wrong(
                {"Lake": "too high", "Hill": "about right", "Port": "too low", "Glen": "about right"},
                "nobody can say that",
            ),
            Wrong({"Lake": "too high"}, "still has 3 gaps"),
            Wrong({"Lake": "high", "Hill": "about right", "Port": "too low", "Glen": "too few deaths"}, "is unknown"),
            Wrong(["too high"], "curly brackets"),
        ),
    ),
    "e3": Examples(
        right=(_net(), _by_rates, _net(weight=lambda t: 1 / (1 / t - 1))),
        stub=_net(flags=lambda p, t: ...),
        wrong=(
            Wrong(_net(flags=lambda p, t: p > t), "just the threshold is flagged"),
            Wrong(_net(flags=lambda p, t: p >= 0.5), "from one half on"),
            Wrong(_net(flags=lambda p, t: p < t), "patients with low risks"),
            Wrong(_net(false=lambda flags, died: flags), "took away all who are flagged"),
            Wrong(_net(false=lambda flags, died: ~flags & died), "were not flagged"),
            Wrong(_net(false=lambda flags, died: ~died), "everybody who lived"),
            Wrong(_net(false=lambda flags, died: ~flags & ~died), "neither flagged nor died"),
            Wrong(_net(false=lambda flags, died: flags & died), "taken away from themselves"),
            Wrong(_net(weight=lambda t: t), "t itself"),
            Wrong(_net(weight=lambda t: (1 - t) / t), "Your weight is turned round"),
            Wrong(_net(weight=lambda t: 1 - t), "grows with the threshold"),
            Wrong(_net(weight=lambda t: 1 / t), "At 1/2 your weight is 2"),
            Wrong(_net(weight=lambda t: 1), "All false flags count 1"),
            Wrong(_net(weight=lambda t: t / 1 - t), "Your weight is 0"),
            Wrong(_net(weight=lambda t: 0.25), "the same at every threshold"),
            Wrong(_net(whole=lambda flags: flags.sum()), "divided by those who are flagged"),
            Wrong(_net(whole=lambda flags: 1), "number of patients"),
            Wrong(lambda y, p, t: y.mean(), "the same for every t"),
            Wrong(_net(flags=lambda p, t: p > t, weight=lambda t: (1 - t) / t), "at who is flagged and at the weight"),
            Wrong(_net(false=lambda flags, died: flags, weight=lambda t: t), "at who of them lived and at the weight"),
            Wrong(_net(weight=lambda t: t * t), "Not net benefit yet"),
            Wrong(_net(weight=lambda t: ...), "three dots"),
            Wrong(lambda y, p, t: None, "returns nothing"),
            Wrong(0.02, "not a function"),
            Wrong(_strange_next_to_zero, "With a threshold next to 0", hidden=True),
            Wrong(_only_shown_thresholds, "your result is not right", hidden=True),
            Wrong(_spoiling_net, "changes the table", hidden=True),
        ),
    ),
    "e4": Examples(
        right=((0.13, 0.33), [0.13, 0.33], (0.12, 0.33), (0.14, 0.33), (0.13, 0.32), (0.14, 0.32), (0.12, 0.34)),
        stub=...,
        wrong=(
            Wrong((0, 0.5), "nearly the whole plot"),
            Wrong((0.01, 0.5), "nearly the whole plot"),
            Wrong((0, 0.13), "the red line is the highest"),
            Wrong((0.33, 0.5), "flagging nobody is as good"),
            Wrong((0, 0.33), "where the red line is higher"),
            Wrong((0.05, 0.33), "where the red line is higher"),
            Wrong((0.13, 0.5), "below the grey one"),
            Wrong((0.15, 0.45), "below the grey one"),
            Wrong((0.2, 0.3), "it still is"),
            Wrong((0.13, 0.25), "it still is"),
            Wrong((0.33, 0.13), "ends before it begins"),
            Wrong((0.13, 0.35), "below the grey one"),
            Wrong((0.15, 0.35), "below the grey one"),
            Wrong((0.15, 0.33), "it still is"),
            Wrong((0.11, 0.33), "where the red line is higher"),
            Wrong((0.1, 0.4), "Where does the blue line cross"),
            Wrong((13, 33), "as the picture does"),
            Wrong((0.13, 33), "as the picture does"),
            Wrong((-0.1, 0.33), "reaches outside"),
            Wrong(0.2, "pair of numbers"),
        ),
    ),
    "e5": Examples(
        right=(0.125, 1 / 8, 0.1252),
        stub=...,
        wrong=(
            Wrong(1 / 7, "divided by the visits in vain"),
            Wrong(0.143, "divided by the visits in vain"),
            Wrong(0.875, "share of visits in vain"),
            Wrong(1 / 6, "comes on top"),
            Wrong(1 / 9, "one visit too many"),
            Wrong(12.5, "the unit is not"),
            Wrong(0.2, "of the picture"),
            Wrong(0.7, "number of visits. Of how many"),
            Wrong(0.07, "number of visits. Of how many"),
            Wrong(7, "This is a number of visits"),
            Wrong(8, "This is a number of visits"),
            Wrong(0, "between 0 and 1"),
            Wrong(0.13, "rounded too far"),
            Wrong(0.12, "rounded too far"),
            Wrong(0.4, "Not her threshold yet"),
            Wrong("1/8", "type str"),
        ),
    ),
    "e6": Examples(
        right=(_push(_right_push), _by_root, _by_newton, _in_steps),
        stub=_push(lambda p, log_odds, middle: ..., lambda shifted, share: ...),
        wrong=(
            Wrong(_push(lambda p, log_odds, middle: p), "come back as they were"),
            Wrong(lambda p, share: p, "come back as they were"),
            Wrong(lambda p, share: p * 0 + share, "the same risk now"),
            Wrong(lambda p, share: p * share / p.mean(), "All risks are multiplied"),
            Wrong(_push(lambda p, log_odds, middle: p * middle), "All risks are multiplied"),
            Wrong(_push(lambda p, log_odds, middle: p + middle), "The same is added to each risk"),
            Wrong(_push(lambda p, log_odds, middle: log_odds + middle), "outside 0 to 1"),
            Wrong(_by_means, "near, not enough"),
            Wrong(_push(_right_push, lambda shifted, share: shifted.mean() < share), "ran to its end"),
            Wrong(_push(_right_push, lambda shifted, share: True), "ran to its end"),
            Wrong(_push(lambda p, log_odds, middle: _risk_of(-(log_odds + middle))), "a low one now"),
            Wrong(_push(lambda p, log_odds, middle: 1 / 1 + 1 / _risk_of(log_odds + middle)), "around the sum"),
            Wrong(_push(lambda p, log_odds, middle: p / (1 - p) + 0 * middle), "outside 0 to 1"),
            Wrong(_push(_right_push, lambda shifted, share: False), "ran to its end"),
            Wrong(_push(lambda p, log_odds, middle: _risk_of(middle - log_odds)), "a low one now"),
            Wrong(_by_slope, "differs from patient to patient"),
            Wrong(_push(lambda p, log_odds, middle: _risk_of(p + middle)), "differs from patient to patient"),
            Wrong(_push(_right_push, lambda shifted, share: shifted.max() > share), "The mean of your risks is"),
            Wrong(lambda p, share: _push(_right_push)(p, share).mean(), "returns one number"),
            Wrong(lambda p, share: None, "returns no risks"),
            Wrong(_spoiling_push, "changes the column"),
            Wrong(0.1, "not a function"),
            Wrong(_to_one_share, "does not become the observed share", hidden=True),
        ),
    ),
}

FLAGS, FOUND = 'third["risk"] >= 1 / 4', '(flagged_third & third["died"]).sum()'
GAPS = Gaps(
    before=("setup", "risks", "worked-tenths", "worked-flags"),
    box="""third = patients[patients["wave"] == 3]
flagged_third = {}
evaluations = {}""",
    right=(
        (FLAGS, f"flagged_third.sum() / {FOUND}"),
        ('third["risk"] >= 0.25', f"1 / ({FOUND} / flagged_third.sum())"),
        ('third["risk"].ge(0.25)', f"round(flagged_third.sum() / {FOUND}, 2)"),
        (FLAGS, '1 / third["died"][flagged_third].mean()'),
    ),
    wrong=(
        (('third["risk"] >= 1 / 5', f"flagged_third.sum() / {FOUND}"), "accepts four evaluations"),
        (('third["risk"] >= threshold', f"flagged_third.sum() / {FOUND}"), "accepts four evaluations"),
        ((FLAGS, "flagged.sum() / found"), "the result of wave 2"),
        ((FLAGS, f"{FOUND} / flagged_third.sum()"), "Turn the division round"),
        ((FLAGS, f"(flagged_third.sum() - {FOUND}) / {FOUND}"), "in vain only"),
        ((FLAGS, f"len(third) / {FOUND}"), "You divided all patients"),
        (('third["risk"] >= 4', f"flagged_third.sum() / max(1, {FOUND})"), "Here nobody is flagged"),
        (('third["risk"] >= 3 / 4', f"flagged_third.sum() / {FOUND}"), "three quarters"),
        ((FLAGS, 'flagged_third.sum() / third["died"].sum()'), "divided by all who died"),
        (('third["risk"] < 1 / 4', f"flagged_third.sum() / {FOUND}"), "flagged the low risks"),
        ((FLAGS, FOUND), "This is a count"),
        ((FLAGS, "flagged_third.sum()"), "This is a count"),
        ((FLAGS, f"flagged.sum() / {FOUND}"), "Two waves are mixed"),
        ((FLAGS, "flagged_third.sum() / found"), "Two waves are mixed"),
        ((FLAGS, "4"), "what the ward accepts"),
        ((FLAGS, "..."), "still empty"),
        (("...", "len(third)"), "Not this figure yet"),
    ),
)
