"""What a check says: one sentence, and help after several attempts."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Reply:
    """What a check says: one sentence, and help after several attempts."""

    passed: bool
    sentence: str
    attempt: int = 1
    help_title: str = ""
    help_text: str = ""

    def __repr__(self) -> str:
        more = f"\n{self.help_title}: {self.help_text}" if self.help_text else ""
        return ("Yes. " if self.passed else "Not yet. ") + self.sentence + more

    def _repr_html_(self) -> str:
        return f'<p role="status">{escape(repr(self))}</p>'
