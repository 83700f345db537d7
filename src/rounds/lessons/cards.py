"""The question card: who is asked, when, about what, until when, and who then does what.

    Among [who], at [time zero], predict [endpoint] within [window],
    so that [who acts] can [do what].

A card names six slots; ``find_card_problem`` says the first thing that keeps it from being a
prediction somebody can act on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from rounds.lessons.kinds.events import has_happened, is_event
from rounds.lessons.kinds.slots import (
    DURATION,
    is_act,
    is_everybody,
    is_length,
    is_person,
    is_place,
    is_staff,
    is_time,
    is_vague,
)
from rounds.lessons.ladder import Diagnosis, Mistake, Rung

SLOTS = ("among", "at", "predict", "within", "so_that", "can")
MEANING = {
    "among": "the people you ask about",
    "at": "the moment at which you predict",
    "predict": "the event you predict",
    "within": "the time in which it can happen",
    "so_that": "the person who acts",
    "can": "what this person does",
}
_VAGUE = re.compile(r"^(doctors?|clinicians?|people|we|they|the hospital)$", re.I)
_NO_MOMENT = re.compile(r"\b(any ?time|ever|always|sometime|throughout|(whole|entire) (stay|day|night|time))\b", re.I)
_LATE = re.compile(r"\b(discharge|death|end of (the )?stay|follow-up)\b", re.I)
_DURING = re.compile(r"\b(during|in) (the |this )?(stay|admission|hospital)", re.I)
_NO_ACT = re.compile(
    r"^(?:know|see|be|understand|predict|improve care|worry|think|feel|hope)\b|"
    r"^(?:plan|decide|act|react|work|treat) (?:better|earlier|faster|sooner|well)\W*$",
    re.I,
)
_AIM = re.compile(  # "reduce the dose" is an act, "reduce the deaths" is what one hopes for
    r"^(?:to )?(?:(?:prevent|avoid|ensure|improve|save)\b(?!.*\b(?:by|with)\b)|(?:reduce|lower|decrease)\b.*"
    r"\b(?:risks?|rates?|mortality|deaths?|readmissions?|returns?|infections?|complications?|harm|costs?)\b)",
    re.I,
)
_UNTIL = re.compile(r"\b(?:at|by|until|before) (?:the )?(?:birth|delivery)\b", re.I)  # a pregnancy has one end
_MACHINE = re.compile(
    r"^(?:the |an? |our )?(?:\w+ )?(?:ai|a\.i\.|model|computer|algorithm|system|software|app|machine|program|tool)$",
    re.I,
)


def _find_slot(card: Mapping[str, Any]) -> str | None:
    for slot in SLOTS:
        said = card.get(slot)
        if slot not in card:
            return f'The card has no "{slot}": write {MEANING[slot]}.'
        if not isinstance(said, str):
            more = ', with a number and a unit, like "48 hours"' if slot == "within" else ""
            return f'"{slot}" is no text. Write text in quotes{more}.'
    return _find_other(card) or _find_short(card)


def _find_other(card: Mapping[str, Any]) -> str | None:
    """Say what a slot names in place of what belongs there."""
    for slot, tell, named, asks in _OTHERS:
        if tell(card[slot]):
            return f'"{slot}" names {named}. {asks}'
    return None


def _find_short(card: Mapping[str, Any]) -> str | None:
    for slot in SLOTS:
        least = 1 if slot in ("so_that", "within") else 2  # of the window the next check says more
        if len(card[slot].split()) < least:
            return f'"{slot}" is too short: write {MEANING[slot]}, in two words or more.'
    unknown = sorted(set(card) - set(SLOTS))
    return f'The card has a slot too many: "{unknown[0]}".' if unknown else None


def _find_window(card: Mapping[str, Any]) -> str | None:
    said = card["within"].strip()
    if DURATION.search(said) or _UNTIL.search(said):
        return None
    number = re.search(r"\d+(?:[.,]\d+)?", said)
    if number:
        return f'"within" has a number and no unit of time: {number[0]} what?'
    return '"within" names no length of time: write a number and a unit, like 48 hours.'


def _find_moment(card: Mapping[str, Any]) -> str | None:
    if not _NO_MOMENT.search(card["at"]):
        return None
    return '"at" must be one moment that a clock can show, like each morning at 7.'


def _find_order(card: Mapping[str, Any]) -> str | None:
    if has_happened(card["at"], card["predict"]):
        return (
            'By the moment in "at" the event has happened already. Choose an earlier moment, when nobody knows it yet.'
        )
    if _LATE.search(card["at"]) and _DURING.search(card["predict"] + " " + card["within"]):
        return "The window lies before time zero: at discharge the stay is over."
    if card["predict"].strip().lower() == card["at"].strip().lower():
        return "You predict the moment at which you predict: name an event that comes later."
    return None


def _find_actor(card: Mapping[str, Any]) -> str | None:
    if not _VAGUE.match(card["so_that"].strip()):
        return None
    return f'"{card["so_that"]}" is too wide: name one role, like the ward nurse.'


def _find_act(card: Mapping[str, Any]) -> str | None:
    said = card["can"].strip()
    if _AIM.match(said):
        return f'"{said.split()[0]}" is no act, it is an aim: write what a hand does for it.'
    if not _NO_ACT.match(said):
        return None
    return f'"{said.split()[0]}" is no act: write what somebody does differently.'


def _is_machine(said: str) -> bool:
    return _MACHINE.match(said.strip()) is not None


WHEN, WHAT = "Write a moment, like each morning at 7.", "Write what may happen to the patient, so that one can see it."
DOES, WHO = "Write what this person does, and begin with a verb.", "Write one role, like the ward nurse."
WHOM = "Which people do you ask about? Say age, illness or ward."
_OTHERS: tuple[tuple[str, Callable[[str], bool], str, str], ...] = (
    ("among", is_everybody, "everybody, which is too wide", WHOM),
    ("among", is_staff, "who acts", WHOM),
    ("among", is_place, "a place", WHOM),
    ("among", is_time, "a time", WHOM),
    ("at", is_place, "a place", WHEN),
    ("at", is_person, "a person", WHEN),
    ("at", is_length, "a length of time", WHEN),
    ("predict", is_person, "a person", WHAT),
    ("predict", is_place, "a place", WHAT),
    ("predict", is_time, "a time", WHAT),
    ("predict", is_vague, "no event", WHAT),
    ("so_that", is_act, "an act", WHO),
    ("so_that", is_place, "a place", WHO),
    ("so_that", is_time, "a time", WHO),
    ("so_that", _is_machine, "a machine", "Write a person who acts, like the ward nurse."),
    ("can", is_person, "a person", DOES),
    ("can", is_place, "a place", DOES),
    ("can", is_time, "a time", DOES),
    ("can", is_event, "an event", DOES),
)
_PROBLEMS: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "card-slot": _find_slot,
    "card-window": _find_window,
    "card-moment": _find_moment,
    "card-order": _find_order,
    "card-actor": _find_actor,
    "card-act": _find_act,
}


def find_card_problem(card: Mapping[str, Any]) -> Diagnosis | None:
    """Return the first problem of a card as one sentence, None when the card can be used."""
    found = ((name, find(card)) for name, find in _PROBLEMS.items())
    return next((Diagnosis(said, name) for name, said in found if said), None)


def is_card() -> Rung:
    """Ask for a card that somebody can act on."""

    return Rung("values", find_card_problem, tuple(_mistake(name, find) for name, find in _PROBLEMS.items()))


def _mistake(name: str, find: Callable[[Mapping[str, Any]], str | None]) -> Mistake:
    return Mistake(name, lambda card: find(card) is not None, lambda card: str(find(card)))
