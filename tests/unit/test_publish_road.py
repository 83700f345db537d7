"""Sample, hold-out, publishing, sign-offs and attaching: nobody split, nothing half-done, nothing changed unseen."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.plan.treatment import Done, Treatment, read_treatment, write_treatment
from rounds.custody.publishing.attach import (
    Part,
    attach_part,
    check_can_attach,
    check_challenge,
    check_one_publication,
    find_others,
)
from rounds.custody.publishing.parts import draw_groups, draw_share, open_whole, select
from rounds.custody.publishing.publication import Approval, Publication, read_publication, sign_off
from rounds.custody.publishing.publish import PublicationOrder, check_can_publish
from rounds.custody.publishing.publish import publish as publish_alone
from rounds.custody.publishing.register import open_register, read_register
from rounds.custody.publishing.write_part import write_sample
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import write_package
from rounds.data.package import Column, DataPackage, Table
from rounds.data.shelf.ledger import Ledger, find_opened, open_ledger
from rounds.errors import DataError
from rounds.store.folders import Folders
from rounds.store.staging import remove_folder

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
APPROVAL = Approval("0123-26-RMB", date(2027, 6, 30))
ORDER = PublicationOrder(APPROVAL, people=40, hold_out=0.2)


def random_id(kind: str, number: int) -> str:
    return f"r{kind}{number:015x}"


def write_clean(folder: Path, mothers: int = 120, seed: int = 1) -> Dataset:
    """Write a small de-identified dataset of mothers and children, with visits in three eras."""
    rng = np.random.default_rng(seed)
    mother = [random_id("a", i) for i in range(mothers)]
    owner = np.repeat(mother, rng.integers(1, 4, mothers))
    child = [random_id("b", i) for i in range(len(owner))]
    frames = {
        "person": pd.DataFrame({"person_id": [*mother, *child], "sex": ["f"] * (mothers + len(child))}),
        "pregnancy": pd.DataFrame({"mother_id": owner, "child_id": child, "era": "2014-2016", "grams": 3000.5}),
    }
    frames["pregnancy"]["era"] = rng.choice(["2014-2016", "2017-2019", "2020-2022"], len(owner))
    quasi = {"sex", "era"}
    tables = tuple(
        Table(
            name,
            f"{name}.parquet",
            tuple(
                Column(
                    c,
                    "number" if c == "grams" else "string",
                    role="quasi-identifier" if c in quasi else "identifier" if c.endswith("id") else "feature",
                )
                for c in frame.columns
            ),
            person="person_id" if name == "person" else "mother_id",
        )
        for name, frame in frames.items()
    )
    folder.mkdir(parents=True)
    write_package(DataPackage(folder.name, "Births", "restricted", tables), folder)
    for name, frame in frames.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    treatment = Treatment(
        dataset=folder.name,
        challenge="birthweight",
        k_asked=11,
        k_measured=11,
        policy_k=11,
        columns=(Done("pregnancy.era", "keep", "quasi-identifier", seen=True),),
        suppressed={},
        rows={name: len(frame) for name, frame in frames.items()},
        loss=0.1,
        discernibility=1,
        optimal=True,
        evaluated=1,
        linkage=("pregnancy.mother_id", "pregnancy.child_id"),
    )
    write_treatment(treatment, folder)
    return open_dataset(folder)


def publish(dataset: Dataset, target: Path, custodian: Path, order: PublicationOrder, **given: Any) -> Publication:
    """Publish as the command does: the register is made when nothing stands in the way."""
    check_can_publish(dataset, target, custodian, order, NOW)
    with open_register(custodian) as register:
        return publish_alone(dataset, target, register, order, **given)


def run(tmp_path: Path, order: PublicationOrder = ORDER, sample: Dataset | None = None) -> Path:
    dataset = open_dataset(tmp_path / "births") if (tmp_path / "births").exists() else write_clean(tmp_path / "births")
    publish(dataset, tmp_path / "data" / "births", tmp_path / "custodian", order, policy_k=11, now=NOW, sample=sample)
    return tmp_path / "data" / "births"


def hold_outs(custodian: Path) -> list[Path]:
    """Return the hold-outs in a custodian's folder, finished or not; the register beside them is none."""
    return sorted(path for path in custodian.iterdir() if path.is_dir())


def people_in(folder: Path) -> set[str]:
    return set(open_dataset(folder).frame("person").person_id)


def test_sample_full_and_hold_out_split_nobody_and_lose_nobody(tmp_path: Path) -> None:
    target = run(tmp_path)
    sample, full = people_in(target / "sample" / "births"), people_in(target / "full" / "births")
    held_folder = hold_outs(tmp_path / "custodian")[0]
    held = people_in(held_folder)
    assert sample < full
    assert not full & held
    assert full | held == people_in(tmp_path / "births")
    pregnancies = open_dataset(target / "full" / "births").frame("pregnancy")
    assert set(pregnancies.mother_id) | set(pregnancies.child_id) <= full
    assert 30 <= len(sample) <= 43
    assert read_publication(target).people["hold-out"] == len(held)


def test_a_hold_out_by_later_era_holds_the_latest_and_nothing_of_them_is_left(tmp_path: Path) -> None:
    target = run(tmp_path, replace(ORDER, later_era=True))
    held = open_dataset(hold_outs(tmp_path / "custodian")[0]).frame("pregnancy")
    for part in ("sample", "full"):
        assert "2020-2022" not in set(open_dataset(target / part / "births").frame("pregnancy").era)
    assert (held.groupby("mother_id").era.max() == "2020-2022").all()


def test_a_sample_drawn_before_is_the_sample_that_is_published(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    write_sample(dataset, 40, tmp_path / "births_sample", seed=5)
    target = run(tmp_path, sample=open_dataset(tmp_path / "births_sample"))
    assert people_in(target / "sample" / "births") == people_in(tmp_path / "births_sample")


def test_a_sample_drawn_before_keeps_those_whom_the_first_table_does_not_name(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    dead = dataset.frame("person")[["person_id"]].iloc[::10]
    dead.to_parquet(dataset.path / "death.parquet", index=False)
    death = Table("death", "death.parquet", (Column("person_id", "string", role="identifier"),), person="person_id")
    write_package(replace(dataset.package, tables=(death, *dataset.package.tables)), dataset.path)
    drawn, _ = write_sample(open_dataset(dataset.path), 40, tmp_path / "births_sample", seed=5)
    target = run(tmp_path, sample=open_dataset(tmp_path / "births_sample"))
    assert people_in(target / "sample" / "births") == people_in(tmp_path / "births_sample")
    assert read_publication(target).people["sample"] == drawn


def test_nobody_signs_for_files_that_were_changed(tmp_path: Path) -> None:
    target = run(tmp_path)
    file = target / "full" / "births" / "person.parquet"
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b"0")
    with pytest.raises(DataError, match=r"person.parquet.* since it was published"):
        sign_off(target, "owner", "Ruth Levi", NOW)
    assert not (target / "sign-offs.json").exists()


def test_a_publication_for_one_challenge_is_attached_to_no_other(tmp_path: Path) -> None:
    target = run(tmp_path)
    published = read_publication(target)
    check_challenge(target, published, "birthweight")
    with pytest.raises(DataError, match="signed for the challenge birthweight, not for covid"):
        check_challenge(target, published, "covid")


def test_a_part_passes_the_check_with_the_risk_in_its_population(tmp_path: Path) -> None:
    target = run(tmp_path)
    for part in ("sample", "full"):
        check = check_dataset(open_dataset(target / part / "births"), 11)
        assert [f.says() for f in check.stops] == []
    risk = read_publication(target).population_risk
    assert 0 < risk["sample"] <= 1 / 11
    assert 0 < risk["full"] <= 1 / 11


def test_everything_published_is_read_only_and_hashed(tmp_path: Path) -> None:
    target = run(tmp_path)
    files = [p for p in target.rglob("*") if p.is_file()]
    assert len(files) >= 9
    assert all(p.stat().st_mode & 0o222 == 0 for p in files)
    manifest = json.loads((target / "manifest.json").read_text())
    assert set(manifest) == {p.relative_to(target).as_posix() for p in files} - {"manifest.json"}


def test_the_hold_out_is_outside_and_its_owners_alone(tmp_path: Path) -> None:
    run(tmp_path)
    held = hold_outs(tmp_path / "custodian")[0]
    assert held.stat().st_mode & 0o777 == 0o700
    own, again = tmp_path / "own", tmp_path / "data" / "again"
    for target, mine, says in (
        (again, again / "held", "which is published"),
        (own / "again", own, "which is the custodian's own"),
        (own, own, "may not lie in"),
    ):
        with pytest.raises(DataError, match=says) as error:
            publish(open_dataset(tmp_path / "births"), target, mine, ORDER, policy_k=11, now=NOW)
        assert "where rooms look" not in str(error.value)
    beside = tmp_path / "data" / "held"
    publish(open_dataset(tmp_path / "births"), again, beside, ORDER, policy_k=11, now=NOW)
    assert len(hold_outs(beside)) == 1


def test_a_folder_that_is_no_publication_is_not_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "data" / "births").mkdir(parents=True)
    with pytest.raises(DataError, match="exists and is no publication"):
        run(tmp_path)


def test_a_publication_that_fails_leaves_no_hold_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("rounds.custody.publishing.publish.seal", fail)
    with pytest.raises(OSError, match="no space"):
        run(tmp_path)
    assert [path.name for path in (tmp_path / "custodian").iterdir()] == ["register.sqlite"]
    assert read_register(tmp_path / "custodian") == ()


def test_a_hold_out_is_never_taken_away_when_its_publication_was_moved(tmp_path: Path) -> None:
    """It was killed when it had its name and was not on record yet; then somebody moved it."""
    target = run(tmp_path)
    held = hold_outs(tmp_path / "custodian")[0]
    (made,) = read_register(tmp_path / "custodian")
    with open_register(tmp_path / "custodian") as register:
        register._write(replace(made, staging=str(target.parent / ".births-x")))
    target.chmod(0o755)
    target.rename(tmp_path / "elsewhere")
    run(tmp_path)
    assert held.is_dir()
    assert len(hold_outs(tmp_path / "custodian")) == 2


@pytest.mark.parametrize("name", ["First Last", "first  last", "Your Name", "..."])
def test_a_placeholder_does_not_sign(tmp_path: Path, name: str) -> None:
    target = run(tmp_path)
    with pytest.raises(DataError, match="stands for a name: write who signs"):
        sign_off(target, "owner", name, NOW)
    assert not (target / "sign-offs.json").exists()


def test_a_published_part_describes_itself(tmp_path: Path) -> None:
    """What the plan decided is confirmed, what is left open stays open, and missing cells are those of the part."""
    dataset = write_clean(tmp_path / "births")
    table = dataset.table("pregnancy")
    frame = dataset.frame("pregnancy")
    frame.loc[frame.index % 3 == 0, "grams"] = np.nan
    frame.to_parquet(dataset.file("pregnancy"), index=False)
    note = 'Missing in 9,999 of 12,345 rows. 5 of them were written as "999.0", "NA". De-identified: keep.'
    for name, said in (("grams", note), ("era", ""), ("mother_id", "")):
        table = table.with_column(replace(table.column(name), to_confirm=("unit", "role", "available"), note=said))
    write_package(replace(dataset.package, tables=(dataset.package.tables[0], table)), dataset.path)
    target = run(tmp_path)
    for part in ("sample", "full"):
        shown = open_dataset(target / part / "births")
        rows, found = shown.frame("pregnancy"), shown.table("pregnancy")
        missing = int(rows["grams"].isna().sum())
        assert found.column("grams").note == f"Missing in {missing:,} of {len(rows):,} rows. De-identified: keep."
        assert found.column("grams").to_confirm == ("unit", "role", "available")  # the plan says nothing of it
        assert found.column("era").to_confirm == ("available",)  # the plan gives its role, and a text has no unit
        assert "unit" not in found.column("mother_id").to_confirm


def sign_both(target: Path) -> None:
    sign_off(target, "owner", "O. Wner", NOW)
    sign_off(target, "it", "I. Tee", NOW)


def test_only_two_signatures_open_the_way_to_a_team(tmp_path: Path) -> None:
    target = run(tmp_path)
    with pytest.raises(DataError, match=r"the data's owner has not signed yet\. They run: rounds data sign"):
        check_can_attach(target, NOW)
    sign_off(target, "owner", "O. Wner", NOW)
    with pytest.raises(DataError, match="the hospital's IT has not signed yet"):
        check_can_attach(target, NOW)
    for same in ("O. Wner", "o.  wner ", "\uff2f. Wner", "Wner, O."):
        with pytest.raises(DataError, match="Owner and IT are two people"):
            sign_off(target, "it", same, NOW)
    with pytest.raises(DataError, match="Owner and IT are two people"):
        sign_off(target, "it", "o. wner", NOW)
    sign_off(target, "it", "I. Tee", NOW)
    assert check_can_attach(target, NOW).approval == APPROVAL


def test_an_approval_that_ended_closes_it(tmp_path: Path) -> None:
    target = run(tmp_path)
    sign_both(target)
    assert check_can_attach(target, datetime(2027, 6, 30, 23, tzinfo=UTC))
    with pytest.raises(DataError, match=r"ended on 2027-06-30"):
        check_can_attach(target, datetime(2027, 7, 1, tzinfo=UTC))


def make_writable(path: Path) -> None:
    path.parent.chmod(0o755)
    if path.exists():
        path.chmod(0o644)


@pytest.mark.parametrize("what", ["change", "add", "remove", "extend the approval", "resign"])
def test_any_change_after_the_signatures_is_noticed(tmp_path: Path, what: str) -> None:
    target = run(tmp_path)
    sign_both(target)
    table = target / "full" / "births" / "person.parquet"
    make_writable(table)
    if what == "change":
        table.write_bytes(table.read_bytes() + b"x")
    elif what == "add":
        (table.parent / "extra.csv").write_text("a")
    elif what == "remove":
        table.unlink()
    elif what == "extend the approval":
        make_writable(target / "publication.json")
        text = (target / "publication.json").read_text()
        (target / "publication.json").write_text(text.replace("2027-06-30", "2099-06-30"))
    else:
        make_writable(target / "manifest.json")
        manifest = json.loads((target / "manifest.json").read_text())
        table.write_bytes(table.read_bytes() + b"x")
        from rounds.store.manifest import hash_file

        manifest["full/births/person.parquet"] = hash_file(table)
        (target / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DataError, match=r"was changed|was added|is missing|signed another version"):
        check_can_attach(target, NOW)


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (replace(ORDER, approval=Approval("", date(2027, 1, 1))), "ethics approval .* is missing"),
        (replace(ORDER, approval=Approval("1", date(2026, 11, 23))), "ended on 2026-11-23"),
        (replace(ORDER, hold_out=1.5), "is no share"),
        (replace(ORDER, people=0), "at least 1"),
        (replace(ORDER, people=10_000), r"is the whole dataset, which holds \d+\. Ask for fewer, such as --people \d+"),
        (replace(ORDER, people=300, hold_out=0.5), "leaves no room for the sample"),
    ],
)
def test_a_wrong_order_publishes_nothing(tmp_path: Path, order: PublicationOrder, says: str) -> None:
    with pytest.raises(DataError, match=says):
        run(tmp_path, order)
    assert not (tmp_path / "data" / "births").exists()
    assert not list((tmp_path / "data").glob("*")) if (tmp_path / "data").exists() else True


def test_a_dataset_that_was_never_de_identified_is_refused(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    (dataset.path / "deidentification.json").unlink()
    with pytest.raises(DataError, match=r"is not de-identified\. First: rounds data deidentify"):
        run(tmp_path)


def test_a_dataset_with_an_identifier_left_is_refused(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    table = replace(dataset.table("person"), columns=(*dataset.table("person").columns, Column("phone", "string")))
    package = replace(dataset.package, tables=(table, dataset.package.tables[1]))
    frame = dataset.frame("person").assign(phone="054-1234567")
    frame.to_parquet(dataset.file("person"), index=False)
    write_package(package, dataset.path)
    with pytest.raises(DataError, match=r"cannot be published: .*telephone"):
        run(tmp_path)


@pytest.mark.parametrize(("k", "says"), [(3, "k = 3 is refused"), (7, "needs the custodian's written override")])
def test_a_low_k_is_refused_here_again(tmp_path: Path, k: int, says: str) -> None:
    dataset = write_clean(tmp_path / "births")
    treatment = read_treatment(dataset.path)
    assert treatment is not None
    write_treatment(replace(treatment, k_asked=k, k_measured=k), dataset.path)
    with pytest.raises(DataError, match=says):
        run(tmp_path)


def test_what_is_published_is_not_written_over(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(DataError, match="is published already"):
        run(tmp_path)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 200), st.floats(0.01, 0.6), st.integers(0, 2**40))
def test_no_group_is_ever_split_over_parts(
    tmp_path_factory: pytest.TempPathFactory, people: int, share: float, seed: int
) -> None:
    folder = tmp_path_factory.getbasetemp() / "shared-births"
    whole = open_whole(open_dataset(folder) if folder.exists() else write_clean(folder, mothers=60))
    try:
        sample = draw_groups(whole, people, seed)
        held = draw_share(whole, share, seed, sample)
    except DataError:
        return
    inside, outside = select(whole, sample), select(whole, held)
    assert not set(inside["person"].person_id) & set(outside["person"].person_id)
    for part in (inside, outside):
        members = set(part["person"].person_id)
        assert set(part["pregnancy"].mother_id) | set(part["pregnancy"].child_id) <= members
        lines = whole.frames["pregnancy"]
        assert set(lines.child_id[lines.mother_id.isin(members)]) <= members


CHILD = """
import sys
from pathlib import Path
from tests.unit.test_publish_road import NOW, ORDER, publish
from rounds.data.dataset import open_dataset
here = Path(sys.argv[1])
import pandas, pyarrow, rounds.custody.privacy.check
print("ready", flush=True)
publish(open_dataset(here / "births"), here / "data" / "births", here / "custodian", ORDER, policy_k=11, now=NOW)
print("done", flush=True)
"""


def test_a_kill_at_any_moment_leaves_all_of_it_or_nothing(tmp_path: Path, root: Path) -> None:
    write_clean(tmp_path / "births")
    began = time.perf_counter()
    run(tmp_path)
    whole_s = time.perf_counter() - began
    rng, seen = random.Random(11), set()
    for wait_s in [0.0, *(rng.uniform(0, 1.6 * whole_s) for _ in range(9)), 30.0]:
        remove_folder(tmp_path / "data" / "births")
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout
            assert child.stdout.readline() == "ready\n"
            try:
                child.wait(wait_s)
            except subprocess.TimeoutExpired:
                os.kill(child.pid, signal.SIGKILL)
        target = tmp_path / "data" / "births"
        seen.add(target.exists())
        if target.exists():
            sign_both(target)
            assert check_can_attach(target, NOW)
            held = tmp_path / "custodian" / read_publication(target).hold_out
            assert len(people_in(held)) == read_publication(target).people["hold-out"]
        assert [p.name for p in (tmp_path / "data").iterdir() if not p.name.startswith(".")] in ([], ["births"])
    assert seen == {True, False}
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


# ---- attaching


def signed(tmp_path: Path) -> Path:
    target = run(tmp_path)
    sign_off(target, "owner", "O. Wner", NOW)
    sign_off(target, "it", "I. Tee", NOW)
    return target


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Return what challenges open in a state folder where nothing was attached yet."""
    with open_ledger(Folders(tmp_path / "state"), "rivka", NOW) as ledger:
        yield ledger


def part(folder: Path, name: str) -> Part:
    return Part(folder, name, "birthweight", "birthweight")


def test_a_part_is_attached_byte_for_byte_and_each_has_its_place(tmp_path: Path, ledger: Ledger) -> None:
    target, folders = signed(tmp_path), ledger.folders
    attach_part(ledger, part(target, "sample"))
    assert people_in(folders.sized / "sample" / "births") == people_in(target / "sample" / "births")
    assert json.loads((folders.data / "attachments.json").read_text()) == {"birthweight": "births"}
    attach_part(ledger, part(target, "full"))
    assert people_in(folders.sized / "full" / "births") == people_in(target / "full" / "births")
    assert [p.name for p in folders.data.iterdir()] == ["attachments.json"]
    assert sorted(p.parent.name for p in folders.sized.glob("*/births")) == ["full", "sample"]


def test_nothing_is_attached_that_nobody_signed_or_that_is_no_part(tmp_path: Path, ledger: Ledger) -> None:
    target = run(tmp_path)
    with pytest.raises(DataError, match="has not signed"):
        attach_part(ledger, part(target, "sample"))
    with pytest.raises(DataError, match='Did you mean "full"'):
        attach_part(ledger, part(target, "ful"))
    assert list(ledger.folders.data.iterdir()) == []
    assert list(ledger.folders.sized.rglob("*.parquet")) == []


def test_a_file_that_changes_while_it_is_copied_is_not_attached(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, copy = signed(tmp_path), shutil.copytree

    def copy_and_change(source: Path, staging: Path, **given: bool) -> None:
        copy(source, staging, **given)
        changed = staging / "person.parquet"
        changed.chmod(0o644)
        changed.write_bytes(changed.read_bytes() + b"x")

    monkeypatch.setattr(shutil, "copytree", copy_and_change)
    with pytest.raises(DataError, match="changed while it was copied"):
        attach_part(ledger, part(target, "sample"))
    assert list(ledger.folders.data.iterdir()) == []
    assert list(ledger.folders.sized.rglob("*.parquet")) == []
    assert find_opened(ledger.engine, "birthweight") == []


# one publication for all parts of a challenge


def test_a_challenge_opens_the_parts_of_one_publication(tmp_path: Path, ledger: Ledger) -> None:
    """The hold-out of one and the full data of another would hold the same people, with their outcomes."""
    first, second = run(tmp_path), tmp_path / "data" / "births-2"
    publish(open_dataset(tmp_path / "births"), second, tmp_path / "custodian-2", ORDER, policy_k=11, now=NOW)
    for target in (first, second):
        sign_both(target)
    one, other = read_publication(first), read_publication(second)
    check_one_publication(ledger, "birthweight", one)
    attach_part(ledger, part(first, "full"))
    check_one_publication(ledger, "birthweight", one)
    with pytest.raises(DataError, match=r"opens full of another publication, .*births. Two .* --replace"):
        attach_part(ledger, part(second, "sample"))
    assert find_others(ledger, "birthweight", one) == []
    assert (ledger.folders.sized / "full" / "births").is_dir()
    ledger.close(find_others(ledger, "birthweight", other))
    assert not (ledger.folders.sized / "full" / "births").exists()
    assert find_opened(ledger.engine, "birthweight") == []
    attach_part(ledger, part(second, "sample"))
    opened = find_opened(ledger.engine, "birthweight")
    assert [(o.publication, o.source, o.part) for o in opened] == [(other.id, str(second.resolve()), "sample")]
