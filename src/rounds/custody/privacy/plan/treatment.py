"""What was done to a dataset: the record beside its tables, without any secret, that `check` and the report read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from rounds.custody.privacy.plan.plan import NOT_MADE, Statement
from rounds.custody.signs.finding import Finding, Severity
from rounds.errors import DataError
from rounds.event.numbers import LOWEST_K

FILE = "deidentification.json"
_UNSETTLED = {"k", "risk", "reuse", "role", "title", "nobody"}


@dataclass(frozen=True)
class Done:
    """What was done to one column."""

    where: str
    action: str
    role: str = ""
    reason: str = ""
    level: str = ""
    loss: float = 0.0
    blanked: int = 0
    seen: bool = False


@dataclass(frozen=True)
class Treatment:
    """One de-identification that happened."""

    dataset: str
    challenge: str
    k_asked: int
    k_measured: int
    policy_k: int
    columns: tuple[Done, ...]
    suppressed: dict[str, int]
    rows: dict[str, int]
    loss: float
    discernibility: int
    optimal: bool
    evaluated: int
    era: str = ""
    groups: int = 0
    linkage: tuple[str, ...] = ()
    part: str = ""
    population_risk: float = 0.0
    unscored: str = ""
    without_person: dict[str, int] = field(default_factory=dict)
    override: Statement = NOT_MADE
    expert: Statement = NOT_MADE

    @property
    def needs_expert(self) -> bool:
        """Tell whether dates were shifted: such a dataset is never called Safe Harbor."""
        return any(done.action == "shift" for done in self.columns)

    @property
    def standard(self) -> str:
        """Return the rule under which the dataset may be shared, as far as its dates decide it."""
        return "Expert Determination" if self.needs_expert else "Safe Harbor's list, with k-anonymity"

    def is_overridden(self, k: int) -> bool:
        """Tell whether the custodian allowed a k under the policy's, from 5 on, in writing."""
        return LOWEST_K <= self.k_asked < k and self.override.is_made

    def say_override(self, k: int) -> Finding:
        """Return the finding that puts the override on record."""
        what = f"the policy asks for k = {k}, the custodian allowed {self.k_asked}"
        advice = f"Override of {self.override.name} of {self.override.date}"
        return Finding("k", Severity.LOOK, self.dataset, what, 0, 0, advice)

    def settle(self, finding: Finding) -> Finding:
        """Return a finding as the record leaves it: solved by an action, allowed by a reason, or as it was."""
        if self.part and finding.kind in ("k", "risk") and finding.severity is Severity.STOP:
            return self._settle_part(finding)
        done = next((d for d in self.columns if d.where == finding.where), None)
        if done and finding.kind == "seen" and done.reason:
            return _lower(finding, f"kept on purpose: {done.reason}", Severity.LOOK)
        if done is None or finding.severity is not Severity.STOP or finding.kind in _UNSETTLED:
            return finding
        if finding.kind == "C" and self.expert.is_made and done.action == "shift":
            return _lower(finding, f"under the expert determination of {self.expert.name} of {self.expert.date}")
        if finding.kind == "C" and done.action == "since-first":
            return _lower(finding, "counted from the first event of each group: no calendar is left")
        if finding.kind == "text" and done.action == "redact" and done.reason:
            return _lower(finding, f"redacted and read: {done.reason}", Severity.LOOK)
        if done.action in ("keep", "prefix") and done.reason:
            return _lower(finding, f"kept on purpose: {done.reason}", Severity.LOOK)
        return finding

    def _settle_part(self, finding: Finding) -> Finding:
        """Return a finding about the crowd of a part: the whole de-identified dataset is what counts."""
        advice = f"This is a part ({self.part}): k of the whole dataset is {self.k_measured}, "
        return _lower(finding, f"{advice}the highest population risk {self.population_risk:.3f}")


def write_treatment(treatment: Treatment, folder: Path) -> None:
    """Write the record into a package's folder."""
    text = json.dumps(asdict(treatment), indent=2, ensure_ascii=False, sort_keys=True)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_treatment(folder: Path) -> Treatment | None:
    """Read the record of a package's folder; None when it was never de-identified."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        entry: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        entry["columns"] = tuple(Done(**done) for done in entry["columns"])
        entry["linkage"] = tuple(entry["linkage"])
        for key in ("override", "expert"):
            entry[key] = Statement(**entry[key])
        return Treatment(**entry)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: this record of a de-identification cannot be read ({error}).") from error


def _lower(finding: Finding, advice: str, severity: Severity = Severity.NOTE) -> Finding:
    return replace(finding, severity=severity, advice=advice)
