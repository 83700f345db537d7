"""What pairs write in J1."""

from __future__ import annotations

from rounds.lessons.cards import SLOTS
from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import WORKED_CARD
from .hidden import CLEAR, PAIRS, SPEAKERS

OTHER = {"clinician": "engineer", "engineer": "clinician"}
CARD = {
    "among": "women at their first visit in pregnancy",
    "at": "the first visit",
    "predict": "a newborn under 2,500 g",
    "within": "40 weeks",
    "so_that": "the midwife",
    "can": "plan two more growth scans",
}


def _swap(first: str, second: str) -> dict[str, str]:
    return {**PAIRS, first: PAIRS[second], second: PAIRS[first]}


def _other(*numbers: int) -> dict[int, str]:
    """Return the speakers with some of them taken for the other profession."""
    return {**SPEAKERS, **{number: OTHER[SPEAKERS[number]] for number in numbers}}


BSI = {
    "among": "adults with a stem-cell transplant, no infection so far",
    "at": "each morning at 7",
    "predict": "a first bloodstream infection",
    "within": "the next 48 hours",
    "so_that": "the ward doctor",
    "can": "draw blood cultures before the round",
}


def _card(**slots: str) -> dict[str, str]:
    """Return a card about bloodstream infection with some slots filled in another way."""
    return {**BSI, **slots}


UNUSUAL = (  # right, and near to what is refused
    {"at": "when blood cultures are drawn"},
    {"at": "the booking visit", "predict": "a birthweight under 2,500 g", "within": "at birth"},
    {"at": "at the ward round"},
    {"at": "on arrival on the ward"},
    {"at": "entry to the ICU"},
    {"at": "each visit to the clinic"},
    {"at": "the first fever", "within": "two days"},
    {"at": "6 am", "within": "one week"},
    {"at": "day 7 after the transplant"},
    {"at": "24 hours after admission"},
    {"at": "discharge home", "predict": "death at home", "within": "a year"},
    {"at": "at the end of surgery", "predict": "a transfer to intensive care"},
    {"at": "when the infection is confirmed", "predict": "a second infection"},
    {"at": "the day of a positive Covid test", "predict": "a bloodstream infection"},
    {"at": "after delivery", "predict": "bleeding of the mother", "within": "24h"},
    {"at": "at admission for delivery", "predict": "a newborn under 2,500 g"},
    {"at": "when the patient returns home", "predict": "an unplanned return to hospital", "within": "30 calendar days"},
    {"at": "admission to intensive care", "predict": "death in intensive care"},
    {"predict": "a positive blood culture"},
    {"predict": "a visit to the emergency department"},
    {"predict": "the birth of a child before 37 weeks", "at": "each visit at the midwife"},
    {"predict": "sepsis or death"},
    {"predict": "a fall with a fracture"},
    {"predict": "bloodstream infection with a need for intensive care"},
    {"predict": "patient falls out of bed"},
    {"among": "all newborns"},
    {"among": "all patients on the transplant ward"},
    {"among": "the last 100 patients with heart failure"},
    {"among": "nurses of the Covid ward"},
    {"among": "women with twins"},
    {"so_that": "nurse"},
    {"so_that": "the call centre nurse"},
    {"so_that": "family doctor"},
    {"so_that": "the patient"},
    {"can": "discharge patients later"},
    {"can": "isolate patients"},
    {"can": "phone the nurse"},
    {"can": "change ward"},
    {"can": "to weigh the baby each day"},
    {"can": "Order cultures, then call the doctor"},
    {"can": "label the blood tube as urgent"},
    {"can": "keep the patient on the ward"},
    {"within": "the next week"},
    {"within": "half a year"},
    {"within": "90 minutes"},
    {"within": "2-3 days"},
    {"within": "until day 28, 4 weeks"},
)
SLIPS = (
    ("at", "when the blood culture is positive", "happened already"),
    ("at", "when blood cultures grow bacteria", "happened already"),
    ("at", "after the positive blood culture", "happened already"),
    ("at", "the moment the infection is confirmed", "happened already"),
    ("at", "at the diagnosis of infection", "happened already"),
    ("at", "after sepsis has begun", "happened already"),
    ("at", "the transplant ward", '"at" names a place'),
    ("at", "at the hospital", '"at" names a place'),
    ("at", "in the intensive care unit", '"at" names a place'),
    ("at", "on ward", '"at" names a place'),
    ("at", "the emergency department of the hospital", '"at" names a place'),
    ("at", "at the bedside", '"at" names a place'),
    ("at", "the ward nurse", '"at" names a person'),
    ("at", "the next 48 hours", '"at" names a length'),
    ("at", "30 days", '"at" names a length'),
    ("predict", "the risk", "names no event"),
    ("predict", "the risk of the patient", "names no event"),
    ("predict", "a high risk", "names no event"),
    ("predict", "the outcome", "names no event"),
    ("predict", "probability", "names no event"),
    ("predict", "the prognosis", "names no event"),
    ("predict", "the patient", '"predict" names a person'),
    ("predict", "the transplant ward", '"predict" names a place'),
    ("predict", "48 hours", '"predict" names a time'),
    ("predict", "the next morning", '"predict" names a time'),
    ("among", "everybody", "too wide"),
    ("among", "all patients", "too wide"),
    ("among", "patients in the hospital", "too wide"),
    ("among", "everyone", "too wide"),
    ("among", "our patients", "too wide"),
    ("among", "the ward doctor", "names who acts"),
    ("among", "the transplant ward", '"among" names a place'),
    ("among", "each morning at 7", '"among" names a time'),
    ("so_that", "order blood cultures", '"so_that" names an act'),
    ("so_that", "phone the patient", '"so_that" names an act'),
    ("so_that", "the transplant ward", '"so_that" names a place'),
    ("so_that", "48 hours", '"so_that" names a time'),
    ("so_that", "the AI", '"so_that" names a machine'),
    ("so_that", "our computer", '"so_that" names a machine'),
    ("at", "the whole stay in hospital", "one moment"),
    ("can", "prevent readmissions", "it is an aim"),
    ("can", "be alerted", "is no act"),
    ("can", "worry about the patient", "is no act"),
    ("can", "decide better", "is no act"),
    ("can", "reduce the risk of an infection", "it is an aim"),
    ("can", "the nurse on the ward", '"can" names a person'),
    ("can", "the patient", '"can" names a person'),
    ("can", "ward nurse", '"can" names a person'),
    ("can", "the ward", '"can" names a place'),
    ("can", "the next 48 hours", '"can" names a time'),
    ("can", "a bloodstream infection", '"can" names an event'),
    ("within", "30", "30 what?"),
    ("within", "the next 48", "48 what?"),
    ("within", "soon", "a number and a unit"),
    ("within", "shortly", "a number and a unit"),
    ("among", "the validation cohort", '"validation" needs a glossary'),
    ("predict", "a positive label", '"positive label" needs a glossary'),
    ("predict", "a true positive", "needs a glossary"),
    ("among", "patients of the training set", "needs a glossary"),
    ("among", "adults of the second cohort", "needs a glossary"),
    ("predict", "label of infection", "needs a glossary"),
    ("at", "time zero", "needs a glossary"),
    ("predict", "the composite outcome of sepsis", "needs a glossary"),
)


EXAMPLES = {
    "e1": Examples(
        right=(
            PAIRS,
            {word: f" {letter.lower()}" for word, letter in PAIRS.items()},
            dict(sorted(PAIRS.items(), key=lambda pair: pair[1])),  # written down by the letters
        ),
        stub=dict.fromkeys(PAIRS, ...),
        wrong=(
            Wrong({**PAIRS, "sensitivity": "F", "positive predictive value": "C"}, "swapped"),
            Wrong({**PAIRS, "case mix": "E", "change of practice": "D"}, "the patients changed"),
            Wrong({**PAIRS, "outcome": "C"}, "twice"),
            Wrong({**PAIRS, "outcome": "label"}, "choose from A, B, C"),
            Wrong({**PAIRS, "outcome": "K"}, "choose from A, B, C"),
            Wrong({**PAIRS, "outcome": ...}, "1 gap;"),
            Wrong(
                dict(zip(PAIRS, ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"], strict=True)),
                "in their order",
            ),
            Wrong({**PAIRS, "outcome": "H", "prevalence": "A"}, "8 of 10"),
            Wrong(_swap("outcome", "gold standard"), "the best known way"),
            Wrong(_swap("outcome", "prognostic factor"), "goes into the model"),
            Wrong(_swap("cut-off", "time zero"), "the other a moment"),
            Wrong(_swap("cut-off", "prevalence"), 'Look again at "cut-off"'),
            Wrong(_swap("case mix", "prevalence"), 'Look again at "prevalence"'),
            Wrong({**PAIRS, "outcome": 1}, "choose from"),
            Wrong("C F A I", "type str"),
        ),
    ),
    "e2": Examples(
        right=(SPEAKERS, {number: who.title() for number, who in SPEAKERS.items()}),
        stub=dict.fromkeys(SPEAKERS, ...),
        wrong=(
            Wrong(dict.fromkeys(SPEAKERS, "clinician"), "same answer"),
            Wrong({number: OTHER[who] for number, who in SPEAKERS.items()}, "wrong way round"),
            Wrong({**SPEAKERS, 1: "doctor"}, "choose from"),
            Wrong({**SPEAKERS, 1: "clinician", 2: "engineer", 3: "clinician"}, "5 of 8"),
            Wrong({**SPEAKERS, 4: "engineer"}, "7 of 8"),
            *(Wrong(_other(number), f"Sentence {number}") for number in SPEAKERS),
            Wrong(_other(4, 5), "6 of 8"),
            Wrong({**SPEAKERS, 8: ...}, "1 gap;"),
            Wrong({number: who[0] for number, who in SPEAKERS.items()}, "choose from"),
        ),
    ),
    "e3": Examples(
        right=(CLEAR, {key: float(number) for key, number in CLEAR.items()}),
        stub=dict.fromkeys(CLEAR, ...),
        wrong=(
            Wrong({"a": 1, "b": 1, "c": 1, "d": 1}, "the same number to all"),
            Wrong({**CLEAR, "a": 1}, "validation"),
            Wrong({**CLEAR, "a": 3}, "validation"),
            Wrong({**CLEAR, "b": 2}, "important says as little"),
            Wrong({**CLEAR, "c": 3}, "control for age"),
            Wrong({**CLEAR, "c": 2}, "control is still unclear"),
            Wrong({**CLEAR, "b": 2.0}, "important says as little"),
            Wrong({**CLEAR, "d": 3}, "bias"),
            Wrong({**CLEAR, "a": "2"}, "choose from"),
            Wrong({**CLEAR, "d": ...}, "1 gap;"),
            Wrong({"a": 2, "b": 1, "c": 2, "d": 2}, "significant"),
            Wrong({"a": 2, "b": 3, "c": 3, "d": 1}, "control"),
            Wrong({"a": 4, "b": 3, "c": 1, "d": 2}, "choose from"),
            Wrong([2, 3, 1, 2], "type list"),
            Wrong({**CLEAR, "d": 1}, "bias"),
        ),
    ),
    "e4": Examples(
        right=(
            CARD,
            {**WORKED_CARD, "among": "adults after a stem-cell transplant", "at": "each day at 6"},
            *(_card(**slots) for slots in UNUSUAL),
        ),
        stub=dict.fromkeys(SLOTS, ...),
        wrong=(
            Wrong({**CARD, "within": "a short time"}, "a number and a unit"),
            Wrong({**CARD, "so_that": "doctors"}, "name one role"),
            Wrong({**CARD, "can": "know the risk"}, "is no act"),
            Wrong({**CARD, "at": "any time"}, "one moment"),
            Wrong(
                {**CARD, "at": "the day of discharge", "predict": "a fall during the stay"},
                "before time zero",
            ),
            Wrong({**CARD, "among": "women"}, "too short"),
            Wrong({**CARD, "can": ...}, "1 gap;"),
            Wrong({**CARD, "within": 48}, "no text"),
            Wrong({**CARD, "predict": "the first visit"}, "the moment at which you predict"),
            *(Wrong(_card(**{slot: text}), says) for slot, text, says in SLIPS),
            Wrong({**CARD, "why": "to help"}, "an entry too many"),
            Wrong("Among women ...", "type str"),
            Wrong(WORKED_CARD, "our example"),
            Wrong({**CARD, "among": "controls and every control group"}, "two meanings"),
        ),
    ),
}


GAPS = Gaps(
    before=(),
    box="""half_card = {{
    "among": "adults who go home after a stay for heart failure",
    "at": "the day of discharge",
    "predict": "an unplanned return to hospital",
    "within": {},
    "so_that": "the discharge nurse",
    "can": {},
}}""",
    right=(
        ('"30 days"', '"phone the patient after three days"'),
        ('"the next 30 days"', '"book a visit in the first week"'),
        ('"thirty days"', '"call the patient at home"'),
        ('"one month"', '"plan a home visit"'),
        ('"4 weeks after discharge"', '"explain the water tablets again"'),
        ('"30 d"', '"to weigh the patient each day"'),
        ('"a month"', '"reduce the dose of the water tablets"'),
        ('"30 calendar days"', '"Send the ward pharmacist to check the tablets"'),
        ('"30-day window"', '"ask the family doctor for an early visit"'),
    ),
    wrong=(
        (('"30"', '"phone the patient after three days"'), "30 what?"),
        (("30", '"phone the patient after three days"'), "text in quotes"),
        (("30.0", '"phone the patient after three days"'), "text in quotes"),
        (('"soon"', '"phone the patient after three days"'), "a number and a unit"),
        (('"shortly after discharge"', '"phone the patient after three days"'), "a number and a unit"),
        (('"days"', '"phone the patient after three days"'), "a number and a unit"),
        (('"the next 30"', '"phone the patient after three days"'), "30 what?"),
        (('"some days"', '"phone the patient after three days"'), "a number and a unit"),
        (('"the discharge nurse"', '"phone the patient after three days"'), "a number and a unit"),
        (('"30 days"', '"the nurse on the ward"'), "names a person"),
        (('"30 days"', '"the discharge nurse"'), "names a person"),
        (('"30 days"', '"nurse"'), "names a person"),
        (('"30 days"', '"a doctor of the heart clinic"'), "names a person"),
        (('"30 days"', '"the patient"'), "names a person"),
        (('"30 days"', '"the heart failure clinic"'), "names a place"),
        (('"30 days"', '"30 days"'), "names a time"),
        (('"30 days"', '"the day of discharge"'), "names a time"),
        (('"30 days"', '"an unplanned return to hospital"'), "names an event"),
        (('"30 days"', '"know the risk"'), "is no act"),
        (('"30 days"', '"prevent readmissions"'), "it is an aim"),
        (('"30 days"', '"help"'), "too short"),
        (('"30 days"', '""'), "1 gap;"),
    ),
)
