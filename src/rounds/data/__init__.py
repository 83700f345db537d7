"""Data packages: tables whose columns say what they mean and when they are known.

Names are imported on first use, so that ``import rounds.data`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rounds.data.dataset import Dataset
    from rounds.data.dictionary import describe
    from rounds.data.leaks import Leak, find_leaks
    from rounds.data.package import Column, DataPackage, Table
    from rounds.data.shelf.attachments import attached
    from rounds.data.shelf.catalogue import Catalogue, open_catalogue
    from rounds.data.shelf.shelf import load

_HOMES = {
    "attached": "shelf.attachments",
    "Catalogue": "shelf.catalogue",
    "Column": "package",
    "DataPackage": "package",
    "Dataset": "dataset",
    "Leak": "leaks",
    "Table": "package",
    "describe": "dictionary",
    "find_leaks": "leaks",
    "load": "shelf.shelf",
    "open_catalogue": "shelf.catalogue",
}

__all__ = [
    "Catalogue",
    "Column",
    "DataPackage",
    "Dataset",
    "Leak",
    "Table",
    "attached",
    "describe",
    "find_leaks",
    "load",
    "open_catalogue",
]


def __getattr__(name: str) -> Any:
    """Import the module that holds ``name`` and return it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rounds.data' has no attribute {name!r}")
    return getattr(import_module(f"rounds.data.{_HOMES[name]}"), name)
