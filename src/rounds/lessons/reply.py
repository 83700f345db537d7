"""What a check says: one sentence, and help after several attempts."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

MARKS = {"right": "Yes.", "waiting": "Complete.", "not yet": "Not yet."}


@dataclass(frozen=True)
class Reply:
    """What a check says: one sentence, and help after several attempts.

    `waits` says of a passed answer that whether it is right is seen at hand-in only.
    """

    passed: bool
    sentence: str
    attempt: int = 1
    help_title: str = ""
    help_text: str = ""
    waits: bool = False

    @property
    def state(self) -> str:
        """``right``, ``waiting`` for what comes at hand-in, or ``not yet``."""
        if not self.passed:
            return "not yet"
        return "waiting" if self.waits else "right"

    def __repr__(self) -> str:
        more = f"\n{self.help_title}: {self.help_text}" if self.help_text else ""
        return f"{MARKS[self.state]} {self.sentence}{more}"

    def _repr_html_(self) -> str:
        return f'<p role="status">{escape(repr(self))}</p>'
