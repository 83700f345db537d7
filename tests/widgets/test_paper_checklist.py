"""The paper checklist: what it counts, what it keeps, and what it says of a file that does not fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rounds.errors import DataError
from rounds_widgets import PaperChecklist
from rounds_widgets.teaching.together.paper_checklist import INVENTED, read_paper

GOOD = """title = "A paper"
[[part]]
name = "All"
sentences = ["One.", "Two."]
[[item]]
name = "What"
tells = [2]
holds = true
why = "It does."
"""


def test_the_invented_paper_reports_nearly_all_and_little_of_it_holds() -> None:
    checklist = PaperChecklist()
    assert (checklist.items, checklist.reported, checklist.holds) == (10, 9, 4)
    silent = [item for item in checklist._paper["items"] if not item["tells"]]
    assert [item["name"] for item in silent] == ["Whether a risk of 20 % is 20 % (calibration)"]
    assert not any(item["holds"] for item in silent)


def test_what_is_sent_is_small() -> None:
    assert len(json.dumps(PaperChecklist()._paper)) < 8_000


def test_no_sentence_reports_two_items_and_some_report_none() -> None:
    paper = read_paper(INVENTED)
    told = [number for item in paper["items"] for number in item["tells"]]
    assert len(told) == len(set(told))
    assert len(told) < sum(len(part["sentences"]) for part in paper["parts"])


def test_it_says_in_words_how_far_the_pair_is() -> None:
    checklist = PaperChecklist(found="0:1 3:5 4:1 9:0")
    assert "4 of 10 items looked for, 3 found" in repr(checklist)
    assert "reports 9 of 10; 4 of them hold" in repr(checklist)


def test_what_is_kept_are_items_and_sentences_that_are_there() -> None:
    checklist = PaperChecklist(found="9:0 0:1 40:1 1:400 x 2:y -1:3")
    assert checklist.found == "0:1 9:0"
    checklist.item = 99
    assert checklist.item == 9


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("tells = [2]", "tells = [3]", '"What" names sentence 3 of 2'),
        ('why = "It does."', "", "an [[item]] has no why"),
        ('sentences = ["One.", "Two."]', "sentences = []", "names sentence 2 of 0"),
        ("[[item]]", "[[thing]]", "needs [[part]] with sentences and [[item]]"),
        ("title =", "title", "is no TOML"),
    ],
)
def test_a_file_that_does_not_fit_is_said_in_a_sentence(tmp_path: Path, old: str, new: str, says: str) -> None:
    (tmp_path / "paper.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(DataError, match="PaperChecklist") as said:
        PaperChecklist(tmp_path / "paper.toml")
    assert says in str(said.value)


def test_a_paper_of_ones_own_is_taken_and_a_missing_one_named(tmp_path: Path) -> None:
    (tmp_path / "paper.toml").write_text(GOOD)
    assert PaperChecklist(tmp_path / "paper.toml").reported == 1
    with pytest.raises(DataError, match="there is no file"):
        PaperChecklist(tmp_path / "none.toml")
