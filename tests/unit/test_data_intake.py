"""Importing foreign tables: births14 and its twin, and files that are broken."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from rounds.custody.intake.import_table import confirm, find_decisions, import_table
from rounds.custody.intake.proposals.decisions import load_decisions, shipped_decisions
from rounds.data.dataset import open_dataset
from rounds.errors import DataError


def _import(tmp_path: Path, text: str | bytes) -> pd.DataFrame:
    path = tmp_path / "in.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_table(path, "t", tmp_path / "out").frame()


def test_births14_comes_in_with_its_decisions_converted(tmp_path: Path, births14: Path) -> None:
    raw = pd.read_csv(births14)
    births = import_table(births14, "births14", tmp_path, decisions=shipped_decisions("births14"))
    frame = births.frame()
    assert (frame.birthweight_g - raw.weight * 453.59237).abs().max() < 1e-6
    assert (frame.weight_gain_kg - raw.gained * 0.45359237).abs().max() < 1e-9
    assert frame.gestation_days.tolist() == (raw.weeks * 7).tolist()
    smoked = raw.habit.map({"nonsmoker": "no", "smoker": "yes"})
    assert frame.smoking.value_counts().to_dict() == smoked.value_counts().to_dict()
    assert births.package.kind == "public"


def test_births14_leaves_nothing_to_confirm_and_loses_nothing(tmp_path: Path, births14: Path) -> None:
    raw = pd.read_csv(births14)
    births = import_table(births14, "births14", tmp_path, decisions=find_decisions(births14))
    assert births.frame().shape == raw.shape
    assert births.frame().isna().sum().sum() == raw.isna().sum().sum()
    assert [c.name for c in births.package.table.columns if c.to_confirm] == []


def test_a_draft_asks_for_units_and_roles_and_notes_the_row_number(tmp_path: Path, births14: Path) -> None:
    births = import_table(births14, "births14", tmp_path)
    table = births.package.table
    assert table.column("weight").to_confirm == ("unit", "role", "available")
    assert table.column("rownames").role == "identifier"
    assert "Counts the rows" in table.column("rownames").note
    assert table.column("fage").note == f"Missing in {pd.read_csv(births14).fage.isna().sum()} of 1,000 rows."


def test_confirming_by_hand_gives_the_same_values(tmp_path: Path, births14: Path) -> None:
    import_table(births14, "births14", tmp_path)
    folder = tmp_path / "births14"
    confirm(folder, "weight", unit="lb", convert_to="g", name="birthweight_g", role="outcome")
    births = confirm(folder, "gained", unit="pounds", convert_to="kg")
    column = births.package.table.column("birthweight_g")
    assert (column.unit, column.role, column.to_confirm) == ("g", "outcome", ("available",))
    assert "x 453.59237" in column.note
    assert births.frame().birthweight_g.iloc[0] == pytest.approx(pd.read_csv(births14).weight.iloc[0] * 453.59237)


def test_a_unit_is_not_converted_twice(tmp_path: Path, births14: Path) -> None:
    import_table(births14, "births14", tmp_path)
    confirm(tmp_path / "births14", "weight", unit="lb", convert_to="g")
    with pytest.raises(DataError, match="already confirmed in g"):
        confirm(tmp_path / "births14", "weight", unit="lb", convert_to="g")
    assert open_dataset(tmp_path / "births14").frame().weight.max() < 6000


def test_the_childrens_hospital_table_comes_in_whole(tmp_path: Path, covid_testing: Path) -> None:
    raw = pd.read_csv(covid_testing, keep_default_na=False, na_values=[""])
    frame = import_table(covid_testing, "covid_testing", tmp_path).frame()
    assert frame.shape == raw.shape
    assert (frame.isna() == raw.isna()).all(axis=None)
    assert "nan" in set(frame.fake_first_name)  # a name, not a missing value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        # the file as a whole
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("a,b\n", "no row under it"),
        # the header
        ("1,2\n3,4\n", "line 1: there is no header"),
        # the lines
        ("a,b\n1,2\n3\n", "line 3: 1 cells, but the header has 2"),
        ("a,b\n1,2\n3,4,5\n", "line 3: 3 cells, but the header has 2"),
        ('a,b\n1,"x\n', "line 2: unexpected end of data"),
        # the bytes
        (b"a,b\n1,2\n\xe9,4\n", "line 3: byte 0xe9 is not UTF-8"),
        (b"a,b\n1,\x00\n", "line 2: a zero byte"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_reason_and_leaves_nothing(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    with pytest.raises(DataError, match=says):
        _import(tmp_path, text)
    assert not (tmp_path / "out").exists()


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_batch", fill_disk)
    with pytest.raises(OSError, match="No space left"):
        _import(tmp_path, "a,b\n1,2\n")
    assert not (tmp_path / "out").exists()


def test_a_failed_import_keeps_the_dataset_that_was_there(tmp_path: Path) -> None:
    assert len(_import(tmp_path, "a,b\n1,2\n")) == 1
    with pytest.raises(DataError):
        _import(tmp_path, "a,b\n1\n")
    assert open_dataset(tmp_path / "out" / "t").frame().a.tolist() == [1]


def test_cells_keep_their_meaning(tmp_path: Path) -> None:
    frame = _import(tmp_path, 'a,b,c,d\n1,1.5,"x, y",true\n2,NA,NA,false\n4,,z,true\n')
    assert frame.a.tolist() == [1, 2, 4]
    assert frame.b.isna().tolist() == [False, True, True]
    assert frame.c.tolist() == ["x, y", "NA", "z"]
    assert frame.d.tolist() == [True, False, True]


def test_the_description_lists_no_values_of_a_column_that_may_identify(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("patient_name,sex,mrn,code\nLevi,f,a1,x\nCohen,m,b2,y\n")
    (tmp_path / "d.toml").write_text('[[column]]\ncolumn = "code"\nrole = "identifier"\n')
    table = import_table(tmp_path / "in.csv", "t", tmp_path / "out", decisions=tmp_path / "d.toml").package.table
    assert [c.levels for c in table.columns] == [(), ("f", "m"), (), ()]
    assert "Levi" not in (tmp_path / "out" / "t" / "datapackage.json").read_text()


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    assert list(_import(tmp_path, b"\xef\xbb\xbfa,b\n1,2\n")) == ["a", "b"]


def test_parquet_comes_in_and_a_false_one_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1, 2]}).to_parquet(tmp_path / "in.parquet")
    assert import_table(tmp_path / "in.parquet", "t", tmp_path).frame().a.tolist() == [1, 2]
    (tmp_path / "no.parquet").write_text("a,b")
    with pytest.raises(DataError, match="not a Parquet file"):
        import_table(tmp_path / "no.parquet", "u", tmp_path)


@pytest.mark.parametrize("name", ["", "../x", "A", "a b", ".x"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, made_up_births: Path, name: str) -> None:
    with pytest.raises(DataError, match="no dataset name"):
        import_table(made_up_births, name, tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[column]]\ncolumn = 'weigth'\n", 'no column "weigth". Did you mean "weight"'),
        ("[[column]]\ncolumn = 'weight'\nunti = 'g'\n", '"unti" is not known. Did you mean "unit"'),
        ("[[column]]\nname = 'x'\n", "lacks the line column"),
        ("[[column]]\ncolumn = 'sex'\nunit = 'lb'\nconvert_to = 'g'\n", "holds no numbers"),
        ("[[column]]\ncolumn = 'weight'\nconvert_to = 'g'\n", "say unit="),
        ("[[column]]\ncolumn = 'weight'\nunit='lb'\nconvert_to='mm'\n", "No conversion [lb_av] to mm"),
        ("[[column]]\ncolumn = 'sex'\nvalues = { male = 'm' }\n", 'no new value for "female"'),
        ("[[column]]\ncolumn = 'mage'\nname = 'fage'\n", "that column exists"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_wrong_decision_says_which_and_imports_nothing(
    tmp_path: Path, made_up_births: Path, text: str, says: str
) -> None:
    path = tmp_path / "decisions.toml"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        import_table(made_up_births, "births14", tmp_path / "out", decisions=path)
    assert says in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_an_edited_decisions_file_changes_the_import(tmp_path: Path, made_up_births: Path) -> None:
    path = tmp_path / "decisions.toml"
    path.write_text('[[column]]\ncolumn = "weight"\nname = "pounds"\nunit = "lb"\n')
    assert load_decisions(path).columns[0].name == "pounds"
    births = import_table(made_up_births, "b", tmp_path, decisions=path)
    assert births.package.table.column("pounds").unit == "[lb_av]"
