"""The data dictionary in a notebook: a table picker, a search, and what is known by the prediction.

Python sends words about columns, never a row, a value or a count; the browser searches in them.
"""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from rounds.data.answers import Answer, find_answers
from rounds.data.dataset import Dataset
from rounds.data.entry import Entry, Wanted, build_entries, find_entries
from rounds.data.known import Known
from rounds.errors import DataError, suggest
from rounds_widgets.shared.view_files import load_script, load_style

WORDS = ("both", "engineer", "clinician")
LONGEST_QUERY = 100


class DataDictionary(anywidget.AnyWidget):
    """Show what each column of a dataset means, when it is known, and what clinicians answered about it.

    Parameters
    ----------
    dataset
        A dataset from ``rounds.data.load``.
    prediction_time
        An event of the dataset's timeline; the dataset's own without one.
    table, query, only_known, words
        What to show at first; ``words`` is "both", "engineer" or "clinician".

    Examples
    --------
    >>> DataDictionary(rounds.data.load("birthweight"), only_known=True)      # doctest: +SKIP
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    table = traitlets.Unicode("").tag(sync=True)
    query = traitlets.Unicode("").tag(sync=True)
    only_known = traitlets.Bool(False).tag(sync=True)
    words = traitlets.Unicode("both").tag(sync=True)
    _title = traitlets.Unicode().tag(sync=True)
    _when = traitlets.Unicode().tag(sync=True)
    _tables = traitlets.List(traitlets.Dict()).tag(sync=True)
    _entries = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(self, dataset: Dataset, *, prediction_time: str = "", **traits: Any) -> None:
        _check(dataset, traits)
        package = dataset.package
        when = prediction_time or package.prediction_time
        if when:
            package.position(when)
        self._known_tables = [table.name for table in package.tables]
        self._built = build_entries(package, when)
        answers = find_answers(dataset.path)
        super().__init__(
            _title=package.title,
            _when=when.replace("_", " "),
            _tables=[{"name": table.name, "row": table.row} for table in package.tables],
            _entries=[_send(entry, answers) for entry in self._built],
            **traits,
        )

    @traitlets.validate("table")
    def _known_table(self, proposal: Any) -> str:
        if proposal.value and proposal.value not in self._known_tables:
            raise DataError(
                f'DataDictionary: no table "{proposal.value}".{suggest(proposal.value, self._known_tables)}'
            )
        return str(proposal.value)

    @traitlets.validate("words")
    def _known_words(self, proposal: Any) -> str:
        if proposal.value not in WORDS:
            raise DataError(f'DataDictionary: no words "{proposal.value}".{suggest(proposal.value, WORDS)}')
        return str(proposal.value)

    @traitlets.validate("query")
    def _short_query(self, proposal: Any) -> str:
        return str(proposal.value)[:LONGEST_QUERY]

    def columns(self) -> list[str]:
        """Return the columns that are shown, as ``table.column``."""
        return [f"{entry.table}.{entry.name}" for entry in self._found()]

    def _found(self) -> list[Entry]:
        return find_entries(self._built, Wanted(self.query, self.table, self.only_known))

    def __repr__(self) -> str:
        found = self._found()
        head = f"{self._title}: {len(found)} of {len(self._built)} columns"
        return "\n".join([head, *(_say(entry, self.words) for entry in found)])


def _check(dataset: Any, traits: dict[str, Any]) -> None:
    if not isinstance(dataset, Dataset):
        raise DataError('DataDictionary needs a dataset: DataDictionary(rounds.data.load("birthweight"))')
    known = ("table", "query", "only_known", "words")
    for name in traits:
        if name not in known:
            raise DataError(f'DataDictionary: no keyword "{name}".{suggest(name, (*known, "prediction_time"))}')


def _send(entry: Entry, answers: tuple[Answer, ...]) -> dict[str, Any]:
    """Return an entry as the browser gets it; ``shown_when_known`` is the filter that Python uses, too."""
    about = [a for a in answers if (a.table, a.column) == (entry.table, entry.name)]
    return {
        "table": entry.table,
        "name": entry.name,
        "facts": _facts(entry),
        "known": "" if entry.known is Known.NO_TIME else entry.known.value,
        "leak": entry.known.is_leak,
        "shown_when_known": bool(find_entries([entry], Wanted(only_known=True))),
        "engineer": entry.for_engineer,
        "clinician": entry.for_clinician,
        "note": entry.note,
        "text": entry.text,
        "asked": [{"question": a.question, "answer": a.answer, "who": f"{a.by}, {a.at[:10]}"} for a in about],
    }


def _facts(entry: Entry) -> str:
    said = [
        entry.type,
        f"unit {entry.unit}{_maybe(entry, 'unit')}" if entry.unit else "",
        f"{entry.role}{_maybe(entry, 'role')}",
        f"known at: {entry.available}" if entry.available else "",
        f"code {entry.code}" if entry.code else "",
    ]
    return ", ".join(part for part in said if part)


def _maybe(entry: Entry, key: str) -> str:
    return " (to be confirmed)" if key in entry.to_confirm else ""


def _say(entry: Entry, words: str) -> str:
    meaning = {"engineer": entry.for_engineer, "clinician": entry.for_clinician}.get(
        words, f"{entry.for_engineer} | {entry.for_clinician}"
    )
    sign = f" [{entry.known.value}]" if entry.known.is_leak else ""
    return f"  {entry.table}.{entry.name} ({_facts(entry)}){sign}: {meaning}"
