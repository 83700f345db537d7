"""What is proposed for one column.

A proposal is ``certain`` when it loses nothing and no other reading exists.  The rest waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from rounds.custody.intake.proposals.decisions import Decision


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one column, what speaks for it, what is left to ask, whether a standard says it.

    ``look`` is what a person should see first although nothing is asked.

    ``plain`` is how the column is read when nobody decides; text where it is None and the proposal is not certain.
    """

    decision: Decision
    evidence: tuple[str, ...] = ()
    certain: bool = True
    question: str = ""
    standard: bool = False
    plain: Decision | None = None
    look: str = ""
