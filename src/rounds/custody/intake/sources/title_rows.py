"""Find the header of a table: in the first row, or below the title rows that people put above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rounds.data.numbers import is_number

LOOK = 30


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, str]:
    """Return the line of the header and why; line 1 unless the first rows are plainly titles."""
    if not rows:
        return 1, "header_line: the first line"
    width = _usual_width(rows)
    if width < 2 or not _is_title(rows[0], width):
        return 1, "header_line: the first line"
    for number, row in enumerate(rows[:LOOK], start=1):
        if _is_header(row, width):
            return number, f"header_line: {number - 1} lines above it hold fewer cells than the {width} of the table"
    return 1, "header_line: the first line"


def _is_title(row: Sequence[str], width: int) -> bool:
    """Tell whether a row above a table is plainly no header: too few cells, or numbers among too few."""
    filled = _filled(row)
    return filled < max(2, (width + 1) // 2) or (filled < width and any(is_number(cell) for cell in row))


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(_last_filled(row) for row in rows if _filled(row))
    return max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))[0]


def _is_header(row: Sequence[str], width: int) -> bool:
    names = [cell.strip() for cell in row[:width]]
    return (
        len(names) == width
        and all(names)
        and len(set(names)) == width
        and not any(is_number(name) for name in names)
        and not any(cell.strip() for cell in row[width:])
    )


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _last_filled(row: Sequence[str]) -> int:
    return max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)
