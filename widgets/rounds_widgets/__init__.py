"""Explorers and teaching widgets of Rounds.

Names are imported on first use, so that ``import rounds_widgets`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rounds.errors import suggest

if TYPE_CHECKING:
    from rounds_widgets.explorers.birthweight_dashboard import BirthweightDashboard
    from rounds_widgets.explorers.cohort_explorer import CohortExplorer
    from rounds_widgets.explorers.data_dictionary import DataDictionary
    from rounds_widgets.explorers.risk_dashboard import RiskDashboard
    from rounds_widgets.teaching.calibration_bench import CalibrationBench
    from rounds_widgets.teaching.definition_builder import DefinitionBuilder
    from rounds_widgets.teaching.depth_slider import DepthSlider
    from rounds_widgets.teaching.five_cells import FiveCells
    from rounds_widgets.teaching.lab_units import LabUnits
    from rounds_widgets.teaching.line_by_hand import LineByHand
    from rounds_widgets.teaching.note_reader import NoteReader
    from rounds_widgets.teaching.paper_checklist import PaperChecklist
    from rounds_widgets.teaching.query_builder import QueryBuilder
    from rounds_widgets.teaching.report_card import ReportCard
    from rounds_widgets.teaching.site_mixer import SiteMixer
    from rounds_widgets.teaching.split_picker import SplitPicker
    from rounds_widgets.teaching.stay_trace import StayTrace
    from rounds_widgets.teaching.time_line import TimeLine
    from rounds_widgets.teaching.vital_strip import VitalStrip
    from rounds_widgets.teaching.ward_chart import WardChart
    from rounds_widgets.teaching.word_match import WordMatch

_HOMES = {
    "BirthweightDashboard": "explorers.birthweight_dashboard",
    "CalibrationBench": "teaching.calibration_bench",
    "CohortExplorer": "explorers.cohort_explorer",
    "DataDictionary": "explorers.data_dictionary",
    "DefinitionBuilder": "teaching.definition_builder",
    "DepthSlider": "teaching.depth_slider",
    "FiveCells": "teaching.five_cells",
    "LabUnits": "teaching.lab_units",
    "LineByHand": "teaching.line_by_hand",
    "PaperChecklist": "teaching.paper_checklist",
    "NoteReader": "teaching.note_reader",
    "QueryBuilder": "teaching.query_builder",
    "ReportCard": "teaching.report_card",
    "RiskDashboard": "explorers.risk_dashboard",
    "SiteMixer": "teaching.site_mixer",
    "SplitPicker": "teaching.split_picker",
    "StayTrace": "teaching.stay_trace",
    "TimeLine": "teaching.time_line",
    "VitalStrip": "teaching.vital_strip",
    "WardChart": "teaching.ward_chart",
    "WordMatch": "teaching.word_match",
}

__all__ = [
    "BirthweightDashboard",
    "CalibrationBench",
    "CohortExplorer",
    "DataDictionary",
    "DefinitionBuilder",
    "DepthSlider",
    "FiveCells",
    "LabUnits",
    "LineByHand",
    "NoteReader",
    "PaperChecklist",
    "QueryBuilder",
    "ReportCard",
    "RiskDashboard",
    "SiteMixer",
    "SplitPicker",
    "StayTrace",
    "TimeLine",
    "VitalStrip",
    "WardChart",
    "WordMatch",
]


def __getattr__(name: str) -> Any:
    """Return the widget ``name``: one of Rounds, of the event's own folder, or of an installed package."""
    if name in _HOMES:
        return getattr(import_module(f"rounds_widgets.{_HOMES[name]}"), name)
    if name[:1].isupper():
        from rounds_widgets.shared.outside import find_outside, list_outside

        if (found := find_outside(name)) is not None:
            return found
        raise AttributeError(f"There is no widget {name!r}.{suggest(name, (*_HOMES, *list_outside()))}")
    raise AttributeError(f"module 'rounds_widgets' has no attribute {name!r}")
