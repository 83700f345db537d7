"""The vital strip: one patient's temperature and pulse in slots of equal hours, and which of them somebody measured.

Python fills the slots in all ways when the widget is made; the browser looks them up.  The rows of three synthetic
patients are sent, without an id.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.errors import DataError, suggest
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.together.vital_strip_record import COLUMNS, HOURS, NIGHT_FROM, SIGNS, read_vitals
from rounds_widgets.teaching.together.vital_strip_slots import (
    EMPTY,
    FILLED,
    FILLS,
    MEASURED,
    NONE,
    WIDTHS,
    WINDOWS,
    Slots,
    count_copies,
    count_off,
    fill_slots,
    find_slope,
    has_fever,
    is_fast,
)

if TYPE_CHECKING:
    import pandas as pd

    from rounds.data.dataset import Dataset

MOST_READINGS = 1000
RULES = {"temperature": ("fever", has_fever), "pulse": ("fast", is_fast)}
Groups = Mapping[tuple[str, str], Any]  # rows by patient and sign


class VitalStrip(anywidget.AnyWidget):
    """Let the learner fill the slots of a patient's record, after a guess, and see what was never measured.

    Parameters
    ----------
    source
        The dataset ``bsi``, or readings with the columns patient, sign (temperature or pulse), hour (0 to 48), value
        and aside. The guess is about the last patient, measured each hour: what comes after hour 38 is put aside.

    Examples
    --------
    >>> VitalStrip(load("bsi"))   # doctest: +SKIP
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    patient = traitlets.Unicode("").tag(sync=True)
    sign = traitlets.Unicode("temperature").tag(sync=True)
    width = traitlets.Int(1).tag(sync=True)
    fill = traitlets.Unicode(NONE).tag(sync=True)
    window = traitlets.Int(24).tag(sync=True)
    _readings = traitlets.Dict().tag(sync=True)
    _slots = traitlets.Dict().tag(sync=True)
    _facts = traitlets.Dict().tag(sync=True)

    def __init__(self, source: Dataset | pd.DataFrame, **traits: Any) -> None:
        rows = _check(source) if hasattr(source, "groupby") else read_vitals(source)  # type: ignore[arg-type]
        self._patients = tuple(dict.fromkeys(rows["patient"]))
        groups = {
            key: rows[(rows["patient"] == key[0]) & (rows["sign"] == key[1])] for key in product(self._patients, SIGNS)
        }
        super().__init__(
            _readings={"|".join(key): _send(own) for key, own in groups.items()},
            _slots=_fill_all(groups),
            _facts=_describe_all(groups),
            **({"patient": self._patients[-1]} | traits),
        )

    @traitlets.validate("patient", "sign", "width", "fill", "window")
    def _is_known(self, proposal: Any) -> Any:
        name, value = proposal.trait.name, proposal.value
        fixed = {"sign": tuple(SIGNS), "width": WIDTHS, "fill": FILLS, "window": WINDOWS}
        known = fixed.get(name, self._patients)
        if value not in known:
            raise traitlets.TraitError(f'VitalStrip: {name} is one of {", ".join(map(str, known))}, not "{value}".')
        return value

    def facts(self) -> dict[str, Any]:
        """Return what the slots of the window say of the sign: counts, tenths, whether it is fever, or a fast pulse."""
        return dict(self._facts[f"{self.patient}|{self.sign}|{self.width}|{self.fill}|{self.window}"])

    def __repr__(self) -> str:
        facts, was = self.facts(), self._facts[f"{self.patient}|{self.sign}|{self.window}"]
        said = f"Vital strip, {self.patient}: the last {self.window} hours in slots of {self.width} h, fill {self.fill}"
        counts = ", ".join(f"{facts[kind]} {kind}" for kind in ("measured", "filled", "empty"))
        return f"{said}: {counts}; {_say(facts, self.sign)}; measured: {_say(was, self.sign)}."


def _say(facts: Mapping[str, Any], sign: str) -> str:
    rule = RULES[sign][0]
    highest, tenths = ("highest", 1) if sign == "temperature" else ("pulse highest", 0)
    said = "no value" if facts["highest"] is None else f"{highest} {facts['highest'] / 10:.{tenths}f}"
    return f"{said}, {rule} {'yes' if facts[rule] else 'no'}"


def _tenths(value: float | None) -> int | None:
    return None if value is None else round(value * 10)


def _send(own: pd.DataFrame) -> list[list[int]]:
    """Return hundredths of an hour, tenths of the value, and 1 for what is put aside."""
    columns = (own["hour"] * 100, own["value"] * 10, own["aside"] * 1)
    return [[round(float(part)) for part in row] for row in zip(*columns, strict=True)]


def _fill_all(groups: Groups) -> dict[str, Any]:
    """Return the values and kinds of all slots, by patient, sign, width and fill."""
    found: dict[str, Any] = {}
    for (patient, sign), width, fill in product(groups, WIDTHS, FILLS):
        own = groups[patient, sign]
        made = fill_slots(own[~own["aside"]], width, fill)
        found[f"{patient}|{sign}|{width}|{fill}"] = [[_tenths(value) for value in made.values], made.kinds]
    return found


def _describe_all(groups: Groups) -> dict[str, Any]:
    """Return what slots say of each patient and sign, by width, fill and window, and what was measured, by window."""
    found: dict[str, Any] = {}
    for (patient, sign), own in groups.items():
        for window in WINDOWS:
            found[f"{patient}|{sign}|{window}"] = _measure(own, sign, window)
        for width in WIDTHS:
            true, charted = fill_slots(own, width, NONE), own[~own["aside"]]
            filled = {fill: fill_slots(charted, width, fill) for fill in FILLS}
            for fill, window in product(FILLS, WINDOWS):
                shown = (slots.last(window) for slots in (filled[fill], filled[NONE], true))
                found[f"{patient}|{sign}|{width}|{fill}|{window}"] = _describe(sign, *shown)
    return found


def _describe(sign: str, shown: Slots, bare: Slots, true: Slots) -> dict[str, Any]:
    """Return what slots say; ``bare`` are the same left empty, ``true`` the same with what is put aside."""
    known = [value for value in shown.values if value is not None]
    rule, holds = RULES[sign]
    slope = _tenths(find_slope(shown.ends, shown.values))
    said = {
        "measured": shown.kinds.count(MEASURED),
        "filled": shown.kinds.count(FILLED),
        "empty": shown.kinds.count(EMPTY),
        "highest": _tenths(max(known)) if known else None,
        "slope": slope,
        "copies": count_copies(shown) if slope == 0 and _tenths(find_slope(bare.ends, bare.values)) != 0 else None,
        rule: holds(shown.ends, shown.values),
    }
    return said | ({"off": count_off(shown, true)} if sign == "temperature" else {})


def _measure(own: pd.DataFrame, sign: str, window: int) -> dict[str, Any]:
    """Return what was measured in the last so many hours, with what is put aside, and how old the last charted is."""
    recent = own[own["hour"] > HOURS - window].sort_values("hour")
    hours, values = recent["hour"].tolist(), recent["value"].tolist()
    rule, holds = RULES[sign]
    return {
        "highest": _tenths(recent["value"].max()),
        "slope": _tenths(find_slope(hours, values)),
        rule: holds(hours, values),
        "readings": len(recent),
        "aside": int(recent["aside"].sum()),
        "since": _tenths(HOURS - own[~own["aside"]]["hour"].max()),
    }


def _check(rows: pd.DataFrame) -> pd.DataFrame:
    lost = [name for name in COLUMNS if name not in rows.columns]
    if lost:
        raise DataError(f'VitalStrip: no column "{lost[0]}".{suggest(lost[0], rows.columns)}')
    strange = sorted({*rows["sign"]} - {*SIGNS})
    if strange:
        raise DataError(f'VitalStrip: a sign is temperature or pulse, not "{strange[0]}".')
    if len(rows) > MOST_READINGS:
        raise DataError(f"VitalStrip: {len(rows):,} readings are too many to see. Write: rows.head({MOST_READINGS})")
    if rows["value"].isna().any() or not rows["hour"].between(0, HOURS).all():
        raise DataError("VitalStrip: an hour lies outside 0 to 48, or a value is missing. Write: rows.dropna()")
    lacking = [patient for patient, own in rows[~rows["aside"]].groupby("patient") if {*own["sign"]} != {*SIGNS}]
    if lacking or rows.empty:
        raise DataError("VitalStrip: each patient needs a temperature and a pulse that are not put aside.")
    last = rows[rows["patient"] == rows["patient"].iloc[-1]]
    if not last["aside"].any() or (last["aside"] != (last["hour"] > NIGHT_FROM)).any():
        raise DataError('VitalStrip: the last patient has no night aside. Write: rows["aside"] = rows["hour"] > 38')
    return rows
