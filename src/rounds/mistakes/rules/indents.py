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


def find_lost_indent(source: str, line: int) -> tuple[tuple[str, str], int] | None:
    """Return what is said of the line that lost its spaces, where the lines before and after it still have them."""
    lines = source.splitlines()[:line]
    if not lines:
        return None
    wanted = _depth(lines[-1])
    above = [number for number, text in enumerate(lines[:-1], 1) if text.strip() and not text.strip().startswith("#")]
    less = []
    while above and _depth(lines[above[-1] - 1]) < wanted:
        less.append(above.pop())
    if not (wanted and less and above) or _depth(lines[above[-1] - 1]) != wanted or not _is_in_function(lines, less):
        return None
    words = f"This line needs {wanted} spaces before it, like the lines above and below it."
    return ("indent-lost", words), less[-1]


def _is_in_function(lines: list[str], less: list[int]) -> bool:
    """Return whether lines without spaces stand in a function: after a loop they may be meant, and what follows not."""
    heads = [text for text in lines[: less[-1] - 1] if text.strip() and not _depth(text)]
    bare = [lines[number - 1] for number in less]
    return bool(heads) and heads[-1].startswith("def ") and not any(_depth(t) or t.rstrip().endswith(":") for t in bare)


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
