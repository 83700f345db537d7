"""Data packages: tables whose columns say what they mean and when they are known.

Names are imported on first use, so that ``import rounds.data`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rounds.data.attachments import attach_dataset, attached
    from rounds.data.catalogue import Catalogue, open_catalogue
    from rounds.data.cohort import Cohort
    from rounds.data.dataset import Dataset
    from rounds.data.decisions import Decision, Decisions, load_decisions, shipped_decisions
    from rounds.data.dictionary import describe
    from rounds.data.disclosure import Disclosure
    from rounds.data.intake import confirm, find_decisions, import_table
    from rounds.data.leaks import Leak, find_leaks
    from rounds.data.make import make_dataset
    from rounds.data.package import Column, DataPackage, Table
    from rounds.data.shelf import load

_HOMES = {
    "attach_dataset": "attachments",
    "attached": "attachments",
    "Cohort": "cohort",
    "Decision": "decisions",
    "Decisions": "decisions",
    "Disclosure": "disclosure",
    "confirm": "intake",
    "find_decisions": "intake",
    "import_table": "intake",
    "load_decisions": "decisions",
    "shipped_decisions": "decisions",
    "Catalogue": "catalogue",
    "Column": "package",
    "DataPackage": "package",
    "Dataset": "dataset",
    "Leak": "leaks",
    "Table": "package",
    "describe": "dictionary",
    "find_leaks": "leaks",
    "load": "shelf",
    "make_dataset": "make",
    "open_catalogue": "catalogue",
}

__all__ = [
    "Catalogue",
    "Cohort",
    "Column",
    "DataPackage",
    "Dataset",
    "Decision",
    "Decisions",
    "Disclosure",
    "Leak",
    "Table",
    "attach_dataset",
    "attached",
    "confirm",
    "describe",
    "find_decisions",
    "find_leaks",
    "import_table",
    "load",
    "load_decisions",
    "make_dataset",
    "open_catalogue",
    "shipped_decisions",
]


def __getattr__(name: str) -> Any:
    """Import the module that holds ``name`` and return it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rounds.data' has no attribute {name!r}")
    return getattr(import_module(f"rounds.data.{_HOMES[name]}"), name)
