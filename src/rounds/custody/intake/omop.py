"""Recognise a folder of the OMOP Common Data Model; take types, roles and code systems from it, not from guesses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from rounds.custody.intake.proposals.decisions import Decision
from rounds.custody.intake.proposals.profile import Profile
from rounds.custody.intake.proposals.proposal import Proposal
from rounds.custody.intake.proposals.shapes import DATES, NUMBERS
from rounds.custody.intake.sources.reading import SourceTable
from rounds.errors import Command, DataError, suggest

CDM = "the OMOP CDM 5.4"
CONCEPTS = "OMOP concept"
_TYPES = {
    "key": "string",
    "concept": "integer",
    "whole": "integer",
    "number": "number",
    "date": "datetime",
    "moment": "datetime",
}
START, LATER = "start", "later"  # the first moment of a timeline, before all dates, and the last, after them
_SAME = {"verbatim_end_date": "drug_exposure_end_date"}
_ROLES = {"key": "identifier", "date": "time", "moment": "time", "quasi": "quasi-identifier"}


@dataclass(frozen=True)
class Field:
    """One column of the CDM."""

    name: str
    kind: str
    needed: bool


@dataclass(frozen=True)
class CdmTable:
    """One table of the CDM."""

    name: str
    row: str
    person: str
    fields: Mapping[str, Field]

    @property
    def needed(self) -> set[str]:
        """Return the columns that the table cannot be without."""
        return {field.name for field in self.fields.values() if field.needed}


@cache
def cdm_tables() -> Mapping[str, CdmTable]:
    """Return the tables of the CDM by name."""
    entry = tomllib.loads(files("rounds.custody.intake").joinpath("omop.toml").read_text(encoding="utf-8"))
    return {name: _parse(name, table) for name, table in entry.items()}


def is_omop(sources: Sequence[SourceTable]) -> bool:
    """Tell whether tables are a CDM: one of persons that looks like it, and another of the CDM with persons."""
    pairs = [(table, source) for source in sources if (table := table_of(source))]
    found = [table for table, source in pairs if table.needed <= {name.lower() for name in source.header}]
    return any(t.name == "person" for t in found) and sum(bool(t.person) for t in found) >= 2


def check_columns(sources: Sequence[SourceTable], decided: Sequence[Decision]) -> None:
    """Raise for columns that the CDM does not know and nobody decided about."""
    known_by_decision = {(d.table, d.column) for d in decided}
    for source in sources:
        table = table_of(source)
        for name in source.header if table else ():
            if table and name.lower() not in table.fields and (source.reading.table, name) not in known_by_decision:
                raise DataError(
                    f'{source.path}: the column "{name}" is not in {CDM}.{suggest(name.lower(), table.fields)} '
                    "Rename it, or decide about it in a draft: ",
                    Command("data", "import", "FOLDER", "--draft", "decisions.toml"),
                )


def propose_from_cdm(source: SourceTable, name: str, profile: Profile, guessed: Proposal) -> Proposal:
    """Return what the CDM says of a column; how its cells are written still comes from the cells."""
    table = table_of(source)
    field = table.fields.get(name.lower()) if table else None
    if table is None or field is None:
        return guessed
    said = f"{CDM}: {table.name}.{field.name} is a {_WORDS[field.kind]}"
    decision = Decision(
        column=name,
        type=_type(field, profile, guessed),
        dates=guessed.decision.dates if field.kind in ("date", "moment") else None,
        missing=guessed.decision.missing if field.kind in _TYPES and field.kind != "key" else None,
        decimal=guessed.decision.decimal if field.kind in ("number", "whole", "concept") else None,
        name=field.name if name != field.name else None,
        role=_ROLES.get(field.kind, "feature"),
        code_system=guessed.decision.code_system
        if field.kind == "source"
        else CONCEPTS
        if _is_concept(field)
        else None,
        definition_clinical=f"{field.name.replace('_', ' ')}, as {CDM} defines it",
    )
    doubt = not guessed.certain and decision.type != "string"
    return Proposal(decision, (said,), certain=not doubt, question=guessed.question if doubt else "", standard=True)


def tables_by_source(sources: Sequence[SourceTable]) -> Mapping[str, CdmTable]:
    """Return the CDM table of each source of a CDM, by the source's name; nothing when the sources are no CDM."""
    if not is_omop(sources):
        return {}
    return {source.reading.source: table for source in sources if (table := table_of(source))}


def table_of(source: SourceTable) -> CdmTable | None:
    """Return the table of the CDM that a source is by its name, if any."""
    return cdm_tables().get(source.reading.table.lower())


_WORDS = {
    "key": "key",
    "concept": "concept",
    "source": "value of the source system",
    "date": "date",
    "moment": "moment",
    "whole": "whole number",
    "number": "number",
    "text": "text",
    "note": "free text",
    "quasi": "fact that other people may know",
}


def _type(field: Field, profile: Profile, guessed: Proposal) -> str:
    """Return the type of a column, as its cells are written."""
    wanted = _TYPES.get(field.kind, "string")
    if field.kind == "key":
        return "integer" if guessed.decision.type == "integer" else "string"
    if field.kind == "quasi" and guessed.decision.type in ("integer", "number"):
        return guessed.decision.type
    if wanted == "integer" and profile.count("integer") != profile.known:
        wanted = "number"
    if wanted == "number" and not profile.count(*NUMBERS):
        return "string" if profile.known else "number"
    if wanted == "datetime" and profile.known and not profile.count(*DATES):
        return "string"
    return wanted


def _is_concept(field: Field) -> bool:
    return field.kind == "concept" or field.name.endswith("concept_id")


def cdm_moment(field: Field) -> str:
    """Return the moment that a column of times tells: its day, or the start for a birth; empty for other columns."""
    if field.kind not in ("date", "moment"):
        return ""
    if field.name.startswith("birth"):
        return START
    return _SAME.get(field.name, field.name.replace("_datetime", "_date"))


def cdm_available(
    source: SourceTable, profiles: Mapping[str, Profile], proposals: Mapping[str, Proposal]
) -> dict[str, Proposal]:
    """Return the proposals with the moment from which on each value is known, where the CDM leaves no doubt."""
    table = table_of(source)
    if table is None:
        return dict(proposals)
    there = [field for name in profiles if (field := table.fields.get(name.lower()))]
    moments = sorted({moment for f in there if (moment := cdm_moment(f)) not in ("", START)}, key=cdm_position)
    last = [f.name for f in there if moments and cdm_moment(f) == moments[-1]]
    is_filled = any(p.known == p.rows for name, p in profiles.items() if name.lower() in last)
    return {
        name: replace(
            proposal, decision=replace(proposal.decision, available=_available(table, name, moments, is_filled))
        )
        for name, proposal in proposals.items()
    }


def cdm_timeline(sources: Sequence[SourceTable]) -> tuple[str, ...]:
    """Return the moments of the tables that are there, in the order of the CDM; nothing when the sources are no CDM."""
    tables = tables_by_source(sources)
    pairs = [(tables[s.reading.source], s.header) for s in sources if s.reading.source in tables]
    fields = [table.fields.get(name.lower()) for table, header in pairs if table.person for name in header]
    found = {cdm_moment(field) for field in fields if field}
    moments = sorted(found - {"", START}, key=cdm_position)
    return (START, *moments, LATER) if moments else ()


def cdm_position(moment: str) -> tuple[int, int]:
    """Return where a moment stands: what begins or happens, then ends from the inside out, then death."""
    at = _moments_of_cdm().index(moment)
    if moment == "death_date":
        return 2, 0
    return (1, -at) if moment.endswith("_end_date") else (0, at)


@cache
def _moments_of_cdm() -> tuple[str, ...]:
    found = [cdm_moment(field) for table in cdm_tables().values() for field in table.fields.values()]
    return tuple(dict.fromkeys(moment for moment in found if moment))


def _available(table: CdmTable, name: str, moments: Sequence[str], is_filled: bool) -> str | None:
    """Return the moment from which on a value is known; None for a key, and where several moments leave it open.

    A stay that has an end in every row is known at its end.  Where an end may be missing, nothing is proposed: such a
    row is known when all its times have passed.
    """
    field = table.fields.get(name.lower())
    if field is None or field.kind == "key":
        return None
    if moment := cdm_moment(field):
        return moment if table.person else START
    if not table.person:
        return None if any(f.kind == "key" for f in table.fields.values()) else START
    if not moments:
        return START if field.kind == "quasi" else None
    if field.name.startswith(("admitted_from", "admitting")):
        return moments[0]
    return moments[-1] if len(moments) == 1 or is_filled else None


def _parse(name: str, entry: dict[str, str]) -> CdmTable:
    fields = {}
    for text in entry["columns"].split():
        column, kind = text.split(":")
        fields[column] = Field(column, kind.removesuffix("*"), kind.endswith("*"))
    return CdmTable(name, entry["row"], entry.get("person", ""), fields)
