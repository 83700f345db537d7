"""The draft of all decisions about a file, as TOML in which every guess stands with its evidence.

The same file gives the same draft.  Values of cells are shown only as words of our own lists, or for columns of a few
levels that do not look like an identifier.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from rounds.data.decisions import ASK, Decision
from rounds.data.drafting.profile import MOST_KEYS, Profile
from rounds.data.drafting.proposal import Proposal
from rounds.data.drafting.shown import look_like_names, may_identify
from rounds.data.inspection import Inspected, inspect
from rounds.data.intake import PARTS, ROW
from rounds.data.make import Progress, silent
from rounds.data.omop import CDM, CdmTable, tables_by_source
from rounds.data.privacy.column_names import is_birth_date, is_day, is_person_key, is_quasi, is_record_key, kind_of_name
from rounds.data.privacy.finding import SAFE_HARBOR
from rounds.data.sources.encodings import CERTAIN
from rounds.data.sources.open import find_left_out, open_sources
from rounds.errors import DataError

FEW, MOST_WORDS, LONGEST_LEVEL = 20, 12, 30
HEAD = """\
# A draft of the decisions about {name}. Nothing is imported yet.
# Read it, change what is wrong, and answer every "ask". Then:
#   rounds data import {path} --decisions THIS-FILE --challenge CHALLENGE
#
# Lines that begin with # say why. Of the cells, only words for "missing" and the levels of a few columns are shown.
# For a column you may also write: name, unit, convert_to, role (identifier, quasi-identifier, feature, outcome, time),
#   available, values = {{ old = "new" }}, code_system, code, definition_clinical, definition_ml.
# How its cells are read: type (integer, number, string, boolean, datetime), decimal ("." or ","), thousands,
#   missing = ["-1", "NA"] (cells without a value), beside = "new_column" (keeps texts that are no value),
#   dates (iso, day-first, month-first, excel-serial, yyyymmdd), newest_year, zone (utc, local), system_column.
"""


def draft_decisions(
    path: Path, out: Path, newest_year: int, kind: str = "restricted", progress: Progress = silent
) -> tuple[Inspected, ...]:
    """Write the draft of the decisions about a file or a folder to a new file, whole or not at all."""
    if out.exists():
        raise DataError(f"{out}: this file exists. A draft is never written over one; name another file.")
    sources = open_sources(path, proposing=True)
    total = PARTS * len(sources)
    found = inspect(
        sources,
        newest_year,
        lambda i, share: progress(f"look into {sources[i].reading.source}", int(PARTS * (i + share)), total),
    )
    _write_new(out, render_draft(path, found, kind))
    return found


def render_draft(path: Path, found: Sequence[Inspected], kind: str) -> str:
    """Return the text of the draft."""
    several = len(found) > 1
    cdm = tables_by_source([f.source for f in found])
    lines = [HEAD.format(name=path.name, path=path)]
    if cdm:
        lines.append(f"# This is {CDM}: types, roles and code systems come from it.")
    if path.is_dir() and (left := find_left_out(path)):
        lines.append(f"# Not read: {', '.join(left)}")
    lines += ["[table]", _line("title", path.stem), _line("kind", kind), ""]
    for each in found:
        lines += _render_file(each, several, cdm.get(each.source.reading.source))
    for each in found:
        for name, proposal in each.proposals.items():
            lines += _render_column(name, each.profiles[name], proposal, each.source.reading.table if several else "")
    return "\n".join(lines)


def _render_file(each: Inspected, several: bool, table: CdmTable | None) -> list[str]:
    reading = each.source.reading
    lines = ["[[file]]", f"# {each.rows:,} rows, {len(each.profiles)} columns", _line("source", reading.source)]
    if several:
        lines.append(_line("table", reading.table))
    lines += [f"# {said}" for said in reading.evidence]
    if reading.encoding and reading.encoding not in CERTAIN:
        lines.append(f"# words read so: {_words(each)}")
    for key in ("encoding", "delimiter", "header_line"):
        if getattr(reading, key):
            lines.append(_line(key, getattr(reading, key)))
    lines.append(_line("row", table.row if table else ROW))
    numbered = [name for name in each.profiles if kind_of_name(name) in ("G", "H")]  # a national or a record number
    keys = [*(name for name in each.profiles if is_person_key(name)), *numbered]
    person = (table.person if table else "") or next(iter(keys), "")
    lines.append(_line("person", person) if person else '# person = "..."   # the column that tells people apart')
    return [*lines, ""]


def _render_column(name: str, profile: Profile, proposal: Proposal, table: str) -> list[str]:
    decision = proposal.decision
    lines = ["[[column]]", *([_line("table", table)] if table else []), _line("column", name)]
    repeated = _say_repeated(profile)
    empty = f"{profile.shapes['empty']:,} empty of {profile.rows:,}" if profile.shapes["empty"] else ""
    lines += [f"# {said}" for said in (*proposal.evidence, repeated, empty) if said]
    if _may_show(name, profile) and not proposal.standard:
        lines.append(f"# levels: {_levels(profile)}")
    given = {f.name: getattr(decision, f.name) for f in fields(Decision) if f.name not in ("column", "table")}
    given["role"], why = (given["role"], "") if given["role"] else _role(name, profile, decision)
    if why:
        lines.append(f"# role: {why}")
    for key, value in given.items():
        if value == ASK:
            lines.append(f"# ASKED: {proposal.question}. Write {key} = {_CHOICES[key]}")
        if value not in (None, (), {}) and not (key in ("thousands",) and value == ""):
            lines.append(_line(key, value))
    return [*lines, ""]


_CHOICES = {"dates": '"day-first" or "month-first"', "decimal": '"." or ","'}


def _say_repeated(profile: Profile) -> str:
    """Return how often the values of a key repeat: visits of one person, or rows that stand there twice."""
    if profile.keys is None:
        return ""
    different = len(profile.keys - {""})
    if different > MOST_KEYS:
        return f"over {MOST_KEYS:,} different values"
    said = f"{different:,} different values in {profile.filled:,} cells"
    return said if different == profile.filled else f"{said}: they repeat"


def _role(name: str, profile: Profile, decision: Decision) -> tuple[str, str]:
    """Return the role that a column's name and cells suggest, and why."""
    kind = kind_of_name(name)
    if profile.counts_up and profile.rows > 2:
        return "identifier", "it counts the rows of the file"
    if is_record_key(name):
        return "identifier", "its name is that of a key"
    if kind in SAFE_HARBOR and kind != "C":
        return "identifier", f"its name says: {SAFE_HARBOR[kind]}"
    if is_birth_date(name):
        return "quasi-identifier", "other people may know a birth"
    if decision.type == "datetime":
        return "time", "it holds dates"
    if decision.type in ("integer", "number") and is_day(name):
        return "time", "its name says: a day, week or month of a calendar"
    if is_quasi(name):
        return "quasi-identifier", "other people may know it"
    if decision.type == "string" and look_like_names(profile):
        return "identifier", "its values look like names of people or places"
    return "feature", ""


def _may_show(name: str, profile: Profile) -> bool:
    """Tell whether the levels of a column may stand in the draft: few, short, and nothing that points at a person."""
    if profile.values is None or not profile.count("text"):
        return False
    levels = [v for v in profile.values if v.strip()]
    if len(levels) > FEW or len(levels) > profile.filled / 2 or any(len(v) > LONGEST_LEVEL for v in levels):
        return False
    return not may_identify(name, profile)


def _levels(profile: Profile) -> str:
    pairs = sorted((v, n) for v, n in (profile.values or {}).items() if v.strip())
    return _one_line(", ".join(f'"{value}" {count:,}' for value, count in pairs))


def _words(each: Inspected) -> str:
    """Return some words with letters beyond ASCII, from the header and from columns that may be shown."""
    levels = [v for n, p in each.profiles.items() if _may_show(n, p) for v in sorted(p.values or {})]
    found = dict.fromkeys(w for text in (*each.profiles, *levels) for w in re.findall(r"\w+", text) if not w.isascii())
    if not found:
        return "none can be shown, all such words stand in columns that may identify; look into the file yourself"
    return ", ".join(list(found)[:MOST_WORDS])


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
