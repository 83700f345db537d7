"""Every sentence that an error can lead to: one cell a case, run in a real IPython shell.

A golden file has blocks: `### name`, the cell, a line `---`, what stands before the traceback.  After a change run
`python tests/unit/mistakes/test_golden.py` to write them anew, and read each changed line.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plain import COMMON, MOST_WORDS, find_hard_words, list_words, sentences
from tests.unit.mistakes.say_all import SET_UP

from rounds.mistakes import is_explained
from rounds.mistakes.explaining import RULES
from rounds.mistakes.explanation import END, START

HERE = Path(__file__).parent
GOLDEN = sorted((HERE / "golden").glob("*.txt"))
BLOCK = re.compile(r"(?ms)^### (?P<name>[^\n]+)\n(?P<cell>.*?)^---\n(?P<said>[^\n]*)\n")
FEWEST = 200  # cases; the issue asks for thirty failures of libraries beside Python's own
LIBRARIES = ("pandas", "numpy", "sklearn", "duckdb")


def read(file: Path) -> list[tuple[str, str, str]]:
    """Return name, cell and sentence of each case in a file."""
    return [(m["name"], m["cell"].rstrip("\n"), m["said"]) for m in BLOCK.finditer(file.read_text(encoding="utf-8"))]


CASES = [(file.stem, *case) for file in GOLDEN for case in read(file)]


def ask(cells: list[str]) -> list[str]:
    """Return what is said to each cell."""
    command = [sys.executable, str(HERE / "say_all.py")]
    done = subprocess.run(command, input=json.dumps(cells), capture_output=True, text=True, check=True)
    said: list[str] = json.loads(done.stdout)
    return [line.removeprefix(START).removesuffix(END) if is_explained([line]) else "" for line in said]


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    cells = [cell for _, _, cell, _ in CASES]
    return dict(zip(cells, ask(cells), strict=True))


def test_there_are_cases_for_each_library() -> None:
    files = [file for file, *_ in CASES]
    assert len(CASES) >= FEWEST
    assert all(files.count(library) >= 15 for library in LIBRARIES)
    assert len({cell for _, _, cell, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("file", "name", "cell", "wanted"), CASES, ids=[f"{f}-{n}" for f, n, *_ in CASES])
def test_an_error_is_explained(said: dict[str, str], file: str, name: str, cell: str, wanted: str) -> None:
    assert said[cell] == wanted


@pytest.mark.parametrize("wanted", sorted({said for *_, said in CASES}))
def test_each_sentence_is_short(wanted: str) -> None:
    assert wanted, "a case without a sentence"
    assert [part for part in sentences(wanted) if len(part.split()) > MOST_WORDS] == []


def test_the_thirty_commonest_failures_of_libraries_have_a_rule_and_a_source(root: Path) -> None:
    page = (root / "docs" / "reference" / "mistakes.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| ([a-z-]+) \| .+? \| \[.+?\]\(https://.+?\) \|$", page)
    assert len(rows) == len(set(rows)) >= 30
    assert sorted(set(rows) - {rule.name for rule in RULES}) == []


def test_each_word_is_common_or_listed_with_its_reason() -> None:
    known = list_words(COMMON) | list_words(HERE / "own_words.txt")
    hard = {w for *_, cell, said in CASES for w in find_hard_words(said, cell + SET_UP, known)}
    assert sorted(hard) == []


def test_a_hard_word_is_found() -> None:
    known = list_words(COMMON)
    assert len(known) == 3000
    assert find_hard_words("The tuple is ambiguous.", "", known) == ["tuple", "ambiguous"]


def test_each_own_word_is_used() -> None:
    said = " ".join(words for *_, words in CASES).lower()
    assert [word for word in sorted(list_words(HERE / "own_words.txt")) if word not in said] == []


if __name__ == "__main__":
    for file in GOLDEN:
        cases = read(file)
        answers = ask([cell for _, cell, _ in cases])
        pairs = zip(cases, answers, strict=True)
        file.write_text("\n".join(f"### {n}\n{c}\n---\n{a}\n" for (n, c, _), a in pairs), encoding="utf-8")
