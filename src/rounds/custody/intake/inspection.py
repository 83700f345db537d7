"""Look at every cell of every table once, and say what each column seems to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from rounds.counted import counted
from rounds.custody.intake.omop import cdm_available, is_omop, propose_from_cdm
from rounds.custody.intake.proposals.decisions import Decision
from rounds.custody.intake.proposals.profile import Profile
from rounds.custody.intake.proposals.proposal import Proposal
from rounds.custody.intake.proposals.propose import propose
from rounds.custody.intake.proposals.shapes import DATES
from rounds.custody.intake.proposals.signs import find_classes
from rounds.custody.intake.proposals.time_order import RowSample, TimeOrder, find_order
from rounds.custody.intake.proposals.total_rows import HeaderAgain, Tail, TotalRow, find_total_rows
from rounds.custody.intake.proposals.trial import keep_beside, with_free_names
from rounds.custody.intake.sources.as_text import as_text
from rounds.custody.intake.sources.left_out import WithoutColumns, WithoutRows
from rounds.custody.intake.sources.reading import FileNotes, SourceTable
from rounds.custody.signs.column_names import is_birth_date, is_record_key, is_relative, person_candidates, says_date
from rounds.errors import DataError


@dataclass(frozen=True)
class Inspected:
    """One table that was looked at: its source, the profile of each column, and the proposal for it.

    ``totals`` are rows that seem to be no rows of the table; a draft leaves them out.  ``blank`` are lines that hold
    nothing.  ``order`` holds its columns of times, births left out, as they follow each other.
    """

    source: SourceTable
    profiles: dict[str, Profile]
    proposals: dict[str, Proposal]
    totals: tuple[TotalRow, ...] = ()
    blank: tuple[int, ...] = ()
    order: TimeOrder = field(default_factory=TimeOrder)

    @property
    def rows(self) -> int:
        """Return how many rows the table has."""
        return next(iter(self.profiles.values())).rows

    @cached_property
    def person(self) -> tuple[str, str]:
        """Return the column that tells people apart, and why it is not the likeliest name; empty where there is none.

        A key that is different in every row tells rows apart, so one that repeats is taken before it.
        """
        names = [name for name in person_candidates(self.profiles) if not is_relative(name)]
        first = next(iter(person_candidates(self.profiles)), "")
        if not names or _counts(self.profiles[first])[0] < self.profiles[first].filled:
            return first, ""
        for name in names:
            people, filled = _counts(self.profiles[name])
            if people < filled and filled * 2 >= self.rows:
                found = f"{name} has {counted(people, 'value')} in {counted(self.rows, 'row')}"
                return name, f"{found}; {first} is different in every row"
        return first, ""

    @cached_property
    def classes(self) -> dict[str, tuple[str, ...]]:
        """Return the classes of Safe Harbor that each column seems to hold."""
        return {n: find_classes(n, self.profiles[n], p.decision.type or "string") for n, p in self.proposals.items()}


def inspect(
    sources: Sequence[SourceTable], newest_year: int, report: Callable[[int, float], None], *, proposing: bool = False
) -> tuple[Inspected, ...]:
    """Return every table with its profiles; ``report`` hears which table, and the part that is done.

    ``proposing`` leaves rows of totals out, looks at the others alone, and reads each cell once as it is proposed.
    """
    omop = is_omop(sources)
    found = []
    for number, source in enumerate(sources):
        done = partial(report, number)
        seen = _profile(source, done)
        totals, blank = seen.strange, tuple(seen.blank)
        if not seen.rows and len(sources) == 1:
            raise DataError(f"{source.where(1)}: there is a header and no row under it. Export the table again.")
        if totals and proposing:
            source = WithoutRows(source, tuple(row.line for row in totals))
            seen = _profile(source, done)
        source, profiles, sample = _without_nothing(source, seen.profiles), seen.profiles, seen.sample
        profiles = {name: profiles[name] for name in source.header}
        about, commas = source.about(), _has_commas(source, profiles)
        proposals = {
            n: _with_words(propose(n, p, newest_year, commas), p, about.get(n, FileNotes()))
            for n, p in profiles.items()
        }
        if omop:
            proposals = {n: propose_from_cdm(source, n, profiles[n], p) for n, p in proposals.items()}
            proposals = cdm_available(source, profiles, proposals)
        proposals = with_free_names(keep_beside(source, proposals) if proposing else proposals)
        order = find_order(sample, _times(proposals)) if proposing else TimeOrder()
        found.append(Inspected(source, profiles, proposals, totals, blank, order))
    return tuple(found)


def _times(proposals: Mapping[str, Proposal]) -> dict[str, Decision]:
    """Return how the columns of times are read; a birth is known before all of them."""
    found = {name: proposal.decision for name, proposal in proposals.items()}
    return {n: d for n, d in found.items() if d.type == "datetime" and not is_birth_date(n)}


def _counts(profile: Profile) -> tuple[int, int]:
    """Return how many different values a key has, and how many cells hold one."""
    different = profile.keys or set()
    return len(different - {""}), profile.filled


@dataclass
class _Seen:
    """What one pass over a table saw."""

    profiles: dict[str, Profile]
    sample: RowSample
    strange: tuple[TotalRow, ...] = ()
    blank: list[int] = field(default_factory=list)
    rows: int = 0


def _profile(source: SourceTable, report: Callable[[float], None]) -> _Seen:
    """Return the profile of each column, the rows that seem to be none, the lines of nothing, a sample of the dates."""
    keys = {*filter(is_record_key, source.header), *person_candidates(source.header)}
    seen = _Seen({name: Profile(keys=set() if name in keys else None) for name in source.header}, RowSample())
    tail, again = Tail(), HeaderAgain(source.heading.found or source.header)
    for batch in source.batches():
        seen.blank += batch.blank
        if not len(batch.columns):
            continue
        seen.rows += len(batch.columns)
        for profile, cells in zip(seen.profiles.values(), batch.columns.columns, strict=True):
            profile.look(as_text(cells), batch.lines)
        tail.add(batch)
        again.add(batch)
        seen.sample.add(batch, [n for n, p in seen.profiles.items() if p.count(*DATES) or says_date(n)])
        report(batch.share)
    report(1.0)
    seen.strange = (*again.found, *(find_total_rows(tail, seen.profiles) if seen.rows else ()))
    return seen


def _without_nothing(source: SourceTable, profiles: Mapping[str, Profile]) -> SourceTable:
    """Return the table without columns that have neither a name nor a cell, as a mark behind each row leaves them."""
    nothing = frozenset(name for name in source.heading.invented if not profiles[name].filled)
    return WithoutColumns(source, nothing) if nothing else source


def _has_commas(source: SourceTable, profiles: Mapping[str, Profile]) -> bool:
    """Tell whether a text file seems to write decimal commas: then "1.234" may be a thousand."""
    if not source.reading.delimiter:
        return False
    return source.reading.delimiter == ";" or any(p.count("comma", "german", "spaced_comma") for p in profiles.values())


def _with_words(proposal: Proposal, profile: Profile, about: FileNotes) -> Proposal:
    """Return the proposal with the words that the file has for its codes, when it has one for every code."""
    if about.said:
        proposal = replace(proposal, evidence=(*proposal.evidence, about.said))
    if about.unit and proposal.decision.type in ("integer", "number"):
        proposal = replace(proposal, decision=replace(proposal.decision, unit=about.unit))
    codes = {value for value in profile.values or {} if value}
    if not about.words or not codes:
        return proposal
    if not codes <= about.words.keys():
        said = (
            f"the file has words for {len(codes & about.words.keys())} of its {counted(len(codes), 'code')}: codes kept"
        )
        return replace(proposal, evidence=(*proposal.evidence, said))
    values = {code: about.words[code] for code in sorted(codes)}
    decision = replace(proposal.decision, type="string", missing=None, beside=None, decimal=None, values=values)
    return replace(
        proposal,
        plain=proposal.decision if proposal.certain else None,
        decision=decision,
        evidence=("values: the file's own words for its codes",),
        certain=False,
        question="codes that the file has words for",
    )
