"""The small JupyterLab extension of a room, laid out where its server serves it from.

JupyterLab lets browsers keep an extension's files for a year, so the script's name changes with its content.
"""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path

from rounds.store.folders import make_folder
from rounds.store.whole import write_whole

NAME = "rounds-room"


def lay_extension(folder: Path) -> None:
    """Write the extension below `folder`, a folder of JupyterLab extensions."""
    script = (files("rounds.room") / "labextension" / "room.js").read_text(encoding="utf-8")
    name = f"static/room.{hashlib.sha256(script.encode()).hexdigest()[:16]}.js"
    built = {"load": name, "extension": "./extension"}
    package = {"name": NAME, "version": "1.0.0", "jupyterlab": {"extension": True, "_build": built}}
    make_folder(folder / NAME / "static")
    write_whole(folder / NAME / name, script)
    write_whole(folder / NAME / "package.json", json.dumps(package, indent=2))
