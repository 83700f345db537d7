"""Recognise a folder of the OMOP Common Data Model; take types, roles and code systems from it, not from guesses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rounds.data.decisions import Decision
from rounds.data.drafting.profile import Profile
from rounds.data.drafting.proposal import Proposal
from rounds.data.drafting.shapes import DATES
from rounds.data.sources.reading import Source
from rounds.errors import DataError, suggest

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
    entry = tomllib.loads(files("rounds.data").joinpath("omop.toml").read_text(encoding="utf-8"))
    return {name: _parse(name, table) for name, table in entry.items()}


def is_omop(sources: Sequence[Source]) -> bool:
    """Tell whether tables are a CDM: one of persons that looks like it, and another of the CDM with persons."""
    pairs = [(table, source) for source in sources if (table := table_of(source))]
    found = [table for table, source in pairs if table.needed <= {name.lower() for name in source.header}]
    return any(t.name == "person" for t in found) and sum(bool(t.person) for t in found) >= 2


def check_columns(sources: Sequence[Source], decided: Sequence[Decision]) -> None:
    """Raise for columns that the CDM does not know and nobody decided about."""
    known_by_decision = {(d.table, d.column) for d in decided}
    for source in sources:
        table = table_of(source)
        for name in source.header if table else ():
            if table and name.lower() not in table.fields and (source.reading.table, name) not in known_by_decision:
                raise DataError(
                    f'{source.path}: the column "{name}" is not in {CDM}.{suggest(name.lower(), table.fields)} '
                    "Rename it, or decide about it in a draft: rounds data import FOLDER --draft decisions.toml"
                )


def propose_from_cdm(source: Source, name: str, profile: Profile, guessed: Proposal) -> Proposal:
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
        available=_available(table, field),
        code_system=guessed.decision.code_system
        if field.kind == "source"
        else CONCEPTS
        if _is_concept(field)
        else None,
        definition_clinical=f"{field.name.replace('_', ' ')}, as {CDM} defines it",
    )
    doubt = not guessed.certain and decision.type != "string"
    return Proposal(decision, (said,), certain=not doubt, question=guessed.question if doubt else "", standard=True)


def tables_by_source(sources: Sequence[Source]) -> Mapping[str, CdmTable]:
    """Return the CDM table of each source of a CDM, by the source's name; nothing when the sources are no CDM."""
    if not is_omop(sources):
        return {}
    return {source.reading.source: table for source in sources if (table := table_of(source))}


def table_of(source: Source) -> CdmTable | None:
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
    """Return the type of a column; whole numbers with empty cells are numbers, as everywhere."""
    wanted = _TYPES.get(field.kind, "string")
    if field.kind == "key":
        return "integer" if guessed.decision.type == "integer" else "string"
    if field.kind == "quasi" and guessed.decision.type in ("integer", "number"):
        return guessed.decision.type
    if wanted == "integer" and profile.count("integer") != profile.rows:
        wanted = "number"
    if wanted == "number" and not profile.count("integer", "decimal"):
        return "string" if profile.known else "number"
    if wanted == "datetime" and profile.known and not profile.count(*DATES):
        return "string"
    return wanted


def _is_concept(field: Field) -> bool:
    return field.kind == "concept" or field.name.endswith("concept_id")


def _available(table: CdmTable, field: Field) -> str | None:
    """Return the time column of the table from which on a value is known: the end where a row has one."""
    if not table.person or table.name == "person":
        return None
    times = [f.name for f in table.fields.values() if f.kind == "date" and f.needed]
    return times[0] if times and field.kind != "key" else None


def _parse(name: str, entry: dict[str, str]) -> CdmTable:
    fields = {}
    for text in entry["columns"].split():
        column, kind = text.split(":")
        fields[column] = Field(column, kind.removesuffix("*"), kind.endswith("*"))
    return CdmTable(name, entry["row"], entry.get("person", ""), fields)
