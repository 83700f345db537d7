"""A hospital's hold-out, from publishing to a score, by the commands that a custodian types."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rounds.cli.app import app as commands
from rounds.custody.privacy.plan.treatment import Done, Treatment, read_treatment, write_treatment
from rounds.custody.publishing.parts import Whole
from rounds.custody.publishing.publication import read_manifest, read_publication
from rounds.custody.publishing.scored import build_scored
from rounds.custody.scoring.held import hold
from rounds.custody.scoring.task import Task
from rounds.data import attached
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import write_package
from rounds.data.package import Column, DataPackage, Table
from rounds.data.shelf.ledger import find_registered
from rounds.errors import DataError
from rounds.event import store_event
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.tables import Attachment

TIMELINE = ("booking", "delivery")


def write_clean(folder: Path, mothers: int = 900, seed: int = 1) -> None:
    """Write a de-identified table of births: a mother, her children, one era each."""
    rng = np.random.default_rng(seed)
    owner = np.repeat([f"ra{i:015x}" for i in range(mothers)], rng.integers(1, 4, mothers))
    frame = pd.DataFrame(
        {
            "mother_id": owner,
            "child_id": [f"rb{i:015x}" for i in range(len(owner))],
            "era": rng.choice(["2014-2016", "2017-2019", "2020-2022"], len(owner)),
            "height_score": rng.normal(size=len(owner)).round(2),
            "apgar": rng.integers(5, 11, len(owner)),
        }
    )
    frame["birthweight_g"] = (3300 + 200 * frame["height_score"] + rng.normal(0, 300, len(owner))).round()
    roles = {"mother_id": "identifier", "child_id": "identifier", "era": "quasi-identifier", "birthweight_g": "outcome"}
    later = ("child_id", "apgar", "birthweight_g")
    columns = tuple(
        Column(
            str(name),
            "string" if frame[name].dtype.kind not in "if" else "number",
            unit="g" if name == "birthweight_g" else None,
            role=roles.get(str(name), "feature"),
            available="delivery" if name in later else "booking",
        )
        for name in frame.columns
    )
    table = Table("births", "births.parquet", columns, person="mother_id")
    folder.mkdir(parents=True)
    write_package(
        DataPackage("births", "Births", "restricted", (table,), timeline=TIMELINE, prediction_time="booking"), folder
    )
    frame.to_parquet(folder / "births.parquet", index=False)
    write_treatment(treatment(len(frame)), folder)


def treatment(rows: int = 0) -> Treatment:
    """Return the record of a de-identification."""
    return Treatment(
        dataset="births",
        challenge="birthweight",
        k_asked=11,
        k_measured=11,
        policy_k=11,
        columns=(Done("births.era", "keep", "quasi-identifier", seen=True),),
        suppressed={},
        rows={"births": rows},
        loss=0.1,
        discernibility=1,
        optimal=True,
        evaluated=1,
    )


@pytest.fixture
def folders(tmp_path: Path, machine_event_file: Path) -> Folders:
    folders = Folders(tmp_path / "state")
    text = machine_event_file.read_text(encoding="utf-8")
    text = text.replace('time_zero = "pregnancy.booking_ts"', 'time_zero = ""')  # the hospital's births are one table
    machine_event_file.write_text(text, encoding="utf-8")
    store_event(machine_event_file, folders.event)
    write_clean(folders.road / "births" / "deidentified" / "births")
    return folders


def registered_in(folders: Folders) -> Attachment | None:
    """Return the hold-out that births are scored against."""
    engine = open_database(folders.database_url)
    try:
        return find_registered(engine, "birthweight")
    finally:
        engine.dispose()


def run(folders: Folders, *words: str) -> None:
    commands(["data", *words, "--state", str(folders.root)], standalone_mode=False)


def publish(folders: Folders, tmp_path: Path, *more: str) -> Path:
    """Publish and sign, and return the publication's folder."""
    approval = ["--irb", "0123-26", "--expires", "2099-01-01"]
    run(folders, "publish", "births", *approval, "--custodian", str(tmp_path / "custodian"), *more)
    target = folders.road / "births" / "published" / "births"
    for role, who in (("owner", "Ada Owner"), ("it", "Ben Technician")):
        run(folders, "sign", str(target), "--role", role, "--by", who)
    return target


def attach(folders: Folders, tmp_path: Path, target: Path, part: str) -> None:
    custodian = ["--custodian", str(tmp_path / "custodian")]
    run(folders, "attach", str(target), "--challenge", "birthweight", "--part", part, *custodian)


def test_a_publication_holds_the_features_of_its_hold_out_and_no_outcome(folders: Folders, tmp_path: Path) -> None:
    target = publish(folders, tmp_path)
    features = open_dataset(target / "hold-out" / "births_hold_out")
    held = open_dataset(tmp_path / "custodian" / read_publication(target).hold_out)
    assert list(features.frame().columns) == ["mother_id", "child_id", "era", "height_score"]
    assert set(features.frame()["mother_id"]) == set(held.frame()["mother_id"])
    assert features.frame()["mother_id"].is_unique
    full = open_dataset(target / "full" / "births").frame()
    assert not set(full["mother_id"]) & set(features.frame()["mother_id"])
    assert read_treatment(features.path).part == "hold-out features"
    assert "hold-out/births_hold_out/births.parquet" in read_manifest(target)  # hashed, and signed with the rest
    private = [held.path, held.path / "outcomes.parquet", held.path / "scoring.json"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in private)


def test_the_road_leads_to_a_score(folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = publish(folders, tmp_path)
    attach(folders, tmp_path, target, "full")
    attach(folders, tmp_path, target, "hold-out")
    environ = {"ROUNDS_DATA": str(folders.data)}
    assert attached("birthweight_hold_out", environ) == "births_hold_out"
    rows = open_dataset(folders.data / "births_hold_out").frame()
    predicted = rows[["child_id"]].assign(prediction=3300 + 200 * rows["height_score"])
    predicted.to_csv(tmp_path / "predictions.csv", index=False)
    run(folders, "score", str(tmp_path / "predictions.csv"), "--team", "stork")
    out = capsys.readouterr().out
    assert "Try 1 of 3" in out
    registered = registered_in(folders)
    assert registered is not None
    assert (registered.rows, registered.outcome_unit) == (len(rows), "g")
    value = float(out.split("Mean absolute error: ")[1].split(" ")[0])
    assert value == pytest.approx(300 * np.sqrt(2 / np.pi), abs=45)


def test_scored_files_do_not_change_the_hold_out_that_was_signed(folders: Folders, tmp_path: Path) -> None:
    target = publish(folders, tmp_path)
    attach(folders, tmp_path, target, "full")
    attach(folders, tmp_path, target, "hold-out")
    rows = open_dataset(folders.data / "births_hold_out").frame()
    rows[["child_id"]].assign(prediction=3300.5).to_csv(tmp_path / "p.csv", index=False)
    run(folders, "score", str(tmp_path / "p.csv"), "--team", "stork")
    attach(folders, tmp_path, target, "hold-out")  # compares every byte again


def test_a_later_era_is_held_out_and_scored_as_well(folders: Folders, tmp_path: Path) -> None:
    target = publish(folders, tmp_path, "--later-era", "--hold-out", "0.3")
    held = open_dataset(tmp_path / "custodian" / read_publication(target).hold_out).frame()
    features = open_dataset(target / "hold-out" / "births_hold_out").frame()
    assert set(features["mother_id"]) == set(held["mother_id"])
    assert (held.groupby("mother_id")["era"].max() == "2020-2022").all()


@pytest.mark.parametrize("spoil", ["outcomes", "folder", "features"])
def test_a_hold_out_that_was_changed_or_is_not_there_is_not_attached(
    folders: Folders, tmp_path: Path, spoil: str
) -> None:
    target = publish(folders, tmp_path)
    held = tmp_path / "custodian" / read_publication(target).hold_out
    if spoil == "outcomes":
        frame = pd.read_parquet(held / "outcomes.parquet")
        frame.assign(outcome=3000.0).to_parquet(held / "outcomes.parquet", index=False)
    elif spoil == "folder":
        held.rename(held.with_name("elsewhere"))
    else:
        features = target / "hold-out" / "births_hold_out" / "births.parquet"
        features.chmod(0o600)
        features.write_bytes(features.read_bytes() + b" ")
    with pytest.raises(DataError):
        attach(folders, tmp_path, target, "hold-out")
    assert registered_in(folders) is None
    assert not (folders.data / "births_hold_out").exists()


def test_the_hold_out_needs_the_custodians_folder(folders: Folders, tmp_path: Path) -> None:
    target = publish(folders, tmp_path)
    with pytest.raises(DataError, match="--custodian FOLDER"):
        run(folders, "attach", str(target), "--challenge", "birthweight", "--part", "hold-out")


def test_a_hold_out_of_several_tables_is_cut_by_families(tmp_path: Path) -> None:
    """A mother's visits: none after the booking that is scored, though her child's rows belong to her group."""
    rng, mothers, booked = np.random.default_rng(4), [f"m{i}" for i in range(300)], pd.Timestamp("2031-05-01 10:00")
    births = pd.DataFrame(
        {
            "child_id": [f"c{m}{k}" for m in mothers for k in (0, 1)],
            "mother_id": np.repeat(mothers, 2),
            "booking_ts": [booked + pd.Timedelta(days=700 * k) for _ in mothers for k in (0, 1)],
            "birthweight_g": rng.normal(3300, 500, 600).round().clip(400, 6000),
        }
    )
    visits = pd.DataFrame(
        [(who, at + pd.Timedelta(days=d)) for who, at in zip(
            [*births["mother_id"], *births["child_id"]], [*births["booking_ts"]] * 2, strict=True) for d in (-9, 200)],
        columns=["person_id", "visit_ts"],
    )  # fmt: skip
    key = {"role": "identifier", "available": "booking"}
    time = {"type": "datetime", "role": "time", "available": "booking"}
    tables = (
        Table("births", "births.parquet", (
            Column("child_id", "string", role="identifier", available="delivery"), Column("mother_id", "string", **key),
            Column("booking_ts", **time), Column("birthweight_g", "number", role="outcome", available="delivery"),
        ), person="mother_id"),
        Table("visits", "visits.parquet", (
            Column("person_id", "string", **key), Column("visit_ts", **time),
        ), person="person_id"),
    )  # fmt: skip
    package = DataPackage("births", "B", "restricted", tables, timeline=TIMELINE, prediction_time="booking")
    whole = hold(package, {"births": births, "visits": visits}, ("births.mother_id", "births.child_id"))
    held = Whole(Dataset(tmp_path, package), treatment(), whole.frames, whole.groups)
    task = Task("mae", "birthweight_g", ("child_id",), time_zero="booking_ts", outcome_range=(300, 6500))
    scored = build_scored(held, held.all_groups[:200], task)
    assert len(scored.answers) == 200
    zero = scored.frames["births"].set_index("mother_id")["booking_ts"]
    owner = scored.frames["visits"]["person_id"].str.extract(r"(m\d+?)[01]?$")[0]
    own = scored.frames["visits"]["person_id"].isin(zero.index)
    assert own.sum() > 200
    assert owner[own].isin(zero.index).all()
    known = scored.frames["visits"][own]
    assert (known["visit_ts"] <= known["person_id"].map(zero)).all()
    assert set(scored.frames["births"]["mother_id"]) == set(known["person_id"])


def test_without_a_hold_out_nothing_is_scored(folders: Folders, tmp_path: Path) -> None:
    target = publish(folders, tmp_path, "--hold-out", "0")
    assert not (target / "hold-out").exists()
    with pytest.raises(DataError, match="hold-out"):
        attach(folders, tmp_path, target, "hold-out")


def test_what_nobody_gets_of_the_hold_out_is_said(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(folders, tmp_path)
    said = " ".join(capsys.readouterr().out.split())
    assert "teams get 2 features (era, height_score). Left out" in said
    assert 'known by "booking": apgar.' in said


def test_a_hold_out_without_features_is_not_published(folders: Folders, tmp_path: Path) -> None:
    folder = folders.road / "births" / "deidentified" / "births"
    package = open_dataset(folder).package
    columns = tuple(replace(column, available=None) for column in package.table.columns)
    write_package(replace(package, tables=(replace(package.table, columns=columns),)), folder)
    with pytest.raises(DataError, match='no column of the first table, "births", is known by "booking"'):
        publish(folders, tmp_path)
    assert not (folders.road / "births" / "published").exists()


def test_parts_of_two_publications_are_not_attached_together(folders: Folders, tmp_path: Path) -> None:
    first = publish(folders, tmp_path)
    attach(folders, tmp_path, first, "full")
    run(folders, "publish", "births", "--irb", "1", "--expires", "2099-01-01", "--out", str(tmp_path / "second"),
        "--custodian", str(tmp_path / "custodian"))  # fmt: skip
    for role, who in (("owner", "Ada Owner"), ("it", "Ben Technician")):
        run(folders, "sign", str(tmp_path / "second"), "--role", role, "--by", who)
    with pytest.raises(DataError, match="opens full of another publication"):
        attach(folders, tmp_path, tmp_path / "second", "hold-out")
    assert registered_in(folders) is None
    run(folders, "attach", str(tmp_path / "second"), "--challenge", "birthweight", "--part", "hold-out", "--replace",
        "--custodian", str(tmp_path / "custodian"))  # fmt: skip
    assert registered_in(folders)
    assert not (folders.sized / "full" / "births").exists()


def test_a_signature_in_place_of_another_says_so(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = publish(folders, tmp_path)
    run(folders, "sign", str(target), "--role", "owner", "--by", "Cid Other")
    assert "Cid Other signed for owner, in place of Ada Owner:" in capsys.readouterr().out
