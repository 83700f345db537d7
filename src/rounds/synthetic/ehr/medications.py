"""Drug orders: one row for each order, never past the end of the stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.rows import NEVER, Rows, sort, stack
from rounds.synthetic.ehr.words import Array, Words, repeat

# Name, dose and route; one usual dose for all is assumed, whatever the weight or the kidneys.
DRUGS = {
    "B03BB01": ("folic acid", "5 mg", "oral"),
    "B03AA07": ("ferrous sulfate", "100 mg", "oral"),
    "A10AB01": ("insulin", "8 [IU]", "subcutaneous"),
    "C02AB01": ("methyldopa", "250 mg", "oral"),
    "H02AB01": ("betamethasone", "12 mg", "intravenous"),
    "H01BB02": ("oxytocin", "10 [IU]", "intravenous"),
    "B01AC06": ("acetylsalicylic acid", "100 mg", "oral"),
    "L01AA03": ("melphalan", "200 mg/m2", "intravenous"),
    "L01AB01": ("busulfan", "3.2 mg/kg", "intravenous"),
    "L01BB05": ("fludarabine", "30 mg/m2", "intravenous"),
    "L01AA01": ("cyclophosphamide", "60 mg/kg", "intravenous"),
    "L03AA02": ("filgrastim", "5 ug/kg", "subcutaneous"),
    "J01MA12": ("levofloxacin", "500 mg", "oral"),
    "J05AB01": ("aciclovir", "400 mg", "oral"),
    "J02AC01": ("fluconazole", "200 mg", "oral"),
    "L04AD01": ("ciclosporin", "3 mg/kg", "intravenous"),
    "L04AX03": ("methotrexate", "10 mg/m2", "intravenous"),
    "J01CR05": ("piperacillin and tazobactam", "4.5 g", "intravenous"),
    "J01DH02": ("meropenem", "1 g", "intravenous"),
    "J01XA01": ("vancomycin", "1 g", "intravenous"),
    "J02AX04": ("caspofungin", "50 mg", "intravenous"),
    "B05BA10": ("parenteral nutrition", "1500 mL", "intravenous"),
    "H02AB04": ("methylprednisolone", "1 mg/kg", "intravenous"),
    "N02AA01": ("morphine", "2 mg/h", "intravenous"),
    "C03CA01": ("furosemide", "40 mg", "intravenous"),
    "C07AB07": ("bisoprolol", "5 mg", "oral"),
    "C09AA05": ("ramipril", "5 mg", "oral"),
    "C09DX04": ("sacubitril and valsartan", "49/51 mg", "oral"),
    "C03DA01": ("spironolactone", "25 mg", "oral"),
    "A10BK01": ("dapagliflozin", "10 mg", "oral"),
    "B01AF02": ("apixaban", "5 mg", "oral"),
    "C10AA05": ("atorvastatin", "40 mg", "oral"),
    "A10BA02": ("metformin", "850 mg", "oral"),
    "R03BB04": ("tiotropium", "18 ug", "inhaled"),
    "J01DD04": ("ceftriaxone", "2 g", "intravenous"),
    "H02AB02": ("dexamethasone", "6 mg", "oral"),
    "B01AB05": ("enoxaparin", "40 mg", "subcutaneous"),
    "L04AC07": ("tocilizumab", "8 mg/kg", "intravenous"),
    "J05AB16": ("remdesivir", "100 mg", "intravenous"),
    "C01CA03": ("norepinephrine", "0.1 ug/kg/min", "intravenous"),
    "N02BE01": ("paracetamol", "1 g", "oral"),
}


@dataclass(frozen=True)
class Prescription:
    """One drug for those whom the mask names: when ordered, and for how long."""

    atc: str
    who: Array
    ordered: Array
    days: Array | float


def prescribe(
    rng: np.random.Generator, encounter: Words, end: Array, orders: list[Prescription], least: int = 15, most: int = 180
) -> Rows:
    """Return the order rows; an order that would start after the end is never started and not written.

    A drug starts ``least`` to ``most`` minutes after its order, which is assumed.
    """
    parts = [_rows(rng, encounter, end, order, (least, most)) for order in orders]
    return sort(stack(parts), "encounter_id", "ordered_ts", "atc")


def _rows(rng: np.random.Generator, encounter: Words, end: Array, order: Prescription, wait: tuple[int, int]) -> Rows:
    started = order.ordered + rng.integers(*wait, len(end))
    known = (order.ordered != NEVER) & order.who & (started < end)
    at = np.flatnonzero(known)
    n = len(at)
    length = np.broadcast_to(np.asarray(order.days) * 1440, end.shape)[at].astype(np.int64)
    drug, dose, route = DRUGS[order.atc]
    return {
        "encounter_id": encounter.take(at),
        "atc": repeat(order.atc, n),
        "drug": repeat(drug, n),
        "dose": repeat(dose, n),
        "route": repeat(route, n),
        "ordered_ts": order.ordered[at],
        "started_ts": started[at],
        "stopped_ts": np.minimum(started[at] + np.maximum(length, 1), end[at]),
    }
