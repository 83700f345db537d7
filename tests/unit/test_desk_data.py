"""Who reads which data dictionary, asks about a column, and answers; and that no page holds a value of a patient."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from tests.desk import ASK, Desk, words_of

from rounds.data.dataset import open_dataset
from rounds.desk.data.datasets import find_datasets
from rounds.event import Event
from rounds.roles import Role
from rounds.store.folders import Folders

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)

# who may read which dictionary; noa: stork (birthweight), amira: marrow (bsi), shira: ventricle (heart failure)
LESSONS = {"birthweight", "bsi"}
READS = [
    ("noa", LESSONS),
    ("amira", LESSONS),
    ("shira", LESSONS | {"stays"}),
    ("dana", {"birthweight"}),  # mentor of stork
    ("yousef", {"bsi"}),
    ("avi", {"stays"}),
    ("amir", set()),  # a mentor without a team
    ("orna", set()),  # juror
    ("rivka", LESSONS | {"stays"}),  # organiser
]


@pytest.mark.parametrize(("username", "reads"), READS)
def test_each_role_reads_the_dictionaries_of_its_own_row(
    desk: Desk, folders: Folders, engine: Engine, event: Event, username: str, reads: set[str]
) -> None:
    assert set(find_datasets(event, event.person_by_name[username], folders, engine)) == reads
    for name in ("birthweight", "bsi", "stays"):
        reply = desk(username).get(f"data/{name}")
        assert reply.status_code == (200 if name in reads else 403)
        assert ("(for engineers)" in reply.text) == (name in reads)
        assert desk(username).get(f"{ASK.replace('birthweight', name)}?table={name}&column=x").status_code == 403


@pytest.mark.parametrize(("role", "reads"), [(Role.CUSTODIAN, 3), (Role.CHECKER, 0)])
def test_a_custodian_reads_all_and_a_checker_none(
    folders: Folders, engine: Engine, event: Event, role: Role, reads: int
) -> None:
    person = event.person_by_name["rivka"].model_copy(update={"role": role})
    assert len(find_datasets(event, person, folders, engine)) == reads


def test_a_juror_sees_titles_and_questions_only(desk: Desk, event: Event) -> None:
    page = desk("orna").soup("data")
    for challenge in event.challenge:
        assert challenge.title in words_of(page)
        assert challenge.question in words_of(page)
    assert not page.main.find_all("a")


@pytest.mark.parametrize(("username", "count"), [("noa", 1), ("dana", 1), ("orna", 4), ("rivka", 4)])
def test_the_list_shows_the_challenges_of_the_own_teams(desk: Desk, event: Event, username: str, count: int) -> None:
    text = desk(username).text("data")
    assert sum(challenge.question in text for challenge in event.challenge) == count


def test_what_is_known_only_after_the_prediction_is_marked(desk: Desk) -> None:
    page = desk("noa").soup("data/birthweight")
    signs = {a["id"]: words for a in page.find_all("article") if (words := a.find(class_="badge").get_text())}
    assert signs["births.weight_gain_kg"] == "known only after the prediction"
    assert signs["births.birthweight_g"] == "the outcome itself"
    assert signs["births.bmi"] == "known by the prediction"


def test_search_filter_and_words_work_by_address_alone(desk: Desk) -> None:
    noa = desk("noa")
    found = noa.soup("data/birthweight?q=diabetes")
    assert {a["id"].split(".")[1] for a in found.find_all("article")} >= {"gestational_diabetes"}
    known = noa.soup("data/birthweight?known=true")
    assert not {"births.birthweight_g", "births.gestational_diabetes"} & {a["id"] for a in known.find_all("article")}
    assert "(for clinicians)" not in noa.text("data/birthweight?words=engineer")
    assert "Try a shorter word" in noa.text("data/birthweight?q=xyzzy")


def test_each_table_is_one_jump_away_and_each_column_has_an_address(desk: Desk) -> None:
    page = desk("amira").soup("data/bsi")
    (contents,) = page.select("main nav")
    links = {a["href"].removeprefix("#"): a.get_text() for a in contents.find_all("a")}
    assert {f"table-{name}" for name in ("days", "encounter", "lab", "note")} <= set(links)
    for place, name in links.items():
        section = page.find("section", id=place)
        assert section["aria-label"] == f"Table {name}"
        assert section.find("a", href="#tables")
        assert all(a["id"].startswith(f"{name}.") for a in section.find_all("article"))
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_contents_list_only_what_a_search_left(desk: Desk) -> None:
    found = desk("amira").soup("data/bsi?q=charted")
    assert {a["href"] for a in found.select("main nav a")} == {f"#{s['id']}" for s in found.select("main section")}
    assert not desk("amira").soup("data/bsi?table=lab").select("main nav")


def test_htmx_gets_the_columns_only(desk: Desk) -> None:
    reply = desk("noa").get("data/birthweight?q=weight", **{"HX-Request": "true"})
    assert "<html" not in reply.text
    assert 'id="births.birthweight_g"' in reply.text


def test_no_value_no_level_and_no_count_of_a_patient_is_on_a_page(desk: Desk, folders: Folders) -> None:
    note = open_dataset(folders.data / "stays").table().column("ef").note
    assert "Missing in 1 of 3 rows" in note  # the drafted description has it: a small count
    for path in ("data", "data/stays", "data/stays/ask?table=stays&column=ef", "data/stays?q=ward"):
        text = desk("shira").get(path).text
        assert not any(word in text for word in ("Missing in", "Lentil", "Quark", "45.375"))


def test_a_dataset_that_lies_in_one_size_only_has_its_dictionary(
    folders: Folders, engine: Engine, event: Event
) -> None:
    (folders.sized / "full").mkdir(parents=True)
    (folders.data / "stays").rename(folders.sized / "full" / "stays")
    assert "stays" in find_datasets(event, event.person_by_name["shira"], folders, engine)
