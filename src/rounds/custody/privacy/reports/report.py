"""The report for an ethics committee: one JSON value, signed, and the same as a page that anybody can read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rounds.custody.privacy.check import PrivacyCheck
from rounds.custody.privacy.crowds.anonymity import Anonymity
from rounds.custody.privacy.plan.plan import ACTIONS
from rounds.custody.privacy.plan.treatment import Done, Treatment
from rounds.custody.privacy.reports.report_page import render_page
from rounds.custody.privacy.reports.signature import check_signature, fingerprint, load_signing_key, sign
from rounds.custody.signs.finding import KINDS, SAFE_HARBOR, Finding, Severity
from rounds.errors import DataError

FORMAT = 1
LIMITS = (
    "k, l and t count one row of one table, together with the person's own quasi-identifiers. Somebody who knows "
    "several visits of one person sees a smaller crowd.",
    "k counts the columns that were declared as known to others, and no time: who also knows how long somebody stayed, "
    "or the day of the year of an admission, which a shift by a multiple of 364 days keeps, sees a smaller crowd.",
    "A band of births and the year of a visit give an age; who knows the age sees a crowd that may be smaller than k.",
    "An era of three years tells the true time, a shifted date the day of the year: together they leave three true "
    "days to whoever knows when the data began.",
    "How small these crowds become stands above, in rows, wherever one of them is smaller than the policy's k.",
    "Names in free text are found by titles, by lists and by letters. Only a reader finds all of them.",
    "Safe Harbor is a list for the United States. It is a floor for other laws, and the custodian decides.",
    "A shift by a multiple of 364 days keeps weekday and season on purpose. Who knows the exact day of one event of a "
    "person can work out that person's shift. This is why shifted dates need an expert's determination.",
)


def build_report(
    after: PrivacyCheck, treatment: Treatment, now: datetime, before: PrivacyCheck | None = None
) -> dict[str, Any]:
    """Return everything the committee should know, as a JSON value without a single patient's value."""
    return {
        "format": FORMAT,
        "dataset": after.dataset,
        "challenge": treatment.challenge,
        "written": now.isoformat(timespec="seconds"),
        "verdict": "passed" if after.passed else "not yet",
        "standard": treatment.standard,
        "counted": list(after.quasi),
        "redacted": [done.where for done in treatment.columns if done.action == "redact"],
        "policy": {"k": treatment.policy_k, "k_asked": treatment.k_asked, "k_measured": treatment.k_measured},
        "part": treatment.part,
        "rows": dict(after.rows),
        "suppressed": treatment.suppressed,
        "without_person": treatment.without_person,
        "loss": {"search": treatment.loss, "discernibility": treatment.discernibility, "optimal": treatment.optimal},
        "era": treatment.era,
        "groups": treatment.groups,
        "statements": {"override": asdict(treatment.override), "expert": asdict(treatment.expert)},
        "columns": [{**asdict(done), "means": _say_what(done)} for done in treatment.columns],
        "classes": _count_classes(before, after),
        "crowds": {"before": _crowds(before), "after": _crowds(after)},
        "findings": {"before": _list(before), "after": _list(after)},
        "limits": list(LIMITS),
    }


def write_report(report: dict[str, Any], folder: Path, signing_key: Path) -> tuple[Path, Path]:
    """Write the signed JSON and the page; return both paths.  The signature covers the page as well.

    A report that is there already stays: it may be that of a publication.  The next one has a number in its name.
    """
    key = load_signing_key(signing_key)
    page = render_page(report, fingerprint(key))
    signed = {"report": report, "page_sha256": hashlib.sha256(page.encode()).hexdigest()}
    folder.mkdir(parents=True, exist_ok=True)
    paths = _free_paths(folder, f"{report['dataset']}-report")
    text = json.dumps({**signed, "signature": sign(signed, key)}, indent=2, ensure_ascii=False)
    paths[0].write_text(text + "\n", encoding="utf-8")
    paths[1].write_text(page, encoding="utf-8")
    return paths


def _free_paths(folder: Path, stem: str) -> tuple[Path, Path]:
    for number in ("", *(f"-{n}" for n in range(2, 10_000))):
        paths = folder / f"{stem}{number}.json", folder / f"{stem}{number}.html"
        if not any(path.exists() for path in paths):
            return paths
    raise DataError(f"{folder}: there are too many reports here. Name another folder: --out FOLDER")


def verify_report(path: Path, expected: str = "") -> tuple[dict[str, Any], str]:
    """Return the report and the signing key's fingerprint; raise when the JSON or the page beside it was changed."""
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        signed = {"report": entry["report"], "page_sha256": entry["page_sha256"]}
        signature = entry["signature"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: this is no signed report ({error}).") from error
    found = check_signature(signed, signature, expected)
    page = path.with_suffix(".html")
    if page.is_file() and hashlib.sha256(page.read_bytes()).hexdigest() != signed["page_sha256"]:
        raise DataError(f"{page}: the page was changed after it was signed. Trust the JSON, or write the report again.")
    return entry["report"], found


def _say_what(done: Done) -> str:
    """Return what was done to a column, in words."""
    coarser = bool(done.level) and done.level != "exact"
    if done.action == "keep":
        return "write the values coarser" if coarser else ACTIONS["keep"]
    return ACTIONS[done.action] + (", then write them coarser" if coarser else "")


def _count_classes(before: PrivacyCheck | None, after: PrivacyCheck) -> list[dict[str, Any]]:
    """Return for each of the 18 classes and free text how many places still stop, before and after."""
    kinds = [*SAFE_HARBOR, "text"]
    return [
        {"class": kind, "title": KINDS[kind], "before": _places(before, kind), "after": _places(after, kind)}
        for kind in kinds
    ]


def _places(check: PrivacyCheck | None, kind: str) -> int | None:
    if check is None:
        return None
    return len({f.where for f in check.findings if f.kind == kind and f.severity is Severity.STOP})


def _crowds(check: PrivacyCheck | None) -> list[dict[str, Any]]:
    return [_crowd(a) for a in check.anonymity] if check else []


def _crowd(a: Anonymity) -> dict[str, Any]:
    return {
        "table": a.table,
        "quasi": list(a.quasi),
        "counts": a.counts,
        "k": a.k,
        "l": a.l,
        "t": None if a.t is None else round(a.t, 6),
        "rows": a.risks.rows,
        "classes": a.risks.classes,
        "highest_risk": round(a.risks.highest, 6),
        "average_risk": round(a.risks.average, 6),
        "unique_rows": a.risks.unique_rows,
        "sizes": [list(pair) for pair in a.sizes],
    }


def _list(check: PrivacyCheck | None) -> list[dict[str, Any]]:
    return [_finding(f) for f in check.findings] if check else []


def _finding(f: Finding) -> dict[str, Any]:
    return {**asdict(f), "severity": str(f.severity), "title": f.title}
