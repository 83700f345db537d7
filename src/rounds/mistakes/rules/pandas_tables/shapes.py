"""Tables that do not fit together, files that are no tables, and plots of what is not there."""

from __future__ import annotations

import re

from rounds.mistakes.failure import Failure, Rule
from rounds.mistakes.reading import columns_of, did_you_mean


def _say_plot_name(failure: Failure, match: re.Match[str]) -> str:
    table = next(failure.find_tables(), None)
    near = did_you_mean(match[1], columns_of(table)) if table is not None else ""
    return f'The table of this plot has no column "{match[1]}".{near or " Check the spelling."}'


def _say_ibis_column(failure: Failure, match: re.Match[str]) -> str:
    known = re.findall(r"'([^']+)'", match[2])
    return f'The table has no column "{match[1]}".{did_you_mean(match[1], known) or " Check the spelling."}'


RULES = (
    Rule(
        "pandas-no-common",
        "MergeError",
        r"No common columns",
        'The two tables have no column of one name. Say both: left_on="a", right_on="b".',
    ),
    Rule(
        "pandas-twice",
        "ValueError",
        r"contains duplicate entries|duplicate (?:labels|axis)",
        "Some labels stand there twice, so pandas cannot tell which is meant. Group them first.",
    ),
    Rule(
        "pandas-concat-empty",
        "ValueError",
        r"No objects to concatenate",
        "The list of tables is empty, so there is nothing to put together.",
    ),
    Rule("pandas-empty-file", "EmptyDataError", r"", "The file is empty: there are no columns in it."),
    Rule(
        "pandas-uneven-file",
        "ParserError",
        r"Expected (\d+) fields in line (\d+), saw (\d+)",
        'Line {2} of the file has {3} values and not {1}. Another sign may part them: try sep=";".',
    ),
    Rule("pandas-date-far", "OutOfBoundsDatetime", r"", "This date lies too far away. Check the year."),
    Rule(
        "plot-lengths",
        "ValueError",
        r"x and y must (?:have same first dimension|be the same size)",
        "A plot needs as many values for x as for y. Look at len(...) of both.",
    ),
    Rule("plot-name", "ValueError", r"Could not interpret value `(\w+)`", _say_plot_name),
    Rule("ibis-column", "IbisTypeError", r"Column '(\w+)' is not found in table\.(.*)", _say_ibis_column),
)
