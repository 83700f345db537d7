"""Propose the code system of a column, and the unit that its name carries, where they are certain."""

from __future__ import annotations

from dataclasses import replace

from rounds.custody.intake.proposals.codes import ATC, EITHER, ICD9, ICD10, LOINC, NAME_SAYS, UCUM
from rounds.custody.intake.proposals.profile import Profile
from rounds.custody.intake.proposals.proposal import Proposal
from rounds.custody.intake.proposals.signs import is_numbered
from rounds.custody.signs.column_names import is_record_key
from rounds.data.units import unit_in_name

NEARLY_ALL, WORTH_SAYING, FEWEST = 0.9, 0.3, 3


def propose_codes(name: str, profile: Profile, proposal: Proposal) -> Proposal:
    """Return the proposal with a code system when nearly all values have its form, and with a unit."""
    if proposal.decision.type in ("integer", "number"):
        proposal = _with_unit(name, proposal)
    if (
        not profile.coded
        or is_record_key(name)
        or is_numbered(name, profile)
        or proposal.decision.type in ("datetime", "boolean")
    ):
        return proposal
    if NAME_SAYS.search(name) or proposal.decision.type == "string":
        return _with_icd(name, profile, proposal) or _with_system(profile, proposal)
    return proposal


def _with_unit(name: str, proposal: Proposal) -> Proposal:
    unit = unit_in_name(name)
    if unit is None:
        return proposal
    decision = replace(proposal.decision, unit=unit)
    return replace(proposal, decision=decision, evidence=(*proposal.evidence, f"unit: the name says {unit}"))


def _with_system(profile: Profile, proposal: Proposal) -> Proposal:
    for system in (LOINC, ATC, UCUM):
        share = profile.systems[system] / profile.coded
        if share >= NEARLY_ALL and profile.coded >= FEWEST:
            decision = replace(proposal.decision, code_system=system)
            said = f"code_system: {share:.0%} of the values that were looked at have the form of {system}"
            return replace(proposal, decision=decision, evidence=(*proposal.evidence, said))
    return proposal


def _with_icd(name: str, profile: Profile, proposal: Proposal) -> Proposal | None:
    """Return the proposal for a column of diagnoses; numbers alone are ICD-9-CM only where the name says so."""
    ten, nine, either = (profile.systems[s] for s in (ICD10, ICD9, EITHER))
    share = (ten + nine + either) / profile.coded
    lettered = ten + either
    if profile.systems[ATC] >= NEARLY_ALL * profile.coded or not (lettered or NAME_SAYS.search(name)):
        return None
    if share < WORTH_SAYING or profile.coded < FEWEST or (not lettered and not _says_diagnosis(name)):
        return None
    said = f"code_system: {share:.0%} read as diagnoses: {ten:,} ICD-10, {nine:,} ICD-9-CM, {either:,} of either"
    if share < NEARLY_ALL:
        said += ". Too few to call it a column of codes"
        return replace(proposal, evidence=(*proposal.evidence, said))
    decision = replace(proposal.decision, type="string", beside=None, decimal=None, thousands=None, unit=None)
    decision = replace(decision, missing=tuple(sorted(profile.words)) or None)
    if ten and nine:
        decision = replace(decision, code_system=f"{ICD9}, {ICD10}", system_column=f"{name}_system")
        said += f". Mixed: {name}_system names the system of each row"
    else:
        decision = replace(decision, code_system=ICD9 if nine else ICD10)
    certain = proposal.certain and proposal.decision.type == "string"
    question = proposal.question or ("" if certain else "numbers that may be ICD-9-CM codes")
    return replace(proposal, decision=decision, evidence=(said,), certain=certain, question=question)


def _says_diagnosis(name: str) -> bool:
    lower = name.lower()
    return any(word in lower for word in ("icd", "diag", "dx"))
