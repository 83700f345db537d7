"""A case of bloodstream infection, by one definition or another: which bottles with growth make a stay a case.

Nothing here draws or asks.  A definition has four parts; a recognised pathogen counts in one bottle under each of them.
The strict one is like that of CDC/NHSN: the same common commensal in two draws of the same or consecutive days, with a
fever near the first.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import pandas as pd

    from rounds.data.dataset import Dataset

COMMENSALS = (
    "Staphylococcus epidermidis",
    "Staphylococcus hominis",
    "Corynebacterium species",
    "Micrococcus luteus",
)
FEVER_C = 38.0  # as the challenge takes it; NHSN writes "above 38.0"
CHOICES = {
    "commensal": ("never", "one bottle", "two bottles", "two draws"),
    "days": ("any time", "next day", "same day"),
    "germ": ("any germ", "same germ"),
    "fever": ("no fever", "commensals", "every germ"),
}
PAIRED = ("two bottles", "two draws")
COLUMNS = ("encounter_id", "set_id", "bottle", "organism", "day", "fever")


@dataclass(frozen=True)
class Definition:
    """What is asked of a commensal, how near its two must be, whether they are one germ, and where a fever is asked.

    Examples
    --------
    >>> Definition("two draws", "next day", "same germ", "commensals") == LIKE_NHSN
    True
    >>> Definition("one bottle", "same day").plain().days
    'any time'
    """

    commensal: str = "one bottle"
    days: str = "any time"
    germ: str = "any germ"
    fever: str = "no fever"

    def __post_init__(self) -> None:
        """Refuse what is no choice, with the nearest."""
        for part, known in CHOICES.items():
            given = getattr(self, part)
            if given not in known:
                raise DataError(
                    f'Definition: {part} is one of {", ".join(known)}, not "{given}".{suggest(given, known)}'
                )

    def plain(self) -> Definition:
        """Return the definition without the parts that say nothing: of a pair, where no pair is asked for."""
        if self.commensal in PAIRED:
            return self
        fever = "no fever" if self.commensal == "never" and self.fever == "commensals" else self.fever
        return Definition(self.commensal, fever=fever)


WIDEST, STRICTEST = Definition(), Definition("never", fever="every germ")
LIKE_NHSN = Definition("two draws", "next day", "same germ", "commensals")


def list_definitions() -> tuple[Definition, ...]:
    """Return every definition that can be made of the choices; those that say the same stand there once."""
    made = (Definition(*parts).plain() for parts in product(*CHOICES.values()))
    return tuple(dict.fromkeys(made))


def read_growth(source: Dataset, site: str) -> pd.DataFrame:
    """Return a row for each bottle that grew in a hospital: ``COLUMNS``, ``day`` as a number, ``fever`` near it or not.

    A fever is near when a temperature of ``FEVER_C`` or more was charted not more than a calendar day away.
    """
    return source.connect().execute(_GROWTH, {"site": site, "fever": FEVER_C}).df()


_GROWTH = """
WITH warm AS (
    SELECT DISTINCT encounter_id, CAST(charted_ts AS DATE) AS warm_day FROM vital
    WHERE loinc = '8310-5' AND value_num >= $fever
), grown AS (
    SELECT encounter_id, set_id, bottle, organism, CAST(collected_ts AS DATE) AS drawn
    FROM micro JOIN encounter USING (encounter_id) WHERE organism IS NOT NULL AND site = $site
)
SELECT g.encounter_id, set_id, bottle, organism, date_diff('day', DATE '2000-01-01', drawn) AS day,
    count(warm_day) > 0 AS fever
FROM grown g LEFT JOIN warm w ON g.encounter_id = w.encounter_id AND abs(date_diff('day', drawn, warm_day)) <= 1
GROUP BY ALL ORDER BY ALL
"""


def pair_up(growth: pd.DataFrame) -> pd.DataFrame:
    """Return each two commensal bottles of a stay: days ``apart``, other ``draws``, the ``same`` germ, ``fever``."""
    skin = growth[growth["organism"].isin(COMMENSALS)]
    both = skin.merge(skin, on="encounter_id", suffixes=("", "_2"))
    apart = both["day_2"] - both["day"]
    other = (both["set_id"] != both["set_id_2"]) | (both["bottle"] != both["bottle_2"])
    pairs = both.assign(
        apart=apart, draws=both["set_id"] != both["set_id_2"], same=both["organism"] == both["organism_2"]
    )
    return pairs.loc[other & (apart >= 0), ["encounter_id", "apart", "draws", "same", "fever"]]


def find_pairs(pairs: pd.DataFrame, definition: Definition) -> frozenset[str]:
    """Return the stays with a pair of commensal bottles that the definition counts."""
    counted = pairs["apart"] <= {"any time": float("inf"), "next day": 1, "same day": 0}[definition.days]
    if definition.commensal == "two draws":
        counted &= pairs["draws"]
    if definition.germ == "same germ":
        counted &= pairs["same"]
    if definition.fever != "no fever":
        counted &= pairs["fever"]
    return frozenset(pairs.loc[counted, "encounter_id"])


def find_cases(growth: pd.DataFrame, definition: Definition, pairs: pd.DataFrame | None = None) -> frozenset[str]:
    """Return the stays that are a case; ``pairs`` is what `pair_up` made of the growth, where it is known already.

    Examples
    --------
    >>> growth = read_growth(load("bsi"), "A")                       # doctest: +SKIP
    >>> len(find_cases(growth, LIKE_NHSN))                           # doctest: +SKIP
    """
    skin = growth["organism"].isin(COMMENSALS)
    sure = growth[~skin & (growth["fever"] | (definition.fever != "every germ"))]
    found: frozenset[Any] = frozenset(sure["encounter_id"])
    if definition.commensal == "never":
        return found
    if definition.commensal == "one bottle":
        return found | frozenset(growth[skin & (growth["fever"] | (definition.fever == "no fever"))]["encounter_id"])
    return found | find_pairs(pair_up(growth) if pairs is None else pairs, definition)


def name_definition(definition: Definition) -> str:
    """Return a definition as one short text, its parts between bars."""
    return "|".join(astuple(definition.plain()))
