"""Read every cell once as proposed, so that a draft imports as it is written: what would be lost is kept beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rounds.counted import counted
from rounds.custody.intake.proposals.cells import read_cells
from rounds.custody.intake.proposals.decisions import ASK, Decision
from rounds.custody.intake.proposals.proposal import Proposal
from rounds.custody.intake.sources.as_text import as_text
from rounds.custody.intake.sources.header import free_name
from rounds.custody.intake.sources.reading import SourceTable

_ANSWERS = {"dates": ("day-first", "month-first"), "decimal": (".", ",")}


@dataclass(frozen=True)
class Lost:
    """How many cells of a column a reading would lose, and the line of the first."""

    cells: int = 0
    line: int = 0


def keep_beside(source: SourceTable, proposals: Mapping[str, Proposal]) -> dict[str, Proposal]:
    """Return the proposals with a column beside for each whose reading, or one of two answers to it, loses a cell."""
    readings = {name: _readings(p.decision) for name, p in proposals.items()}
    lost = _try(source, {name: several for name, several in readings.items() if several})
    return {name: _with_beside(p, lost[name]) if name in lost else p for name, p in proposals.items()}


def with_free_names(proposals: Mapping[str, Proposal]) -> dict[str, Proposal]:
    """Return the proposals with another name for each new column whose name is taken."""
    taken = {name.casefold() for name in proposals}
    taken |= {p.decision.name.casefold() for p in proposals.values() if p.decision.name}
    done = {}
    for name, proposal in proposals.items():
        decision = proposal.decision
        for key in ("beside", "system_column"):
            if wanted := getattr(decision, key):
                decision = replace(decision, **{key: free_name(wanted, taken)})  # type: ignore[arg-type]
                taken.add(getattr(decision, key).casefold())
        done[name] = replace(proposal, decision=decision)
    return done


def _readings(decision: Decision) -> tuple[Decision, ...]:
    """Return the readings that may lose a cell: none of text, nor of a column whose other texts are kept beside."""
    if decision.beside or decision.type in (None, "string"):
        return ()
    asked = next((key for key in _ANSWERS if getattr(decision, key) == ASK), "")
    return tuple(replace(decision, **{asked: answer}) for answer in _ANSWERS[asked]) if asked else (decision,)  # type: ignore[arg-type]


def _try(source: SourceTable, readings: Mapping[str, Sequence[Decision]]) -> dict[str, Lost]:
    found: dict[str, Lost] = {}
    for batch in source.batches() if readings else ():
        for name, several in readings.items():
            cells = as_text(batch.columns.column(name))
            lost = np.logical_or.reduce([read_cells(cells, decision).lost for decision in several])
            if lost.any():
                before = found.get(name, Lost(0, int(batch.lines[int(np.flatnonzero(lost)[0])])))
                found[name] = Lost(before.cells + int(lost.sum()), before.line)
    return found


def _with_beside(proposal: Proposal, lost: Lost) -> Proposal:
    said = f"{counted(lost.cells, 'cell')} cannot be read so (first in line {lost.line}): kept as text beside"
    decision = replace(proposal.decision, beside=f"{proposal.decision.column}_text")
    question = proposal.question or said
    return replace(proposal, decision=decision, evidence=(*proposal.evidence, said), certain=False, question=question)
