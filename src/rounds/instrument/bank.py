"""The items of the tests of knowledge: six areas of four, each item in two forms, each of one lesson.

Nothing here knows who answered; the items lie beside this file in `knowledge.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

AREAS = (
    "clinical context",
    "records and codes",
    "statistics",
    "modelling",
    "evaluation",
    "deployment and ethics",
)


class ItemForm(StrEnum):
    """One of the two parallel forms of the test."""

    A = "a"
    B = "b"

    @property
    def other(self) -> ItemForm:
        """The parallel form."""
        return ItemForm.B if self is ItemForm.A else ItemForm.A


@dataclass(frozen=True)
class Wording:
    """An item in one form: three options, one of them right."""

    text: str
    options: tuple[str, ...]
    right: str

    def is_right(self, chosen: int | None) -> bool:
        """Return whether the option of this number, from 0, is the right one; None is "I do not know"."""
        return chosen is not None and 0 <= chosen < len(self.options) and self.options[chosen] == self.right


@dataclass(frozen=True)
class KnowledgeItem:
    """One item: what it is about, the area, the id of its lesson, and its two forms."""

    id: str
    area: str
    lesson: str
    about: str
    forms: Mapping[ItemForm, Wording]


@cache
def load_bank() -> tuple[KnowledgeItem, ...]:
    """Return the items in the order in which they are asked."""
    text = files("rounds.instrument").joinpath("knowledge.toml").read_text(encoding="utf-8")
    return tuple(_item(entry) for entry in tomllib.loads(text)["item"])


def _item(entry: dict[str, object]) -> KnowledgeItem:
    forms = {form: _wording(entry.pop(form.value)) for form in ItemForm}
    return KnowledgeItem(**{name: str(value) for name, value in entry.items()}, forms=forms)


def _wording(entry: object) -> Wording:
    if not isinstance(entry, dict):
        raise TypeError("an item has two forms, each a table")
    return Wording(entry["text"], tuple(entry["options"]), entry["right"])
