"""A value leaves as data and comes back as it was; bytes that a stranger wrote are believed in nothing."""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import json
import math
import struct
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rounds.lessons.ladder import Rung, climb
from rounds.lessons.values import encode
from rounds.lessons.values.decode import decode_value
from rounds.lessons.values.encode import encode_value
from rounds.lessons.values.message import MOST_PARTS, MessageError, pack, unpack
from rounds.lessons.values.missing import plain_missing
from rounds.lessons.values.stand_ins import foreign_error

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just(...)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
        | st.sets(st.integers() | st.text(max_size=3), max_size=4)
    ),
    max_leaves=20,
)
MOMENT = datetime.datetime(2027, 2, 21, 9, 30)


def again(value: Any) -> Any:
    return decode_value(encode_value(value))


@given(VALUES)
def test_a_plain_value_comes_back_as_it_was(value: Any) -> None:
    back = again(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "value",
    [
        # Python's own
        *(math.inf, -math.inf, 2**70, -(2**70), 1j, range(2, 9, 3)),
        *(decimal.Decimal("1.20"), fractions.Fraction(1, 3)),
        *(MOMENT, MOMENT.date(), MOMENT.time(), datetime.timedelta(1, 2, 3)),
        # NumPy's and pandas'
        *(np.float64(2.5), np.int8(3), np.bool_(True), np.datetime64("2027-02-21"), np.timedelta64(3, "s")),
        *(pd.Timestamp(MOMENT), pd.Timestamp(MOMENT, tz="Asia/Jerusalem"), pd.Timedelta("1h")),
    ],
    ids=repr,
)
def test_a_single_value_keeps_its_type(value: Any) -> None:
    back = again(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("missing", [math.nan, np.float64("nan"), pd.NaT, pd.NA], ids=repr)
def test_what_is_missing_stays_missing(missing: Any) -> None:
    assert pd.isna(again(missing))
    assert type(again(missing)) is type(missing)


@pytest.mark.parametrize(
    "array",
    [
        *(
            np.arange(6).reshape(2, 3),
            np.array([], dtype=float),
            np.array(["a", "bb"]),
            np.array([1, None, "x"], object),
        ),
        *(np.array([1.5, np.nan], dtype=">f8"), np.arange(9).reshape(3, 3).T, np.array(5), np.array([True, False])),
    ],
    ids=str,
)
def test_an_array_comes_back(array: np.ndarray[Any, Any]) -> None:
    back = again(array)
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.flags.writeable


TABLE = pd.DataFrame(
    {
        "whole": [1, 2, 3],
        "text": ["x", None, "z"],
        "group": pd.Categorical(["u", "v", "u"], categories=["v", "u"], ordered=True),
        "day": pd.date_range("2027", periods=3),
        "moment": pd.date_range("2027", periods=3, tz="Asia/Jerusalem"),
        "maybe": pd.array([1, None, 3], dtype="Int64"),
        "flag": pd.array([True, None, False], dtype="boolean"),
        "share": pd.array([0.5, None, 1.0], dtype="Float64"),
        "mixed": [1, "x", None],
        "real": [1.5, np.nan, 2],
        "wait": pd.to_timedelta([1, 2, 3], unit="h"),
    },
    index=pd.Index([5, 6, 7], name="person_id"),
)


@pytest.mark.parametrize(
    "table",
    [
        *(TABLE, TABLE.iloc[:0], pd.DataFrame(), TABLE.set_index(["text", "whole"])),
        *(pd.DataFrame([[1, 2]], columns=["a", "a"]), TABLE.groupby("text").agg({"real": ["mean", "max"]})),
    ],
    ids=["every kind", "no rows", "nothing", "two levels", "one name twice", "levels above"],
)
def test_a_table_comes_back(table: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(again(table), table)


@pytest.mark.parametrize("name", TABLE.columns)
def test_a_column_comes_back(name: str) -> None:
    pd.testing.assert_series_equal(again(TABLE[name]), TABLE[name])
    pd.testing.assert_index_equal(again(pd.Index(TABLE[name])), pd.Index(TABLE[name]))


class Pair(NamedTuple):
    left: int
    right: int


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        *((collections.Counter("aab"), {"a": 2, "b": 1}), (collections.OrderedDict(a=1), {"a": 1})),
        *((Pair(1, 2), (1, 2)), ({"a": 1}.keys(), ["a"]), (frozenset({1}), {1}), (np.str_("x"), "x")),
    ],
)
def test_a_relative_of_a_plain_type_is_taken_for_it(value: Any, plain: Any) -> None:
    assert again(value) == plain


class Liar(list):  # type: ignore[type-arg]
    """A list of wrong values that says of itself whatever is wanted."""

    def __iter__(self) -> Any:
        return iter([1, 2])

    def __eq__(self, other: object) -> bool:
        return True

    def __reduce__(self) -> Any:
        raise AssertionError("nothing is pickled")

    def __array__(self, *_: Any, **__: Any) -> Any:
        return np.array([1, 2])

    __hash__ = None  # type: ignore[assignment]
    __class__ = dict  # type: ignore[assignment]


def test_a_liar_is_taken_for_what_it_holds() -> None:
    assert again(Liar([7, 8])) == [7, 8]


def test_what_is_no_data_leaves_the_name_of_its_type_only() -> None:
    class Model:
        pass

    model = again(Model())
    assert type(model).__name__ == "Model"
    assert repr(model) == "<Model>"
    assert type(again([open])[0]).__name__ == "builtin_function_or_method"
    assert type(again(type("not a name; import os", (), {})())).__name__ == "object"


def test_a_function_is_named() -> None:
    def ppv() -> None:
        pass

    assert decode_value(encode_value(ppv), lambda kind, name: (kind, name)) == ("function", "ppv")
    assert decode_value(encode_value(lambda: 1), lambda kind, name: (kind, name)) == ("function", "<lambda>")


def circle() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (circle(), "nested more than 20 levels"),
        (np.broadcast_to(np.float64(0), (10**5, 10**5)), "80,000 MB is too large"),
        ([0] * (encode.MOST_ENTRIES + 1), "more than 1,000,000 entries"),
        ("x" * 70_000_000, "text of 70 MB is too large"),
    ],
    ids=["holds itself", "80 GB", "many entries", "long text"],
)
def test_what_is_too_large_or_too_deep_stays(value: Any, says: str) -> None:
    with pytest.raises(MessageError, match=says):
        encode_value(value)


def column(**more: Any) -> Any:
    return {"k": "array", "s": [1], "d": "float64", "b": 0, **more}


@pytest.mark.parametrize(
    "head",
    [
        # unknown or half nodes
        *({"k": "pickle"}, {}, {"k": "tuple"}, {"k": "dict", "v": [[1]]}, {"k": "range", "v": ["a", 1, 1]}),
        *({"k": "dict", "v": [[[1], 2]]}, {"k": "set", "v": [[1]]}, {"k": "int", "v": "x"}, {"k": "date", "v": "soon"}),
        # arrays and columns that do not fit
        *(column(d="object"), column(d="O"), column(d="V8"), column(s=[2]), column(s=[-1]), column(b=1), column(b=-1)),
        *(column(s=[10**12]), column(b="0"), column(d="str", v=[1]), column(d=["float64"])),
        {"k": "series", "n": None, "i": {"k": "index", "n": [None], "r": [0, 9, 1]}, "c": column()},
        {"k": "index", "n": [], "c": column()},
        {"k": "index", "n": [None], "r": [0, 1, 0]},
        {"k": "timestamp", "v": 1, "u": "years", "z": ""},
        {"k": "timestamp", "v": 1, "u": "s", "z": "../../etc/passwd"},
    ],
    ids=str,
)
def test_a_value_that_does_not_fit_together_is_refused(head: Any) -> None:
    with pytest.raises(MessageError):
        decode_value(pack(head, [struct.pack("<d", 1.5)]))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_refused(data: bytes) -> None:
    try:
        decode_value(data)
    except MessageError:
        return


@given(st.data())
def test_a_spoiled_table_is_a_value_or_refused(data: st.DataObject) -> None:
    good = encode_value(TABLE)
    at = data.draw(st.integers(0, len(good) - 1))
    spoiled = good[:at] + data.draw(st.binary(min_size=1, max_size=4)) + good[at + 1 :]
    try:
        decode_value(spoiled)
    except MessageError:
        return


def test_deep_json_is_refused() -> None:
    text = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(MessageError, match="JSON"):
        unpack(struct.pack(">I", len(text)) + text + struct.pack(">I", 0))
    with pytest.raises(MessageError, match="too deep"):
        decode_value(pack(json.loads("[" * 100 + "]" * 100)))
    with pytest.raises(MessageError, match="parts"):
        unpack(struct.pack(">I4sI", 4, b"null", MOST_PARTS + 1))


def test_an_error_of_another_process_is_below_pythons_own() -> None:
    error = foreign_error("KeyError", "'site'")
    assert (type(error).__name__, str(error), isinstance(error, KeyError)) == ("KeyError", "'site'", True)
    assert type(foreign_error("os; import", "x")) is not type(foreign_error("SystemExit", "x"))
    assert isinstance(foreign_error("SystemExit", "x"), Exception)
    assert str(foreign_error("UnicodeDecodeError", "bad")) == "bad"


# answers with pandas' own sign for a missing value, and what is judged in their place
@pytest.mark.parametrize(
    ("answer", "judged"),
    [
        (pd.NA, [np.nan]),
        (pd.Series([1, pd.NA], dtype="Int64"), [1, np.nan]),
        (pd.Series([True, pd.NA], dtype="boolean"), [True, np.nan]),
        (pd.Series(["a", pd.NA], dtype="string"), ["a", np.nan]),
        (pd.Series([pd.NA, "a"], dtype=object), [np.nan, "a"]),
        ([pd.NA, 2], [np.nan, 2]),
        ({"a": pd.NA}, [np.nan]),
        (pd.DataFrame({"a": [1, 2], "b": pd.Series([pd.NA, 4], dtype="Int64")})["b"], [np.nan, 4]),
        (pd.DataFrame({"b": pd.Series([pd.NA, 4], dtype="Int64")}).assign(a=1), [[np.nan, 1], [4, 1]]),
    ],
)
def test_a_missing_value_of_pandas_is_judged_as_nan(answer: object, judged: list[object]) -> None:
    found = plain_missing(answer)
    cells = list(found.values()) if isinstance(found, dict) else found
    pd.testing.assert_frame_equal(pd.DataFrame(np.atleast_1d(cells)), pd.DataFrame(judged), check_dtype=False)
    seen: list[object] = []
    assert climb((Rung("values", lambda one: seen.append(one)),), answer) is None  # type: ignore[func-returns-value]
    assert "NA>" not in repr(seen[0])


def test_what_holds_no_missing_value_of_pandas_stays_the_same_object() -> None:
    for answer in (pd.Series([1, 2], dtype="Int64"), pd.DataFrame({"a": [1.5]}), [1, None], "text", 3):
        assert plain_missing(answer) is answer
