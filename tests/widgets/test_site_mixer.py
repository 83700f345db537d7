"""The site mixer: figures of a mixed place, what is sent, what it keeps, and wrong arguments in a sentence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import traitlets
from sklearn.metrics import roc_auc_score

from rounds.errors import DataError
from rounds_widgets import SiteMixer

WRITTEN = {"as at home": "risk", "in another unit": "risk_unit"}


def patients(number: int, seed: int) -> pd.DataFrame:
    """Return patients whose true risk is known; in the other unit every risk is too high, in the same order."""
    rng = np.random.default_rng(seed)
    age = rng.integers(30, 95, number)
    odds = (age - 75) / 12 + rng.normal(0, 0.7, number)
    risk = 1 / (1 + np.exp(-odds))
    return pd.DataFrame(
        {
            "risk": risk,
            "risk_unit": 1 / (1 + np.exp(-odds - 1)),
            "died": rng.random(number) < risk,
            "age": age,
            "group": np.where(age < 65, "under 65", "65 and over"),
        }
    )


@pytest.fixture(scope="module")
def mixer() -> SiteMixer:
    return SiteMixer(patients(1500, 1), patients(1200, 2), WRITTEN)


@pytest.fixture(autouse=True)
def as_it_is(mixer: SiteMixer) -> None:
    mixer.written, mixer.older, mixer.avoided, mixer.first, mixer.second = "as at home", 0, 0, 0.2, 0.2


def test_the_figures_of_the_place_as_it_is_are_those_of_its_patients(mixer: SiteMixer) -> None:
    there, found = patients(1200, 2), mixer.figures()
    flags = there["risk"] >= 0.2
    assert found["pairs"] == pytest.approx(100 * roc_auc_score(there["died"], there["risk"]), abs=0.05)
    assert found["came"] == pytest.approx(100 * there["died"].sum() / there["risk"].sum(), abs=0.1)
    assert found["right"] == pytest.approx(100 * there.loc[flags, "died"].mean(), abs=0.5)
    assert found["age"] == pytest.approx(there["age"].mean(), abs=0.1)


def test_another_unit_moves_the_level_and_no_pair(mixer: SiteMixer) -> None:
    usual = mixer.figures()
    mixer.written = "in another unit"
    assert mixer.figures()["pairs"] == pytest.approx(usual["pairs"], abs=0.01)
    assert mixer.figures()["came"] < 0.85 * usual["came"]


def test_older_people_move_what_a_flag_is_worth_and_keep_the_level(mixer: SiteMixer) -> None:
    usual = mixer.figures()
    mixer.older = 0.5
    older = mixer.figures()
    assert older["age"] > usual["age"] + 5
    assert older["right"] > usual["right"] + 5
    assert older["came"] == pytest.approx(usual["came"], abs=8)


def test_a_treatment_that_avoids_half_of_the_deaths_halves_what_came(mixer: SiteMixer) -> None:
    usual = mixer.figures()
    mixer.avoided = 0.5
    assert mixer.figures()["came"] == pytest.approx(usual["came"] / 2)
    assert mixer.figures()["right"] == pytest.approx(usual["right"] / 2)


def test_each_group_has_its_threshold(mixer: SiteMixer) -> None:
    old, young = mixer.groups()  # by name: "65 and over" stands first
    assert old["found"] > young["found"]
    mixer.second = 0.05
    assert mixer.groups()[1]["found"] > young["found"]
    assert mixer.groups()[0] == old


def test_what_is_sent_is_capped_and_in_no_order_of_persons(mixer: SiteMixer) -> None:
    sent = mixer._rows
    assert len(json.dumps(sent)) < 45_000
    assert sent["risks"]["as at home"] == sorted(sent["risks"]["as at home"])
    assert set(sent) == {"risks", "died", "age", "group", "names", "threshold"}


def test_it_says_in_words_what_is_mixed(mixer: SiteMixer) -> None:
    mixer.written, mixer.avoided = "in another unit", 0.25
    assert repr(mixer).startswith("Site mixer, in another unit, mean age")
    assert "25 of 100 deaths avoided" in repr(mixer)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"written": {}}, "say how things are written down"),
        ({"written": {"as at home": "risks"}}, 'no column "risks"'),
        ({"there": patients(2100, 3)}, "there.head(2000)"),
        ({"there": patients(50, 3).assign(group="one")}, "has 1 groups"),
        ({"there": patients(50, 3).assign(risk=np.nan)}, "some risks are missing"),
    ],
)
def test_wrong_arguments_are_said_in_a_sentence(change: dict[str, Any], says: str) -> None:
    given = {"home": patients(60, 1), "there": patients(50, 2), "written": WRITTEN, **change}
    with pytest.raises(DataError, match="SiteMixer") as said:
        SiteMixer(given["home"], given["there"], given["written"])
    assert says in str(said.value)


def test_a_way_of_writing_that_is_not_there_is_refused(mixer: SiteMixer) -> None:
    with pytest.raises(traitlets.TraitError, match="written is one of as at home, in another unit"):
        mixer.written = "in pounds"
