"""The data dictionary in a notebook: the same columns in Python and in the browser, words only, refused keywords."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from traitlets import TraitError

from rounds.custody.intake.import_table import import_table
from rounds.data.answers import Answer, write_answers
from rounds.data.dataset import Dataset
from rounds.errors import DataError
from rounds_widgets import DataDictionary
from rounds_widgets.explorers import data_dictionary
from rounds_widgets.shared.view_files import load_script, load_style


@pytest.fixture(scope="module")
def days(lesson: Callable[[str], Dataset]) -> Dataset:
    return lesson("bsi_days")


def test_every_column_is_there_and_a_leak_is_marked(days: Dataset) -> None:
    widget = DataDictionary(days)
    assert len(widget.columns()) == len(days.table().columns)
    sent = {entry["name"]: entry for entry in widget._entries}
    assert sent["culture_taken"]["known"] == "known only after the prediction"
    assert sent["culture_taken"]["leak"]
    assert not sent["anc"]["leak"]


def test_search_and_filter_find_the_same_in_python_as_the_browser_is_sent(days: Dataset) -> None:
    widget = DataDictionary(days, only_known=True, query="OUTCOME autologous")
    assert widget.columns() == ["bsi_days.transplant_type"]
    as_browser = [
        f"{e['table']}.{e['name']}"
        for e in widget._entries
        if e["shown_when_known"] and all(word in e["text"] for word in widget.query.lower().split())
    ]
    assert as_browser == widget.columns()


def test_another_moment_of_prediction_changes_what_is_known(days: Dataset) -> None:
    early = DataDictionary(days, only_known=True).columns()
    late = DataDictionary(days, only_known=True, prediction_time="next_48h").columns()
    assert set(early) < set(late)
    assert "bsi_days.bsi_next_48h" not in late


def test_answers_of_clinicians_are_shown(days: Dataset) -> None:
    said = Answer("bsi_days", "crp", "When?", "In the morning.", "Dana Shalev", "2027-03-01T09:00:00+00:00")
    write_answers(days.path.parent, "bsi_days", [said])
    sent = {entry["name"]: entry["asked"] for entry in DataDictionary(days)._entries}
    assert sent["crp"] == [{"question": "When?", "answer": "In the morning.", "who": "Dana Shalev, 2027-03-01"}]
    assert sent["age"] == []


def test_the_browser_gets_no_value_no_level_and_no_count(tmp_path: Path) -> None:
    table = tmp_path / "stays.csv"
    table.write_text("stay,ef,ward\n1,45,Lentil\n2,,Quark\n3,31,Lentil\n", encoding="utf-8")
    dataset = import_table(table, "stays", tmp_path / "data", kind="public")
    sent = json.dumps(DataDictionary(dataset).get_state(), default=str)
    for word in ("Lentil", "Quark", "Missing in"):
        assert word not in json.dumps(DataDictionary(dataset)._entries), sent


def test_the_payload_is_small(days: Dataset) -> None:
    assert len(json.dumps(DataDictionary(days)._entries)) < 40_000


def test_text_stands_in_where_no_browser_draws(days: Dataset) -> None:
    widget = DataDictionary(days, query="culture_taken", words="engineer")
    text = widget._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(widget)
    assert "1 of 16 columns" in text
    assert "[known only after the prediction]" in text
    assert "binary column" not in text  # the clinicians' words


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"table": "bsi_dayz"}, 'Did you mean "bsi_days"'),
        ({"words": "clinicians"}, 'Did you mean "clinician"'),
        ({"only_know": True}, 'Did you mean "only_known"'),
        ({"prediction_time": "mornin_round"}, 'Did you mean "morning_round"'),
    ],
)
def test_what_is_not_known_is_answered_with_the_nearest(days: Dataset, given: dict, said: str) -> None:
    with pytest.raises(DataError, match=said):
        DataDictionary(days, **given)


def test_something_that_is_no_dataset_is_refused() -> None:
    with pytest.raises(DataError, match=r"rounds\.data\.load"):
        DataDictionary("birthweight")  # type: ignore[arg-type]


@pytest.mark.parametrize(("trait", "value"), [("only_known", "yes"), ("query", 3), ("table", None)])
def test_a_message_of_the_wrong_type_changes_nothing(days: Dataset, trait: str, value: object) -> None:
    widget = DataDictionary(days)
    with pytest.raises(TraitError):
        setattr(widget, trait, value)
    widget.query = "x" * 1000
    assert len(widget.query) == 100


def test_the_module_is_small_loads_nothing_and_writes_text_only() -> None:
    text = load_script(data_dictionary.__file__).replace("http://www.w3.org/2000/svg", "")  # the name of SVG
    assert len(text) < 50_000
    for forbidden in ("http://", "https://", "import(", "eval(", "fetch(", "innerHTML", "outerHTML"):
        assert forbidden not in text
    assert '"aria-live", "polite"' in text
    assert "return () =>" in text
    assert ":focus-visible" in load_style(data_dictionary.__file__)
