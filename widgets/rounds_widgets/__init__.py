"""Explorers and teaching widgets of Rounds.

Names are imported on first use, so that ``import rounds_widgets`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rounds_widgets.birthweight_dashboard import BirthweightDashboard
    from rounds_widgets.cohort_explorer import CohortExplorer
    from rounds_widgets.data_dictionary import DataDictionary
    from rounds_widgets.lab_units import LabUnits
    from rounds_widgets.matching import WordMatch
    from rounds_widgets.report_card import ReportCard
    from rounds_widgets.risk_dashboard import RiskDashboard

_HOMES = {
    "BirthweightDashboard": "birthweight_dashboard",
    "CohortExplorer": "cohort_explorer",
    "DataDictionary": "data_dictionary",
    "LabUnits": "lab_units",
    "ReportCard": "report_card",
    "RiskDashboard": "risk_dashboard",
    "WordMatch": "matching",
}

__all__ = [
    "BirthweightDashboard",
    "CohortExplorer",
    "DataDictionary",
    "LabUnits",
    "ReportCard",
    "RiskDashboard",
    "WordMatch",
]


def __getattr__(name: str) -> Any:
    """Import the module that holds ``name`` and return it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rounds_widgets' has no attribute {name!r}")
    return getattr(import_module(f"rounds_widgets.{_HOMES[name]}"), name)
