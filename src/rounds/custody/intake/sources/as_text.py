"""Write the values of a typed column as text that reads back to exactly the same values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def as_text(values: pa.Array) -> pa.Array:
    """Return a column as text: whole numbers without a point, moments as ISO, nothing for NaN."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        return as_text(values.dictionary_decode())
    if pa.types.is_floating(values.type):
        return _floats(pc.cast(values, pa.float64()))
    if pa.types.is_timestamp(values.type):
        return _moments(values)
    if pa.types.is_duration(values.type):
        micro = pc.cast(pc.cast(values, pa.duration("us"), safe=False), pa.int64())
        return _floats(pc.divide(pc.cast(micro, pa.float64(), safe=False), 1e6))
    if pa.types.is_decimal(values.type):
        return _decimals(values)
    return pc.cast(values, pa.string())


def _floats(values: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pc.if_else(pc.is_finite(values), values, pa.scalar(None, pa.float64()))
    whole = pc.and_(pc.equal(pc.round(known), known), pc.less(pc.abs(known), 1e15))
    zero = pa.scalar(0.0)
    integers = pc.cast(pc.cast(pc.if_else(whole, known, zero), pa.int64()), pa.string())
    return pc.if_else(pc.fill_null(whole, False), integers, pc.cast(known, pa.string()))


def _decimals(values: pa.Array) -> pa.Array:
    """Return decimals as they are written, without an exponent."""
    import pyarrow as pa

    return pa.array([None if value is None else f"{value:f}" for value in values.to_pylist()], pa.string())


def _moments(values: pa.Array) -> pa.Array:
    """Return moments to the microsecond, midnights as dates, and those with a zone as UTC."""
    import pyarrow as pa
    import pyarrow.compute as pc

    micro = pc.cast(values, pa.timestamp("us"), safe=False) if values.type.tz is None else None
    if micro is None:
        utc = pc.cast(pc.cast(values, pa.timestamp("us", "UTC"), safe=False), pa.timestamp("us"))
        return pc.binary_join_element_wise(pc.strftime(utc, "%Y-%m-%dT%H:%M:%S"), "Z", "")
    days = pc.cast(pc.cast(micro, pa.date32(), safe=False), pa.timestamp("us"))
    midnight = pc.equal(micro, days)
    return pc.if_else(midnight, pc.strftime(micro, "%Y-%m-%d"), pc.cast(micro, pa.string()))
