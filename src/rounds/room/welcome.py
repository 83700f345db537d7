"""What a learner finds who opens JupyterLab before any lesson: one page that says where lessons come from."""

from __future__ import annotations

from pathlib import Path

NAME = "README.md"
TEXT = """# Welcome

This is your own work folder. Your work stays from day to day.

- **Lessons open from the desk.** Go to **Lessons** there and press **Open lesson**. It then appears here, in a
  folder of its own.
- **Hand in:** in the menu above, *Nbgrader*, then *Assignment List*; press **Submit** beside the lesson. You may
  hand in again; the last one counts.
- **The desk:** {desk} (the address of this page, with `/services/desk/` after the host).
- **Your team's room** opens from the desk, too. It is another JupyterLab: this one is yours alone.
- **On a narrow window** press Ctrl+B (Cmd+B on a Mac): it closes the list of files, and opens it again.
"""


def place_welcome(work: Path, desk: str) -> bool:
    """Write the page into a work folder where nothing is yet; return whether it was written."""
    if any(not path.name.startswith(".") for path in work.iterdir()):
        return False
    (work / NAME).write_text(TEXT.format(desk=desk), encoding="utf-8")
    return True
