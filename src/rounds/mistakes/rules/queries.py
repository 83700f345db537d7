"""The commonest failures of SQL in DuckDB."""

from __future__ import annotations

import re

from rounds.mistakes.failure import Failure, Rule
from rounds.mistakes.reading import did_you_mean, is_table, names_in, quote
from rounds.mistakes.rules.files import say_missing_file

WORDS = ("select", "from", "where", "group", "order", "having", "limit", "join", "on", "as", "and", "or", "by")


def _say_column(failure: Failure, match: re.Match[str]) -> str:
    wanted = match[1]
    known = re.findall(r'"([^"]+)"', failure.message.partition("Candidate bindings")[2])
    near = did_you_mean(wanted, known)
    if not near and re.search(rf'"{re.escape(wanted)}"', _query(failure)):
        return f"Double quotes mean a column. For a text write single quotes: '{wanted}'."
    if not near and re.search(rf"=\s*{re.escape(wanted)}\b", _query(failure)):
        return f"The table has no column {quote(wanted)}. For a text write single quotes: '{wanted}'."
    return f"The table has no column {quote(wanted)}.{near or f' The nearest are: {_some(known)}.'}"


def _some(known: list[str]) -> str:
    return ", ".join(known[:4]) or "none"


def _query(failure: Failure) -> str:
    """Return the text of the cell with the query: the code as it stands."""
    return failure.place.source.replace('\\"', '"')


def _say_table(failure: Failure, match: re.Match[str]) -> str:
    known = [name for name in names_in(failure.names) if is_table(failure.names[name])]
    if match[1] in known:
        return f"{match[1]} is a table of pandas. SQL can read it, and cannot change it."
    near = did_you_mean(match[1], known)
    return f"There is no table {quote(match[1])}.{near or ' Make it first, or check the spelling.'}"


def _say_function(failure: Failure, match: re.Match[str]) -> str:
    if match[1] == "=>":
        return "The sign for more or equal is >=, with = at the end."
    near = re.search(r'Did you mean "(\w+)"', failure.message)
    more = f' Did you mean "{near[1]}"?' if near else " Check the spelling."
    return f"SQL has no function {quote(match[1])}.{more}"


def _say_parser(failure: Failure, match: re.Match[str]) -> str:
    at, line = match[1], failure.message.partition("LINE 1: ")[2].partition("\n")[0]
    before = line[: line.find(at)].split() if at in line else []
    for word in [at, *reversed(before)]:
        near = did_you_mean(word.lower(), WORDS) if word.isalpha() and word.lower() not in WORDS else ""
        if near:
            return f"SQL cannot read this near {quote(word)}.{near}"
    if before and before[-1].endswith(","):
        return f"There is a comma too many before {quote(at)}. Take it out."
    if line.count("(") > line.count(")"):
        return "A round bracket is never closed in this query. Put a ) where it ends."
    if re.search(r"\bis\s*$", " ".join(before), re.I):
        return "is works with null only. To compare with a value write =."
    if re.search(r"\bjoin\b", line, re.I) and not re.search(r"\bon\b|\busing\b", line, re.I):
        return "A join needs the columns to join on: join b on a.id = b.id."
    return f"SQL cannot read this near {quote(at)}. Look for a missing word or comma before it."


def _say_no_function(failure: Failure, match: re.Match[str]) -> str:
    if "VARCHAR" in match[2] or "LITERAL" in match[2]:
        return f"{match[1]} does not work on texts. Make a number of it: cast(column as double)."
    return f"{match[1]} does not take values of this kind. Look at the kinds with describe."


def _say_group(failure: Failure, match: re.Match[str]) -> str:
    column = match[1]
    if re.search(r"\bgroup\s+by\b", failure.place.source, re.I):
        return f"Add {column} behind group by, or put it into a function like avg({column})."
    return f"Write group by {column} behind from and where, or put {column} into a function like avg({column})."


RULES = (
    Rule("duckdb-column", "BinderException", r'Referenced column "(.+?)" not found', _say_column),
    Rule("duckdb-column", "BinderException", r'Table ".+?" does not have a column named "(.+?)"', _say_column),
    Rule(
        "duckdb-alias",
        "BinderException",
        r'Referenced table "(.+?)" not found',
        'No table of this query is called "{1}". Name it behind from: from table as {1}.',
    ),
    Rule(
        "duckdb-group",
        "BinderException",
        r'column "(.+?)" must appear in the GROUP BY',
        _say_group,
    ),
    Rule(
        "duckdb-where",
        "BinderException",
        r"WHERE clause cannot contain aggregates",
        "where looks at single rows. To choose by a count or mean, write having behind group by.",
    ),
    Rule(
        "duckdb-window",
        "BinderException",
        r"WHERE clause cannot contain window",
        "where cannot use a window. Write qualify in its place.",
    ),
    Rule(
        "duckdb-ambiguous",
        "BinderException",
        r'Ambiguous reference to column name "(.+?)"',
        "Two tables have a column {1}. Say which one: table.{1}.",
    ),
    Rule(
        "duckdb-union",
        "BinderException",
        r"same number of result columns",
        "Both parts of a union need the same number of columns.",
    ),
    Rule(
        "duckdb-kinds",
        "BinderException",
        r"No function matches the given name and argument types '(\S+?)\((.*?)\)'",
        _say_no_function,
    ),
    Rule(
        "duckdb-kinds",
        "BinderException",
        r"Could not choose a best candidate function",
        "SQL cannot tell the kinds of these values. Say them: cast(value as date).",
    ),
    Rule("duckdb-table", "CatalogException", r"Table with name \"?(\w+)\"? does not exist", _say_table),
    Rule(
        "duckdb-exists",
        "CatalogException",
        r'Table with name "?(\w+)"? already exists',
        "There is a table {1} already. Write create or replace table.",
    ),
    Rule("duckdb-function", "CatalogException", r"Function with name (\S+) does not exist", _say_function),
    Rule(
        "duckdb-quote",
        "ParserException",
        r"unterminated (?:string|quoted)",
        "A text in the query begins with a quote and does not end. Put the quote where it ends.",
    ),
    Rule("duckdb-parser", "ParserException", r'syntax error at or near "(.+?)"', _say_parser),
    Rule(
        "duckdb-parser",
        "ParserException",
        r"syntax error at end of input",
        "The query ends too early. Something is missing at its end.",
    ),
    Rule(
        "duckdb-convert",
        "ConversionException",
        r"Could not convert string '(.*?)' to (\w+)",
        'The text "{1}" is no number or date of kind {2}. Write try_cast(... as double), or check the value.',
    ),
    Rule(
        "duckdb-date",
        "ConversionException",
        r"field value out of range: \"(.*?)\"",
        "{1} is no day of the calendar. Check day and month.",
    ),
    Rule(
        "duckdb-file",
        "IOException",
        r'No files found that match the pattern "(.*?)"',
        lambda failure, match: say_missing_file(repr(match[1])[1:-1]),
    ),
    Rule(
        "duckdb-file", "IOException", r'Cannot open file "(.*?)"', 'The file "{1}" cannot be opened. Check its folder.'
    ),
    Rule(
        "duckdb-object",
        "InvalidInputException",
        r'Python Object "(\w+)" of type "(\w+)"',
        "{1} is no table, so SQL cannot read from it. Put the name of a table behind from.",
    ),
    Rule(
        "duckdb-parameter",
        "InvalidInputException",
        r"Values were not provided",
        "The query has a ? and gets no value for it. Give it: params=[value].",
    ),
    Rule(
        "duckdb-one-row",
        "InvalidInputException",
        r"More than one row returned by a subquery",
        "The query in brackets gives many rows, and one is wanted. Write in, or max(...).",
    ),
    Rule(
        "duckdb-part",
        "AttributeError",
        r"does not contain a column by the name of '(\w+)'",
        'The result has no "{1}". For a table of pandas write .df() behind it.',
    ),
)
