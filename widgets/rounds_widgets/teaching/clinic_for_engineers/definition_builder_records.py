"""Four made-up records for the definition builder, and in words why a definition makes each a case or not.

Nothing here draws.  Each sentence of a definition decides about one record or more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rounds.evaluation.case_definition import COMMENSALS, PAIRED, Definition, find_cases

if TYPE_CHECKING:
    import pandas as pd

EPIDERMIDIS, HOMINIS, COLI = "Staphylococcus epidermidis", "Staphylococcus hominis", "Escherichia coli"
SHORT = {EPIDERMIDIS: "S. epidermidis", HOMINIS: "S. hominis", COLI: "E. coli"}
Bottles = tuple[str | None, str | None]


@dataclass(frozen=True)
class Draw:
    """Blood from one needle or one line: its day, where it was taken, and what grew in its two bottles."""

    day: int
    place: str
    bottles: Bottles


@dataclass(frozen=True)
class Record:
    """The draws of one made-up patient, and the days with a fever."""

    name: str
    draws: tuple[Draw, ...]
    fever: tuple[int, ...]

    def growth(self) -> pd.DataFrame:
        """Return a row for each bottle that grew, as `read_growth` does."""
        import pandas as pd

        rows = [
            (self.name, f"{at}", bottle, germ, draw.day, any(abs(draw.day - day) <= 1 for day in self.fever))
            for at, draw in enumerate(self.draws)
            for bottle, germ in zip(("aerobic", "anaerobic"), draw.bottles, strict=True)
            if germ is not None
        ]
        return pd.DataFrame(rows, columns=["encounter_id", "set_id", "bottle", "organism", "day", "fever"])


RECORDS = (
    Record("Record 1", (Draw(2, "catheter", (None, None)), Draw(2, "arm", (EPIDERMIDIS, EPIDERMIDIS))), (2,)),
    Record("Record 2", (Draw(1, "catheter", (EPIDERMIDIS, None)), Draw(3, "catheter", (None, EPIDERMIDIS))), (1, 3)),
    Record("Record 3", (Draw(2, "catheter", (EPIDERMIDIS, None)), Draw(2, "arm", (None, HOMINIS))), ()),
    Record("Record 4", (Draw(2, "catheter", (COLI, None)), Draw(2, "arm", (None, None))), ()),
)
# What a pair can lack, in the order in which it is asked: the reason is the first that no pair grants.
_LACKS = (
    "The two are not of the same germ.",
    "The days of the two are too far apart.",
    "Skin germs grew, but nobody charted a fever near them.",
)


def judge(record: Record, definition: Definition) -> tuple[bool, str]:
    """Return whether the record is a case by a definition, and why in one sentence."""
    growth = record.growth()
    is_case = bool(find_cases(growth, definition))
    pathogens = sorted(set(growth["organism"]) - set(COMMENSALS))
    if pathogens:
        return is_case, _say_pathogen(SHORT[pathogens[0]], is_case)
    return is_case, _praise(definition) if is_case else _object(growth, definition)


def _say_pathogen(germ: str, is_case: bool) -> str:
    if is_case:
        return f"{germ} is a recognised pathogen: one bottle is enough."
    return f"{germ} grew, but nobody charted a fever near it."


def _praise(definition: Definition) -> str:
    if definition.commensal not in PAIRED:
        return "One bottle with a skin germ is enough here."
    what = "bottles" if definition.commensal == "two bottles" else "draws"
    return f"Skin germs grew in two {what}, and the rest of the definition holds too."


def _object(growth: pd.DataFrame, definition: Definition) -> str:
    """Return the first thing that the definition asks for and the record does not have."""
    if definition.commensal == "never":
        return "Only skin germs grew, and they never count here."
    if definition.commensal not in PAIRED:
        return _LACKS[-1]
    if not find_cases(growth, Definition("two bottles")):
        return "Only one bottle grew, and two are asked for."
    pair = Definition(definition.commensal)
    if not find_cases(growth, pair):
        return "Two bottles grew, but both are of one draw."
    alike = replace(pair, germ=definition.germ)
    steps = (alike, replace(alike, days=definition.days), definition)
    return next(lack for step, lack in zip(steps, _LACKS, strict=True) if not find_cases(growth, step))
