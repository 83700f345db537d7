"""What pairs write in J5."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import CASES, SENTENCES, affirmed_with, read_by_then, reference_text, text_with
from .hidden import RIGHT, WHY

if TYPE_CHECKING:
    import pandas as pd

OTHER = {"has it now": "denied", "denied": "has it now", "family": "has it now", "not now": "has it now"}
NIGHT, SUNDAY, BROTHER, IF, LONGER, ONLY, QUESTION, COPIED, WIFE, PAST = SENTENCES
LEAKS = ["addendum", "coding", "letter", "within"]
WHO = ["8841207", "94 years", "14 March", "mayor of Tel Oren", "Adam", "555-0143"]


def _other(*sentences: str, **_: Any) -> dict[str, str]:
    """Return the sorting with some sentences in another group."""
    return {**RIGHT, **{one: OTHER[RIGHT[one]] for one in sentences}}


def _reading_dots(text: str, term: str) -> bool:
    denials: Any = ...
    return bool({*denials})


def _text_dots(written: pd.DataFrame, stays: pd.DataFrame) -> Any:
    could_read: Any = ...
    return written[could_read]


def _by_pattern(text: str, term: str) -> bool:
    """Read clause by clause with one pattern, as somebody does who knows regular expressions."""
    stop = re.compile(r"\b(no|not|denies|without|never|mother|father|brother|sister|if)\b")
    low = text.lower().replace("not only", "")
    for clause in re.split(r"[.;?!]|\bbut\b|\bhowever\b", low):
        if term.lower() in clause and not stop.search(clause[: clause.index(term.lower())]):
            return True
    return False


def _as_number(text: str, term: str) -> int:
    return int(affirmed_with()(text, term))


def _small_letters_only(text: str, term: str) -> bool:
    """Read well, but look for the term in the text as it stands."""
    return term in text and affirmed_with()(text, term)


def _typed_in(text: str, term: str) -> bool:
    return {(one, word): truth for one, word, truth in CASES}.get((text, term), False)


def _without_the_new(text: str, term: str) -> bool:
    """Read well what the twelve texts speak of, and nothing else."""
    known = ("orthopnoea", "oedema", "cough", "stroke", "diabetes", "fever", "wheeze", "asthma")
    return term.lower() in known and affirmed_with()(text, term)


def _term_as_it_is(text: str, term: str) -> bool:
    """Read well, but only a term in small letters."""
    return term == term.lower() and affirmed_with()(text, term)


def _first_mention(text: str, term: str) -> bool:
    head = text.lower().split(term.lower())[0]
    return term.lower() in text.lower() and affirmed_with()(head.split(".")[-1] + term, term)


def _not_only_denies(text: str, term: str) -> bool:
    return "not only" not in text.lower() and affirmed_with()(text, term)


def _texts_in_a_loop(written: pd.DataFrame, stays: pd.DataFrame) -> list[str]:
    """Do the right thing in a loop, as those do who come from another language."""
    texts = []
    for name, zero in zip(stays["encounter_id"], stays["t0"], strict=True):
        own = written[(written["encounter_id"] == name) & (written["written_ts"] <= zero)]
        texts.append(" ".join(own.sort_values("written_ts")["text"]))
    return texts


def _in_lines(written: Any, stays: Any) -> Any:
    return ["\n".join(text.split()) for text in reference_text(written, stays)]


def _as_dictionary(written: pd.DataFrame, stays: pd.DataFrame) -> dict[str, str]:
    return dict(zip(stays["encounter_id"], _texts_in_a_loop(written, stays), strict=True))


def _only_stays_with_notes(written: pd.DataFrame, stays: pd.DataFrame) -> Any:
    return reference_text(written, stays).loc[lambda text: text != ""]


def _newest_first(written: pd.DataFrame, stays: pd.DataFrame) -> list[str]:
    return [" ".join(reversed(text.split())) for text in _texts_in_a_loop(written, stays)]


def _as_the_rows_stand(written: pd.DataFrame, stays: pd.DataFrame) -> Any:
    """Join by number of the note where it is short, else as the rows stand."""
    return text_with(read_by_then)(written.assign(written_ts=written["written_ts"].dt.floor("h")), stays)


def _spoiling(written: pd.DataFrame, stays: pd.DataFrame) -> Any:
    answer = reference_text(written, stays)
    written["late"] = True
    return answer


EXAMPLES = {
    "e1": Examples(
        right=(RIGHT, {one: f" {group.upper()} " for one, group in RIGHT.items()}),
        stub=...,
        wrong=(
            *(Wrong(_other(one), WHY[one]) for one in SENTENCES),
            Wrong({**RIGHT, COPIED: "denied"}, WHY[COPIED]),
            Wrong({**RIGHT, QUESTION: "denied"}, WHY[QUESTION]),
            Wrong({**RIGHT, WIFE: "family"}, WHY[WIFE]),
            Wrong({**RIGHT, LONGER: "not now"}, WHY[LONGER]),
            Wrong(dict.fromkeys(RIGHT, "has it now"), "in one group"),
            Wrong(_other(BROTHER, IF, QUESTION, COPIED, PAST), "Most mentions"),
            Wrong(_other(NIGHT, SUNDAY), "8 of 10"),
            Wrong({**RIGHT, IF: "maybe"}, "choose from"),
            Wrong({**RIGHT, IF: ...}, "1 gap"),
            Wrong("denied", "type str"),
        ),
    ),
    "e2": Examples(
        right=(
            affirmed_with(),
            affirmed_with(ends=["but"]),
            affirmed_with(denials={"never", "no", "without", "denies", "not"}),
            _by_pattern,
            _as_number,
        ),
        stub=_reading_dots,
        wrong=(
            Wrong(lambda text, term: term.lower() in text.lower(), "each mention"),
            Wrong(affirmed_with(denials=[], others=[]), "each mention"),
            Wrong(lambda text, term: True, "does not stand in the text"),
            Wrong(lambda text, term: False, "a clear finding"),
            Wrong(affirmed_with(side="text"), "next sentence"),
            Wrong(affirmed_with(side="clause"), "Of what does this no speak"),
            Wrong(affirmed_with(side="after"), "wrong side"),
            Wrong(affirmed_with(denials=["not", "denies", "without", "never"]), '"No wheeze."'),
            Wrong(affirmed_with(denials=["no", "not", "without", "never"]), '"Denies wheeze."'),
            Wrong(affirmed_with(denials=["no", "not", "denies", "never"]), '"Without wheeze."'),
            Wrong(affirmed_with(denials=["no", "denies", "without", "never"]), '"Does not have asthma."'),
            Wrong(affirmed_with(denials=["no", "not", "denies", "without"]), '"Never had asthma."'),
            Wrong(affirmed_with(denials=["no", "not", "denies", "without", "never", "known"]), "Known does not deny"),
            Wrong(affirmed_with(denials=["no", "not", "denies", "without", "never", "mild"]), "Mild does not deny"),
            Wrong(affirmed_with(ends=[]), "After but"),
            Wrong(affirmed_with(ends=["however"]), "After but"),
            Wrong(affirmed_with(ends=["but", "or"]), "list with or"),
            Wrong(affirmed_with(ends=["but", "and"]), "list with and"),
            Wrong(affirmed_with(others=["father", "brother", "sister", "if"]), '"Mother has asthma."'),
            Wrong(affirmed_with(others=["mother", "father", "sister", "if"]), '"Brother has asthma."'),
            Wrong(affirmed_with(others=["mother", "father", "brother", "sister"]), "Has it happened"),
            Wrong(affirmed_with(others=["mother", "father", "brother", "sister", "if", "patient"]), "no other person"),
            Wrong(affirmed_with(others=["mother", "father", "brother", "sister", "if", "today"]), "seen today"),
            Wrong(_small_letters_only, "capitals"),
            Wrong(_not_only_denies, "Not only denies nothing"),
            Wrong(_first_mention, "twice"),
            Wrong(_typed_in, "wrong on others"),
            Wrong(lambda text, term: "yes", "must return True or False"),
            Wrong(lambda text, term: None, "returns nothing"),
            Wrong(True, "not a function"),
            Wrong(_without_the_new, "fresh texts", hidden=True),
            Wrong(_term_as_it_is, "written in capitals", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(
            reference_text,
            text_with(lambda table: ~(table["written_ts"] > table["t0"])),
            _texts_in_a_loop,
            _in_lines,
            _as_dictionary,
        ),
        stub=_text_dots,
        wrong=(
            Wrong(text_with(lambda table: table["written_ts"] < table["t0"]), "exactly at t0"),
            Wrong(text_with(lambda table: table["note_type"] != "discharge"), "type of the note"),
            Wrong(
                text_with(lambda table: (table["written_ts"] - table["t0"]).dt.total_seconds() <= 86400),
                "three hours after",
            ),
            Wrong(text_with(lambda table: table["text"] != ""), "a month later"),
            Wrong(text_with(lambda table: table["written_ts"] > table["t0"]), "Turn the sign"),
            Wrong(text_with(lambda table: table["written_ts"] >= table["t0"]), "Turn the sign"),
            Wrong(text_with(read_by_then, "no note"), "nobody wrote"),
            Wrong(text_with(read_by_then, "0 notes"), "nobody wrote"),
            Wrong(text_with(read_by_then, None), "no text at all"),
            Wrong(text_with(read_by_then, 0), "no text at all"),
            Wrong(_only_stays_with_notes, "counts too"),
            Wrong(_newest_first, "in the order in which"),
            Wrong(lambda written, stays: " ".join(written["text"]), "one text for each stay"),
            Wrong("text", "not a function"),
            Wrong(_as_the_rows_stand, "than ours on fresh notes", hidden=True),
            Wrong(_spoiling, "work on a copy", hidden=True),
        ),
    ),
    "e4": Examples(
        right=(LEAKS, set(LEAKS), tuple(reversed(LEAKS)), ["Addendum", " coding", "letter", "within"]),
        stub=...,
        wrong=(
            Wrong([*LEAKS, "again"], "comes again"),
            Wrong([*LEAKS, "readmission"], "was here before"),
            Wrong([*LEAKS, "stay"], "at the door too"),
            Wrong([*LEAKS, "quality"], "picture of the heart"),
            Wrong(["addendum", "coding", "within"], "1 more"),
            Wrong(["addendum"], "3 more"),
            Wrong([], "4 more"),
            Wrong("addendum", "Write a list"),
            Wrong([*LEAKS, "letter"], "twice"),
            Wrong([*LEAKS, "furosemide"], "unknown"),
        ),
    ),
    "e5": Examples(
        right=(0.5713, 0.571),
        stub=...,
        wrong=(
            Wrong(0.9751, "Cut by time"),
            Wrong(0.9755, "Cut by time"),
            Wrong(0.9798, "this type"),
            Wrong(0.5199, "the door alone"),
            Wrong(0.5749, "the split is not"),
            Wrong(0.6332, "one number"),
            Wrong(0.5, "pure chance"),
            Wrong(0.85, "so high"),
            Wrong(57.1, "no percent"),
            Wrong(0.6, "Not this score"),
            Wrong("0.571", "without quotes"),
        ),
    ),
    "e6": Examples(
        right=(
            WHO,
            tuple(WHO),
            set(WHO),
            [" adam", *(one for one in WHO if one != "Adam")],
            ["Record 8841207", *WHO[1:]],
            {"Record 8841207", "94", "14 March", "mayor", "Tel Oren", "son Adam", "phone 555-0143"},
            ["record 8841207", "94 years", "on 14 March", "Was mayor of Tel Oren", "her son Adam", "phone 555-0143"],
        ),
        stub=...,
        wrong=(
            Wrong([one for one in WHO if one != "94 years"], "1 more"),
            Wrong([one for one in WHO if one not in ("mayor of Tel Oren", "Adam")], "2 more"),
            Wrong([*WHO, "Parkinson's disease"], "is a disease"),
            Wrong([*WHO, "Foley catheter"], "is a thing"),
            Wrong([*WHO, "4,210 ng/L"], "blood test"),
            Wrong([*WHO, "71.4 kg"], "Nobody is found"),
            Wrong([*WHO, "day 2"], "counted from admission"),
            Wrong([*WHO, "2019"], "A year alone"),
            Wrong([*WHO, "Weight 71.4 kg"], "Nobody is found"),
            Wrong([*WHO, "Record 8841207"], "twice"),
            Wrong([*WHO[1:], "Record"], "unknown"),
            Wrong("Adam", "Write a list"),
            Wrong([*WHO, "oedema"], "unknown"),
            Wrong([], "6 more"),
        ),
    ),
}

GAPS = Gaps(
    before=("setup", "shadows", "share"),
    box="""phrase = {}
rows_kept = {}
confirmed_share = share_with_code(phrase, rows_kept)""",
    right=(
        ('"no consolidation"', '"not denied"'),
        ('"No consolidation"', '"not denied"'),
        ('"NO CONSOLIDATION"', '"not denied"'),
    ),
    wrong=(
        (('"no consolidation"', '"all"'), "all notes with the word"),
        (('"no consolidation"', '"denied"'), "notes that deny it"),
        (('"not seen"', '"not denied"'), "all notes with the word"),
        (('"consolidation"', '"not denied"'), "No note is kept"),
        (('"not seen"', '"denied"'), "No note is kept"),
        (('"consolidation"', '"denied"'), "all notes with the word"),
        (('"No"', '"not denied"'), "notes that deny it"),
        (('"No"', '"denied"'), "all notes with the word"),
        (('"denies"', '"not denied"'), "all notes with the word"),
        (('"pneumothorax"', '"not denied"'), "Not this share"),
        (("...", '"not denied"'), "still empty"),
        (('"no consolidation"', "..."), "still empty"),
    ),
)
