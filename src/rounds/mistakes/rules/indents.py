"""The spaces at the beginning of a line."""

from __future__ import annotations

import re


def explain_indent(said: str) -> tuple[str, str] | None:
    """Return the rule's name and the sentence for what Python said of a line's spaces."""
    after = re.search(r"expected an indented block after (?:'(\w+)'|(\w+)).* on line (\d+)", said)
    if after:
        word = {"function": "def", "class": "class"}.get(after[2], after[1] or after[2])
        return "indent-missing", f"After the line with {word} the next line needs four spaces before it."
    if "unindent" in said:
        return "indent-uneven", "The spaces before this line fit no line above. Begin it under the line it belongs to."
    if "unexpected indent" in said:
        return "indent-extra", "There are too many spaces before this line. Begin it under the line above."
    if "inconsistent" in said:
        return "indent-tab", "This line mixes tabs and spaces. Delete what stands before it and type spaces."
    return None
