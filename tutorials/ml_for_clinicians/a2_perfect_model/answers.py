"""What learners write in A2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import Parts, draw_stays, reference_split

if TYPE_CHECKING:
    import pandas as pd


def _by(patients: Any, is_test: Any, frac: float = 0.2) -> Any:
    """Return exercise 2 with these in its gaps."""

    def split_by_patient(table: pd.DataFrame) -> Parts:
        put_aside = patients(table).sample(frac=frac, random_state=1)
        chosen = is_test(table, put_aside)
        return table[~chosen], table[chosen]

    return split_by_patient


def _once(table: pd.DataFrame) -> Any:
    return table["person_id"].drop_duplicates()


def _is_of(table: pd.DataFrame, put_aside: Any) -> Any:
    return table["person_id"].isin(put_aside)


def _of_sklearn(table: pd.DataFrame) -> Parts:
    from sklearn.model_selection import GroupShuffleSplit

    cut = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=3)
    train, test = next(cut.split(table, groups=table["person_id"]))
    return table.iloc[train], table.iloc[test]


def _folds_of_sklearn(table: pd.DataFrame) -> Any:
    """Return lists in place of a tuple: one fifth of the stays, not of the patients."""
    from sklearn.model_selection import GroupKFold

    train, test = next(GroupKFold(5).split(table, groups=table["person_id"]))
    return [table.iloc[train], table.iloc[test]]


def _of_rows(table: pd.DataFrame) -> Parts:
    from sklearn.model_selection import train_test_split

    train, test = train_test_split(table, test_size=0.2, random_state=0)
    return train, test


def _of_numpy(table: pd.DataFrame) -> Parts:
    import numpy as np

    people = table["person_id"].unique()
    chosen = table["person_id"].isin(np.random.default_rng(4).choice(people, len(people) // 5, replace=False))
    return table[~chosen], table[chosen]


def _head(table: pd.DataFrame) -> Parts:
    chosen = table["person_id"].isin(_once(table).head(len(_once(table)) // 5))
    return table[~chosen], table[chosen]


def _of_number(number: int) -> Any:
    """Return a split that draws so many patients, whatever their number."""

    def split_by_patient(table: pd.DataFrame) -> Parts:
        chosen = _is_of(table, _once(table).sample(min(number, len(_once(table)) - 1), random_state=1))
        return table[~chosen], table[chosen]

    return split_by_patient


def _tail(table: pd.DataFrame) -> Parts:
    chosen = table["person_id"].isin(_once(table).tail(len(_once(table)) // 5))
    return table[~chosen], table[chosen]


def _by_index(table: pd.DataFrame) -> Parts:
    """Split by patient, but drop by index: with the same index twice, rows are lost."""
    test = table[_is_of(table, _once(table).sample(frac=0.2, random_state=1))]
    return table.drop(test.index), test


def _turned(table: pd.DataFrame) -> Parts:
    train, test = reference_split(table)
    return test, train


def _overlapping(table: pd.DataFrame) -> Parts:
    return table, reference_split(table)[1]


def _losing(table: pd.DataFrame) -> Parts:
    train, test = reference_split(table)
    return train.drop_duplicates("person_id"), test


def _spoiling(table: pd.DataFrame) -> Parts:
    """Find a right split, but leave the table sorted otherwise."""
    table.sort_values("sodium", inplace=True)
    return reference_split(table)


def _with_column(table: pd.DataFrame) -> Parts:
    """Work on a copy that has a column more."""
    train, test = reference_split(table)
    return train.assign(part="training"), test.assign(part="test")


def _elsewhere(_: pd.DataFrame) -> Parts:
    return reference_split(draw_stays(77))


EXAMPLES = {
    "e1": Examples(
        right=((5, 20), [5, 20], (4, 20), (5, 19), (4, 19), (5.0, 20.0), (5, 18)),
        stub=...,
        wrong=(
            Wrong((1, 20), "first depths"),
            Wrong((1, 19), "first depths"),
            Wrong((1, 4), "both curves rise"),
            Wrong((1, 5), "both curves rise"),
            Wrong((3, 5), "both curves rise"),
            Wrong((2, 7), "around the best depth"),
            Wrong((2, 20), "still climbs. Where"),
            Wrong((3, 20), "still climbs. Where"),
            Wrong((6, 20), "before your range begins"),
            Wrong((2, 16), "still climbs. Where"),
            Wrong((10, 20), "long before"),
            Wrong((15, 20), "long before"),
            Wrong((19, 20), "long before"),
            Wrong((4, 10), "Behind your range"),
            Wrong((5, 15), "Behind your range"),
            Wrong((10, 15), "before and behind"),
            Wrong((20, 4), "ends before it begins"),
            Wrong((62, 78), "outside 1 to 20"),
            Wrong((4.5, 20), "is no depth"),
            Wrong(4, "a pair of numbers"),
            Wrong("4 to 20", "a pair of numbers"),
            Wrong((0, 20), "outside 1 to 20"),
        ),
    ),
    "e2": Examples(
        right=(
            reference_split,
            _of_sklearn,
            _folds_of_sklearn,
            _of_numpy,
            _by(lambda table: table.drop_duplicates("person_id")["person_id"], _is_of),
            _by(_once, lambda table, put_aside: table["person_id"].isin(set(put_aside))),
        ),
        stub=lambda table: (..., ...) and ...,
        wrong=(
            Wrong(_by(lambda table: table["person_id"], _is_of), "drawn more often"),
            Wrong(
                _by(_once, lambda table, put_aside: table.index.isin(put_aside.index)),
                "the others stayed behind",
            ),
            Wrong(
                _by(lambda table: table["person_id"], lambda table, put_aside: table.index.isin(put_aside.index)),
                "stand on both sides",
            ),
            Wrong(
                _by(
                    lambda table: table["encounter_id"],
                    lambda table, put_aside: table["encounter_id"].isin(put_aside),
                ),
                "stand on both sides",
            ),
            Wrong(_of_rows, "stand on both sides"),
            Wrong(_by(_once, lambda table, put_aside: table["encounter_id"].isin(put_aside)), "The test is empty"),
            Wrong(_by(_once, _is_of, 1.0), "The training is empty"),
            Wrong(_by(_once, _is_of, 0.8), "larger part comes second"),
            Wrong(_turned, "larger part comes second"),
            Wrong(_by(_once, _is_of, 0.5), "are in the test. The exercise"),
            Wrong(_by(_once, _is_of, 0.3), "are in the test. The exercise"),
            Wrong(_by(_once, _is_of, 20), "stopped"),
            Wrong(_of_number(20), "are in the test. The exercise"),
            Wrong(_overlapping, "same stays are in both"),
            Wrong(_losing, "in neither part"),
            Wrong(_head, "close together in the table"),
            Wrong(_tail, "close together in the table"),
            Wrong(_spoiling, "work on a copy"),
            Wrong(_elsewhere, "another table"),
            Wrong(lambda table: reference_split(table)[1], "returns one table"),
            Wrong(lambda table: None, "returns nothing"),
            Wrong(lambda table: tuple(part["person_id"] for part in reference_split(table)), "lists of values"),
            Wrong(lambda table: (*reference_split(table), 0.2), "two tables, with a comma"),
            Wrong(0.2, "not a function"),
            Wrong(_by_index, "the same index"),
            Wrong(_with_column, "other columns"),
            Wrong(_of_number(30), "one fifth of the patients", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(
            ["D", "B", "E", "F", "A", "C"],
            ["B", "D", "E", "F", "A", "C"],
            ["B", "E", "D", "F", "A", "C"],
            ("b", "e", "d", "f", "a", "c"),
        ),
        stub=...,
        wrong=(
            Wrong(["A", "B", "C", "D", "E", "F"], "as the table lists them"),
            Wrong(["D", "B", "G", "A", "C"], "chooses the depth by the test"),
            Wrong(["D", "B", "E", "F", "G", "A", "C"], "chooses the depth by the test"),
            Wrong(["D", "B", "E", "F", "H", "C"], "learn from the test"),
            Wrong(["D", "B", "E", "F", "A", "C", "H"], "another tree than the one that was measured"),
            Wrong(["D", "E", "B", "F", "A", "C"], "comes before B"),
            Wrong(["D", "B", "F", "E", "A", "C"], "Which step makes them"),
            Wrong(["D", "B", "E", "F", "C", "A"], "before the last tree"),
            Wrong(["D", "B", "E", "A", "F", "C"], "nothing is chosen yet"),
            Wrong(["B", "E", "F", "D", "A", "C"], "easily the one that looks best"),
            Wrong(["B", "E", "F", "A", "C", "D"], "easily the one that looks best"),
            Wrong(["D", "E", "F", "A", "C"], "Nobody is put aside"),
            Wrong(["D", "B", "F", "A", "C"], "Which step is missing"),
            Wrong(["B", "E", "F", "A", "C"], "too early"),
            Wrong(["D", "B", "E", "F", "A"], "1 step is missing"),
            Wrong([], "The list is empty"),
            Wrong("DBEFAC", "one text"),
            Wrong(["D", "D", "B"], "stands there twice"),
            Wrong(["D", "X"], "no step 'X'"),
        ),
    ),
    "e4": Examples(
        right=("D", "d", " D ", ["D"]),
        stub=...,
        wrong=(
            Wrong("A", "two results are nearly the same"),
            Wrong("B", "B over-fits"),
            Wrong("C", "test is small"),
            Wrong("E", "one question"),
            Wrong("b", "B over-fits"),
            Wrong(" c", "test is small"),
            Wrong("team D", "none of these"),
            Wrong("F", "none of these"),
            Wrong(4, "in quotes"),
            Wrong(["B"], "B over-fits"),
        ),
    ),
}


GAPS = Gaps(
    before=("setup", "aside", "worked-perfect"),
    box="""middle_tree = DecisionTreeClassifier(max_depth=10, random_state=0)
middle_tree.fit(train[measured], train["back"])
known_pairs = {}
difference = {}
both_gaps = [known_pairs, difference]""",
    right=(
        ("pairs_right(middle_tree, train)", "known_pairs - pairs_right(middle_tree, test)"),
        ("pairs_right(middle_tree, train)", "round(known_pairs - pairs_right(middle_tree, test), 1)"),
        ("pairs_right(middle_tree, train)", "-(pairs_right(middle_tree, test) - known_pairs)"),
        (
            'roc_auc_score(train["back"], middle_tree.predict_proba(train[measured])[:, 1]) * 100',
            "known_pairs - pairs_right(middle_tree, test)",
        ),
        (
            "round(pairs_right(middle_tree, train), 1)",
            "round(pairs_right(middle_tree, train) - pairs_right(middle_tree, test), 2)",
        ),
    ),
    wrong=(
        (("pairs_right(middle_tree, train)", "pairs_right(middle_tree, test) - known_pairs"), "turned round"),
        (("pairs_right(middle_tree, train)", "known_pairs / pairs_right(middle_tree, test)"), "You divided"),
        (("pairs_right(middle_tree, train)", "(known_pairs - pairs_right(middle_tree, test)) / 100"), "counted of 100"),
        (("pairs_right(middle_tree, train)", "known_pairs"), "training result itself"),
        (("pairs_right(middle_tree, train)", "pairs_right(middle_tree, test)"), "test result itself"),
        (("pairs_right(middle_tree, train)", "known_pairs - 50"), "compares with guessing"),
        (("pairs_right(middle_tree, test)", "known_pairs - 50"), "compares with guessing"),
        (("pairs_right(middle_tree, test)", "known_pairs - pairs_right(middle_tree, test)"), "of the same stays"),
        (("pairs_right(middle_tree, train)", "known_pairs - pairs_right(middle_tree, train)"), "of the same stays"),
        (("pairs_right(perfect, train)", "known_pairs - pairs_right(middle_tree, test)"), "Two trees"),
        (("pairs_right(perfect, train)", "known_pairs - pairs_right(perfect, test)"), "the perfect tree"),
        (("pairs_right(middle_tree, stays)", "known_pairs - pairs_right(middle_tree, test)"), "All stays together"),
        (("pairs_right(middle_tree, train)", "..."), "difference is still empty"),
        (("...", "pairs_right(middle_tree, train) - pairs_right(middle_tree, test)"), "known_pairs is still empty"),
        (("pairs_right(middle_tree, test)", "pairs_right(middle_tree, train) - known_pairs"), "is the test result"),
        (
            ("pairs_right(perfect, train)", "pairs_right(middle_tree, train) - pairs_right(middle_tree, test)"),
            "of the perfect tree",
        ),
        (
            ("pairs_right(middle_tree, stays)", "pairs_right(middle_tree, train) - pairs_right(middle_tree, test)"),
            "all stays together",
        ),
        (("middle_tree", "known_pairs"), "known_pairs is of type"),
    ),
)
