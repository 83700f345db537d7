"""Synthetic hospital records of four challenges in one layout: seeded, no real row, errors planted on purpose.

``generate`` writes a cohort; ``analysis`` has the study of each; ``benchmarks/marginals`` measures it.

Each figure of a recipe says where it comes from:

- an author and year, or a PubMed Central number: published; where the recipe differs, the comment says so
- textbook: common knowledge, looked up nowhere
- prototype: chosen for the first draft of the recipe, so that the published figures came out
- design: chosen to make a lesson
- assumed: nothing stands behind it but that the record looks like one

"Held by `covid.death`" names the row of ``benchmarks/marginals/marginals.toml`` that watches what a figure leads to.
No clinician has reviewed them yet.
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
