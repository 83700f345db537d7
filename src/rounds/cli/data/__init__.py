"""`rounds data`: the commands about datasets."""

from __future__ import annotations

from rounds.cli.data.app import app

__all__ = ["app"]
