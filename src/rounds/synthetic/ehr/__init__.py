"""Synthetic hospital records of four challenges in one layout: seeded, no real row, errors planted on purpose.

``generate`` writes a cohort; ``analysis`` has the study of each; ``benchmarks/marginals`` measures it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rounds.synthetic.ehr.generate import generate

__all__ = ["generate"]


def __getattr__(name: str) -> Any:
    """Import ``generate`` on first use, so that importing the package stays quick."""
    if name != "generate":
        raise AttributeError(f"module 'rounds.synthetic.ehr' has no attribute {name!r}")
    from rounds.synthetic.ehr.generate import generate

    return generate
