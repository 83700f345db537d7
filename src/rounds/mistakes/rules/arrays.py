"""The commonest failures of NumPy."""

from __future__ import annotations

import ast
import re

from rounds.mistakes.failure import Failure, Rule

LONGEST = 12  # characters of a number, or of the name that holds it


def _say_second(failure: Failure, match: re.Match[str]) -> str:
    if re.search(r"\b(?:as)?array\(", failure.place.code(failure.place.node)):
        return "array takes one list. Put square brackets around the values: np.array([1, 2, 3])."
    return f"A shape goes in round brackets of its own: {_with_brackets(failure) or 'np.zeros((2, 3))'}."


def _with_brackets(failure: Failure) -> str:
    """Return the call as it was written, with the two numbers of its shape in brackets of their own."""
    node = failure.place.node
    numbers = [failure.place.code(part) for part in node.args] if isinstance(node, ast.Call) else []
    if not isinstance(node, ast.Call) or len(numbers) != 2 or any(len(number) > LONGEST for number in numbers):
        return ""
    return f"{failure.place.code(node.func)}(({', '.join(numbers)}))"


RULES = (
    Rule(
        "numpy-dimensions",
        "IndexError",
        r"too many indices for array: array is (\d+)-dimensional, but (\d+)",
        "The array has {1} axes, and you give {2} numbers in the square brackets.",
    ),
    Rule(
        "numpy-text",
        "UFuncTypeError _UFuncNoLoopError",
        r"",
        "NumPy cannot compute with texts here. Make numbers first with .astype(float).",
    ),
    Rule("numpy-text", "TypeError", r"not supported for inputs with DType", "Numbers are wanted here, and not texts."),
    Rule(
        "numpy-shapes",
        "ValueError",
        r"could not be broadcast together with shapes \((\d+),?\) \((\d+),?\)",
        "One array has {1} values and the other {2}. Both need the same number.",
    ),
    Rule(
        "numpy-shapes",
        "ValueError",
        r"could not be broadcast together",
        "The two arrays have different shapes. Look at .shape of both.",
    ),
    Rule(
        "numpy-shapes",
        "ValueError",
        r"mismatch in its core dimension .*\(size (\d+) is different from (\d+)\)",
        "For @ the columns of the left must equal the rows of the right: here {2} and {1}. Look at .shape.",
    ),
    Rule(
        "numpy-shapes",
        "ValueError",
        r"^shapes .* not aligned: (\d+) \(dim \d+\) != (\d+)",
        "For np.dot the columns of the left must equal the rows of the right: here {1} and {2}. Look at .shape.",
    ),
    Rule(
        "numpy-reshape",
        "ValueError",
        r"cannot reshape array of size (\d+) into shape \((.*?)\)",
        "{1} values do not fill the shape {2}. The numbers of a shape, multiplied, must give {1}.",
    ),
    Rule(
        "numpy-index",
        "IndexError",
        r"index (-?\d+) is out of bounds for axis \d+ with size (\d+)",
        "There are {2} values, counted from 0, so there is no number {1}.",
    ),
    Rule(
        "numpy-index-kind",
        "IndexError",
        r"only integers, slices",
        "An array is chosen from by whole numbers or by True and False. Names work in a table.",
    ),
    Rule(
        "numpy-mask",
        "IndexError",
        r"boolean index did not match",
        "The condition has another number of values than the array. Make it from the same array.",
    ),
    Rule(
        "numpy-rows",
        "ValueError",
        r"inhomogeneous shape|setting an array element with a sequence",
        "The rows have different numbers of values. Each row of an array needs the same number.",
    ),
    Rule(
        "numpy-scalar",
        "TypeError",
        r"only (?:0-dimensional|length-1|size-1) arrays can be converted",
        "One number is wanted, and this is an array of many. Choose one with [0].",
    ),
    Rule(
        "numpy-list",
        "TypeError",
        r"only integer scalar arrays can be converted",
        "Put the arrays in one list: np.concatenate([a, b]).",
    ),
    Rule(
        "numpy-shape-pair",
        "TypeError",
        r"Cannot interpret '(\w+)' as a data type",
        _say_second,
    ),
    Rule(
        "numpy-dimensions",
        "ValueError",
        r"must have same number of dimensions",
        "The arrays have different numbers of dimensions. Look at .shape of each.",
    ),
    Rule(
        "numpy-axis",
        "AxisError",
        r"axis (\d+) is out of bounds for array of dimension (\d+)",
        "The array has {2} axes, counted from 0, so there is no axis {1}.",
    ),
    Rule(
        "numpy-text",
        "TypeError",
        r"ufunc '(\w+)' (?:not supported|did not contain)|compatible with (\w+)\.reduce",
        "NumPy cannot compute with texts here. Make numbers first with .astype(float).",
    ),
    Rule(
        "numpy-none",
        "TypeError",
        r"loop of ufunc does not support argument \d+ of type (\w+)",
        "A value here is no number. Look at the values first.",
    ),
    Rule(
        "numpy-array-part",
        "AttributeError",
        r"'numpy\.ndarray' object has no attribute 'append'",
        "An array does not grow. Write np.append(array, value), or use a list.",
    ),
    Rule(
        "numpy-array-part",
        "AttributeError",
        r"'numpy\.ndarray' object has no attribute '(\w+)'",
        'An array has no "{1}". Perhaps you wanted a table: pd.DataFrame(...).',
    ),
    Rule(
        "numpy-singular",
        "LinAlgError",
        r"Singular matrix",
        "This matrix cannot be inverted: one of its columns follows from the others.",
    ),
    Rule(
        "numpy-percent",
        "ValueError",
        r"Percentiles must be in the range|Quantiles must be in the range",
        "A percentile lies between 0 and 100, a quantile between 0 and 1.",
    ),
    Rule("numpy-scale", "ValueError", r"scale < 0", "A spread cannot be negative. Give a number of 0 or more."),
)
