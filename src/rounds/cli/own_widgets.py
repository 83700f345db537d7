"""Look at the widgets that an event brings of its own, before a learner meets their mistakes."""

from __future__ import annotations

import ast
import keyword
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from rounds.errors import StartError


def class_name(stem: str) -> str:
    """Return what the class of a widget's file is called: ``FeverShare`` in ``fever_share.py``."""
    return "".join(part.capitalize() for part in stem.split("_"))


def find_widget_problems(folder: Path) -> Iterator[str]:
    """Yield what is wrong with each widget of a folder, each a sentence that begins with the file."""
    for file in sorted(folder.glob("[a-z]*.py")):
        yield from _find_in_python(file)
        yield from (
            f"{file.with_suffix(suffix)}: is missing; {file.name} reads it."
            for suffix in (".js", ".css")
            if not file.with_suffix(suffix).is_file()
        )
        if file.with_suffix(".js").is_file():
            yield from _find_in_script(file.with_suffix(".js"))


def check_name(stem: str) -> None:
    """Raise `StartError` for a name that Python or a widget of Rounds has already."""
    spec = find_spec("rounds_widgets")
    places = spec.submodule_search_locations if spec else None
    taken = any(path.stem == stem for place in places or () for path in Path(place).rglob("*.py"))
    if keyword.iskeyword(stem) or taken:
        raise StartError(f'"{stem}" is taken, by Python or by a widget of Rounds. Choose another name.')


def _find_in_python(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except SyntaxError as error:
        yield f"{file}:{error.lineno}: {error.msg}"
        return
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    wanted = class_name(file.stem)
    if wanted not in classes:
        yield f"{file}: holds no class {wanted}, but {', '.join(classes) or 'none'}. The class bears the file's name."


def _find_in_script(file: Path) -> Iterator[str]:
    """Let Node.js read the module without running it."""
    with tempfile.TemporaryDirectory() as place:
        module = Path(place, "view.mjs")
        module.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
        node = Path(sys.executable).with_name("node")
        done = subprocess.run([node, "--check", module], capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        line = lines[0].rpartition(":")[2] if lines else "?"
        said = next((one for one in lines if "Error" in one), "cannot be read")
        yield f"{file}:{line}: {said}"
