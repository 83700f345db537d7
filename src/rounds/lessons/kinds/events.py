"""Events of patients in a card: does a text name one, and has it happened by the moment of the prediction?"""

from __future__ import annotations

import re

_EVENT = re.compile(
    r"^(?:an?|the|any|some)\s+(?:[\w-]+\s+){0,3}(?:infection|sepsis|return|readmission|death|fall|stroke|bleeding|birth|"
    r"newborn|baby|admission|embolism|thrombosis|clot|event|failure|arrest|relapse)(?:\s+(?:to|of|in|on|under|within)\b.*)?$",
    re.I,
)
_NOT_YET = re.compile(
    r"\b(?:without|before|until|ahead|no|not|never|free|suspect\w*|suspicion|expected|possible|drawn|ordered|taken|sent|"
    r"pending|risk|signs?|symptoms?|screen\w*|check\w*|plan\w*)\b|n't\b",
    re.I,
)
_ANOTHER = re.compile(
    r"\b(?:second|another|next|further|again|new|repeat\w*|recurr\w*|relapse\w*|later|wors\w*|longer|stay\w*|discharge)\b",
    re.I,
)
_DONE = (
    r"(?:positive|grows|grew|growth|confirm\w*|diagnos\w*|found|detected|proven|begins?|began|starts?|started|onset|"
    r"occurs?|occurred|happen\w*|develops?|developed|after|following|has an?|have an?|with an?)"
)
_INFECTION = r"(?:infections?|sepsis|bacter(?:a)?emia)"
_CLOT = r"(?:embolism|thrombosis|clots?)"
FAMILIES = (  # what the event is called in "predict", and how "at" says it is there; the first named counts
    (r"\b(?:death|die|dies|dead|mortality)\b", r"\b(?:at|after|of|the) death\b|^death\b|\b(?:dies|died|dead)\b"),
    (
        r"\b(?:readmission|readmitted|rehospitali[sz]\w*|returns?|comes? back)\b",
        r"\b(?:readmission|readmitted|(?:returns?|returned|comes? back|came back) to (?:the )?hospital)\b",
    ),
    (
        rf"\b{_INFECTION}\b|\bblood cultures?\b",
        rf"\bcultures?\b.*\b(?:positive|grow\w*|grew)|\bpositive\b.*\bcultures?\b|\b{_DONE}\b.*\b{_INFECTION}\b|"
        rf"\b{_INFECTION}\b.*\b{_DONE}\b",
    ),
    (
        r"\b(?:birth ?weight|newborn (?:under|below|of|with|who)|preterm|born (?:before|under|below|small|too)|"
        r"small baby)\b",
        r"(?:^|\b(?:at|after|following|(?:time|hour|moment|minute) of) )(?:the )?(?:birth|delivery)$|"
        r"\b(?:is|was) born\b",
    ),
    (r"\bfalls?\b", r"\b(?:falls|fell|fallen|(?:after|the|a) fall)\b"),
    (r"\bstrokes?\b", r"\b(?:after|has|had|the|a) stroke\b"),
    (rf"\b{_CLOT}\b", rf"\b{_DONE}\b.*\b{_CLOT}\b|\b{_CLOT}\b.*\b{_DONE}\b"),
    (
        r"\b(?:intensive care|icu)\b",
        r"\b(?:admission|transfer|arrival|entry)\b.*\b(?:intensive care|icu)\b",
    ),
    (r"\b(?:ventilat\w*|intubat\w*)\b", r"\b(?:is|was|are|after) (?:ventilat\w*|intubat\w*)\b"),
)


def is_event(text: str) -> bool:
    """Return whether a text names an event, and no act: "an unplanned return to hospital"."""
    return _EVENT.match(text.strip()) is not None


def has_happened(moment: str, event: str) -> bool:
    """Return whether an event is there by the moment at which it is to be predicted.

    Examples
    --------
    >>> has_happened("when the blood culture is positive", "a first bloodstream infection")
    True
    >>> has_happened("when blood cultures are drawn", "a first bloodstream infection")
    False
    """
    if _NOT_YET.search(moment) or _ANOTHER.search(event) or _is_viral(moment, event):
        return False
    there = next((there for named, there in FAMILIES if re.search(named, event, re.I)), None)
    return there is not None and re.search(there, moment, re.I) is not None


def _is_viral(moment: str, event: str) -> bool:
    """Return whether the moment speaks of an infection with a virus, and the event does not."""
    virus = re.compile(r"covid|corona|virus|viral|influenza", re.I)
    return virus.search(moment) is not None and virus.search(event) is None
