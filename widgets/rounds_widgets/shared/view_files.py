"""The script and the style of a widget's view, as the browser gets them: what all views share stands first."""

from __future__ import annotations

from pathlib import Path

SHARED = Path(__file__).parent


def load_script(module: str) -> str:
    """Return the ES module beside a widget's Python file (hand over ``__file__``), after what every view may call."""
    shared = "".join(_read(file) for file in sorted(SHARED.glob("*.js")))
    return shared + _read(Path(module).with_suffix(".js"))


def load_style(module: str) -> str:
    """Return the style sheet beside a widget's Python file, between the colours of Rounds and what all views share."""
    return _read(SHARED / "tokens.css") + _read(Path(module).with_suffix(".css")) + _read(SHARED / "view.css")


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")
