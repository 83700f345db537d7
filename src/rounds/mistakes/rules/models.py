"""The commonest failures of scikit-learn."""

from __future__ import annotations

import re

from rounds.mistakes.failure import Failure, Rule
from rounds.mistakes.reading import did_you_mean, quote


def _say_parameter(failure: Failure, match: re.Match[str]) -> str:
    name, given = match[1], match[3]
    options = re.findall(r"'([\w-]+)'", match[2].partition("among")[2])
    text = given.strip("'\"")
    if options:
        longer = next((option for option in sorted(options) if text and option.endswith(text)), "")
        near = f' Did you mean "{longer}"?' if longer else did_you_mean(text, options)
        near = near or f" It can be {', '.join(sorted(options)[:4])} and others."
        return f"{name} cannot be {quote(text)}.{near}"
    return f"{name} cannot be {given}. It must be {_plain(match[2])}."


def _plain(said: str) -> str:
    said = re.sub(r"\s+", " ", said)
    return said.replace("an int", "a whole number").replace("a float", "a number").partition(" or ")[0]


def _say_names(failure: Failure, match: re.Match[str]) -> str:
    missing = re.search(r"yet now missing:\n- (.+)", match[1])
    unseen = re.search(r"unseen at fit time:\n- (.+)", match[1])
    if missing and unseen:
        return f"The model was fitted with the column {missing[1]}, and here it is {unseen[1]}. Use the same names."
    if missing:
        return f"The model was fitted with the column {missing[1]}, which is missing here. Give it the same columns."
    if unseen:
        return f"The model was fitted without the column {unseen[1]}. Give it the same columns."
    return "The columns stand in another order than when the model was fitted. Use the same order."


RULES = (
    Rule(
        "sklearn-fit-first",
        "NotFittedError",
        r"This (\w+) instance is not fitted",
        "{1} has not learned yet. Call .fit(...) on it first.",
    ),
    Rule(
        "sklearn-no-instance",
        "AttributeError",
        r"object has no attribute '_validate_params'",
        "Make the model first, with round brackets: LogisticRegression().fit(X, y).",
    ),
    Rule(
        "sklearn-class",
        "TypeError",
        r"got estimator class instead \((\w+)\)",
        "Write {1}() with round brackets: a step needs a model that was made.",
    ),
    Rule(
        "sklearn-two-dimensions",
        "ValueError",
        r"Expected (?:a 2-dimensional container|2D array)",
        'The model wants a table, and this is one column. Write two brackets: table[["column"]].',
    ),
    Rule(
        "sklearn-one-dimension",
        "ValueError",
        r"y should be a 1d array, got an array of shape \(\d+, (\d+)\)",
        "One column is wanted, and this has {1}. Of predict_proba take the second: [:, 1].",
    ),
    Rule(
        "sklearn-lengths",
        "ValueError",
        r"inconsistent numbers of samples: \[(\d+), (\d+)\]",
        "One has {1} rows and the other {2}. Both must come from the same rows.",
    ),
    Rule(
        "sklearn-missing",
        "ValueError",
        r"Input (\w+) contains NaN",
        "{1} has missing values, which this model cannot use. Fill them or leave those rows out.",
    ),
    Rule(
        "sklearn-infinite",
        "ValueError",
        r"Input (\w+) contains infinity",
        "{1} holds a number without end, as after a division by 0. Find it and take it out.",
    ),
    Rule(
        "sklearn-one-class",
        "ValueError",
        r"contains only one class|needs samples of at least 2 classes",
        "All rows have the same outcome, so there is nothing to tell apart. Take more rows.",
    ),
    Rule(
        "sklearn-label-kind",
        "ValueError",
        r"Unknown label type: \(?'?(\w+)",
        "The outcome is a number with decimals. Use a regression, or make classes of it first.",
    ),
    Rule(
        "sklearn-mix",
        "ValueError",
        r"can't handle a mix of (?:binary|multiclass) and continuous",
        "This measure wants classes, and gets probabilities. Write predict(X), or a threshold: p >= 0.5.",
    ),
    Rule(
        "sklearn-mix",
        "ValueError",
        r"Mix of label input types|can't handle a mix",
        "The two lists of outcomes differ in kind. Give both the same kind of values.",
    ),
    Rule("sklearn-names", "ValueError", r"^The feature names should match(.*)", _say_names),
    Rule(
        "sklearn-features",
        "ValueError",
        r"X has (\d+) features, but (\w+) is expecting (\d+)",
        "{2} learned from {3} columns, and here are {1}. Give it the same columns.",
    ),
    Rule(
        "sklearn-rare-class",
        "ValueError",
        r"least populated class",
        "One outcome is too rare for this split. Take more rows, or leave stratify out.",
    ),
    Rule(
        "sklearn-splits",
        "ValueError",
        r"n_splits=(\d+) greater than the number of (?:samples|members)",
        "There are too few rows for {1} parts. Take a smaller number of parts.",
    ),
    Rule(
        "sklearn-groups",
        "ValueError",
        r"'groups' parameter should not be None",
        'This split needs the people: add groups=table["person_id"].',
    ),
    Rule(
        "sklearn-test-size",
        "ValueError",
        r"test_size=(\S+) should be",
        "test_size is a share between 0 and 1, like 0.2, or fewer rows than there are.",
    ),
    Rule(
        "sklearn-category",
        "ValueError",
        r"Found unknown categories \[(.*?)\]",
        'The value {1} was not there when it learned. Write handle_unknown="ignore".',
    ),
    Rule(
        "sklearn-empty",
        "ValueError",
        r"Found array with 0 sample",
        "There are no rows left. Check the steps that choose rows.",
    ),
    Rule(
        "sklearn-numeric",
        "ValueError",
        r"not compatible with arrays of bytes/strings",
        "Numbers are wanted, and these are texts. Make numbers of them first.",
    ),
    Rule(
        "sklearn-solver",
        "ValueError",
        r"Solver (\w+) supports only .* got (\w+) penalty",
        'The solver {1} knows no {2}. Write solver="liblinear".',
    ),
    Rule(
        "sklearn-parameter",
        "InvalidParameterError",
        r"The '(\w+)' parameter of \w+ must be (.*)\. Got (.+) instead",
        _say_parameter,
    ),
)
