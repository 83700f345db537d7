"""What the road's commands say: the next command, as it can be pasted; what teams get; what a hold-out needs."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from rounds.cli.app import app
from rounds.cli.data.opening import say_when
from rounds.cli.data.report import say_verdict
from rounds.cli.places import custodian_folder, in_words, named_state, paste
from rounds.custody.privacy.check import PrivacyCheck
from rounds.custody.privacy.plan.plan_file import load_plan
from rounds.custody.publishing.publication import read_publication
from rounds.custody.signs.finding import Finding, Severity
from rounds.data.dataset import open_dataset
from rounds.errors import Command, DataError
from rounds.event import load_event, store_event
from rounds.store.folders import Folders

HEADER = "patient_id,encounter_id,birth_date,age,sex,admit_date,disch_ts,ntprobnp,readmitted_30d"


def write_admissions(path: Path, patients: int = 420, seed: int = 5) -> Path:
    """Write a hospital's table of stays: keys, a birth date beside an age, dates, and an outcome."""
    rng, lines = np.random.default_rng(seed), [HEADER]
    for patient in range(patients):
        born = date(1935, 1, 1) + timedelta(days=int(rng.integers(0, 9000)))
        for _ in range(int(rng.integers(1, 3))):
            admitted = date(2016, 1, 1) + timedelta(days=int(rng.integers(0, 2400)))
            cells = (f"E{len(lines):06d}", born, (admitted - born).days // 365, "mf"[int(rng.integers(2))], admitted)
            left = admitted + timedelta(days=int(rng.integers(1, 20)))
            rest = (left, int(rng.integers(50, 4000)), int(rng.random() < 0.3))
            lines.append(",".join(map(str, (100_000 + patient, *cells, *rest))))
    path.write_text("\n".join(lines) + "\n")
    return path


@dataclass(frozen=True)
class Walk:
    """A custodian's folders, and what each command said."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def mine(self) -> Path:
        return self.folder / "custodian"

    @property
    def published(self) -> Path:
        return self.state / "road" / "admissions" / "published" / "admissions"

    def run(self, *words: object, code: int = 0) -> str:
        """Run a command of `rounds data` in the custodian's shell."""
        env = {"ROUNDS_CUSTODIAN": str(self.mine), "ROUNDS_STATE": None}
        done = CliRunner().invoke(app, ["data", *map(str, words)], env=env)
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    def refused(self, *words: object) -> str:
        """Return the sentence with which a command is refused."""
        error = CliRunner().invoke(app, ["data", *map(str, words)], env={"ROUNDS_CUSTODIAN": str(self.mine)}).exception
        assert isinstance(error, DataError)
        return str(error)

    def pasted(self, said: str, command: str, code: int = 0) -> str:
        """Run the command of this name that an output prints, word for word."""
        found = re.search(rf"(?m)(?:^|[ :])rounds data ({command} .*)$", said)
        assert found, said
        return self.run(*shlex.split(found[1]), code=code)

    def decide(self, scored: bool) -> None:
        """Answer the draft: with ``scored`` say of each value that it is known at discharge, else leave it all open."""
        text = re.sub(r"(?m)^(# )?available = .*\n", "", (self.folder / "d.toml").read_text())
        if scored:
            text = re.sub(r'column = "(?!readmitted)\w+"\n', r'\g<0>available = "discharge"\n', text)
            text = text.replace('column = "readmitted_30d"\n', 'column = "readmitted_30d"\navailable = "later"\n')
        else:
            text = re.sub(r"(?m)^(timeline|prediction_time) = .*\n", "", text)
        (self.folder / "d.toml").write_text(text)

    def determine(self) -> None:
        """Fill in the expert's determination in the plan."""
        head, tail = (self.folder / "plan.toml").read_text().split("[expert]\n")
        tail = tail.replace('name = ""\ndate = ""\ntext = ""', 'name = "E"\ndate = "2026-11-20"\ntext = "Small."', 1)
        (self.folder / "plan.toml").write_text(f"{head}[expert]\n{tail}")


def prepare(folder: Path, event_file: Path, scored: bool) -> tuple[Walk, dict[str, str]]:
    """Go from the table to the de-identified dataset by the commands that are printed, and keep what each said."""
    walk, said = Walk(folder), {}
    table = write_admissions(folder / "admissions.csv")
    store_event(event_file, Folders(walk.state).event)
    there = ("--challenge", "heart-failure", "--state", walk.state)
    said["draft"] = walk.run("import", table, "--draft", folder / "d.toml", *there)
    walk.decide(scored)
    said["import"] = walk.pasted(said["draft"], "import")
    said["check"] = walk.pasted(said["import"], "check", code=1)
    plan = said["check"].replace("--draft plan.toml", f"--draft {folder / 'plan.toml'}")
    said["plan"] = walk.pasted(plan, "deidentify")
    walk.determine()
    said["deidentify"] = walk.pasted(said["plan"], "deidentify")
    return walk, said


@pytest.fixture(scope="module")
def machine_event(tmp_path_factory: pytest.TempPathFactory, demo_event_file: Path) -> Path:
    """Return the demo event as one whose deployment takes restricted data."""
    folder = tmp_path_factory.mktemp("event") / "demo"
    shutil.copytree(demo_event_file.parent, folder)
    file = folder / demo_event_file.name
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('deployment = "embedded"', 'deployment = "machine"', 1), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, machine_event: Path) -> tuple[Walk, dict[str, str]]:
    """Return the road of a table that can be scored, and what was said on it."""
    return prepare(tmp_path_factory.mktemp("scored"), machine_event, scored=True)


@pytest.fixture
def walk(walked: tuple[Walk, dict[str, str]], tmp_path: Path) -> Walk:
    """Return a copy of that road, to publish from."""
    shutil.copytree(walked[0].folder, tmp_path / "road", symlinks=True)
    return Walk(tmp_path / "road")


APPROVAL = ("--irb", "0123-26", "--expires", "2099-06-30")


def test_every_next_command_works_when_it_is_pasted(walked: tuple[Walk, dict[str, str]], walk: Walk) -> None:
    report = walked[1]["deidentify"].replace(str(walked[0].folder), str(walk.folder))
    verified = walk.pasted(walk.pasted(report, "report"), "verify-report")
    assert "Verdict: passed" in verified
    said = walk.run("publish", "admissions", *APPROVAL, "--state", walk.state)
    owner = said.replace("First Last", "Ruth Levi")
    not_yet = walk.pasted(owner, "sign")
    assert f"--state {walk.state}" in not_yet
    line = re.search(r"They run: (.*)", not_yet)
    assert line
    signed = walk.run(*shlex.split(line[1].replace("First Last", "Omar Haddad"))[2:])
    assert "open the sample of admissions" in walk.pasted(signed, "attach")


def test_the_age_stays_and_the_birth_beside_it_goes(walked: tuple[Walk, dict[str, str]]) -> None:
    folder = walked[0].folder
    step = load_plan(folder / "plan.toml").step("admissions", "birth_date")
    assert step
    assert step.action == "drop"
    assert "# age says the same, at the time of the row: keep one of the two" in (folder / "plan.toml").read_text()
    clean = open_dataset(walked[0].state / "road" / "admissions" / "deidentified" / "admissions").frame()
    assert "birth_date" not in clean
    assert clean["age"].nunique() > 1


def test_the_sample_that_lies_beside_is_published(walk: Walk) -> None:
    there = ("--state", walk.state)
    walk.run("sample", "admissions", "--people", 37, "--seed", 4, *there)
    beside = walk.state / "road" / "admissions" / "sample" / "admissions"
    said = walk.run("publish", "admissions", *APPROVAL, *there)
    assert f"The sample is the one that was drawn before, in {beside}." in said
    published = open_dataset(walk.published / "sample" / "admissions").frame()
    assert set(published["patient_id"]) == set(open_dataset(beside).frame()["patient_id"])


def test_a_sample_that_is_not_used_is_said(walk: Walk) -> None:
    there = ("--state", walk.state)
    walk.run("sample", "admissions", "--people", 37, *there)
    said = walk.run("publish", "admissions", *APPROVAL, "--people", 60, *there)
    assert "was not used: --people 60 drew a new one. Leave --people out to use it." in said
    assert read_publication(walk.published).people["sample"] == 60


def test_a_sample_of_an_older_de_identification_is_refused(walk: Walk) -> None:
    there = ("--state", walk.state)
    walk.run("sample", "admissions", *there)
    again = ("--plan", walk.folder / "plan.toml", "--key", walk.mine / "second.key")
    walk.run("deidentify", "admissions", *again, *there)
    said = walk.refused("publish", "admissions", *APPROVAL, *there)
    assert "of another de-identification. Draw it again: rounds data sample admissions" in said
    assert not walk.published.exists()


def test_describe_shows_what_teams_get_and_where_the_original_is(walk: Walk) -> None:
    there = ("--state", walk.state)
    assert "birth_date" in walk.run("describe", "admissions", *there)
    walk.run("publish", "admissions", *APPROVAL, *there)
    for role, who in (("owner", "Ruth Levi"), ("it", "Omar Haddad")):
        walk.run("sign", walk.published, "--role", role, "--by", who, *there)
    walk.run("attach", walk.published, "--challenge", "heart-failure", *there)
    said = walk.run("describe", "admissions", *there)
    assert "birth_date" not in said
    assert f"This is what teams get, from {walk.state / 'sizes' / 'sample' / 'admissions'}." in said
    assert "birth_date" in walk.pasted(said, "describe")


def test_teams_get_the_era_of_a_hold_out_as_its_date_is_known_by_then(walk: Walk) -> None:
    walk.run("publish", "admissions", *APPROVAL, "--state", walk.state)
    features = open_dataset(walk.published / "hold-out" / "admissions_hold_out")
    assert "era" in features.table().names()


# ---- a second round


def test_a_second_round_has_a_key_of_its_own_and_is_published_beside_the_first(walk: Walk) -> None:
    """The commands that are printed go all the way again; nothing of the first round is written over."""
    first = walk.run("publish", "admissions", *APPROVAL, "--state", walk.state)
    assert "Published: " in first
    assert "no hub may serve that folder" in first
    assert "Look out" not in first
    second = walk.folder / "second.toml"
    told = walk.run("deidentify", "admissions", "--draft", second, "--state", walk.state)
    assert str(walk.mine / "admissions-2.key") in told
    assert "--replace" in told
    shutil.copyfile(walk.folder / "plan.toml", second)
    before = (walk.mine / "admissions.key").read_bytes()
    done = walk.pasted(told, "deidentify")
    assert f"The key is in {walk.mine / 'admissions-2.key'}" in done
    assert (walk.mine / "admissions.key").read_bytes() == before
    refused = walk.refused("publish", "admissions", *APPROVAL, "--state", walk.state)
    assert "It is of an earlier de-identification. Publish this one beside it: " in refused
    assert "sign" not in refused
    out = re.search(r"--out (\S+),", refused)
    assert out
    walk.run("sample", "admissions", "--people", 60, "--state", walk.state)
    published = walk.run("publish", "admissions", *APPROVAL, "--out", out[1], "--state", walk.state)
    assert "Published: " in published
    assert re.search(r"^Held out, and so no longer in it: [1-9]\d* people\.$", published, re.MULTILINE)
    assert re.search(r"^Of ([1-9]\d*) people held out before, \1 are held out again\.$", published, re.MULTILINE)
    assert "Look out" not in published
    again = walk.refused("publish", "admissions", *APPROVAL, "--out", out[1], "--state", walk.state)
    assert f"To go on with it: rounds data sign {out[1]} --role owner" in again


def test_without_the_key_of_before_the_second_round_says_what_it_cannot_know(walk: Walk) -> None:
    walk.run("publish", "admissions", *APPROVAL, "--state", walk.state)
    key = walk.mine / "admissions-2.key"
    again = ("--plan", walk.folder / "plan.toml", "--key", key, "--replace", "--state", walk.state)
    walk.run("deidentify", "admissions", *again)
    (walk.mine / "admissions.key").rename(walk.folder / "elsewhere.key")
    out = ("--out", walk.published.with_name("admissions-2"), "--state", walk.state)
    refused = walk.refused("publish", "admissions", *APPROVAL, *out)
    assert f"no key, or not the whole key, of {walk.published}" in refused
    assert "--draw-anew" in refused
    assert len(list(walk.mine.glob("admissions-*/outcomes.parquet"))) == 1  # nothing was written
    published = walk.run("publish", "admissions", *APPROVAL, "--draw-anew", *out)
    assert (
        f"not known of everybody who was held out before: no key, or not the whole key, of {walk.published}"
        in published
    )


def test_people_whose_outcomes_were_published_are_named_when_all_of_them_were(walk: Walk) -> None:
    walk.run("publish", "admissions", *APPROVAL, "--hold-out", 0, "--state", walk.state)
    out = ("--out", walk.published.with_name("admissions-2"), "--state", walk.state)
    published = walk.run("publish", "admissions", *APPROVAL, *out)
    assert re.search(rf"Look out: {walk.published} shows the outcomes of [1-9]\d* people held out now\.", published)
    third = ("--hold-out", 0, "--out", walk.published.with_name("admissions-3"), "--state", walk.state)
    opened = walk.run("publish", "admissions", *APPROVAL, *third)
    assert re.search(r"Look out: this publication shows the outcomes of [1-9]\d* people held out in ", opened)


def test_a_challenge_that_the_event_does_not_have_is_told_at_the_draft(walk: Walk) -> None:
    table, words = walk.folder / "admissions.csv", ("--challenge", "heart-failur", "--state", walk.state)
    assert 'Did you mean "heart-failure"' in walk.refused("import", table, "--draft", walk.folder / "n.toml", *words)
    assert 'Did you mean "heart-failure"' in walk.refused(
        "deidentify", "admissions", "--draft", walk.folder / "n.toml", *words
    )
    assert not (walk.folder / "n.toml").exists()


def test_its_own_attached_hold_out_is_no_other_dataset(walk: Walk) -> None:
    """The features of a hold-out hold the same people on purpose: no id is reused by that."""
    walk.run("publish", "admissions", *APPROVAL, "--state", walk.state)
    for role, who in (("owner", "Ruth Levi"), ("it", "Omar Haddad")):
        walk.run("sign", walk.published, "--role", role, "--by", who, "--state", walk.state)
    attach = ("attach", walk.published, "--challenge", "heart-failure", "--state", walk.state)
    walk.run(*attach, "--part", "hold-out", "--custodian", walk.mine)
    clean = walk.state / "road" / "admissions" / "deidentified" / "admissions"
    assert "Nothing bars" in walk.run("check", clean, "--state", walk.state)


def test_a_sample_is_never_the_whole_dataset(walk: Walk) -> None:
    refused = walk.refused("sample", "admissions", "--people", 100_000, "--state", walk.state)
    people = re.search(r"A sample of 100,000 people is the whole dataset, which holds (\d+)", refused)
    assert people
    said = walk.run("sample", "admissions", "--state", walk.state)
    drawn = re.search(r"Sample: (\d+) people", said)
    assert drawn
    assert int(people[1]) // 6 < int(drawn[1]) <= int(people[1]) // 5


def test_a_hospitals_folder_draws_no_synthetic_people(walk: Walk) -> None:
    refused = walk.refused("hold-out", "heart-failure", "--state", walk.state)
    assert 'has no dataset "heart_failure" to draw new people like' in refused
    assert "rounds data attach FOLDER --challenge heart-failure --part hold-out" in refused
    (walk.folder / "p.csv").write_text("encounter_id,prediction\n")
    refused = walk.refused("score", walk.folder / "p.csv", "--team", "ventricle", "--state", walk.state)
    assert "Attach it: rounds data attach FOLDER" in refused


# ---- a hold-out that cannot be scored


@pytest.fixture(scope="module")
def unscored(tmp_path_factory: pytest.TempPathFactory, machine_event: Path) -> tuple[Walk, dict[str, str]]:
    """Return the road of a table whose package names no time of prediction."""
    return prepare(tmp_path_factory.mktemp("unscored"), machine_event, scored=False)


def test_a_hold_out_that_cannot_be_scored_is_refused_before_anything_is_written(
    unscored: tuple[Walk, dict[str, str]],
) -> None:
    walk, said = unscored
    assert "A hold-out cannot be scored: " in said["plan"]
    before = sorted(walk.mine.iterdir())
    refused = walk.refused("publish", "admissions", *APPROVAL, "--state", walk.state)
    assert refused.startswith("Nothing was published: a hold-out of admissions cannot be scored, ")
    assert "write timeline = [...] under [table] of the decisions" in refused
    assert "--hold-out 0" in refused
    assert not walk.published.exists()
    assert sorted(walk.mine.iterdir()) == before


def test_nobody_held_out_needs_no_task(unscored: tuple[Walk, dict[str, str]], tmp_path: Path) -> None:
    walk = unscored[0]
    words = ("--hold-out", 0, "--out", tmp_path / "out" / "admissions", "--state", walk.state)
    assert "hold-out 0 people" in walk.run("publish", "admissions", *APPROVAL, *words)


def test_the_plan_may_say_that_a_hold_out_is_not_scored(unscored: tuple[Walk, dict[str, str]], tmp_path: Path) -> None:
    shutil.copytree(unscored[0].folder, tmp_path / "road", symlinks=True)
    walk = Walk(tmp_path / "road")
    plan = walk.folder / "plan.toml"
    plan.write_text(f'unscored = "Shall we keep them apart?"\n{plan.read_text()}')
    walk.run("deidentify", "admissions", "--plan", plan, "--key", walk.mine / "2.key", "--state", walk.state)
    said = walk.run("publish", "admissions", *APPROVAL, "--state", walk.state)
    assert said.index("Predictions are not scored") < said.index("Published: ")
    assert "The plan says: Shall we keep them apart?\n" in said
    assert read_publication(walk.published).people["hold-out"] > 0
    again = CliRunner().invoke(app, ["data", "publish", "admissions", *APPROVAL, "--state", str(walk.state)])
    assert "is published already" in str(again.exception)
    assert "Predictions are not scored" not in again.output  # one refusal, one sentence
    for role, who in (("owner", "Ruth Levi"), ("it", "Omar Haddad")):
        walk.run("sign", walk.published, "--role", role, "--by", who, "--state", walk.state)
    words = ("attach", walk.published, "--challenge", "heart-failure", "--part", "hold-out", "--state", walk.state)
    for more in ((), ("--custodian", walk.mine)):
        refused = walk.refused(*words, *more)
        assert "has no outcomes to score" in refused
        assert "The plan says: Shall we keep them apart? To score" in refused
        assert "does not hold the hold-out" not in refused


def test_a_publication_that_nobody_has_signed_lies_where_no_room_looks(walk: Walk) -> None:
    for place in (walk.state / "data" / "x", walk.state / "data", walk.state / "x"):
        said = walk.refused("publish", "admissions", *APPROVAL, "--out", place, "--state", walk.state)
        assert "lies in the state folder" in said
        assert not (place / "publication.json").exists()


@pytest.mark.parametrize(
    ("part", "kind", "day", "says"),
    [
        ("hold-out", "restricted", 1, 'with the phase "full" (data = "full"), on Tuesday 2 March 2027 at 09:00'),
        ("full", "restricted", 3, 'now, in the phase "full"'),
        ("sample", "restricted", 3, 'now, in the phase "full"'),
        ("hold-out", "restricted", 20, "in no phase of the event"),
        ("hold-out", "public", 1, "now: public and synthetic tables"),
    ],
)
def test_attach_says_which_phase_opens_a_part(demo_event_file: Path, part: str, kind: str, day: int, says: str) -> None:
    assert say_when(load_event(demo_event_file), part, kind, datetime(2027, 3, day, tzinfo=UTC)).startswith(says)


# ---- the verdict of a report


def test_a_report_says_that_a_dataset_does_not_pass_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    found = tuple(
        Finding("D", Severity.STOP, f"t.c{i}", "telephone numbers inside the values", 3, 9, "Drop the column")
        for i in range(7)
    )
    say_verdict(PrivacyCheck("ward", 11, (), found, (), ()))
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "ward does not pass: 7 reasons against it."
    assert said[1] == "  [stop] t.c0: telephone numbers inside the values (3 of 9). Drop the column"
    assert len(said) == 6
    say_verdict(PrivacyCheck("ward", 11, (), found[:1], (), ()))
    assert capsys.readouterr().out.startswith("ward does not pass: 1 reason against it.")


# ---- where the custodian's things lie


def test_the_custodians_folder_is_at_home_and_never_in_the_state_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = Folders(tmp_path / "state")
    monkeypatch.delenv("ROUNDS_CUSTODIAN", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert custodian_folder(folders, None) == tmp_path / "home" / "custodian"
    monkeypatch.setenv("ROUNDS_CUSTODIAN", str(tmp_path / "other"))
    assert custodian_folder(folders, None) == tmp_path / "other"
    assert not (tmp_path / "other").exists()
    for inside in (folders.root, folders.root / "x", tmp_path / "other" / ".." / "state" / "y"):
        with pytest.raises(DataError, match=r"in the state folder .*, which the hub serves"):
            custodian_folder(folders, inside)
    (tmp_path / "link").symlink_to(folders.root)
    with pytest.raises(DataError, match="in the state folder"):
        custodian_folder(folders, tmp_path / "link" / "x")
    assert custodian_folder(folders, None, inside_state=True) == folders.custodian


def test_a_publication_keeps_no_hold_out_in_the_state_folder(walk: Walk) -> None:
    words = ("--custodian", walk.state / "custodian", "--state", walk.state)
    assert "in the state folder" in walk.refused("publish", "admissions", *APPROVAL, *words)
    assert not walk.published.exists()


# ---- commands that can be pasted


def test_a_command_names_the_state_folder_only_where_it_is_not_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROUNDS_STATE", raising=False)
    monkeypatch.setattr(sys, "argv", [".venv/bin/rounds"])
    assert paste("data", "check", "a b", state=Path(".rounds/demo")) == ".venv/bin/rounds data check 'a b'"
    assert paste("data", "check", "a", state=Path("x")) == ".venv/bin/rounds data check a --state x"
    monkeypatch.setenv("ROUNDS_STATE", "x")
    assert paste("data", "verify-report", "f") == ".venv/bin/rounds data verify-report f"
    assert paste("data", "check", "a", state=Path("x")) == ".venv/bin/rounds data check a"
    monkeypatch.setattr(sys, "argv", ["/somewhere/rounds/__main__.py"])
    assert paste("data", "check", "a", state=Path("x")) == f"{sys.executable} -m rounds data check a"


@pytest.mark.parametrize(
    ("command", "argv", "shown"),
    [
        (Command("data", "sign", "F", "--role", "it"), ["--state", "my x"], "data sign F --role it --state 'my x'"),
        (Command("data", "sign", "a b"), ["--state=x"], "data sign 'a b' --state x"),
        (Command("data", "sign", "F"), [], "data sign F"),
        (Command("event", "apply", "FILE", "--state", "FOLDER"), ["--state", "x"], "event apply FILE --state FOLDER"),
    ],
)
def test_an_error_names_commands_for_the_same_state_folder(
    command: Command, argv: list[str], shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/rounds"])
    error = DataError("Not yet. Run: ", command, ", then look.")
    assert in_words(error, named_state(argv)) == f"Not yet. Run: .venv/bin/rounds {shown}, then look."
    assert str(error).startswith("Not yet. Run: rounds ")


def test_the_data_commands_start_without_the_hub_and_the_database() -> None:
    heavy = {"jupyterhub", "sqlalchemy", "alembic", "nbgrader", "pandas", "duckdb", "matplotlib"}
    code = "import sys; from rounds.cli.groups import build_app; build_app('data'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "rounds.cli.data.app" in done.stdout.split()
    assert not heavy & set(done.stdout.split())


def test_decisions_of_a_kind_that_is_not_taken_say_which_line_to_change(tmp_path: Path, demo_event_file: Path) -> None:
    store_event(demo_event_file, Folders(tmp_path / "state").event)
    (tmp_path / "t.csv").write_text("patient_id,crp\n5,1\n9,2\n")
    walk = Walk(tmp_path)
    there = ("--challenge", "covid", "--state", walk.state)
    said = walk.run("import", tmp_path / "t.csv", "--draft", tmp_path / "d.toml", *there)
    assert 'kind = "restricted": patient_id (a key of a person, a visit or a row)' in said
    refused = walk.refused("import", tmp_path / "t.csv", "--decisions", tmp_path / "d.toml", *there)
    assert 'The decisions say kind = "restricted".' in refused
    assert 'When the table is public or made up, write so: kind = "public"' in refused


def test_nobody_else_on_the_machine_reads_the_tables_of_the_road(walked: tuple[Walk, dict[str, str]]) -> None:
    state = walked[0].state
    assert list(state.glob("road/*/raw/*/*.parquet"))
    closed = [state, state / "road", state / "road" / "admissions", state / "event", state / "rounds.sqlite"]
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in closed} == {path.name: "0o0" for path in closed}


def test_tables_that_were_published_are_not_replaced_without_a_word(walk: Walk) -> None:
    walk.run("publish", "admissions", *APPROVAL, "--state", walk.state)
    before = read_publication(walk.published)
    again = ("deidentify", "admissions", "--plan", walk.folder / "plan.toml", "--key", walk.mine / "new.key")
    assert "were published" in walk.refused(*again, "--state", walk.state)
    assert not (walk.mine / "new.key").exists()
    assert "De-identified" in walk.run(*again, "--replace", "--state", walk.state)
    assert read_publication(walk.published) == before
