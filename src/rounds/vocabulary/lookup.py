"""Find a term by any of its words, or say which known word is nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from rounds.errors import LessonError
from rounds.vocabulary.term import Term, load_glossary


def look_up(word: str) -> Term:
    """Return the term that a clinician or an engineer calls ``word``.

    Raises
    ------
    LessonError
        No term has this word; the message names the nearest one.

    Examples
    --------
    >>> look_up("recall").id
    'sensitivity'
    """
    plain, known = _plain(word), _words()
    if plain in known:
        return known[plain]
    if near := get_close_matches(plain, known, n=1, cutoff=0.6):
        raise LessonError(f'"{word}" is not in the glossary. Did you mean: define("{near[0]}")')
    raise LessonError(f'"{word}" is not in the glossary. List all words with: list(load_glossary())')


def define(word: str) -> Term:
    """Show both definitions of a word, where the two part, the formula and an example."""
    return look_up(word)


def search(text: str) -> tuple[Term, ...]:
    """Return every term that mentions all words of ``text``; terms named so come first."""
    wanted = _plain(text).split()
    ranked = [(_rank(term, wanted), term) for term in load_glossary().values()]
    return tuple(term for rank, term in sorted(ranked, key=lambda pair: pair[0]) if rank < 3)


def names_of(term: Term) -> tuple[str, ...]:
    """Return each name of a term, one by one and without brackets."""
    names = [term.id]
    for written in (term.clinical_term, term.ml_term):
        names += [written, re.sub(r"\(.*?\)", "", written), *re.findall(r"\((.*?)\)", written)]
        names += re.split(r"[,;(]", re.sub(r"\)", "", written))
    plain = dict.fromkeys(_plain(name) for name in names)
    return tuple(name for name in plain if name and name not in {"none", "rarely used at the bedside"})


@cache
def _words() -> dict[str, Term]:
    """Return every name; an id wins over a spelled-out name, an earlier term over a later one."""
    terms = load_glossary()
    words = {_plain(name): term for name, term in terms.items()}
    for term in terms.values():
        for name in names_of(term):
            words.setdefault(name, term)
    return words


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[-_]", " ", text.lower()).split())


def _rank(term: Term, wanted: Iterable[str]) -> int:
    """Rank a term: 0 named exactly so, 1 in a name, 2 in its text, 3 not at all."""
    names, whole = (
        names_of(term),
        _plain(f"{term.clinical_definition} {term.ml_definition} {term.where_they_differ}"),
    )
    if " ".join(wanted) in names:
        return 0
    if all(any(word in name for name in names) for word in wanted):
        return 1
    return 2 if all(word in whole or any(word in name for name in names) for word in wanted) else 3
