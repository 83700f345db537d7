"""Where an error happened: the line of the cell, the function, and the very expression."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import FrameType, TracebackType
from typing import Any

MOST_FRAMES = 2000
_trace = BaseException.__dict__["__traceback__"].__get__


@dataclass(frozen=True)
class Location:
    """The last frame of an error that is code of the notebook.

    `line` and `within` are as in `Explanation`; `frame` is the notebook's own, `beyond` those of libraries called from
    there, outermost first; `through` are those of libraries between the cell and a function of the notebook that they
    called, as `apply` calls one; `node` is the expression that failed, `source` the text of its cell.
    """

    line: int = 0
    within: str = ""
    source: str = ""
    node: ast.AST | None = None
    frame: FrameType | None = None
    beyond: tuple[FrameType, ...] = ()
    through: tuple[FrameType, ...] = ()

    def code(self, node: ast.AST | None) -> str:
        """Return the text of an expression, empty where it is not known."""
        return (ast.get_source_segment(self.source, node) or "") if node is not None else ""


def find_place(value: BaseException, names: Mapping[str, Any]) -> Location:
    """Return the place of an error in a notebook whose names these are."""
    steps = list(islice(_steps(_trace(value)), MOST_FRAMES))
    own = [number for number, step in enumerate(steps) if step.tb_frame.f_globals is names]
    if not own:
        return Location(beyond=tuple(step.tb_frame for step in steps))
    last, file = steps[own[-1]], steps[own[0]].tb_frame.f_code.co_filename
    here = [steps[number] for number in own if steps[number].tb_frame.f_code.co_filename == file]
    name = last.tb_frame.f_code.co_name
    source = "".join(linecache.getlines(last.tb_frame.f_code.co_filename))
    return Location(
        here[-1].tb_lineno,
        "" if name.startswith("<") else name,
        source,
        _node_at(source, last),
        last.tb_frame,
        tuple(step.tb_frame for step in steps[own[-1] + 1 :]),
        tuple(steps[number].tb_frame for number in range(own[0], own[-1]) if number not in own),
    )


def _steps(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _node_at(source: str, step: TracebackType) -> ast.AST | None:
    """Return the expression that an instruction belongs to: Python 3.11 and later keep its position (PEP 657)."""
    positions = next(islice(step.tb_frame.f_code.co_positions(), step.tb_lasti // 2, None), None)
    if positions is None or None in positions:
        return None
    line, end_line, column, end_column = positions
    wanted = (line, column, end_line, end_column)
    at = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr | ast.stmt) and _where(node) == wanted
    ]
    return next((node for node in at if isinstance(node, ast.expr)), _head(at[0]) if at else None)


def _head(node: ast.expr | ast.stmt) -> ast.expr | None:
    """Return what a statement asks of first: Python 3.11 gives an if, while or for as a whole."""
    if isinstance(node, ast.If | ast.While):
        return node.test
    return node.iter if isinstance(node, ast.For) else None


def _where(node: ast.expr | ast.stmt) -> tuple[int, int, int | None, int | None]:
    return (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
