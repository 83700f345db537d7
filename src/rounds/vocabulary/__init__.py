"""The words of two professions: what a clinician says, what an engineer says, where they part.

    define("sensitivity")     both definitions, the formula, an example; as a table in a notebook
    look_up("recall")         the same term, found by the other profession's word
    search("threshold")       every term that mentions the word, best first

The terms live in ``glossary.yaml``; they are read at the first question and kept.
"""

from rounds.vocabulary.lookup import define, look_up, search
from rounds.vocabulary.term import RELATIONS, Term, load_glossary, parse_glossary

__all__ = [
    "RELATIONS",
    "Term",
    "define",
    "load_glossary",
    "look_up",
    "parse_glossary",
    "search",
]
