"""The script and the style of a widget's view, as the browser gets them: what all views share stands first."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def load_script(name: str) -> str:
    """Return a view's ES module; `shared.js` declares at its top what every view may call."""
    return _read("shared.js") + _read(f"{name}.js")


def load_style(name: str) -> str:
    """Return a view's style sheet after the colours and sizes of Rounds."""
    return _read("tokens.css") + _read(f"{name}.css")


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
