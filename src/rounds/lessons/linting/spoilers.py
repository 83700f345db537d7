"""Find words of the glossary that give away an answer: a learner may look up any word before the exercise is solved."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from rounds.vocabulary import Term, load_glossary
from rounds.vocabulary.term import list_rows

_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.S)
SHORTEST = 8  # characters of an expression: shorter ones stand in any text
FEWEST_DIGITS = 3  # of a number: 20 % and 0.5 stand in any text


def find_spoilers(cells: list[Any]) -> Iterator[str]:
    """Yield a sentence for each term of the glossary that holds a solution's expression or number."""
    for cell in cells:
        for solution in _SOLUTION.findall(cell.source):
            wanted = {text for node in _nodes(_dedent(solution)) for text in _forms(node)}
            for term in load_glossary().values():
                if found := sorted(form for form in wanted if _stands_in(form, term)):
                    yield f'Cell {cell.id}: define("{term.id}") shows the answer {found[0]}. Change what the term says.'


def _nodes(solution: str) -> list[ast.AST]:
    """Return what a solution is made of; nothing where it is no plain Python, which the rehearsal of a lesson says."""
    try:
        return list(ast.walk(ast.parse(solution)))
    except SyntaxError:
        return []


def _dedent(solution: str) -> str:
    margin = len(solution) - len(solution.lstrip(" "))
    return "\n".join(line[margin:] for line in solution.splitlines())


def _forms(node: ast.AST) -> Iterator[str]:
    """Yield how an expression or a number of a solution would be written in a sentence."""
    if isinstance(node, ast.BinOp | ast.Compare):
        text = _squeeze(ast.unparse(node))
        if len(text) >= SHORTEST:
            yield text
    elif isinstance(node, ast.Constant) and isinstance(node.value, float):
        for text in (f"{node.value:g}", f"{100 * node.value:g}%"):
            if len(re.sub(r"\D", "", text).lstrip("0")) >= FEWEST_DIGITS:
                yield text


def _stands_in(form: str, term: Term) -> bool:
    text = _squeeze("|".join(said for _, said in list_rows(term)))
    return re.search(rf"(?<![\d.]){re.escape(form)}(?!\d)", text) is not None


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)
