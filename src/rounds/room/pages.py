"""The small JupyterLab extensions of a room, laid out where its server serves them from.

JupyterLab lets browsers keep an extension's files for a year, so their names change with their content.
"""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from rounds.errors import StartError
from rounds.store.folders import make_folder
from rounds.store.whole import write_whole

NAME, LESSON = "rounds-room", "rounds-lesson"
FIRST = "container.js"  # what a page loads of the lesson view; it imports the rest
SERVED = (".js", ".css")


def lay_extensions(folder: Path) -> None:
    """Write the extensions below `folder`, a folder of JupyterLab extensions."""
    script = (files("rounds.room") / "labextension" / "room.js").read_text(encoding="utf-8")
    _lay(folder / NAME, {"room.js": script}, "room.js")
    own = [path for path in find_extension().iterdir() if path.suffix in SERVED]
    content = {path.name: path.read_text(encoding="utf-8") for path in (*own, find_tokens())}
    _lay(folder / LESSON, content, FIRST)


def find_extension() -> Path:
    """Return the folder with the modules of the lesson view."""
    return _find_beside("rounds_labextension")


def find_tokens() -> Path:
    """Return where the one file of colours and sizes lies."""
    return _find_beside("rounds_widgets") / "shared" / "tokens.css"


def _find_beside(package: str) -> Path:
    """Return the folder of a package that ships beside Rounds and is not imported."""
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise StartError(f"The package {package} is missing. Install Rounds again: make env")
    return Path(places[0])


def _lay(folder: Path, content: dict[str, str], first: str) -> None:
    """Write an extension: its files in a folder that bears a digest of them all, and which of them is loaded first."""
    digest = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in sorted(content.items())).encode())
    static = f"static/{digest.hexdigest()[:16]}"
    make_folder(folder / static)
    for name, text in content.items():
        write_whole(folder / static / name, text)
    built = {"load": f"{static}/{first}", "extension": "./extension"}
    package = {"name": folder.name, "version": "1.0.0", "jupyterlab": {"extension": True, "_build": built}}
    write_whole(folder / "package.json", json.dumps(package, indent=2))
