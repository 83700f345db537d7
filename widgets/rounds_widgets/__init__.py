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
    from rounds_widgets.explorers.model_card import ModelCard
    from rounds_widgets.explorers.risk_dashboard import RiskDashboard
    from rounds_widgets.teaching.clinic_for_engineers.definition_builder import DefinitionBuilder
    from rounds_widgets.teaching.clinic_for_engineers.lab_units import LabUnits
    from rounds_widgets.teaching.clinic_for_engineers.stay_trace import StayTrace
    from rounds_widgets.teaching.clinic_for_engineers.ward_chart import WardChart
    from rounds_widgets.teaching.ml_for_clinicians.calibration_bench import CalibrationBench
    from rounds_widgets.teaching.ml_for_clinicians.depth_slider import DepthSlider
    from rounds_widgets.teaching.ml_for_clinicians.five_cells import FiveCells
    from rounds_widgets.teaching.ml_for_clinicians.line_by_hand import LineByHand
    from rounds_widgets.teaching.ml_for_clinicians.report_card import ReportCard
    from rounds_widgets.teaching.together.note_reader import NoteReader
    from rounds_widgets.teaching.together.paper_checklist import PaperChecklist
    from rounds_widgets.teaching.together.query_builder import QueryBuilder
    from rounds_widgets.teaching.together.site_mixer import SiteMixer
    from rounds_widgets.teaching.together.split_picker import SplitPicker
    from rounds_widgets.teaching.together.time_line import TimeLine
    from rounds_widgets.teaching.together.vital_strip import VitalStrip
    from rounds_widgets.teaching.together.word_match import WordMatch

_HOMES = {
    "BirthweightDashboard": "explorers.birthweight_dashboard",
    "CalibrationBench": "teaching.ml_for_clinicians.calibration_bench",
    "CohortExplorer": "explorers.cohort_explorer",
    "DataDictionary": "explorers.data_dictionary",
    "DefinitionBuilder": "teaching.clinic_for_engineers.definition_builder",
    "DepthSlider": "teaching.ml_for_clinicians.depth_slider",
    "FiveCells": "teaching.ml_for_clinicians.five_cells",
    "LabUnits": "teaching.clinic_for_engineers.lab_units",
    "LineByHand": "teaching.ml_for_clinicians.line_by_hand",
    "ModelCard": "explorers.model_card",
    "PaperChecklist": "teaching.together.paper_checklist",
    "NoteReader": "teaching.together.note_reader",
    "QueryBuilder": "teaching.together.query_builder",
    "ReportCard": "teaching.ml_for_clinicians.report_card",
    "RiskDashboard": "explorers.risk_dashboard",
    "SiteMixer": "teaching.together.site_mixer",
    "SplitPicker": "teaching.together.split_picker",
    "StayTrace": "teaching.clinic_for_engineers.stay_trace",
    "TimeLine": "teaching.together.time_line",
    "VitalStrip": "teaching.together.vital_strip",
    "WardChart": "teaching.clinic_for_engineers.ward_chart",
    "WordMatch": "teaching.together.word_match",
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
    "ModelCard",
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
