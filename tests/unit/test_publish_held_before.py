"""A second publication holds out whom the first one held out, under whatever ids they go by now."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_publish_road import NOW, ORDER, people_in, publish, write_clean

from rounds.custody.privacy.plan.treatment import read_treatment, write_treatment
from rounds.custody.publishing.held_before import Before, check_linked, find_before
from rounds.custody.publishing.parts import people_of
from rounds.custody.publishing.publish import PublicationOrder
from rounds.custody.publishing.register import open_register
from rounds.data.dataset import Dataset, open_dataset
from rounds.errors import DataError


def publish_beside(
    tmp_path: Path, dataset: Dataset, number: int, order: PublicationOrder = ORDER, before: Before | None = None
):
    """Publish a dataset beside the ones before, and return the folder of the publication and of its hold-out."""
    target, custodian = tmp_path / f"data-{number}" / "births", tmp_path / "custodian"
    earlier = [folder / "births" for folder in sorted(tmp_path.glob("data-*"))]
    found = find_before(dataset, earlier, custodian) if before is None else before
    done = publish(dataset, target, custodian, order, policy_k=11, now=NOW, before=found)
    return target, custodian / done.hold_out


def write_key(path: Path, ids: dict[str, str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"challenge": "birthweight", "ids": {"person": ids}, "shift_days": {}}))


def rename(dataset: Dataset, folder: Path, ids: dict[str, str]) -> Dataset:
    """Write the dataset under other ids, as another de-identification would."""
    renamed = write_clean(folder / "births", mothers=3)
    for table in dataset.package.tables:
        frame = dataset.frame(table.name)
        names = [name for name in frame.columns if name.endswith("_id")]
        frame[names] = frame[names].apply(lambda column: column.map(ids))
        frame.to_parquet(renamed.path / table.path, index=False)
    return renamed


def test_the_same_people_are_held_out_of_the_same_tables(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    first, held = publish_beside(tmp_path, dataset, 1)
    second, again = publish_beside(tmp_path, dataset, 2)
    assert people_in(again) == people_in(held) != set()
    assert people_in(second / "full" / "births") == people_in(first / "full" / "births")
    assert not people_in(second / "sample" / "births") & people_in(held)


def test_a_larger_share_takes_nobody_whose_outcome_was_published_while_others_are_left(tmp_path: Path) -> None:
    """The first publication had the births of every second mother; of the others no outcome is known."""
    dataset = write_clean(tmp_path / "births")
    _, held = publish_beside(tmp_path, dataset, 1)
    mothers = np.array(sorted(dataset.frame("pregnancy").mother_id.unique()))
    given = frozenset(mothers[::2]) - people_in(held)
    before = Before(frozenset(people_in(held)), given)
    _, more = publish_beside(tmp_path, dataset, 2, replace(ORDER, hold_out=0.4), before)
    assert people_in(held) < people_in(more)
    assert not given & people_in(more)


def test_the_keys_of_both_rounds_lead_from_one_to_the_other(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    _, held = publish_beside(tmp_path, dataset, 1)
    people = sorted(people_of(dataset))
    other = {person: f"r{number:016x}" for number, person in enumerate(people)}
    dataset_now = rename(dataset, tmp_path / "again", other)
    publication = [tmp_path / "data-1" / "births"]
    lost = find_before(dataset_now, publication, tmp_path / "custodian")
    with pytest.raises(DataError, match=r"no key, or not the whole key, of .*--draw-anew"):
        check_linked(lost, tmp_path / "custodian")

    write_key(tmp_path / "custodian" / "births.key", {f"hospital {person}": person for person in people})
    write_key(tmp_path / "custodian" / "births-2.key", {f"hospital {person}": other[person] for person in people})
    (tmp_path / "custodian" / "web.key").write_bytes(b"-----BEGIN PRIVATE KEY-----\xff")
    (tmp_path / "custodian" / "other.key").write_text('{"ids": {"person_id": [1, 2]}}')
    (tmp_path / "custodian" / "deep.key").write_text("[" * 200_000)
    before = find_before(dataset_now, publication, tmp_path / "custodian")
    assert before.held == {other[person] for person in people_in(held)}
    assert before.held | before.given == people_of(dataset_now)
    assert before.unlinked == ()
    _, again = publish_beside(tmp_path, dataset_now, 2, before=before)
    assert people_in(again) == before.held


@pytest.mark.parametrize("missing", ["publication", "hold-out"])
def test_the_other_half_and_the_key_tell_who_was_held_out(tmp_path: Path, missing: str) -> None:
    """The publication was moved away, or the hold-out was: what is left, and the keys, still tell."""
    dataset = write_clean(tmp_path / "births")
    _, held = publish_beside(tmp_path, dataset, 1)
    people = sorted(people_of(dataset))
    other = {person: f"r{number:016x}" for number, person in enumerate(people)}
    now = rename(dataset, tmp_path / "again", other)
    write_key(tmp_path / "custodian" / "births.key", {f"hospital {person}": person for person in people})
    write_key(tmp_path / "custodian" / "births-2.key", {f"hospital {person}": other[person] for person in people})
    publications, was_held = [tmp_path / "data-1" / "births"], people_in(held)
    if missing == "publication":
        publications = []
        (tmp_path / "data-1").rename(tmp_path / "moved")
    else:
        held.rename(tmp_path / "elsewhere")
    before = find_before(now, publications, tmp_path / "custodian")
    assert before.held == {other[person] for person in was_held}
    assert before.given == {other[person] for person in set(people) - was_held}
    assert before.unlinked == ()


def test_half_a_key_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    publish_beside(tmp_path, dataset, 1)
    people = sorted(people_of(dataset))
    other = {person: f"r{number:016x}" for number, person in enumerate(people)}
    now = rename(dataset, tmp_path / "again", other)
    write_key(tmp_path / "custodian" / "births.key", {f"hospital {person}": person for person in people[::2]})
    write_key(tmp_path / "custodian" / "births-2.key", {f"hospital {person}": other[person] for person in people})
    before = find_before(now, [tmp_path / "data-1" / "births"], tmp_path / "custodian")
    assert any("not the whole key" in missing for missing in before.unlinked)


def test_the_hold_out_of_another_challenge_holds_nobody_out(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    publish_beside(tmp_path, dataset, 1)
    record = read_treatment(dataset.path)
    assert record is not None
    write_treatment(replace(record, challenge="covid", dataset="wards"), dataset.path)
    other = replace(open_dataset(dataset.path), package=replace(dataset.package, name="wards"))
    before = find_before(other, [tmp_path / "data-1" / "births"], tmp_path / "custodian")
    assert before == Before()


def test_who_was_published_once_is_named_each_time(tmp_path: Path) -> None:
    """The second publication holds out people of the first full data; the third one still says so."""
    dataset = write_clean(tmp_path / "births")
    first, _ = publish_beside(tmp_path, dataset, 1)
    _, more = publish_beside(tmp_path, dataset, 2, replace(ORDER, hold_out=0.5))
    known = people_in(more) & people_in(first / "full" / "births")
    publications = [tmp_path / f"data-{number}" / "births" for number in (1, 2)]
    before = find_before(dataset, publications, tmp_path / "custodian")
    assert known
    assert known <= before.held & before.given


def test_new_people_are_held_out_beside_those_of_before(tmp_path: Path) -> None:
    """As many again came since: the hold-out grows to its share, and nobody of the first full data is in it."""
    dataset = write_clean(tmp_path / "births", mothers=240)
    first, all_frames = write_clean(tmp_path / "early" / "births", mothers=3), {}
    early = set(sorted(dataset.frame("pregnancy").mother_id.unique())[:120])
    pregnancy = dataset.frame("pregnancy")
    mine = pregnancy[pregnancy.mother_id.isin(early)]
    all_frames["pregnancy"] = mine
    person = dataset.frame("person")
    all_frames["person"] = person[person.person_id.isin({*mine.mother_id, *mine.child_id})]
    for name, frame in all_frames.items():
        frame.to_parquet(first.path / f"{name}.parquet", index=False)
    published, held = publish_beside(tmp_path, open_dataset(first.path), 1)
    _, again = publish_beside(tmp_path, dataset, 2)
    assert people_in(held) < people_in(again)
    assert not people_in(again) & people_in(published / "full" / "births")
    mothers = people_in(again) & set(pregnancy.mother_id)
    assert len(mothers) == round(0.2 * pd.Series(pregnancy.mother_id).nunique())


def test_a_publication_anywhere_is_found_by_the_register(tmp_path: Path) -> None:
    """Nobody was held out, and it lies outside the state folder: only the custodian's register knows of it."""
    dataset = write_clean(tmp_path / "births")
    first, _ = publish_beside(tmp_path, dataset, 1, replace(ORDER, hold_out=0))
    before = find_before(dataset, [], tmp_path / "custodian")
    assert before.where == (str(first),)
    assert before.given == people_in(first / "full" / "births") != set()


def test_a_publication_that_is_gone_with_its_hold_out_is_not_forgotten(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    first, held = publish_beside(tmp_path, dataset, 1)
    held.rename(tmp_path / "elsewhere")
    first.parent.rename(tmp_path / "moved")
    before = find_before(dataset, [], tmp_path / "custodian")
    assert before.unlinked == (f"{first} (published on {NOW.date()}) is not there, nor is a hold-out of it",)
    with pytest.raises(DataError, match="--draw-anew"):
        check_linked(before, tmp_path / "custodian")


def test_ids_that_lost_their_zeros_are_not_taken_for_other_people(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    publish_beside(tmp_path, dataset, 1)
    people = sorted(people_of(dataset))
    hospital = {person: f"{number:06d}" for number, person in enumerate(people, 1)}
    other = {person: f"r{number:016x}" for number, person in enumerate(people)}
    now = rename(dataset, tmp_path / "again", other)
    write_key(tmp_path / "custodian" / "births.key", {hospital[person]: person for person in people})
    write_key(
        tmp_path / "custodian" / "births-2.key", {hospital[person].lstrip("0"): other[person] for person in people}
    )
    before = find_before(now, [], tmp_path / "custodian")
    assert any("may be written another way" in missing for missing in before.unlinked)
    assert not any(number in missing for missing in before.unlinked for number in hospital.values())


def test_who_is_gone_since_is_counted(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    _, held = publish_beside(tmp_path, dataset, 1)
    people = sorted(people_of(dataset))
    left = set(people) - set(sorted(people_in(held))[:7])
    other = {person: f"r{number:016x}" for number, person in enumerate(people)}
    now = rename(dataset, tmp_path / "again", other)
    for table in ("person", "pregnancy"):
        frame = now.frame(table)
        key = frame["person_id" if table == "person" else "mother_id"]
        frame[key.isin({other[person] for person in left})].to_parquet(now.path / f"{table}.parquet", index=False)
    now = open_dataset(now.path)
    gone = {person for person in people_in(held) if other[person] not in people_of(now)}
    write_key(tmp_path / "custodian" / "births.key", {f"hospital {person}": person for person in people})
    write_key(
        tmp_path / "custodian" / "births-2.key",
        {f"hospital {person}": other[person] for person in people if other[person] in people_of(now)},
    )
    before = find_before(now, [], tmp_path / "custodian")
    assert gone
    assert (before.gone, len(before.held)) == (len(gone), len(people_in(held)) - len(gone))


def test_a_damaged_register_stops_a_publication(tmp_path: Path) -> None:
    dataset = write_clean(tmp_path / "births")
    publish_beside(tmp_path, dataset, 1)
    register = tmp_path / "custodian" / "register.sqlite"
    register.write_bytes(register.read_bytes()[:-2000])
    with pytest.raises(DataError, match=r"register\.sqlite: the register of publications cannot be read"):
        publish_beside(tmp_path, dataset, 2, before=Before())
    assert not (tmp_path / "data-2").exists()


def test_only_one_publishes_at_a_time(tmp_path: Path) -> None:
    custodian = tmp_path / "custodian"
    with (
        open_register(custodian),
        pytest.raises(DataError, match="Another publication is being made"),
        open_register(custodian),
    ):
        pass
    with open_register(custodian):
        pass
