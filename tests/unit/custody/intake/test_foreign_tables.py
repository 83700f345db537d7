"""Made-up tables by the dozen: no date, time or name of them passes unread, and none ends in a traceback.

``ROUNDS_TABLES=500`` makes 500 of them.  "Read" is held to the true days; what is not read must be asked of a person or
stopped by the check, by what is found in its values.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.custody.intake.foreign_tables import CONTAINERS, LOCALES, forms_of, write_foreign_table
from tests.unit.custody.intake.road_of_tables import MISREAD, READ, UNREAD, take_the_road

from rounds.custody.signs.calendar_words import fold, month_of

TABLES = int(os.environ.get("ROUNDS_TABLES", "24"))
BATCH = 8
DATES, NAMES = forms_of("date"), forms_of("name")
random.Random(0).shuffle(DATES)
random.Random(1).shuffle(NAMES)


@pytest.mark.parametrize("start", range(0, TABLES, BATCH))
def test_no_date_no_time_and_no_name_of_a_foreign_table_passes_unread(tmp_path: Path, start: int) -> None:
    passed = []
    for number in range(start, min(start + BATCH, TABLES)):
        folder = tmp_path / str(number)
        folder.mkdir()
        forms = [("date", DATES[(3 * number + at) % len(DATES)]) for at in range(3)]
        forms += [("name", NAMES[(2 * number + at) % len(NAMES)]) for at in range(2)]
        table = write_foreign_table(folder, CONTAINERS[number % len(CONTAINERS)], forms, number)
        passed += take_the_road(table, folder)
    assert [(p.planted.form, p.how, p.container) for p in passed if p.how in (UNREAD, MISREAD)] == []
    assert Counter(p.how for p in passed)[READ] > 0


@settings(max_examples=6)
@given(st.sampled_from(CONTAINERS), st.lists(st.sampled_from(DATES), min_size=1, max_size=3), st.integers(0, 999))
def test_no_mixture_of_forms_passes_unread(
    tmp_path_factory: pytest.TempPathFactory, container: str, forms: list[str], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("mixed")
    table = write_foreign_table(folder, container, [("date", form) for form in forms], seed)
    bad = [(p.planted.form, p.how) for p in take_the_road(table, folder) if p.how in (UNREAD, MISREAD)]
    assert bad == []


@pytest.mark.parametrize("locale", ["en_US", "he_IL", "ar_EG", "de_DE", "fr_FR", "ru_RU", "es_ES"])
def test_the_words_of_months_are_those_of_cldr(locale: str) -> None:
    from babel import Locale

    assert locale in LOCALES
    for width in ("wide", "abbreviated"):
        for number, word in Locale.parse(locale).months["format"][width].items():
            assert month_of(fold(word).strip(".׳' ")) == number, word


def test_no_word_of_a_month_means_two() -> None:
    from rounds.custody.signs import calendar_words

    seen: dict[str, int] = {}
    for language in calendar_words._MONTHS:
        for number, words in enumerate(language.split("|"), start=1):
            assert {seen.setdefault(word, number) for word in fold(words).split()} == {number}
