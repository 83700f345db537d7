"""The model card of a team as a form in its room; figures are compared with the team's own evaluation."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from rounds.challenges.model_card import FILE, Evaluation, Finding, check_card, format_card, read_card, write_entry
from rounds.challenges.model_card_entries import Entry
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

_MARKS = {"open": "", "holds": "✓ ", "differs": "✗ "}
_NOT_SAVED = "Not saved: {}. Copy what you wrote, and tell your mentor."


class ModelCard(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A form with the entries of a model card, kept in a file beside the notebook at each change.

    Parameters
    ----------
    tested
        A row for each prediction of the test: `observed` (0 or 1, or a number), `predicted` (the risk, or the number),
        and `person` where one person has several rows.  Rows that the model has learned from do not belong in it.
    path
        Where the card is kept.

    Raises
    ------
    DataError
        Where a column or a value is missing, a risk lies outside 0 to 1, or the file is no card.

    Examples
    --------
    >>> ModelCard(baselines[-1].tested)          # doctest: +SKIP
    """

    def __init__(self, tested: pd.DataFrame, path: str | Path = FILE) -> None:
        self._evaluation, self._path = Evaluation.of(tested), Path(path)
        self._taking = False
        said = read_card(self._path)
        self._inputs = {entry.key: _build_input(entry, said.get(entry.key, "")) for entry in self._list_entries()}
        self._words = {key: widgets.HTML() for key in self._inputs}
        self._state = widgets.HTML()
        super().__init__([*self._build_sections(), self._state])
        self.add_class("rounds-model-card")
        for key, box in self._inputs.items():
            box.observe(lambda _, key=key: self._keep(key), "value")
        self._show()

    @property
    def said(self) -> dict[str, str]:
        """What stands in each entry, by its key."""
        return {key: box.value for key, box in self._inputs.items()}

    def to_markdown(self) -> str:
        """Return the card as Markdown, for a report or slides."""
        return format_card(self._evaluation, self.said)

    def _list_entries(self) -> list[Entry]:
        return [entry for section in self._evaluation.sections for entry in section.entries]

    def _build_sections(self) -> list[widgets.Widget]:
        style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
        parts: list[widgets.Widget] = [widgets.HTML(f"<style>{style}</style><h3>Model card</h3>")]
        for section in self._evaluation.sections:
            parts.append(widgets.HTML(f"<h4>{escape(section.title)}</h4>"))
            parts += [widgets.VBox([self._inputs[one.key], self._words[one.key]]) for one in section.entries]
        return parts

    def _keep(self, key: str) -> None:
        """Write one entry, and take over what others have written into the file meanwhile."""
        if self._taking:
            return
        try:
            entries = write_entry(self._path, self.said, key, self._evaluation)
        except (OSError, DataError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._state.value = _say(_NOT_SAVED.format(escape(why)), "alert")
            return
        self._taking = True
        for other, text in entries.items():
            if other in self._inputs:
                self._inputs[other].value = text
        self._taking = False
        self._show()

    def _show(self) -> None:
        findings = list(check_card(self._evaluation, self.said))
        for finding in findings:
            self._words[finding.key].value = _say(f"{_MARKS[finding.state]}{escape(finding.words)}")
        self._state.value = _say(_sum_up(findings, self._path))


def _build_input(entry: Entry, text: str) -> Any:
    made = widgets.Text if entry.is_number else widgets.Textarea
    return made(
        value=text,
        description=entry.label,
        placeholder=entry.hint,
        continuous_update=False,
        layout=widgets.Layout(width="calc(100% - 4px)", height="auto"),
        **({} if entry.is_number else {"rows": 2}),
    )


def _say(words: str, role: str = "status") -> str:
    return f'<div role="{role}">{words}</div>'


def _sum_up(findings: list[Finding], path: Path) -> str:
    holds, differs = (sum(one.state == state for one in findings) for state in ("holds", "differs"))
    open_ = len(findings) - holds - differs
    said = f"{holds} of {len(findings)} entries hold"
    said += f", {differs} differ from your test or say too little" if differs else ""
    said += f", {open_} are open" if open_ else ""
    return f"{said}. Kept in {escape(path.name)}."
