"""A builder of a case definition: the bottles stay as they are, and each sentence of the definition moves the count.

Python counts every definition when the widget is made; the browser only looks counts up, and gets no row of anybody.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.errors import DataError, suggest
from rounds.evaluation.case_definition import (
    CHOICES,
    COMMENSALS,
    LIKE_NHSN,
    PAIRED,
    STRICTEST,
    WIDEST,
    Definition,
    find_cases,
    list_definitions,
    name_definition,
    pair_up,
    read_growth,
)
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.clinic_for_engineers.definition_builder_records import RECORDS, SHORT, Record, judge

if TYPE_CHECKING:
    from rounds.data.dataset import Dataset

MOST_TRIED = 6


class DefinitionBuilder(anywidget.AnyWidget):
    """Let the learner build the definition of a bloodstream infection, after a guess, and see who becomes a case.

    Parameters
    ----------
    source
        A dataset with the tables ``micro``, ``vital`` and ``encounter`` of the transplant cohort.
    site
        The hospital whose stays are counted.

    Examples
    --------
    >>> builder = DefinitionBuilder(load("bsi"), site="A")     # doctest: +SKIP
    >>> builder.cases(), builder.stays                         # doctest: +SKIP
    (1100, 3300)
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    commensal = traitlets.Unicode(WIDEST.commensal).tag(sync=True)
    days = traitlets.Unicode(WIDEST.days).tag(sync=True)
    germ = traitlets.Unicode(WIDEST.germ).tag(sync=True)
    fever = traitlets.Unicode(WIDEST.fever).tag(sync=True)
    tried = traitlets.Unicode("").tag(sync=True)  # definitions that were looked at, the newest first, as "name;name"
    _counts = traitlets.Dict().tag(sync=True)
    _records = traitlets.List(traitlets.Dict()).tag(sync=True)
    _facts = traitlets.Dict().tag(sync=True)

    def __init__(self, source: Dataset, site: str = "A", **traits: Any) -> None:
        self.stays = _count_stays(source, site)
        growth = read_growth(source, site)
        pairs = pair_up(growth)
        counts = {name_definition(one): len(find_cases(growth, one, pairs)) for one in list_definitions()}
        super().__init__(
            _counts=counts,
            _records=[_describe(record) for record in RECORDS],
            _facts=_facts(self.stays, site),
            **traits,
        )

    def definition(self) -> Definition:
        """Return the definition that is built now."""
        return Definition(self.commensal, self.days, self.germ, self.fever).plain()

    def cases(self) -> int:
        """Return how many stays are a case by the definition that is built now."""
        return int(self._counts[name_definition(self.definition())])

    @traitlets.validate("commensal", "days", "germ", "fever")
    def _is_a_choice(self, proposal: Any) -> str:
        part, value = proposal["trait"].name, proposal["value"]
        if value not in CHOICES[part]:
            known = ", ".join(CHOICES[part])
            raise traitlets.TraitError(f'DefinitionBuilder: {part} is one of {known}, not "{value}".')
        return str(value)

    @traitlets.validate("prediction")
    def _is_of_100(self, proposal: Any) -> float | None:
        value = proposal["value"]
        return None if value is None else min(max(float(value), 0.0), 100.0)

    @traitlets.validate("tried")
    def _are_known(self, proposal: Any) -> str:
        names = dict.fromkeys(name for name in str(proposal["value"]).split(";") if name in self._counts)
        return ";".join([*names][:MOST_TRIED])

    def __repr__(self) -> str:
        cases = self.cases()
        verdicts = ", ".join(
            f"{record.name} {'is' if judge(record, self.definition())[0] else 'is not'}" for record in RECORDS
        )
        return (
            f"Definition builder, hospital {self._facts['site']}: a skin germ counts {_say(self.definition())}. "
            f"{cases:,} of {self.stays:,} transplants are a case, {100 * cases / self.stays:.1f} of 100. "
            f"Of the made-up records, {verdicts} one."
        )


def _say(definition: Definition) -> str:
    """Return a definition in words."""
    said = {"never": "never", "one bottle": "in one bottle"}.get(definition.commensal)
    if said is None:
        said = f"in {definition.commensal}, {definition.days}, {definition.germ}"
    return f"{said}; fever: {definition.fever}"


def _describe(record: Record) -> dict[str, Any]:
    """Return a record as the browser draws it, with its verdict and its reason under each definition."""
    verdicts = {name_definition(one): judge(record, one) for one in list_definitions()}
    reasons = list(dict.fromkeys(reason for _, reason in verdicts.values()))
    return {
        "name": record.name,
        "fever": list(record.fever),
        "draws": [
            {
                "day": draw.day,
                "place": draw.place,
                "bottles": [_short(germ) for germ in draw.bottles],
                "skin": [germ in COMMENSALS for germ in draw.bottles],
            }
            for draw in record.draws
        ],
        "reasons": reasons,
        "verdicts": {name: [int(is_case), reasons.index(reason)] for name, (is_case, reason) in verdicts.items()},
    }


def _short(germ: str | None) -> str:
    return "" if germ is None else SHORT[germ]


def _facts(stays: int, site: str) -> dict[str, Any]:
    return {
        "stays": stays,
        "site": site,
        "choices": {part: list(known) for part, known in CHOICES.items()},
        "paired": list(PAIRED),
        "widest": name_definition(WIDEST),
        "strictest": name_definition(STRICTEST),
        "pathogens": name_definition(Definition("never")),
        "nhsn": asdict(LIKE_NHSN),
        "days": sorted({draw.day for record in RECORDS for draw in record.draws}),
        "most": MOST_TRIED,
    }


def _count_stays(source: Dataset, site: str) -> int:
    """Return the number of stays of a hospital that the dataset has."""
    tables = source.columns()
    for table in ("micro", "vital", "encounter"):
        if table not in tables:
            raise DataError(f'DefinitionBuilder: no table "{table}". Write: DefinitionBuilder(load("bsi"))')
    counted = source.connect().sql("SELECT site, count(*) FROM encounter GROUP BY 1 ORDER BY 1").fetchall()
    stays = {str(name): int(number) for name, number in counted}
    if site not in stays:
        raise DataError(f'DefinitionBuilder: no hospital "{site}".{suggest(site, stays)}')
    return stays[site]
