"""The draft of all decisions about a file, as TOML in which every guess stands with its evidence.

The same file gives the same draft.  Values of cells are shown only as words of our own lists, or for columns of a few
levels that do not look like an identifier.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from rounds.counted import counted
from rounds.custody.intake.draft.challenge import say_unnamed
from rounds.custody.intake.draft.timeline import Timeline, build_timeline, render_known, render_timeline
from rounds.custody.intake.first_looks import FREE_TEXT, find_first_looks, propose_kind
from rounds.custody.intake.import_table import PARTS, ROW
from rounds.custody.intake.inspection import Inspected, inspect
from rounds.custody.intake.omop import CDM, CdmTable, tables_by_source
from rounds.custody.intake.proposals.decisions import ASK, Decision
from rounds.custody.intake.proposals.profile import MOST_KEYS, Profile
from rounds.custody.intake.proposals.shown import may_show, shown_words
from rounds.custody.intake.proposals.signs import is_free_text, is_numbered, is_row_counter
from rounds.custody.intake.resolve import say_choices, to_confirm
from rounds.custody.intake.sources.encodings import CERTAIN
from rounds.custody.intake.sources.open import find_left_out, open_sources
from rounds.custody.intake.sources.packed import stem_of
from rounds.custody.intake.unit_columns import find_unit_column, say_only_unit
from rounds.custody.signs.column_names import is_age, is_birth_date, is_day, is_quasi, is_record_key, kind_of_name
from rounds.custody.signs.finding import SAFE_HARBOR
from rounds.errors import DataError
from rounds.event import Challenge
from rounds.meter import Progress, silent

NO_WORDS = "none can be shown, all such words stand in columns that may identify; look into the file yourself"
HEAD = """\
# A draft of the decisions about {name}. Nothing is imported yet.
# Read it, change what is wrong, and answer every "ask". Then:
#   rounds data import {path} --decisions THIS-FILE --challenge {challenge}
#
# Lines that begin with # say why. Of the cells, only words for "missing" and the levels of a few columns are shown.
# For a column you may also write: name, unit, convert_to, role (identifier, quasi-identifier, feature, outcome, time),
#   available, values = {{ old = "new" }}, code_system, code, definition_clinical, definition_ml.
# How its cells are read: type (integer, number, string, boolean, datetime), decimal ("." or ","), thousands,
#   missing = ["-1", "NA"] (cells without a value), beside = "new_column" (keeps texts that are no value),
#   dates (iso, day-first, month-first, month, excel-serial, yyyymmdd, unix-s, unix-ms), newest_year,
#   zone (utc, local), system_column.
# For a file: leave_out = [42] (its lines that are no rows of the table, such as a row of totals),
#   quoting = "none" (quotation marks are letters).
# The first [[file]] is the first table: the one whose rows a challenge predicts.
# Where a line of a key stands already, change that line; a key stands once.
"""


def draft_decisions(
    path: Path,
    out: Path,
    newest_year: int,
    kind: str = "",
    progress: Progress = silent,
    *,
    challenge: Challenge | None = None,
) -> tuple[Inspected, ...]:
    """Write the draft of the decisions about a file or a folder to a new file, whole or not at all.

    Without ``kind`` the draft proposes one, with the reason: restricted as soon as something points at a person.  The
    table that has the challenge's outcome is the first one.
    """
    if out.exists():
        raise DataError(f"{out}: this file exists. A draft is never written over one; name another file.")
    sources = open_sources(path, proposing=True)
    total = PARTS * len(sources)
    found = inspect(
        sources,
        newest_year,
        lambda i, share: progress(f"look into {sources[i].reading.source}", int(PARTS * (i + share)), total),
        proposing=True,
    )
    if challenge:
        found = tuple(sorted(found, key=lambda each: _distance(each, challenge)))
    _write_new(out, render_draft(path, found, kind, challenge))
    return found


def _distance(each: Inspected, challenge: Challenge) -> tuple[bool, int]:
    """Return how far a table is from being the one whose rows are predicted: the outcome first, then its unit."""
    lost = [name for name in challenge.unit if name not in each.profiles]
    return challenge.outcome not in each.profiles, len(lost)


def render_draft(path: Path, found: Sequence[Inspected], kind: str, challenge: Challenge | None = None) -> str:
    """Return the text of the draft."""
    outcome, asked = (challenge.outcome, challenge.id) if challenge else ("", "CHALLENGE")
    several = len(found) > 1
    cdm = tables_by_source([f.source for f in found])
    timeline = build_timeline(found, cdm, challenge)
    lines = [HEAD.format(name=path.name, path=shlex.quote(str(path)), challenge=asked)]
    if cdm:
        lines.append(f"# This is {CDM}: types, roles and code systems come from it.")
    if path.is_dir() and (left := find_left_out(path)):
        lines.append(f"# Not read: {', '.join(left)}")
    lines += _render_head(path, found, kind, timeline, challenge)
    for each in found:
        lines += _render_file(each, several, cdm.get(each.source.reading.source), outcome)
    for each in found:
        for name in each.proposals:
            lines += [*_render_column(each, name, several, outcome, timeline), ""]
    return "\n".join(lines)


def _render_head(
    path: Path, found: Sequence[Inspected], kind: str, timeline: Timeline, challenge: Challenge | None
) -> list[str]:
    """Return what to look at first, and what holds for all tables together."""
    looks = [*find_first_looks(found), *say_unnamed(found, challenge)]
    first = ["", "Look at these first:", *looks] if looks else []
    proposed, why = propose_kind(found)
    lines = [*(_one_line(f"# {said}") for said in first), "", "[table]", _line("title", stem_of(path))]
    return [*lines, _one_line(f"# kind: {why}"), _line("kind", kind or proposed), *render_timeline(timeline), ""]


def _render_file(each: Inspected, several: bool, table: CdmTable | None, outcome: str) -> list[str]:
    reading = each.source.reading
    lines = ["[[file]]", f"# {counted(each.rows, 'row')}, {counted(len(each.profiles), 'column')}"]
    if several and outcome in each.profiles:
        lines.append(f"# first, as the table whose rows are predicted: it has {outcome}, which the challenge predicts")
    lines.append(_line("source", reading.source))
    if several:
        lines.append(_line("table", reading.table))
    lines += [_one_line(f"# {said}") for said in (*reading.evidence, *each.source.heading.said)]
    if reading.encoding and reading.encoding not in CERTAIN:
        lines.append(f"# words read so: {', '.join(shown_words(each.profiles)) or NO_WORDS}")
    for key in ("encoding", "delimiter", "quoting", "header_line", "leave_out"):
        if getattr(reading, key):
            lines.append(_line(key, getattr(reading, key)))
    lines.append(_line("row", table.row if table else ROW))
    guessed, why = each.person
    person = (table.person if table else "") or guessed
    lines += [f"# person: {why}"] if why and not table else []
    lines.append(_line("person", person) if person else '# person = "..."   # the column that tells people apart')
    return [*lines, ""]


def _render_column(each: Inspected, name: str, several: bool, outcome: str, timeline: Timeline) -> list[str]:
    profile, proposal, table = each.profiles[name], each.proposals[name], each.source.reading.table
    decision = proposal.decision
    lines = ["[[column]]", *([_line("table", table)] if several else []), _line("column", name)]
    repeated = _say_repeated(profile)
    empty = f"{profile.shapes['empty']:,} empty of {profile.rows:,}" if profile.shapes["empty"] else ""
    lines += [f"# {said}" for said in (*proposal.evidence, repeated, empty) if said]
    if decision.type == "string" and is_free_text(name, profile):
        lines.append(f"# {FREE_TEXT}")
    if may_show(name, profile) and not proposal.standard:
        lines.append(f"# levels: {_levels(profile)}")
    given = {f.name: getattr(decision, f.name) for f in fields(Decision) if f.name not in ("column", "table")}
    given["role"], why = (given["role"], "") if given["role"] else _role(name, profile, decision, each.classes[name])
    given["role"], why = ("outcome", "the challenge predicts it") if name == outcome else (given["role"], why)
    if why:
        lines.append(f"# role: {why}")
    given["available"] = None
    for key, value in given.items():
        if value == ASK:
            lines.append(f"# ASKED: {proposal.question}. {say_choices(key, decision.beside)}")
        if value not in (None, (), {}) and not (key in ("thousands",) and value == ""):
            lines.append(_line(key, value))
    if given["role"] not in ("identifier", "outcome"):
        lines += [*_say_unit(each, name), render_known(timeline, each, name)]
    return lines


def _say_unit(each: Inspected, name: str) -> list[str]:
    """Return the line for a unit that nobody knows yet; none for a column that has none to confirm."""
    proposal = each.proposals[name]
    if proposal.decision.unit or "unit" not in to_confirm(proposal.decision.type or "string", proposal):
        return []
    beside, only = find_unit_column(each, name), say_only_unit(each, name)
    if is_age(name):
        return ['# unit = "a"   # to be confirmed: "a" is UCUM for years']
    if only:
        return [f'# unit = "{only}"   # to be confirmed: "{beside}" says so in every row']
    where = f'it may stand in "{beside}"; ' if beside else ""
    return [f'# unit = "..."   # to be confirmed: {where}in UCUM, such as "mg/L"; "1" for a number without one']


def _say_repeated(profile: Profile) -> str:
    """Return how often the values of a key repeat: visits of one person, or rows that stand there twice."""
    if profile.keys is None:
        return ""
    different = len(profile.keys - {""})
    if different > MOST_KEYS:
        return f"over {MOST_KEYS:,} different values"
    said = f"{counted(different, 'different value')} in {counted(profile.filled, 'cell')}"
    return said if different == profile.filled else f"{said}: they repeat"


def _role(name: str, profile: Profile, decision: Decision, classes: Sequence[str]) -> tuple[str, str]:
    """Return the role that a column's name and cells suggest, and why."""
    if is_row_counter(name, profile):
        return "identifier", "it counts the rows of the file"
    if is_record_key(name):
        return "identifier", "its name is that of a key"
    if is_numbered(name, profile):
        return "identifier", "a letter and a number, different in every row: it names rows"
    if kind_of_name(name) in SAFE_HARBOR and kind_of_name(name) != "C":
        return "identifier", f"its name says: {SAFE_HARBOR[kind_of_name(name) or 'R']}"
    if is_birth_date(name):
        return "quasi-identifier", "other people may know a birth"
    if decision.type == "datetime":
        return "time", "it holds dates"
    if decision.type in ("integer", "number") and is_day(name):
        return "time", "its name says: a day, week or month of a calendar"
    if is_quasi(name):
        return "quasi-identifier", "other people may know it"
    if classes and not is_free_text(name, profile):
        return "identifier", f"its values look like {SAFE_HARBOR[classes[0]]}"
    return "feature", ""


def _levels(profile: Profile) -> str:
    pairs = sorted((v, n) for v, n in (profile.values or {}).items() if v.strip())
    return _one_line(", ".join(f'"{value}" {count:,}' for value, count in pairs))


def _line(key: str, value: Any) -> str:
    return f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_value(str(k))} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\u0085\u2028\u2029]", " ", text)


def _write_new(out: Path, text: str) -> None:
    """Write a new file in one step; raise when another one took its name meanwhile."""
    fresh = out.parent / f".{out.name}-{os.getpid()}"
    try:
        fresh.write_text(_lines_only(text.split("\n")), encoding="utf-8")
        os.link(fresh, out)
    except FileExistsError:
        raise DataError(f"{out}: this file exists. A draft is never written over one; name another file.") from None
    except OSError as error:
        raise DataError(f"{out}: the draft cannot be written there ({os.strerror(error.errno or 0)}).") from error
    finally:
        fresh.unlink(missing_ok=True)


def _lines_only(lines: Iterable[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"
