"""Fixtures of the unit tests: forked kernels, and a desk with datasets."""

from tests.desk import app, datasets, desk, engine, event, folders
from tests.unit.warm_kernels import keeper, kernel, own_sockets, template, warm

__all__ = [
    "app",
    "datasets",
    "desk",
    "engine",
    "event",
    "folders",
    "keeper",
    "kernel",
    "own_sockets",
    "template",
    "warm",
]
