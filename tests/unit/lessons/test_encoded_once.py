"""A table is encoded once, and anew after anything in it was changed."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from rounds.lessons.values import once
from rounds.lessons.values.encode import encode_value
from rounds.lessons.values.once import encode_once


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {"site": ["A", "B"], "value": [1.0, 2.0], "number": [3, 4], "at": pd.to_datetime(["2030-01-01"] * 2)}
    )


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return the list of all that is really encoded."""
    asked: list[object] = []

    def encode(value: object) -> bytes:
        asked.append(value)
        return encode_value(value)

    monkeypatch.setattr(once, "encode_value", encode)
    return asked


def test_the_same_table_is_encoded_once_and_an_equal_one_for_itself(counted: list[object]) -> None:
    first, second = table(), table()
    assert encode_once(first) == encode_once(first) == encode_value(first)
    assert encode_once(second) == encode_once(first)
    assert len(counted) == 2


def _set_cell(labs: pd.DataFrame) -> None:
    labs.loc[0, "value"] = -1.0


def _set_text(labs: pd.DataFrame) -> None:
    labs.loc[0, "site"] = "C"


def _set_column(labs: pd.DataFrame) -> None:
    labs["number"] = [5, 6]


def _add_column(labs: pd.DataFrame) -> None:
    labs["more"] = True


def _rename(labs: pd.DataFrame) -> None:
    labs.columns = ["site", "number", "value", "at"]


def _index(labs: pd.DataFrame) -> None:
    labs.index = pd.Index([5, 6])


def _index_name(labs: pd.DataFrame) -> None:
    labs.index.name = "row"


def _drop(labs: pd.DataFrame) -> None:
    del labs["number"]


def _set_time(labs: pd.DataFrame) -> None:
    labs.loc[0, "at"] = pd.Timestamp("2030-01-02")


def _add_in_place(labs: pd.DataFrame) -> None:
    labs["value"] += 1


@pytest.mark.parametrize(
    "change",
    [_set_cell, _set_text, _set_column, _add_column, _rename, _index, _index_name, _drop, _set_time, _add_in_place],
)
def test_a_table_that_was_changed_is_encoded_anew(change: Callable[[pd.DataFrame], None]) -> None:
    labs = table()
    before = encode_once(labs)
    change(labs)
    assert encode_once(labs) == encode_value(labs) != before


def test_a_column_that_was_changed_is_encoded_anew() -> None:
    column = pd.Series([1.0, 2.0], name="x")
    before = encode_once(column)
    column.name = "y"
    named = encode_once(column)
    column.iloc[0] = 5.0
    assert len({before, named, encode_once(column)}) == 3


def test_no_more_tables_are_kept_than_a_few(counted: list[object]) -> None:
    tables = [table() for _ in range(once.MOST_TABLES + 3)]
    for one in tables:
        encode_once(one)
    assert len(once._kept) == once.MOST_TABLES
    encode_once(tables[-1])
    assert len(counted) == len(tables)


def test_objects_in_a_table_are_looked_at_each_time(counted: list[object]) -> None:
    lists = pd.DataFrame({"x": [[1], [2]]})
    encode_once(lists)
    lists.loc[0, "x"].append(5)  # type: ignore[union-attr]
    assert encode_once(lists) == encode_value(lists)
