"""The signed report: readable, complete, without another host, and every change shows."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import asdict
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from rounds.custody.privacy.check import PrivacyCheck
from rounds.custody.privacy.crowds.anonymity import Anonymity
from rounds.custody.privacy.crowds.risks import Risks
from rounds.custody.privacy.plan.plan import Statement
from rounds.custody.privacy.plan.treatment import Done, Treatment
from rounds.custody.privacy.reports.report import build_report, verify_report, write_report
from rounds.custody.signs.finding import SAFE_HARBOR, Finding, Severity
from rounds.errors import DataError

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SIZES = (("1", 0), ("2-4", 0), ("5-10", 0), ("11-19", 40), ("20-99", 60), ("100 or more", 0))


def make_check(k: int, *findings: Finding) -> PrivacyCheck:
    risks = Risks(100, 5, 0.05, 1 / k, 0.0, {5: 0.0, 11: 0.0})
    anonymity = Anonymity("visit", ("visit.age", "visit.sex"), "people", k, 2, 0.21, risks, SIZES)
    return PrivacyCheck("covid", 11, (("visit", 100),), findings, (anonymity,), ("visit.age", "visit.sex"))


def make_report(*after: Finding) -> dict[str, Any]:
    name = Finding("A", Severity.STOP, "visit.name", "<b>the name</b>", 100, 100, "Drop the column", "name")
    treatment = Treatment(
        dataset="covid",
        challenge="severity",
        k_asked=11,
        k_measured=11,
        policy_k=11,
        columns=(Done("visit.name", "drop"), Done("visit.age", "keep", "quasi-identifier", "", "6 bands", 0.2, 1)),
        suppressed={"visit": 4},
        rows={"visit": 100},
        loss=0.1,
        discernibility=123,
        optimal=True,
        evaluated=9,
        era="3-years from visit.day",
        expert=Statement("Dr <Expert>", "2026-11-01", "Small risk & good."),
    )
    return build_report(make_check(11, *after), treatment, NOW, make_check(1, name))


class Reader(HTMLParser):
    """Collect tags, and complain about what is opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "wbr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_names_no_other_host(tmp_path: Path) -> None:
    page = write_report(make_report(), tmp_path, tmp_path / "key.pem")[1].read_text()
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in reader.tags}
    assert "<b>the name" not in page
    assert "Dr &lt;Expert&gt;" in page


def test_each_picture_has_words_and_the_numbers_stand_in_a_table(tmp_path: Path) -> None:
    page = write_report(make_report(), tmp_path, tmp_path / "key.pem")[1].read_text()
    reader = Reader()
    reader.feed(page)
    pictures = [attrs for tag, attrs in reader.tags if attrs.get("role") == "img"]
    assert len(pictures) == page.count("<svg") == 3
    assert all(len(attrs["aria-label"] or "") > 20 for attrs in pictures)
    assert page.count("<caption>") >= 3
    assert "rows in crowds of 20-99" in page
    assert all(title in page for title in SAFE_HARBOR.values())


def test_the_report_says_what_was_found_done_and_left() -> None:
    report = make_report()
    assert report["verdict"] == "passed"
    assert next(row for row in report["classes"] if row["class"] == "A") == {
        "class": "A",
        "title": "names",
        "before": 1,
        "after": 0,
    }
    assert report["crowds"]["after"][0]["k"] == 11
    assert report["columns"][1]["means"] == "write the values coarser"
    assert json.loads(json.dumps(report)) == report


def test_the_verdict_leaves_what_k_does_not_count_to_people(tmp_path: Path) -> None:
    plain = write_report(make_report(), tmp_path, tmp_path / "key.pem")[1].read_text()
    assert "Nothing bars this dataset" in plain
    known = Finding("beyond", Severity.LOOK, "visit.era", "who knows more sees fewer", 3, 100, "Ask")
    page = write_report(make_report(known), tmp_path / "more", tmp_path / "key.pem")[1].read_text()
    assert "Nothing bars" not in page
    assert "expert and committee decide" in page


def test_the_same_report_gives_the_same_page(tmp_path: Path) -> None:
    first = write_report(make_report(), tmp_path / "a", tmp_path / "key.pem")[1].read_bytes()
    assert write_report(make_report(), tmp_path / "b", tmp_path / "key.pem")[1].read_bytes() == first


def test_the_signing_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    signed = write_report(make_report(), tmp_path, tmp_path / "key.pem")[0]
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    first = verify_report(signed)[1]
    write_report(make_report(), tmp_path, tmp_path / "key.pem")
    assert verify_report(signed, first)[1] == first


def test_a_changed_report_a_changed_page_and_another_key_show(tmp_path: Path) -> None:
    signed, page = write_report(make_report(), tmp_path, tmp_path / "key.pem")
    good = signed.read_text()
    signed.write_text(good.replace('"k_measured": 11', '"k_measured": 12'))
    with pytest.raises(DataError, match="changed after it was signed"):
        verify_report(signed)
    signed.write_text(good)
    page.write_text(page.read_text().replace("passed", "praised").replace("11", "12"))
    with pytest.raises(DataError, match="page was changed"):
        verify_report(signed)
    write_report(make_report(), tmp_path / "other", tmp_path / "other.pem")
    with pytest.raises(DataError, match="was signed with the key"):
        verify_report(tmp_path / "other" / "covid-report.json", verify_report_key(good))


def verify_report_key(text: str) -> str:
    return str(json.loads(text)["signature"]["fingerprint"])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"report": 1}', '{"report": 1, "page_sha256": "", "signature": {}}'])
def test_what_is_no_report_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(DataError, match=r"no signed report|signature cannot be read"):
        verify_report(tmp_path / "x.json")


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("hello")
    with pytest.raises(DataError, match="no signing key"):
        write_report(make_report(), tmp_path, tmp_path / "key.pem")


def test_a_report_is_never_written_over(tmp_path: Path) -> None:
    first = write_report(make_report(), tmp_path, tmp_path / "key.pem")
    before = [path.read_bytes() for path in first]
    second = write_report(make_report(), tmp_path, tmp_path / "key.pem")
    assert [path.name for path in second] == ["covid-report-2.json", "covid-report-2.html"]
    assert [path.read_bytes() for path in first] == before
    for paths in (first, second):
        verify_report(paths[0])


def test_the_page_says_which_columns_count_and_that_redacted_text_was_kept(tmp_path: Path) -> None:
    report = make_report()
    page = write_report(report, tmp_path, tmp_path / "key.pem")[1].read_text(encoding="utf-8")
    assert "in the columns that count as known to others: visit.age, visit.sex (k = 11;" in page
    assert "redacted" not in page
    assert "<li>In " not in page
    also = Finding("beyond", Severity.LOOK, "visit.day", "who also knows the day sees a small crowd", 7, 100, "Say why")
    after = [*report["findings"]["after"], {**asdict(also), "severity": "look", "title": also.title}]
    also_page = write_report({**report, "findings": {**report["findings"], "after": after}}, tmp_path, tmp_path / "k")
    assert "<li>In 7 of 100 rows of visit, who also knows the day sees a small crowd.</li>" in also_page[1].read_text()
    page = write_report({**report, "redacted": ["lab.comment"]}, tmp_path, tmp_path / "key.pem")[1].read_text("utf-8")
    assert "Free text was redacted and kept in lab.comment. No program finds every name" in page
