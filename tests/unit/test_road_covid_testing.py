"""The whole road of covid_testing and its twin, from the import to a team's door, and on the command line."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from tests.unit.test_publish_road import publish
from typer.testing import CliRunner

from rounds.cli.app import app
from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.import_table import import_table
from rounds.custody.privacy.check import PrivacyCheck, check_dataset
from rounds.custody.privacy.deidentify import Deidentified, deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.privacy.reports.report import build_report, verify_report, write_report
from rounds.custody.publishing.attach import check_can_attach
from rounds.custody.publishing.publication import Approval, sign_off
from rounds.custody.publishing.publish import PublicationOrder
from rounds.data import attached, load
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.shelf.opening import Opening, PhaseOpening, write_opening
from rounds.data.shelf.sizes import Opens
from rounds.errors import DataError
from rounds.event import AppliedEvent, store_event
from rounds.store.folders import Folders

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def raw(covid_testing: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return the imported table."""
    return import_table(covid_testing, "covid_testing", tmp_path_factory.mktemp("raw"), kind="restricted")


@pytest.fixture(scope="module")
def before(raw: Dataset, covid_testing: Path) -> PrivacyCheck:
    """Return the check of the imported table."""
    return check_dataset(raw, 11, sources=[covid_testing])


@pytest.fixture(scope="module")
def plan(raw: Dataset, before: PrivacyCheck) -> Plan:
    """Return the drafted plan with what a custodian adds: the outcome."""
    drafted = draft_plan(raw, before, "covid", 11)
    return drafted.with_step("covid_testing", "result", role="outcome")


@pytest.fixture(scope="module")
def clean(raw: Dataset, plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> tuple[Deidentified, Path]:
    """Return the de-identified table and the key's file."""
    folder = tmp_path_factory.mktemp("clean")
    key = folder / "custodian" / "covid.key"
    return deidentify(raw, plan, folder / "covid_testing", key, policy_k=11, now=NOW), key


def found(check: PrivacyCheck, column: str) -> list[tuple[str, str, str]]:
    return [(f.kind, f.by, str(f.severity)) for f in check.findings if f.where == f"covid_testing.{column}"]


def test_the_names_are_found_by_name_and_by_content(before: PrivacyCheck) -> None:
    for column in ("fake_first_name", "fake_last_name"):
        assert ("A", "name", "stop") in found(before, column)
        assert ("A", "content", "stop") in found(before, column)
    others = {f.where.split(".")[-1] for f in before.findings if f.kind == "A"}
    assert others == {"fake_first_name", "fake_last_name"}


def test_the_draft_of_the_import_finds_them_and_shows_no_name(tmp_path: Path, covid_testing: Path) -> None:
    source = pd.read_csv(covid_testing)
    draft_decisions(covid_testing, tmp_path / "d.toml", 2026)
    text = (tmp_path / "d.toml").read_text(encoding="utf-8")
    about = {part.split('"')[1]: part for part in text.split("[[column]]\ncolumn = ")[1:]}
    people, rows = source.subject_id.nunique(), len(source)
    assert f"{people:,} different values in {rows:,} cells: they repeat" in about["subject_id"]
    assert "negative times: impossible (1 cell)" in about["rec_ver_tat"]
    assert "times over 100 times the 99th percentile: impossible (1 cell)" in about["col_rec_tat"]
    assert "many rows share the highest value: a sentinel or a limit" in about["ct_result"]
    assert "ages over 120 or under 0: impossible (1 cell)" in about["age"]
    roles = {name: re.findall(r'(?m)^role = "(.+)"', part)[0] for name, part in about.items()}
    assert {n for n, role in roles.items() if role == "identifier"} == {
        "rownames", "subject_id", "fake_first_name", "fake_last_name",
    }  # fmt: skip
    names = {*source.fake_last_name, *source.fake_first_name.dropna()}
    words = {word for line in text.splitlines() if line.startswith("# levels") for word in re.findall(r'"(.+?)"', line)}
    assert not names & words
    whole = import_table(covid_testing, "covid_testing", tmp_path / "out", decisions=tmp_path / "d.toml")
    assert whole.package.kind == "restricted"
    assert whole.package.table.person == "subject_id"
    assert (whole.frame().isna() == import_table(covid_testing, "c", tmp_path / "out").frame().isna()).all(axis=None)


def test_the_repeated_subjects_are_counted(before: PrivacyCheck, covid_testing: Path) -> None:
    said = next(f.what for f in before.findings if f.where == "covid_testing.subject_id")
    counts = pd.read_csv(covid_testing).subject_id.value_counts()
    assert f"{len(counts):,} different values, {int((counts > 1).sum()):,} of them in more than one row" in said


def test_the_sentinel_and_the_impossible_times_and_ages_are_found(before: PrivacyCheck) -> None:
    said = {f.where.split(".")[-1]: f.what for f in before.findings if f.kind == "value"}
    assert "impossible" in said["col_rec_tat"]
    assert said["rec_ver_tat"] == "negative times: impossible"
    assert "sentinel" in said["ct_result"]
    assert "over 120" in said["age"]


def test_days_and_high_ages_are_found(before: PrivacyCheck) -> None:
    assert ("C", "content", "stop") in found(before, "pan_day")
    assert ("C", "content", "stop") in found(before, "age")


def test_the_check_fails_the_table_and_says_why(before: PrivacyCheck, raw: Dataset) -> None:
    assert not before.passed
    assert before.anonymity[0].k == 1
    assert before.anonymity[0].risks.unique_rows > 0.129 * len(raw.frame())
    assert {f.kind for f in before.stops} >= {"A", "C", "R", "k", "risk", "role"}


def test_nothing_that_identifies_is_left_after_de_identification(clean: tuple[Deidentified, Path]) -> None:
    outcome, _ = clean
    after = check_dataset(outcome.dataset, 11)
    assert after.direct_identifiers == ()
    assert after.passed
    assert after.anonymity[0].k >= 11
    frame = outcome.dataset.frame()
    assert not {"fake_first_name", "fake_last_name", "rownames"} & set(frame.columns)
    assert frame.subject_id.str.fullmatch("r[0-9a-f]{16}").all()
    assert frame.rec_ver_tat.min() >= 0
    assert frame.col_rec_tat.max() < 2000


def test_little_is_lost_on_the_way(clean: tuple[Deidentified, Path], raw: Dataset) -> None:
    treatment, rows = clean[0].treatment, len(raw.frame())
    assert sum(treatment.suppressed.values()) <= 0.05 * rows
    assert treatment.loss < 0.4
    assert treatment.optimal
    assert treatment.rows["covid_testing"] + treatment.suppressed["covid_testing"] == rows


def test_the_rows_of_a_person_stay_together_and_keep_their_intervals(
    clean: tuple[Deidentified, Path], raw: Dataset
) -> None:
    outcome, key = clean
    back = {new: int(old) for old, new in json.loads(key.read_text())["ids"]["subject_id"].items()}
    frame = outcome.dataset.frame()
    days = frame.assign(subject=frame.subject_id.map(back)).groupby("subject").pan_day.agg(list)
    old = raw.frame()
    first = old.groupby("subject_id").pan_day.min()
    relative = old.assign(day=old.pan_day - old.subject_id.map(first)).groupby("subject_id").day.agg(list)
    assert len(days) > 0.892 * old.subject_id.nunique()
    assert all(Counter(days[s]) <= Counter(relative[s]) for s in days.index)


def test_publish_and_two_signatures_open_the_way_to_a_team(clean: tuple[Deidentified, Path], tmp_path: Path) -> None:
    target = tmp_path / "data" / "covid_testing"
    order = PublicationOrder(Approval("0123-26-RMB", date(2027, 6, 30)), people=100, hold_out=0.2)
    publication = publish(clean[0].dataset, target, tmp_path / "custodian", order, policy_k=11, now=NOW)
    with pytest.raises(DataError, match="has not signed yet"):
        check_can_attach(target, NOW)
    sign_off(target, "owner", "O. Wner", NOW)
    sign_off(target, "it", "I. Tee", NOW)
    assert check_can_attach(target, NOW) == publication
    for part in ("sample", "full"):
        check = check_dataset(open_dataset(target / part / "covid_testing"), 11)
        assert [f.says() for f in check.stops] == []
    assert publication.population_risk["sample"] <= 1 / 11
    assert 80 <= publication.people["sample"] <= 101
    held = open_dataset(tmp_path / "custodian" / publication.hold_out).frame()
    full = open_dataset(target / "full" / "covid_testing").frame()
    assert not set(held.subject_id) & set(full.subject_id)
    assert len(held) + len(full) == len(clean[0].dataset.frame())


def test_the_report_reads_well_and_its_signature_holds(
    clean: tuple[Deidentified, Path], before: PrivacyCheck, tmp_path: Path, covid_testing: Path
) -> None:
    outcome = clean[0]
    report = build_report(check_dataset(outcome.dataset, 11), outcome.treatment, NOW, before)
    signed, page = write_report(report, tmp_path, tmp_path / "signing.pem")
    assert verify_report(signed)[0]["verdict"] == "passed"
    text = page.read_text(encoding="utf-8")
    assert "Direct identifiers: 0 places were found" in text
    assert "Safe Harbor's list, with k-anonymity" in unescape(text)
    names = {*pd.read_csv(covid_testing).fake_last_name} - {"sand", "rivers", "stone", "frey", "snow", "waters"}
    assert names
    words = set(re.findall(r"[a-z]+", text + signed.read_text(encoding="utf-8")))
    assert not names & words


def test_the_commands_lead_along_the_whole_road(
    tmp_path: Path,
    covid_testing: Path,
    machine_event_file: Path,
    demo_event_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state, mine = tmp_path / "state", tmp_path / "custodian"
    mine.mkdir()
    store_event(machine_event_file, Folders(state).event)

    def refused(*words: object) -> object:
        return CliRunner().invoke(app, ["data", *map(str, words)]).exception

    def run(*words: object, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["data", *map(str, words)])
        assert done.exit_code == code, done.output
        return done.output

    there = ("--state", state)
    assert "No notebook opens it" in run(
        "import", covid_testing, "--challenge", "covid", "--kind", "restricted", *there
    )
    assert not list((state / "data").glob("*"))
    assert "covid_testing" in run("describe", "covid_testing", *there)
    assert "Not yet" in run("check", "covid_testing", *there, code=1)
    run("deidentify", "covid_testing", "--draft", mine / "plan.toml", "--challenge", "covid", *there)
    text = (mine / "plan.toml").read_text()
    head, tail = text.split("[expert]\n", 1)
    tail = tail.replace(
        'name = ""\ndate = ""\ntext = ""', 'name = "Dr E"\ndate = "2026-11-20"\ntext = "Small risk."', 1
    )
    unscored = 'unscored = "The table is for practice."\n'
    (mine / "plan.toml").write_text(f"{unscored}{head}[expert]\n{tail}")
    said = run("deidentify", "covid_testing", "--plan", mine / "plan.toml", "--key", mine / "covid.key", *there)
    assert "k = 11" in said
    assert "Nothing bars" in run("check", state / "road/covid_testing/deidentified/covid_testing", *there)
    assert "population risk" in run("sample", "covid_testing", "--people", 50, *there)
    written = ("--before", "covid_testing", "--out", mine, "--signing-key", mine / "s.pem")
    said = run("report", "covid_testing", *written, *there)
    assert "covid_testing passes: nothing bars it" in said
    assert f"Report: {mine / 'covid_testing-report.html'}" in said
    assert "as it was signed" in run("verify-report", mine / "covid_testing-report.json")
    approval = ("--irb", "0123-26", "--expires", "2099-06-30", "--custodian", mine)
    drawn = state / "road/covid_testing/sample/covid_testing"
    said = run("publish", "covid_testing", *approval, "--sample", drawn, *there)
    assert "Predictions are not scored against this publication" in said
    assert "The table is for practice." in said
    published = state / "road/covid_testing/published/covid_testing"
    assert "Not yet" in run("sign", published, "--role", "owner", "--by", "O. Wner", *there)
    attach = ("attach", published, "--challenge", "covid")
    assert "IT has not signed" in str(refused(*attach, *there))
    assert "can be attached" in run("sign", published, "--role", "it", "--by", "I. Tee", *there)
    assert "open the sample" in run(*attach, *there)
    asked_for = AppliedEvent(Folders(state).event).current().challenge_by_id["covid"].dataset
    room = {"ROUNDS_DATA": state / "data", "ROUNDS_SIZES": state / "sizes", "ROUNDS_TEAM": "breath"}
    for name, value in room.items():
        monkeypatch.setenv(name, str(value))
    with pytest.raises(DataError, match="another challenge"):  # nobody has said yet when it opens, and for whom
        load(attached(asked_for))
    begun = PhaseOpening("full", datetime(2020, 1, 1, tzinfo=UTC), Opens.FULL)
    write_opening(state / "data", Opening((begun,), {"breath": asked_for}))
    sample = load(attached(asked_for)).frame()
    assert sample.equals(open_dataset(published / "sample" / "covid_testing").frame())
    run(*attach, "--part", "full", *there)
    assert len(load(attached(asked_for)).frame()) > 10 * len(sample)
    store_event(demo_event_file, Folders(state).event)
    assert "embedded" in str(refused(*attach, *there))
