"""What a model card asks: entries in sections, for an outcome of yes or no and for one that is measured."""

from __future__ import annotations

from dataclasses import dataclass

THRESHOLD = "threshold"


@dataclass(frozen=True)
class Entry:
    """One entry of a card: words, or a number with the decimals that it needs."""

    key: str
    label: str
    hint: str = ""
    decimals: int | None = None

    @property
    def is_number(self) -> bool:
        """Whether a number is wanted."""
        return self.decimals is not None


@dataclass(frozen=True)
class Section:
    """Entries under one heading."""

    title: str
    entries: tuple[Entry, ...]


PURPOSE = Section(
    "What it is for",
    (
        Entry("use", "Who uses it, and what do they do then", "the ward's doctor sees the patient first"),
        Entry("not_for", "For whom it is not", "children; patients who have the outcome already"),
    ),
)
QUESTION = Section(
    "The question",
    (
        Entry("among", "Among whom (the cohort)"),
        Entry("asked_at", "Asked at (time zero)"),
        Entry("outcome", "The outcome, and within which time"),
        Entry("columns", "The columns that it uses, each known at time zero"),
    ),
)
TESTED = Section(
    "The test",
    (
        Entry("tested_on", "Tested on whom, where, in which years; none of them was learned from"),
        Entry("rows", "Rows in the test", decimals=0),
        Entry("people", "People in the test", decimals=0),
    ),
)
RISK = Section(
    "Its figures, all of the test",
    (
        Entry("events", "Rows with the outcome", decimals=0),
        Entry("auroc", "AUROC", "0.5 is a coin, 1 is perfect", 2),
        Entry("auroc_low", "AUROC, lower end of its 95 % interval", decimals=2),
        Entry("auroc_high", "AUROC, upper end of its 95 % interval", decimals=2),
        Entry("observed_expected", "Events for each one predicted", "1 is right on the whole", 2),
        Entry("slope", "Calibration slope", "1 is right; below 1 the risks lie too far apart", 2),
    ),
)
ACTING = Section(
    "When somebody acts",
    (
        Entry(THRESHOLD, "The risk from which somebody acts", "between 0 and 1; choose it with your clinician", 2),
        Entry("sensitivity", "Of the rows with the outcome, the share with an alert", decimals=2),
        Entry("ppv", "Of the alerts, the share that is right", decimals=2),
        Entry("alerts_per_100", "Alerts in 100 rows", decimals=1),
    ),
)
VALUE = Section(
    "Its figures, all of the test",
    (
        Entry("mae", "Mean absolute error", "how far off on average, in the outcome's unit", 0),
        Entry("mae_low", "The same, lower end of its 95 % interval", decimals=0),
        Entry("mae_high", "The same, upper end of its 95 % interval", decimals=0),
        Entry("mean_error", "Predicted less observed, on average", "0 is right on the whole", 0),
    ),
)
LIMITS = Section(
    "Limits",
    (
        Entry("groups", "For which group it is worst, and by how much"),
        Entry("limits", "What could make it wrong in another place or time"),
        Entry("ethics", "Who agreed to this use of the data, and who could be harmed"),
        Entry("contact", "Who answers questions"),
    ),
)
