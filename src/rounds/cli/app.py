"""All commands in one group."""

from __future__ import annotations

from rounds.cli.groups import build_app

app = build_app()
