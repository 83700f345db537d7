"""What the check buttons of J5 say."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.several import is_several
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

SENTENCES = (
    "Sat up all night with ORTHOPNOEA.",
    "Without OEDEMA since Sunday.",
    "Her brother has DIABETES.",
    "Come back at once if there is CHEST PAIN.",
    "ORTHOPNOEA no longer.",
    "Not only a cough, also FEVER.",
    "Question: PNEUMONIA? X-ray tomorrow.",
    "Copied forward: OEDEMA to the knees.",
    "His wife is worried by his OEDEMA.",
    "Was here in 2015 with a STROKE.",
)
GROUPS = ("has it now", "denied", "family", "not now")
WORDS = ("addendum", "again", "coding", "letter", "quality", "readmission", "stay", "within")
SNIPPETS = (
    "8841207",
    "94 years",
    "14 March",
    "71.4 kg",
    "4,210 ng/L",
    "Parkinson's disease",
    "Foley catheter",
    "day 2",
    "mayor of Tel Oren",
    "2019",
    "Adam",
    "555-0143",
)
_LEAD = re.compile(r"^(?:record|phone|was|(?:came )?on|(?:her )?son|weight|nt-probnp|known|from)\s+", re.IGNORECASE)


_WHOLE = {"94": "94 years", "94 years old": "94 years", "mayor": "mayor of tel oren", "tel oren": "mayor of tel oren"}


def _join(pieces: Iterable[Any]) -> list[Any]:
    """Return the pieces with the parts of one piece as this piece: "mayor" and "Tel Oren" stand for both."""
    joined: list[Any] = []
    for one in pieces:
        whole = _WHOLE.get(one.lower()) if isinstance(one, str) else None
        joined += [whole or one] if whole is None or whole not in joined else []
    return joined


def without_leads(rung: Rung) -> Rung:
    """Ask only for the pieces of the note: who writes "Record 8841207" has found the number, too."""

    def ask(answer: Any) -> str | None:
        if isinstance(answer, list | tuple | set | frozenset):
            return rung.ask(_join(_LEAD.sub("", one.strip()) if isinstance(one, str) else one for one in answer))
        return rung.ask(answer)

    return Rung(rung.name, ask, rung.mistakes)


CASES = (
    ("Denies orthopnoea.", "orthopnoea", False),
    ("No fever, cough or oedema.", "oedema", False),
    ("Oedema to the knees. No chest pain.", "oedema", True),
    ("No chest pain but oedema to the knees.", "oedema", True),
    ("Cough at night, no fever.", "cough", True),
    ("Without oedema.", "oedema", False),
    ("Not in pain, never had a stroke.", "stroke", False),
    ("Mother has diabetes.", "diabetes", False),
    ("Call the ward if fever comes.", "fever", False),
    ("Not only cough, also fever.", "fever", True),
    ("FEVER since Monday!", "fever", True),
    ("Her brother had a stroke. Diabetes since 2010.", "diabetes", True),
)


def _reads(answer: Any, text: str, term: str) -> bool:
    """Return whether the learner's function says yes to a term in a text."""
    return bool(properties.call(answer, text, term))


def says_yes(*pairs: tuple[str, str]) -> Callable[[Any], bool]:
    """Return the property that a function says yes to each of these texts and terms."""
    return lambda answer: all(_reads(answer, *pair) for pair in pairs)


def says_no(*pairs: tuple[str, str]) -> Callable[[Any], bool]:
    """Return the property that a function says no to each of these texts and terms."""
    return lambda answer: not any(_reads(answer, *pair) for pair in pairs)


def is_right_on(cases: Collection[tuple[str, str, bool]]) -> Callable[[Any], bool]:
    """Return the property that a function reads all of these texts rightly."""
    return lambda answer: all(_reads(answer, text, term) == truth for text, term, truth in cases)


def _misses(text: str, term: str) -> Callable[[Any], bool]:
    """Return the property that a function takes a denied term for a finding, and knows a clear one."""
    return says_yes((text, term), (f"{term} at rest.", term))


def _ask_yes_or_no(answer: Any) -> str | None:
    for text, term, _ in CASES[:3]:
        given = properties.call(answer, text, term)
        if given is None:
            return "affirmed returns nothing: keep the lines with return."
        if not any(given is one or (not isinstance(given, str) and given == one) for one in (True, False)):
            return f"affirmed returns {str(given)[:20]!r}; it must return True or False."
    return None


PLAIN = (("Again oedema of both legs.", "oedema"), ("At night wheeze.", "wheeze"))
READING_MISTAKES = (
    Mistake(
        "typed-in",
        lambda answer: (
            is_right_on(CASES)(answer) and (says_no(*PLAIN)(answer) or says_yes(("Feels well.", "wheeze"))(answer))
        ),
        "affirmed is right on the twelve texts and wrong on others. A rule must read new texts too.",
    ),
    Mistake(
        "yes-to-all",
        says_yes(("Feels well.", "oedema"), ("No oedema.", "oedema")),
        "affirmed says yes also where the term does not stand in the text.",
    ),
    Mistake(
        "looks-after",
        lambda answer: (
            says_yes(("No wheeze.", "wheeze"))(answer) and says_no(("Wheeze at night, no fever.", "wheeze"))(answer)
        ),
        "affirmed looks on the wrong side: does a no stand before or after what it denies?",
    ),
    Mistake(
        "word-is-finding",
        says_yes(("Denies wheeze.", "wheeze"), ("No wheeze.", "wheeze"), ("Mother has wheeze.", "wheeze")),
        "affirmed says yes to each mention. Which words before it change what the writer says?",
    ),
    Mistake("finds-nothing", says_no(*PLAIN), "affirmed says no also to a clear finding, like oedema of both legs."),
    Mistake(
        "capitals",
        says_no(("OEDEMA of both legs.", "oedema"), ("WHEEZE at night!", "wheeze")),
        "A finding in capitals is not found. Make text and term small first.",
    ),
    Mistake(
        "whole-text",
        says_no(("Wheeze at night. No fever.", "wheeze")),
        "A no of the next sentence takes away the finding. How far does a no reach?",
    ),
    Mistake(
        "whole-clause",
        says_no(("Wheeze at night, no fever.", "wheeze")),
        'affirmed reads "Wheeze at night, no fever." as no wheeze. Of what does this no speak? Where does it stand?',
    ),
    Mistake(
        "not-only",
        says_no(("Not only wheeze.", "wheeze"), ("Not only cough, also wheeze.", "wheeze")),
        "Not only denies nothing: the finding is there.",
    ),
    *(
        Mistake(
            f"lacks-{text.lower().split()[at]}",
            _misses(text, text.strip(".").split()[-1]),
            f'affirmed takes "{text}" for a finding. Which of its words denies?',
        )
        for text, at in (
            ("No wheeze.", 0),
            ("Denies wheeze.", 0),
            ("Without wheeze.", 0),
            ("Does not have asthma.", 1),
            ("Never had asthma.", 0),
        )
    ),
    Mistake(
        "known-denies",
        says_no(("Known asthma.", "asthma")),
        "Known does not deny: a known illness is there.",
    ),
    Mistake("mild-denies", says_no(("Mild wheeze.", "wheeze")), "Mild does not deny: a little of it is there."),
    Mistake(
        "ends-at-or",
        _misses("No fever, cough or wheeze.", "wheeze"),
        "In a list with or, the no reaches to its end. Which word turns the sentence round?",
    ),
    Mistake(
        "ends-at-and",
        _misses("Denies cough and wheeze.", "wheeze"),
        "In a list with and, the no reaches to its end. Which word turns the sentence round?",
    ),
    Mistake(
        "lacks-but",
        says_no(("No fever but wheeze.", "wheeze")),
        "After but the writer turns round: what follows is there. Where does a no end?",
    ),
    *(
        Mistake(
            f"lacks-{relative.lower()}",
            _misses(f"{relative} has asthma.", "asthma"),
            f'affirmed takes "{relative} has asthma." for a finding of the patient. Whose is it?',
        )
        for relative in ("Mother", "Father", "Brother", "Sister")
    ),
    Mistake(
        "lacks-if",
        _misses("Come back if wheeze begins.", "wheeze"),
        'affirmed takes "Come back if wheeze begins." for a finding. Has it happened?',
    ),
    Mistake(
        "patient-as-other",
        says_no(("Patient has wheeze.", "wheeze")),
        "The patient is no other person. Leave the word out.",
    ),
    Mistake(
        "today-as-other",
        says_no(("Today wheeze.", "wheeze")),
        "What is seen today is there. Leave the word out.",
    ),
    Mistake(
        "family-everywhere",
        says_no(("Mother is well. Wheeze at night.", "wheeze")),
        "A relative in another sentence takes away the finding. Keep to the clause of the term.",
    ),
    Mistake(
        "first-mention",
        says_no(("Denies wheeze at home. Wheeze tonight.", "wheeze")),
        "A text may speak of the term twice. One yes is enough.",
    ),
)
PROBES = (
    ("No wheeze.", "wheeze", False),
    ("Wheeze at both bases.", "wheeze", True),
    ("Feels well.", "wheeze", False),
    ("Her sister had asthma.", "asthma", False),
    ("Asthma since 2010", "asthma", True),
    ("No fever but wheeze.", "wheeze", True),
)


def affirmed_with(
    denials: Collection[str] = ("no", "not", "denies", "without", "never"),
    ends: Collection[str] = ("but", "however"),
    others: Collection[str] = ("mother", "father", "brother", "sister", "if"),
    side: str = "before",
) -> Callable[[str, str], bool]:
    """Return the function of exercise 2 with these choices."""
    import re

    def affirmed(text: str, term: str) -> bool:
        cuts = "|".join(rf"\b{re.escape(word)}\b" for word in ends)
        low = re.sub("not only", " ", text.lower())
        for clause in re.split(rf"[.;?!]|{cuts}" if cuts else "[.;?!]", low):
            before, found, after = clause.partition(term.lower())
            looked_at = {"before": before, "after": after, "clause": clause, "text": text.lower()}[side]
            if found and not set(re.findall("[a-z]+", looked_at)) & {*denials, *others}:
                return True
        return False

    return affirmed


@cache
def small_notes() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the notes and stays on which exercise 3 is tried: each stay shows one thing."""
    import pandas as pd

    t0 = pd.Timestamp("2020-03-10 12:00")
    rows = [
        ("N1", "S1", "admission", -48.0, "wet"),
        ("N2", "S1", "discharge", 3.0, "letter"),
        ("N3", "S1", "discharge", 780.0, "addendum"),
        ("N4", "S2", "progress", 0.0, "exactly"),
        ("N5", "S3", "progress", 800.0, "clinic"),
        ("N6", "S5", "discharge", -2.0, "early"),
        ("N7", "S2", "progress", -24.0, "before"),
    ]
    notes = pd.DataFrame(rows, columns=["note_id", "encounter_id", "note_type", "hours", "text"])
    notes["written_ts"] = t0 + pd.to_timedelta(notes.pop("hours"), unit="h")
    names = ["S2", "S1", "S5", "S3", "S4"]
    return notes, pd.DataFrame({"encounter_id": names, "person_id": [f"P{name}" for name in names], "t0": t0})


def text_with(rule: Callable[[Any], Any], nothing: Any = "") -> Callable[[pd.DataFrame, pd.DataFrame], pd.Series]:
    """Return the function of exercise 3 with this choice of rows and this text of a stay without any."""

    def text_at_zero(written: pd.DataFrame, stays: pd.DataFrame) -> pd.Series:
        table = written.merge(stays[["encounter_id", "t0"]], on="encounter_id")
        kept = table[rule(table)].sort_values("written_ts")
        joined = kept.groupby("encounter_id")["text"].agg(" ".join)
        texts: pd.Series = joined.reindex(stays["encounter_id"])
        return texts.map(lambda text: text if isinstance(text, str) else nothing)

    return text_at_zero


def read_by_then(table: pd.DataFrame) -> Any:
    """Return which rows somebody could read at time zero."""
    return table["written_ts"] <= table["t0"]


reference_text = text_with(read_by_then)


def texts_of(answer: Any, notes: pd.DataFrame, stays: pd.DataFrame) -> list[Any]:
    """Return the texts of the learner's function in the order of the stays; of a dictionary or a table too."""
    given = properties.call(answer, notes, stays)
    if hasattr(given, "columns"):
        given = given.iloc[:, -1]
    if hasattr(given, "reindex") and set(stays["encounter_id"]) <= set(given.index):
        given = given.reindex(stays["encounter_id"])
    elif hasattr(given, "keys") and not hasattr(given, "reindex"):
        given = [given.get(name) for name in stays["encounter_id"]]
    return [" ".join(text.split()) if isinstance(text, str) else text for text in given]  # a new line is a blank


def _ask_texts(answer: Any) -> str | None:
    notes, stays = small_notes()
    given = properties.call(answer, notes, stays)
    if isinstance(given, str) or not hasattr(given, "__len__"):
        return "text_at_zero must return one text for each stay: keep its last line."
    if len(given) != len(stays):
        return f"text_at_zero returns {len(given)} texts for {len(stays)} stays. A stay without a note counts too."
    return None


def _gives(rule: Callable[[Any], Any], nothing: Any = "") -> Callable[[Any], bool]:
    """Return the property that an answer keeps just the rows that this rule keeps."""

    def made(answer: Any) -> bool:
        theirs = texts_of(text_with(rule, nothing), *small_notes())
        return texts_of(answer, *small_notes()) == theirs

    return made


def _holds(word: str) -> Callable[[Any], bool]:
    return lambda answer: any(word in str(text) for text in texts_of(answer, *small_notes()))


def _empty_stay(answer: Any) -> Any:
    notes, stays = small_notes()
    return texts_of(answer, notes, stays)[list(stays["encounter_id"]).index("S4")]


def _is_no_text(answer: Any) -> bool:
    return not isinstance(_empty_stay(answer), str)


CUT_MISTAKES = (
    Mistake("nothing-is-no-text", _is_no_text, "A stay without a note gets no text at all. Write a text, in quotes."),
    Mistake(
        "nothing-as-words",
        lambda answer: bool(_empty_stay(answer).strip()),
        "A stay without a note gets words that nobody wrote. The bag would count them.",
    ),
    Mistake(
        "by-type",
        lambda answer: _holds("clinic")(answer) and not _holds("addendum")(answer),
        "You chose by the type of the note. Any type can be written early or late.",
    ),
    Mistake(
        "only-later",
        lambda answer: _holds("addendum")(answer) and not _holds("wet")(answer),
        "These are the notes after t0. Turn the sign round.",
    ),
    Mistake("whole-stay", _holds("addendum"), "A note of a month later is still in the text. Compare two times."),
    Mistake(
        "one-day-more", _holds("letter"), "The letter is written three hours after t0. At t0 nobody could read it."
    ),
    Mistake("not-at-t0", lambda answer: not _holds("exactly")(answer), "What is written exactly at t0 counts too."),
    Mistake(
        "order-of-notes",
        lambda answer: any("exactly before" in str(text) for text in texts_of(answer, *small_notes())),
        "The notes of a stay are not in the order in which they were written.",
    ),
)


def _ask_kept(answer: Any) -> str | None:
    """Say why there is no share: a phrase that stands in all notes, or in none, leaves nothing on one side."""
    if isinstance(answer, float) and answer != answer:
        return "No note is kept, so there is no share. Which phrase stands in those notes alone that deny it?"
    return None


E1 = Exercise(
    id="e1",
    title="What does the sentence say?",
    reads="sorted_mentions",
    points=2,
    visible=is_sorting("sorted_mentions", SENTENCES, GROUPS),
    hint="Ask three things: who has it, when, and does the writer say yes or no?",
    worked_line='"Uncle with ASTHMA.": "family", because another person has it',
)
E2 = Exercise(
    id="e2",
    title="A function that reads a sentence",
    reads="affirmed",
    points=2,
    visible=(
        is_function("affirmed", "affirmed(text, term)"),
        Rung("shape", _ask_yes_or_no),
        recognise(
            "values",
            *READING_MISTAKES,
            right=lambda answer: is_right_on(CASES)(answer) and is_right_on(PROBES)(answer),
            otherwise="Not all texts are read as the table says. Look at the first one that the box shows.",
        ),
    ),
    hint="A no reaches what follows it, up to a word that turns the sentence round, or to its end.",
    worked_line='colours = ["red", "green"]  # a list of texts, each in quotes',
)
E3 = Exercise(
    id="e3",
    title="Cut the notes at time zero",
    reads="text_at_zero",
    points=2,
    visible=(
        is_function("text_at_zero", "text_at_zero(written, stays)"),
        Rung("shape", _ask_texts),
        recognise(
            "values",
            *CUT_MISTAKES,
            right=_gives(read_by_then),
            otherwise="The texts are not right yet. Take one stay, and ask of each note: written by t0, or later?",
        ),
    ),
    hint="Each row has the time at which it was written, and the time zero of its stay. Compare the two.",
    worked_line='old_enough = people["born"] <= people["joined"]  # up to that day, the day itself too',
)
E4 = Exercise(
    id="e4",
    title="Which words come from the future?",
    reads="leaky_words",
    points=2,
    visible=(is_several("leaky_words", WORDS),),
    hint="Look up each word. Does the first row lie below 0? Then somebody wrote it by time zero.",
    worked_line='early_words = ["furosemide"]  # its earliest note lies hours below 0',
)
E5 = Exercise(
    id="e5",
    title="The fair score",
    reads="fair_auroc",
    points=2,
    visible=(is_number("fair_auroc", "0.71"),),
    hint="Two things must be fair: what the model reads, and whom it has met.",
    worked_line='In another lesson: table, together = mornings[mornings["hour"] < 9], mornings["ward"]',
)
E6 = Exercise(
    id="e6",
    title="Who is it?",
    reads="identifiers",
    points=2,
    visible=(without_leads(is_several("identifiers", SNIPPETS)),),
    hint="Read the note once for each kind in the list of the law. What is a name, and what only looks like one?",
    worked_line='In another note: identifiers = ["Lea", "3 May"]',
)
F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="confirmed_share",
    visible=(Rung("type", _ask_kept), is_number("confirmed_share", "0.35")),
    hint="Look at the picture of the worked example: which of its three bars is asked here?",
    worked_line='In the worked example: "no fever", and the rows that are not denied',
)

S1 = Question(
    "s1",
    'A note says "no fever". A search looks for the word fever. What happens?',
    ("The note is found", "The note is not found", "It is found only if the patient is hot"),
)
S2 = Question(
    "s2",
    "A search finds 80 notes, and 60 of them are of patients who have it. What is 60 of 80?",
    ("Its recall", "Its precision", "Its AUROC"),
)
Q1 = Question(
    "q1",
    'Why did "anywhere in the note" lose so many notes that you wanted?',
    (
        "Their writers say no to something else",
        "The word is spelled wrongly in them",
        "They were copied",
        "The patients did not have it",
    ),
)
Q2 = Question(
    "q2",
    'A language model says: "The patient has oedema." Its only source begins with "Copied forward". What is this?',
    (
        "A fact of today",
        "What somebody wrote on an earlier day",
        "Something that the model made up",
    ),
)

TITLE = "Reading notes: a word is not a finding"
EXERCISES = (E1, E2, E3, E4, E5, E6, F1)
QUESTIONS = (S1, S2, Q1, Q2)
