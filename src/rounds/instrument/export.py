"""What an ethics committee is given: the words of consent, the items with their keys, the analysis, and the answers.

The answers stand under numbers in an order of chance; who has which number is written down nowhere.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from rounds.instrument.bank import load_bank
from rounds.instrument.gains import FEWEST
from rounds.instrument.knowledge_tests import KnowledgeTest
from rounds.instrument.report import Taken, mark

COLUMNS = ("person", "profession", "occasion", "form", "item", "area", "lesson", "lesson_taken", "right")


def write_export(target: Path, consent: str, tests: Iterable[KnowledgeTest], taken: Taken) -> int:
    """Write the archive, whole or not at all, and return how many people are in it: none where they are too few.

    No moment is written: minutes of a hall tell who sat in it.  Of fewer than ten people no answer is written either.
    """
    handed_in = [one for one in tests if one.finished]
    names = {one.username for one in handed_in}
    handed_in = handed_in if len(names) >= FEWEST else []
    numbers = _draw_numbers({one.username for one in handed_in})
    parts = {
        "consent.txt": consent,
        "items.toml": files("rounds.instrument").joinpath("knowledge.toml").read_text(encoding="utf-8"),
        "analysis.md": files("rounds.instrument").joinpath("analysis.md").read_text(encoding="utf-8"),
        "answers.csv": _write_answers(handed_in, numbers, taken),
    }
    made = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    made.replace(target)
    return len(numbers)


def _draw_numbers(usernames: Iterable[str]) -> dict[str, int]:
    names = list(usernames)
    random.SystemRandom().shuffle(names)
    return {name: number for number, name in enumerate(names, 1)}


def _write_answers(tests: Iterable[KnowledgeTest], numbers: dict[str, int], taken: Taken) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in sorted(tests, key=lambda test: (numbers[test.username], test.occasion.value)):
        lessons = taken.get(one.username, frozenset())
        for item, right in zip(load_bank(), mark(one).values(), strict=True):
            facts = (numbers[one.username], one.profession, one.occasion.value, one.form.value)
            writer.writerow((*facts, item.id, item.area, item.lesson, int(item.lesson in lessons), right))
    return text.getvalue()
