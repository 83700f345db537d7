"""Bring together what is proposed for a column and what a person decided, and what is still to be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from rounds.custody.intake.proposals.cells import usual_system
from rounds.custody.intake.proposals.codes import ICD9, ICD10
from rounds.custody.intake.proposals.decisions import ASK, READ_KEYS, Decision
from rounds.custody.intake.proposals.profile import Profile
from rounds.custody.intake.proposals.proposal import Proposal
from rounds.custody.intake.proposals.shown import may_identify
from rounds.custody.intake.sources.reading import FileNotes, SourceTable
from rounds.data.package import Column
from rounds.errors import DataError, suggest

GUESSED = ("unit", "role", "available")
MOST_LEVELS = 20
COUNTER = "Counts the rows of the file; it says nothing about a person."


@dataclass(frozen=True)
class ColumnReading:
    """How one column is read, and its description before its meaning is decided."""

    decision: Decision
    column: Column
    usual_system: str
    question: str = ""

    def extra_columns(self) -> tuple[Column, ...]:
        """Return the columns that stand beside: texts that are no values, and the code system of each row.

        They are known when the column itself is.
        """
        d, name = self.decision, self.decision.name or self.column.name
        extra = []
        if d.beside:
            extra.append(Column(d.beside, "string", note=f'What stood in "{name}" where it is no {self.column.type}.'))
        if d.system_column:
            extra.append(Column(d.system_column, "string", levels=(ICD9, ICD10), note=f'The code system of "{name}".'))
        return tuple(replace(column, available=d.available or self.column.available) for column in extra)


def build_plans(
    source: SourceTable,
    table: str,
    profiles: Mapping[str, Profile],
    proposals: Mapping[str, Proposal],
    decided: Sequence[Decision],
) -> tuple[ColumnReading, ...]:
    """Return the plan of every column of a table."""
    by_column = {d.column: d for d in decided}
    for name in by_column:
        if name not in profiles:
            raise DataError(f'Table "{table}" has no column "{name}".{suggest(name, profiles)}')
    about = source.about()
    plans = tuple(
        replace(plan, column=_told(plan.column, about.get(plan.column.name, FileNotes())))
        for plan in (_build_plan(source, n, profiles[n], proposals[n], by_column.get(n)) for n in source.header)
    )
    _check_names(table, plans)
    return plans


def _told(column: Column, about: FileNotes) -> Column:
    """Return a column with what the file itself says of it."""
    unit = about.unit if column.type in ("integer", "number") else ""
    open_keys = tuple(key for key in column.to_confirm if key != "unit" or not unit)
    note = f"{column.note} {about.said[:1].upper()}{about.said[1:]}.".strip() if about.said else column.note
    return replace(column, definition_clinical=about.label, unit=unit or None, note=note, to_confirm=open_keys)


def merge(proposal: Proposal, decision: Decision | None) -> Decision:
    """Return the decision with the reading of the proposal where that is certain and nothing else was decided."""
    decided = decision or Decision(proposal.decision.column)
    if proposal.standard and proposal.certain:
        given = {f.name: v for f in fields(decided) if (v := getattr(decided, f.name)) not in (None, {})}
        return replace(proposal.decision, **given)
    if any(getattr(decided, key) is not None for key in READ_KEYS):
        return decided if decided.type else replace(decided, type=proposal.decision.type)
    read = proposal.decision if proposal.certain else proposal.plain
    if read is None:
        return replace(decided, type="string")
    return replace(decided, **{key: getattr(read, key) for key in READ_KEYS if key != "system_column"})


def _build_plan(
    source: SourceTable, name: str, profile: Profile, proposal: Proposal, decided: Decision | None
) -> ColumnReading:
    decision = merge(proposal, decided)
    _check_asked(source, name, decision, proposal)
    kind = decision.type or "string"
    column = Column(
        name=name,
        type=kind,
        role="identifier" if profile.counts_up and profile.rows > 2 else "feature",
        levels=_levels(name, profile, decision) if kind == "string" else (),
        note=COUNTER if profile.counts_up and profile.rows > 2 else "",
        to_confirm=to_confirm(kind, proposal),
    )
    usual = usual_system(profile.systems[ICD10], profile.systems[ICD9])
    question = proposal.question if decided is None and not proposal.certain else ""
    return ColumnReading(decision, column, usual, question)


def to_confirm(kind: str, proposal: Proposal) -> tuple[str, ...]:
    """Return what a person must still say of a column; a standard leaves only units open."""
    if proposal.standard:
        return ("unit",) if kind == "number" and not proposal.decision.code_system else ()
    return GUESSED if kind in ("integer", "number") else ("role", "available")


def say_choices(key: str, beside: str | None) -> str:
    """Return everything that answers an "ask": each way is accepted as it stands, without a second step."""
    choices = '"." or ","' if key == "decimal" else '"day-first" or "month-first"'
    kept = f', with the line beside = "{beside}", which keeps as text what cannot be read so' if beside else ""
    return f'Write {key} = {choices}{kept}. Or, to keep all as text, write type = "string" in place of the type'


def _check_asked(source: SourceTable, name: str, decision: Decision, proposal: Proposal) -> None:
    """Raise for what is still to be answered; a column of text needs no answer."""
    for key in ("dates", "decimal"):
        if getattr(decision, key) == ASK and decision.type != "string":
            beside = decision.beside or proposal.decision.beside
            raise DataError(
                f'{source.path}, column "{name}": {proposal.question or "this is asked"}. {say_choices(key, beside)}.'
            )


def _levels(name: str, profile: Profile, decision: Decision) -> tuple[str, ...]:
    """Return the levels of a column with few values; of one that may identify, none."""
    if profile.values is None or len(profile.values) > MOST_LEVELS + len(decision.missing or ()) + 2:
        return ()
    if decision.role == "identifier" or may_identify(name, profile):
        return ()
    named = {word.strip() for word in decision.missing or ()}
    found = sorted(v for v in profile.values if v.strip() and v.strip() not in named)
    return tuple(found) if len(found) <= MOST_LEVELS else ()


def _check_names(table: str, plans: Sequence[ColumnReading]) -> None:
    """Raise when two columns would have one name: a new name, or a column that stands beside."""
    taken = {plan.column.name for plan in plans}
    names = [n for p in plans for n in (p.decision.name or p.column.name, *(c.name for c in p.extra_columns()))]
    for name in names:
        if names.count(name) > 1:
            old = next(
                p.column.name for p in plans if name in (p.decision.name, p.decision.beside, p.decision.system_column)
            )
            what = "cannot be called" if name in taken else "would be the second column called"
            raise DataError(f'Table "{table}": "{old}" {what} "{name}": that column exists.')
