"""What is checked when B2 is handed in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.ladder import Rung

from .checks import REPLIES, VERDICTS, count_missing, is_missed, reference_dimer, reference_missing, same_shares

if TYPE_CHECKING:
    import pandas as pd


def fresh_labs(seed: int = 0) -> pd.DataFrame:
    """Return results of two laboratories that the learner has never seen."""
    import pandas as pd

    rows = [
        ("C", "48065-7", "DD one", "0.8", 0.8, "ug/mL"),
        ("C", "48065-7", "DD one", "-1", -1.0, "ug/mL"),
        ("C", "751-8", "Neutro", "0", 0.0, "10*9/L"),
        ("C", "1988-5", "CRP", "999", 999.0, "mg/L"),
        ("C", "1988-5", "CRP", "12", 12.0, "mg/L"),
        ("D", "48066-5", "Fibrin split", "1500", 1500.0, "ng/mL"),
        ("D", "48066-5", "Fibrin split", "not done", None, "ng/mL"),
        ("D", "1988-5", "D-dimer like", "<0.1", None, "mg/dL"),
        ("D", "751-8", "Neutro", "3.1", 3.1, "10*9/L"),
    ]
    names = ["site", "loinc", "local_name", "value_text", "value_num", "unit"]
    table = pd.DataFrame(rows, columns=names).astype({"value_num": "float64"})
    return table.sample(frac=1, random_state=seed)


def _hidden_missing(answer: Any) -> str | None:
    for seed in (1, 2):
        labs = fresh_labs(seed)
        if not same_shares(count_missing(answer, labs), reference_missing(labs)):
            return "On other laboratories the shares differ: mind 999, -1, 0 and <0.1."
    return None


def _hidden_dimer(answer: Any) -> str | None:
    def by_row(labs: pd.DataFrame) -> Any:
        mine = answer(labs)
        return mine.sort_index()["feu"].to_list() if "feu" in mine else None

    by_row.__name__ = "merge_dimer"
    return properties.h1_fresh_draw(
        by_row,
        lambda labs: reference_dimer(labs).sort_index()["feu"].to_list(),
        [(fresh_labs(seed),) for seed in (1, 2)],
    )


def _hidden_verdicts(answer: Mapping[int, str]) -> str | None:
    return next((REPLIES[number] for number in VERDICTS if is_missed(answer, number)), None)


HIDDEN = {
    "e1": (
        Rung(
            "values",
            lambda answer: properties.h7_refuses(answer, [(5.0, "mg"), (5.0, ""), (5.0, "mmol/L")]),
        ),
        Rung(
            "meaning",
            lambda answer: properties.h8_boundary(
                answer, (((0.0, "mg/dL"), 0.0), ((0, "mg/L"), 0), ((0.05, "mg/dL"), 0.5))
            ),
        ),
    ),
    "e2": (
        Rung("values", _hidden_dimer),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, fresh_labs())),
    ),
    "e3": (
        Rung("values", _hidden_missing),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, fresh_labs())),
    ),
    "e4": (Rung("meaning", _hidden_verdicts),),
}
