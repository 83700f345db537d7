"""Three tries and no fourth, whoever presses when; scored outside, on record, shown to the team and the jury."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from tests.desk import Visitor, build_app
from tests.made import sample
from tests.unit.test_scoring_road import registered_in

from rounds.audit import find_broken_record
from rounds.cli.app import app as commands
from rounds.cli.preparation import HOLD_OUT_LOG, prepare_hold_out
from rounds.custody.scoring import tries
from rounds.custody.scoring.score import Score
from rounds.custody.scoring.scorer import ScorerError, ScoringOrder, run_scorer
from rounds.custody.scoring.tries import HandIn, hand_in, load_tries
from rounds.data.dataset import open_dataset
from rounds.data.descriptor import write_package
from rounds.data.shelf.attachments import write_attached
from rounds.desk.data.dictionary import say_command
from rounds.errors import DataError
from rounds.event import load_event, store_event
from rounds.hub.demo import choose_challenge
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.tables import AuditRecord, ScoreTry

NOW = datetime(2027, 3, 3, 9, tzinfo=UTC)
Desk = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, demo_event_file: Path) -> Folders:
    """Return the state folder of an event with a hold-out for birthweight, prepared by the commands."""
    folders = Folders(tmp_path_factory.mktemp("prepared") / "state")
    store_event(demo_event_file, folders.event)
    folders.data.mkdir()
    (folders.data / "birthweight").symlink_to(sample("birthweight").path)
    given = ["birthweight", "--people", "300", "--state", str(folders.root)]
    given += ["--custodian", str(folders.root.parent / "custodian")]
    commands(["data", "hold-out", *given], standalone_mode=False)
    return folders


def copy_of(prepared: Folders, root: Path) -> Folders:
    """Return a state folder of its own with the prepared data and hold-out, and nothing in its audit trail yet."""
    folders = Folders(root)
    folders.root.mkdir()
    for name in ("event", "data"):
        (folders.root / name).symlink_to(prepared.root / name)
    shutil.copy(prepared.root / "rounds.sqlite", folders.root)
    engine = open_database(folders.database_url)
    with Session(engine) as session, session.begin():
        session.execute(delete(AuditRecord))
    engine.dispose()
    return folders


@pytest.fixture
def folders(tmp_path: Path, prepared: Folders) -> Folders:
    return copy_of(prepared, tmp_path / "state")


@pytest.fixture(scope="module")
def after_two_teams(tmp_path_factory: pytest.TempPathFactory, prepared: Folders) -> FastAPI:
    """Return a desk at which cradle and then stork have handed in."""
    folders = copy_of(prepared, tmp_path_factory.mktemp("two") / "state")
    app = build_app(folders.root)
    for who, seed, team in (("tal", 2, "cradle"), ("noa", 1, "stork")):
        assert send(Visitor(app, who), folders, seed, team).status_code == 303
    return app


def predict(folders: Folders, seed: int) -> pd.DataFrame:
    rows = open_dataset(folders.data / "birthweight_hold_out").frame()
    noise = np.random.default_rng(seed).normal(0, 200, len(rows))
    return rows[["child_id"]].assign(prediction=(3250 + noise).round(1))


def write(folders: Folders, target: Path, seed: int) -> Path:
    path = target / f"{seed}.csv"
    predict(folders, seed).to_csv(path, index=False)
    return path


def handed(file: Path, team: str = "stork", by: str = "noa") -> HandIn:
    return HandIn(file, team, "birthweight", "birthweight", by, 10)


def send(visitor: Visitor, folders: Folders, seed: int, team: str = "stork"):
    content = predict(folders, seed).to_csv(index=False).encode()
    return visitor.post(f"scores/{team}", files={"file": ("predictions.csv", content, "text/csv")})


def test_three_tries_are_scored_and_a_fourth_is_refused(folders: Folders, engine: Engine, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        done, is_new = hand_in(engine, folders.hold_outs, handed(write(folders, tmp_path, number)), NOW)
        assert (done.number, is_new) == (number, True)
        assert done.score.figures[0].name == "mae"
    with pytest.raises(DataError, match="has used its 3 tries"):
        hand_in(engine, folders.hold_outs, handed(write(folders, tmp_path, 4)), NOW)
    assert [one.number for one in load_tries(engine, ["stork"])] == [1, 2, 3]


def test_the_same_file_again_gives_the_old_result_and_uses_no_try(
    folders: Folders, engine: Engine, tmp_path: Path
) -> None:
    first, _ = hand_in(engine, folders.hold_outs, handed(write(folders, tmp_path, 1)), NOW)
    again, is_new = hand_in(engine, folders.hold_outs, handed(write(folders, tmp_path, 1), by="hana"), NOW)
    assert not is_new
    assert again == first
    assert len(load_tries(engine, ["stork"])) == 1


def test_a_refused_file_uses_no_try(folders: Folders, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    predict(folders, 1).iloc[5:].to_csv(path, index=False)
    with pytest.raises(DataError, match="5 rows of the hold-out are missing"):
        hand_in(engine, folders.hold_outs, handed(path), NOW)
    assert load_tries(engine, ["stork"]) == []
    with Session(engine) as session:
        assert session.scalars(select(AuditRecord)).all() == []


def test_a_try_that_asks_about_few_people_uses_no_try(folders: Folders, engine: Engine, tmp_path: Path) -> None:
    hand_in(engine, folders.hold_outs, handed(write(folders, tmp_path, 1)), NOW)
    asked = predict(folders, 1)
    asked.loc[7, "prediction"] = 6000
    asked.to_csv(tmp_path / "probe.csv", index=False)
    with pytest.raises(DataError, match="differs from try 1 in 1 person only"):
        hand_in(engine, folders.hold_outs, handed(tmp_path / "probe.csv"), NOW)
    assert len(load_tries(engine, ["stork"])) == 1


def test_members_who_press_at_once_get_three_tries_together(folders: Folders, tmp_path: Path) -> None:
    files = [write(folders, tmp_path, seed) for seed in range(6)]

    engines = [open_database(folders.database_url) for _ in files]  # a connection of its own, as another process has

    def press(number: int) -> str:
        try:
            hand_in(engines[number], folders.hold_outs, handed(files[number], by=f"member{number}"), NOW)
        except DataError as error:
            return str(error)
        finally:
            engines[number].dispose()
        return "scored"

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(press, range(6)))
    assert said.count("scored") == 3
    assert sum("used its 3 tries" in sentence for sentence in said) == 3
    engine = open_database(folders.database_url)
    assert [one.number for one in load_tries(engine, ["stork"])] == [1, 2, 3]
    with Session(engine) as session:
        assert find_broken_record(session) is None
        assert len(session.scalars(select(AuditRecord)).all()) == 3
    engine.dispose()


def test_without_the_lock_the_database_still_refuses_a_fourth_try(
    folders: Folders, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every press reads an old count, as if all of them had looked at the same moment."""
    registered = registered_in(folders)
    assert registered is not None
    score = Score("mae", 800, ())

    def spend(number: int) -> str:
        try:
            tries._spend(engine, handed(tmp_path), registered, f"{number:064}", score, NOW)
        except DataError as error:
            return str(error)
        return "scored"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(spend, range(8)))
    assert said.count("scored") == 3
    with Session(engine) as session:
        numbers = sorted(row.number for row in session.scalars(select(ScoreTry)))
        assert numbers == [1, 2, 3]
        session.add(ScoreTry(team="stork", challenge="birthweight", number=3, file_hash="x", by="",
                             hold_out_hash=registered.hash, at=NOW.replace(tzinfo=None), result="{}"))  # fmt: skip
        with pytest.raises(IntegrityError):
            session.commit()


def test_another_dataset_is_not_scored_on_the_hold_out_of_the_first(
    folders: Folders, engine: Engine, app: FastAPI, tmp_path: Path
) -> None:
    other = replace(handed(write(folders, tmp_path, 1)), dataset="births14")
    with pytest.raises(DataError, match='no hold-out of the dataset "births14" yet'):
        hand_in(engine, folders.hold_outs, other, NOW)
    (folders.root / "data").unlink()
    folders.data.mkdir()
    write_attached(folders.data, {"birthweight": "births14"})
    said = Visitor(app, "noa").text("scores")
    assert "The custodian has not prepared the hold-out yet" in said
    assert "rounds data" not in said
    assert "rounds data" not in Visitor(app, "noa").text("data")
    command = "rounds data attach FOLDER --challenge birthweight --part hold-out --custodian CUSTODIAN --state"
    assert f"{command} {folders.root}" in Visitor(app, "rivka").text("data")


def test_each_try_is_on_record_with_person_time_and_hash(folders: Folders, engine: Engine, tmp_path: Path) -> None:
    done, _ = hand_in(engine, folders.hold_outs, handed(write(folders, tmp_path, 1)), NOW)
    registered = registered_in(folders)
    assert registered is not None
    with Session(engine) as session:
        (act,) = session.scalars(select(AuditRecord))
        assert (act.who, act.what, act.on) == ("noa", "predictions scored", "stork/birthweight")
        assert act.why == f"file {done.file_hash[:16]}, hold-out {registered.hash[:16]}"
        assert act.at == NOW.isoformat()
        row = session.scalars(select(ScoreTry)).one()
        assert (row.by, row.hold_out_hash, len(row.file_hash)) == ("noa", registered.hash, 64)


def test_the_teams_of_a_challenge_have_tries_of_their_own(folders: Folders, engine: Engine, tmp_path: Path) -> None:
    for team in ("stork", "cradle"):
        done, is_new = hand_in(engine, folders.hold_outs, handed(write(folders, tmp_path, 1), team), NOW)
        assert (done.number, is_new) == (1, True)


def test_a_new_hold_out_gives_new_tries_and_the_earlier_ones_stay(
    folders: Folders, engine: Engine, app: FastAPI, tmp_path: Path
) -> None:
    first = write(folders, tmp_path, 1)
    hand_in(engine, folders.hold_outs, handed(first), NOW)
    there = folders.data.resolve()
    folders.data.unlink()
    shutil.copytree(there, folders.data)
    before = registered_in(folders)
    given = ["data", "hold-out", "birthweight", "--people", "300", "--state", str(folders.root)]
    commands([*given, "--custodian", str(tmp_path / "custodian")], standalone_mode=False)
    assert registered_in(folders).hash != before.hash
    visitor = Visitor(app, "noa")
    text = " ".join(visitor.soup("scores").main.get_text(" ").split())
    assert "0 of 3 tries used" in text
    assert "The hold-out is a new one, with other people" in text
    assert "Against an earlier hold-out: 1 try" in text
    done, is_new = hand_in(engine, folders.hold_outs, handed(write(folders, tmp_path, 2)), NOW)
    assert (done.number, is_new) == (1, True)
    page = visitor.soup("scores")
    assert "1 of 3 tries used" in page.get_text()
    ids = [article["id"] for article in page.find_all("article")]
    assert ids == ["stork-1", "stork-earlier-1"]
    assert len(load_tries(engine, ["stork"])) == 2


def test_no_file_is_taken_before_the_phase_that_opens_a_real_hold_out(folders: Folders, app: FastAPI) -> None:
    there = folders.data.resolve()
    (folders.root / "data").unlink()
    shutil.copytree(there, folders.root / "data")
    features = open_dataset(folders.data / "birthweight_hold_out")
    write_package(replace(features.package, kind="restricted"), features.path)
    visitor = Visitor(app, "noa")
    text = " ".join(visitor.soup("scores").main.get_text(" ").split())
    assert "Your notebooks open it with the full data, " in text
    assert visitor.soup("scores").find("input", type="file") is None
    reply = send(visitor, folders, 1)
    assert reply.status_code == 422
    assert "until then no file is taken" in reply.text


def test_scoring_runs_in_a_process_of_its_own_without_the_hubs_variables(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "a secret")
    seen = {}
    run = subprocess.run

    def look(command: list[str], **rest):
        seen.update(rest["env"], command=" ".join(command))
        return run(command, **rest)

    monkeypatch.setattr(subprocess, "run", look)
    registered = registered_in(folders)
    assert registered is not None
    path = write(folders, tmp_path, 1)
    order = ScoringOrder(Path(registered.folder), registered.hash, path, "stork", {}, 10)
    assert run_scorer(order).people >= 200
    assert "rounds.custody.scoring" in seen["command"]
    assert not [key for key in seen if key.startswith(("JUPYTERHUB", "ROUNDS"))]


def test_what_comes_back_is_a_few_figures_and_nothing_of_a_person(folders: Folders, tmp_path: Path) -> None:
    registered = registered_in(folders)
    assert registered is not None
    path = write(folders, tmp_path, 1)
    order = ScoringOrder(Path(registered.folder), registered.hash, path, "stork", {}, 10)
    done = subprocess.run(
        [sys.executable, "-m", "rounds.custody.scoring"], input=order.text, capture_output=True, text=True, check=True
    )
    answer = json.loads(done.stdout)
    assert set(answer) == {"score"}
    assert set(answer["score"]) == {"metric", "people", "figures", "draws"}
    assert [set(f) for f in answer["score"]["figures"]] == [{"name", "value", "low", "high", "step"}]
    assert len(done.stdout) < 500


def test_a_scorer_that_fails_uses_no_try_and_shows_no_inside(
    folders: Folders, engine: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    registered = registered_in(folders)
    assert registered is not None
    order = ScoringOrder(Path(registered.folder), registered.hash, tmp_path / "not there", "stork", {}, 10)
    with pytest.raises(ScorerError, match="no try was used up") as error:
        run_scorer(order)
    assert "Traceback" not in str(error.value)
    assert "FileNotFoundError" in capfd.readouterr().err
    with pytest.raises(DataError, match="changed since it was registered"):
        run_scorer(replace(order, hash="0" * 64))


def test_the_custodians_folder_is_not_where_rooms_look(prepared: Folders) -> None:
    registered = registered_in(prepared)
    assert registered is not None
    place = Path(registered.folder)
    assert place.is_relative_to(prepared.root.parent / "custodian")
    assert not place.is_relative_to(prepared.root)
    assert not place.is_relative_to(prepared.data)
    assert "birthweight_g" not in open_dataset(prepared.data / registered.dataset).table().names()
    assert os.stat(place).st_mode & 0o077 == 0


# the desk


def test_a_team_hands_in_and_sees_its_figures_with_intervals(desk: Desk, folders: Folders) -> None:
    assert "0 of 3 tries used" in desk("noa").text("scores")
    asked = " ".join(desk("noa").soup("scores").get_text().split())
    assert "with the columns child_id and predict" in asked
    reply = send(desk("noa"), folders, 1)
    assert reply.status_code == 303
    assert reply.headers["location"].endswith("scores#stork-1")
    page = desk("hana").soup("scores")
    text = " ".join(page.main.get_text(" ").split())
    assert "1 of 3 tries used" in text
    assert "handed in by Noa Levi" in text
    assert "95 % interval" in text
    assert " g " in text
    assert page.find("svg")["aria-label"].count("interval") == 1
    assert "2 left" in text


def test_a_fourth_file_is_refused_on_the_desk(desk: Desk, folders: Folders) -> None:
    for seed in (1, 2, 3):
        assert send(desk("noa"), folders, seed).status_code == 303
    assert desk("noa").soup("scores").find("form", enctype=True) is None
    reply = send(desk("hana"), folders, 4)
    assert reply.status_code == 422
    assert "has used its 3 tries" in reply.text


def test_a_file_that_does_not_fit_is_answered_on_the_page(desk: Desk, folders: Folders) -> None:
    reply = desk("noa").post("scores/stork", files={"file": ("p.csv", b"child_id,predicted\nx,1\n", "text/csv")})
    assert reply.status_code == 422
    assert "The column &#34;prediction&#34; is missing" in reply.text
    assert "No try was used up" in reply.text
    reply = desk("noa").post("scores/stork", files={"file": ("p.csv", b"", "text/csv")})
    assert "The file is empty" in reply.text
    reply = desk("noa").post("scores/stork", files={"file": ("p.csv", b" \n", "text/csv")})
    assert "The file is empty" in reply.text
    reply = desk("noa").post("scores/stork", files={"file": ("", b"", "text/csv")})
    assert "Choose a file first" in reply.text
    assert desk("noa").post("scores/stork", file="text").status_code == 422
    assert "0 of 3 tries used" in desk("noa").text("scores")


# who sees which team's tries: stork and cradle have handed in
@pytest.mark.parametrize(
    ("username", "teams"),
    [
        ("noa", {"stork"}),
        ("tal", {"cradle"}),
        ("amira", {"marrow"}),
        ("dana", {"stork"}),
        ("pavel", {"cradle"}),
        ("orna", {"stork", "cradle", "marrow", "fever", "ventricle", "ankle", "breath", "surge"}),
        ("rivka", None),  # organisers see the audit trail, no scores
        ("amir", None),  # a mentor without a team
    ],
)
def test_scores_are_shown_to_the_team_its_mentors_and_the_jury(
    after_two_teams: FastAPI, username: str, teams: set[str] | None
) -> None:
    visitor = Visitor(after_two_teams, username)
    reply = visitor.get("scores")
    if teams is None:
        assert reply.status_code == 403
        assert "interval" not in reply.text
        return
    page = visitor.soup("scores")
    assert ("Noa Levi" in page.main.get_text()) == (username in ("noa", "dana"))  # who pressed is the team's own
    assert {s["id"] for s in page.main.find_all("section")} == teams
    assert len(page.find_all("article")) == len(teams & {"stork", "cradle"})


@pytest.mark.parametrize("username", ["tal", "dana", "orna", "rivka", "amira", "amir"])
def test_only_a_teams_members_hand_in(desk: Desk, folders: Folders, username: str) -> None:
    assert send(desk(username), folders, 1).status_code == 403
    assert "0 of 3 tries used" in desk("noa").text("scores")


def test_a_form_of_another_page_hands_in_nothing(desk: Desk, folders: Folders) -> None:
    content = predict(folders, 1).to_csv(index=False).encode()
    reply = desk("noa").post("scores/stork", csrf="a guess", files={"file": ("p.csv", content, "text/csv")})
    assert reply.status_code == 403
    assert "0 of 3 tries used" in desk("noa").text("scores")


def test_a_file_too_large_is_refused_before_it_is_read(desk: Desk) -> None:
    reply = desk("noa")._send("POST", "scores/stork", headers={"Content-Length": str(10**10)}, content=b"")
    assert reply.status_code == 403
    assert "larger than 50 MB" in reply.text


def test_teams_stand_in_the_files_order_whoever_came_first(after_two_teams: FastAPI) -> None:
    names = [s["id"] for s in Visitor(after_two_teams, "orna").soup("scores").main.find_all("section")]
    assert names == ["stork", "cradle", "marrow", "fever", "ventricle", "ankle", "breath", "surge"]


def test_a_challenge_without_a_hold_out_says_who_prepares_it(desk: Desk) -> None:
    said = desk("amira").text("scores")
    assert "The custodian has not prepared the hold-out yet." in said
    assert "rounds data" not in said  # a command is no help to a participant


# the command


def test_the_command_scores_and_says_the_same(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["data", "score", str(write(folders, tmp_path, 1)), "--team", "stork", "--state", str(folders.root)]
    commands(given, standalone_mode=False)
    out = capsys.readouterr().out
    assert "Try 1 of 3 of Team Stork." in out
    assert "Mean absolute error:" in out
    commands(given, standalone_mode=False)
    assert "no try was used" in capsys.readouterr().out
    with pytest.raises(DataError, match='Did you mean "stork"'):
        commands(["data", "score", str(tmp_path / "1.csv"), "--team", "storc", "--state", str(folders.root)],
                 standalone_mode=False)  # fmt: skip


def test_a_hold_out_is_made_for_scored_synthetic_challenges_only(folders: Folders) -> None:
    with pytest.raises(DataError, match='no dataset "covid"'):
        commands(["data", "hold-out", "covid", "--state", str(folders.root)], standalone_mode=False)
    with pytest.raises(DataError, match='Did you mean "birthweight"'):
        commands(["data", "hold-out", "birthweigt", "--state", str(folders.root)], standalone_mode=False)


# the demo's own hold-out


def test_the_demo_prepares_the_hold_out_of_its_first_team_once(
    prepared: Folders, tmp_path: Path, demo_event_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge = choose_challenge(load_event(demo_event_file))
    assert challenge is not None
    assert challenge.id == "birthweight"
    folders = Folders(tmp_path / "fresh")
    for name in ("event", "data"):  # of its own: this test makes a hold-out beside them
        shutil.copytree(prepared.root / name, folders.root / name, symlinks=True)
    folders.hub.mkdir()
    monkeypatch.setattr("rounds.cli.preparation.DEMO_PEOPLE", 300)
    engine = open_database(folders.database_url)
    assert (
        say_command(challenge, folders, engine) == f".venv/bin/rounds data hold-out birthweight --state {folders.root}"
    )
    assert prepare_hold_out(challenge, folders), (folders.hub / HOLD_OUT_LOG).read_text()
    registered = registered_in(folders)
    assert registered is not None
    assert Path(registered.folder).is_relative_to(folders.custodian)
    assert say_command(challenge, folders, engine) == ""
    (folders.hub / HOLD_OUT_LOG).unlink()
    assert prepare_hold_out(challenge, folders)
    assert not (folders.hub / HOLD_OUT_LOG).exists()  # there is one: nothing is drawn again
    again = ["hold-out", "birthweight", "--inside-state", "--if-missing", "--state", str(folders.root)]
    commands(["data", *again], standalone_mode=False)
    assert registered_in(folders).hash == registered.hash
    engine.dispose()
