"""What a key of the event file takes, in words: pydantic's own speak of inputs and of Python's types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT = 'takes a text in quotes; an example: {key} = "..."'
_WHOLE = "takes a whole number without quotes; an example: {key} = 5"
_NUMBER = "takes a number without quotes; an example: {key} = 0.5"
_YES = "takes true or false, without quotes; an example: {key} = true"
_LIST = "takes a list in square brackets; an example: {key} = [...]"
_MOMENT = "takes a moment without quotes; an example: {key} = 2027-02-21T09:00:00"
_SECTION = "is a section of its own: write its name in square brackets in a line alone, and its keys below"

_WORDS = {
    **dict.fromkeys(("string_type", "string_sub_type"), _TEXT),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _YES),
    **dict.fromkeys(("tuple_type", "list_type"), _LIST),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), _SECTION),
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is shorter than {min_length} characters",
    "too_short": "takes at least {min_length} of them",
    "literal_error": "is not known; it takes {expected}",
}


def say_type(kind: str, key: str, context: Mapping[str, Any]) -> str:
    """Return what to write, for one of pydantic's kinds of errors; empty when it is none of a type or a bound."""
    words = _MOMENT if kind.startswith(("datetime_", "date_", "timezone_")) else _WORDS.get(kind, "")
    plain = {name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()}
    return words.format(key=key, **plain) if words else ""
