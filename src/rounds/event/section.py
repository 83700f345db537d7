"""What every part of the event file has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of the event file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
