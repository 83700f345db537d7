"""Names of datasets, files, tables, columns and levels that themselves name a person, a date or a number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rounds.custody.signs.column_names import is_age, is_quasi, words_of
from rounds.custody.signs.finding import Finding, Severity
from rounds.custody.signs.name_content import is_listed_name
from rounds.custody.signs.patterns import DATE, EMAIL, PHONE
from rounds.data.package import DataPackage

_YEAR = re.compile(r"(?:19|20)\d\d")
_LONG_NUMBER = re.compile(r"\d{7,}")
RENAME = "Rename it: say what it holds, not whom"


def find_identifying_titles(package: DataPackage, files: Iterable[str] = ()) -> list[Finding]:
    """Return the names in a package, and of its files, that point at a person."""
    titles = {"the dataset": package.name, "the title": package.title}
    titles |= {f"the file {i + 1}": name for i, name in enumerate(files)}
    for table in package.tables:
        titles |= {f"the table {table.name}": table.name}
        titles |= {f"{table.name}.{column.name}": column.name for column in table.columns}
    return [finding for where, title in titles.items() for finding in _look(where, title)]


def _look(where: str, title: str) -> list[Finding]:
    dashed = title.replace("_", "-")  # an underscore parts a day as a hyphen does, when a whole year stands there
    title = title.replace("_", " ")  # and it counts as a letter where a word begins
    days = any(_YEAR.search(found[0]) for found in DATE.compiled.finditer(dashed))
    if days or any(pattern.compiled.search(title) for pattern in (DATE, EMAIL, PHONE)):
        return [_say(where, "a date, an address or a telephone number stands in this name", Severity.STOP)]
    if _LONG_NUMBER.search(title):
        return [_say(where, "a long number stands in this name", Severity.STOP)]
    names = [word for word in words_of(title).split() if len(word) > 2 and is_listed_name(word)]
    if len(names) >= 2:
        return [_say(where, "the name of a person stands in this name", Severity.STOP)]
    if not names or is_quasi(title) or is_age(title):  # the Hebrew word for age is a name as well
        return []
    return [_say(where, "a word of this name is also a name of people", Severity.LOOK)]


def _say(where: str, what: str, severity: Severity) -> Finding:
    return Finding("title", severity, where, what, 0, 0, RENAME, "name")
