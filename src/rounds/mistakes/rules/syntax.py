"""Code that Python cannot read: what is missing or too much, found in the line itself and in Python's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rounds.mistakes.reading import is_keyword, quote
from rounds.mistakes.rules.characters import explain_character
from rounds.mistakes.rules.commas import explain_comma
from rounds.mistakes.rules.indents import explain_indent, find_lost_indent
from rounds.mistakes.rules.marks import PAIRS, blank, open_brackets
from rounds.mistakes.rules.numbers_written import explain_number

CLOSING = {opening: closing for closing, opening in PAIRS.items()}
BLOCKS = r"(?:if|elif|else|for|while|def|class|try|except|finally|with)\b"
BARE = re.compile(r"[:=(\[,]\s*((?:[A-Za-z][\w'-]*[ ]+)+[\w'-]+)\s*(?=[,)}\]]|$)")
HYPHEN = re.compile(
    r"(?:^\s*|^\s*(?:def|for)\s+|[(,]\s*)([A-Za-z_]\w*(?:-\w+)+)(?=\s*(?:[-+*/]?=(?!=)|:|\(|in\b|,[^=]*=(?!=)))"
)
NO_TARGET = r"cannot assign to expression|illegal|cannot contain assignment|expected '\('|Maybe you meant '=='"
ARTICLES = {"a", "an", "the", "each", "every"}
BLOCK_WORDS = {"if", "else", "for", "lambda", "import", "return", "not", "while", "def", "print"}
Found = tuple[str, str]


@dataclass(frozen=True)
class Unread:
    """A cell that Python could not read: its text, and where and why Python stopped."""

    source: str
    line: int
    offset: int
    said: str
    is_indent: bool = False

    @property
    def text(self) -> str:
        """The line at which Python stopped."""
        lines = self.source.splitlines()
        return lines[self.line - 1] if 0 < self.line <= len(lines) else ""


def explain_syntax(unread: Unread) -> tuple[Found, int] | None:
    """Return the rule's name with its sentences, and the line they speak of."""
    code = blank(unread.text)
    lost = find_lost_indent(unread.source, unread.line) if unread.is_indent else None
    if lost:
        return lost
    found = explain_indent(unread.said) if unread.is_indent else None
    found = found or explain_character(code) or _explain_name(code) or _explain_hyphen(code, unread.said)
    found = found or _explain_comma(unread, code)
    found = found or explain_number(code, "leading zeros" in unread.said) or _first_of(SIGNS, code)
    if found:
        return found, unread.line
    if unread.is_indent or "never closed" in unread.said:
        return _explain_open(unread) or (_give_up(unread), unread.line)
    bare = _explain_bare_text(unread.text, code)
    if bare:
        return bare, unread.line
    return _explain_open(unread) or ((_explain_said(unread) or _explain_words(code) or _give_up(unread)), unread.line)


SIGNS: tuple[tuple[str, str, str], ...] = (
    (
        "elif",
        r"^\s*(else\s+if|elseif|elsif|elsel?f|elf)\b",
        "Python has one word for this: write elif in place of {1}.",
    ),
    ("less-or-equal", r"=<", "The sign for less or equal is <=, with = at the end."),
    ("more-or-equal", r"=>", "The sign for more or equal is >=, with = at the end."),
    ("not-equal", r"<>|!\s+=|=!", "The sign for not equal is !=."),
    ("equal", r"=\s+=", "The sign for equal is ==, with no space inside."),
    ("and", r"&&", "Write and in place of &&. Between columns of a table write &."),
    ("or", r"\|\|", "Write or in place of ||. Between columns of a table write |."),
    ("column-not", r"[&|]\s*\(?\s*not\b", "Between columns of a table write ~ for not, as in: a & ~b."),
    ("exclamation", r"!(?!=)", "Write not in place of !. The sign for not equal is !=."),
    ("plus-plus", r"(\w+)\s*(\+\+|--)", "Python has no {2}. To count on, write {1} = {1} + 1."),
    ("question-mark", r"\?", "Python has no question mark. For a choice write: a if condition else b."),
    ("assign-walrus", r"^\s*\w+\s*:=", "To give a name a value, write = and not :=."),
    (
        "assign-compare",
        r"^\s*(?:assert|return|elif|while)\b[^=]*[^=!<>:]=(?!=)",
        "To compare, write == with two signs.",
    ),
    ("dollar", r"\$", "The sign $ is no sign of Python. Delete it."),
    ("semicolon", r"\([^()]*;[^()]*\)", "Between values write a comma, not a semicolon."),
)


def _explain_name(code: str) -> Found | None:
    match = re.match(r"\s*(\d+)([A-Za-z_]\w*)\s*=(?!=)", code)
    if match is None:
        return None
    return "name-digit", "A name cannot begin with a digit. Put the digit at its end."


def _explain_comma(unread: Unread, code: str) -> Found | None:
    wants_else = "expected 'else'" in unread.said
    return explain_comma(code, unread.offset, wants_else) if wants_else or unread.said == "invalid syntax" else None


def _explain_hyphen(code: str, said: str) -> Found | None:
    """Say that - is no part of a name, where a new name stands: left of =, behind def or for, between brackets."""
    match = HYPHEN.search(code) if re.search(NO_TARGET, said) else None
    if match is None or re.fullmatch(r"\w-\d+", match[1]):  # x-1 = 3 may be a comparison
        return None
    is_inside = "(" in code[: match.start(1)]
    if is_inside and "cannot contain assignment" not in said:
        return None
    name, compare = match[1], ", or to compare, write ==" if is_inside else ""
    read, better = name.replace("-", " minus "), name.replace("-", "_")
    return "hyphen", f"{name} means {read}. A name has no - in it: write {better}{compare}."


def _first_of(rules: Iterable[tuple[str, str, str]], text: str) -> Found | None:
    """Return the first rule whose pattern is in a text: its name, and its words with what the pattern found."""
    for name, pattern, words in rules:
        match = re.search(pattern, text)
        if match:
            return name, words.format(match[0], *match.groups())
    return None


def _explain_open(unread: Unread) -> tuple[Found, int] | None:
    """Say which bracket is never closed, in the line of that bracket."""
    said = unread.said
    if "never closed" not in said and "incomplete input" not in said and "unexpected EOF" not in said:
        return None
    still = open_brackets(unread.source)
    if still:
        mark = still[-1].mark
        return ("open-bracket", f"The bracket {mark} is never closed. Put a {CLOSING[mark]} where it ends."), still[
            -1
        ].line
    last = len(unread.source.rstrip().splitlines())
    if re.search(r'"""|\'\'\'', unread.source):
        return ("open-text", "A text with three quotes is never closed. Put three quotes where it ends."), last
    return (
        "empty-block",
        "Something is missing below this line. Write the next line with four spaces before it.",
    ), last


SAID: tuple[tuple[str, str, str], ...] = (
    (
        "other-bracket",
        r"closing parenthesis '(.)' does not match opening parenthesis '(.)'",
        "The bracket {2} is closed by {1}. Both must be of one kind.",
    ),
    ("unmatched", r"unmatched '(.)'", "There is one {1} too many, or its opening bracket is missing."),
    ("assign-compare", r"Maybe you meant '==' or ':='", "One = gives a name a value. To compare, write ==."),
    ("assign-literal", r"cannot assign to (?:True|False|None)", "True, False and None are fixed. Choose another name."),
    (
        "assign-other",
        r"cannot assign to|cannot delete",
        "Left of = stands one name, and right of it the value. To compare, write ==.",
    ),
    ("colon", r"expected ':'", "A colon : is missing at the end of this line."),
    ("dictionary-colon", r"':' expected after dictionary key", "Between the key and its value write a colon."),
    ("comma", r"[Pp]erhaps you forgot a comma", "A comma seems to be missing between two values."),
    ("print", r"Missing parentheses in call to '(\w+)'", "Write {1} with brackets: {1}(...)."),
    ("return-outside", r"'return' outside function", "return works only inside a def. Check the spaces before it."),
    ("loop-outside", r"'(break|continue)'.* loop", "{1} works only inside a loop. Check the spaces before it."),
    (
        "keyword-order",
        r"positional argument follows keyword",
        "Values without a name come first, then those with a name and =.",
    ),
    ("else-missing", r"expected 'else' after 'if'", "A choice in one line needs both: a if condition else b."),
    ("f-text", r"f-string", "Something is wrong inside the curly brackets of this text: write {{name}}."),
    (
        "backslash",
        r"unicodeescape.* \\(\w)",
        "In a text \\{1} has a meaning of its own. "
        "In a path write / in place of each \\, or put an r before the first quote.",
    ),
    ("import-form", r"Expected one or more names after 'import'", "Say what to import after the word import."),
)


def _explain_said(unread: Unread) -> Found | None:
    if "unterminated" in unread.said:
        return _explain_text(unread)
    return _first_of(SAID, unread.said)


def _explain_text(unread: Unread) -> Found:
    text = unread.text
    if "triple" in unread.said:
        return "open-text", "A text with three quotes is never closed. Put three quotes where it ends."
    if re.search(r"\\[\"'][\s)\]]*$", text):
        return (
            "backslash",
            "The \\ before the last quote makes the quote a part of the text. Write / in place of each \\.",
        )
    if re.search(r"'[^']*\w'\w", text):
        return "apostrophe", "The ' inside the word ends the text. Put double quotes around this text."
    return "open-quote", "A text begins with a quote and does not end. Put the same quote where it ends."


def _explain_words(code: str) -> Found | None:
    """Say what a bare "invalid syntax" means, from the words of the line."""
    for explain in (_explain_keyword, _explain_block, _explain_end):
        found = explain(code)
        if found:
            return found
    return None


def _explain_keyword(code: str) -> Found | None:
    match = re.match(r"\s*([a-z]+)\s*=(?!=)", code)
    if match and is_keyword(match[1]):
        return "keyword", f"{match[1]} is a word of Python itself. Choose another name, like {match[1]}_."
    if re.match(r"\s*(else|elif)\b", code):
        word = code.split()[0].rstrip(":")
        return "lonely-else", f"This {word} has no if above it. Both need the same spaces before them."
    return None


def _explain_bare_text(text: str, code: str) -> Found | None:
    """Say that a text has no quotes: several words in a row where a value stands, and no sign between them."""
    for match in BARE.finditer(code):
        words = match[1].split()
        is_value = match[0].startswith(":") or words[0] in ARTICLES
        if len(words) >= (2 if is_value else 3) and not BLOCK_WORDS & set(words) and not words[0].isdigit():
            return "bare-text", f"A text needs quotes around it. Put them around {quote(text[slice(*match.span(1))])}."
    return None


def _explain_block(code: str) -> Found | None:
    if re.match(rf"\s*{BLOCKS}", code) and ":" not in code:
        return "colon", "A colon : is missing in this line."
    match = re.search(r"(?:^|[=(,\[])\s*([A-Za-z_]\w*)\s+([A-Za-z_]\w*|\d[\d.]*|\")", code)
    if match and not is_keyword(match[1]) and not is_keyword(match[2]):
        second = "the text" if match[2] == '"' else match[2]
        return "two-words", f"Something is missing between {match[1]} and {second}: a sign, a comma or quotes."
    if re.search(r"\d\s+\d", code):
        return "two-numbers", "Something is missing between two numbers: a comma or a sign."
    return None


def _explain_end(code: str) -> Found | None:
    end = code.strip()
    if re.search(r"=\s*$", end):
        return "nothing-right", "Nothing stands right of =. Write the value there."
    match = re.search(r"([-+*/%&|<>,]|\b(?:and|or|not|in|is|if|import|from))\s*$", end)
    if match:
        return "cut-off", f"The line ends with {match[1]}. Something must follow it."
    if re.search(r"=\s*[)\]}]", code):
        return "nothing-right", "Nothing stands right of =. Write the value there."
    return None


def _give_up(unread: Unread) -> Found:
    word = re.match(r"\w+|\S", unread.text[max(0, unread.offset - 1) :].lstrip())
    near = f" near {word[0]}" if word else ""
    return "unread", f"Python cannot read this line{near}. Look for a missing comma, bracket, quote or sign."
