"""What is saved of a lesson: no output of a cell that runs by itself, or a dead widget shows at the next opening."""

from __future__ import annotations

from typing import Any

from rounds.lessons.view.cell_roles import BY_ITSELF


def leave_out_outputs(model: dict[str, Any], **_: Any) -> None:
    """Take from a notebook that is about to be saved what its page makes again; jupyter_server's `pre_save_hook`."""
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    if "lesson" not in content.get("metadata", {}).get("rounds", {}):
        return
    for cell in content.get("cells", ()):
        if cell.get("cell_type") == "code" and cell["metadata"].get("rounds", {}).get("role") in BY_ITSELF:
            cell["outputs"], cell["execution_count"] = [], None
    content["metadata"].pop("widgets", None)
