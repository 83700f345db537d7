"""The event file: what it becomes, and what is said about a wrong one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from rounds.errors import EventError
from rounds.event import AppliedEvent, load_event, read_event, store_event
from rounds.event.model import Background
from rounds.event.problems import find_line
from rounds.roles import Role


@pytest.fixture
def event_file(tmp_path: Path, demo_event_file: Path) -> Path:
    """Return a copy of the demo event that a test may spoil."""
    shutil.copytree(demo_event_file.parent, tmp_path / "event")
    return tmp_path / "event" / "event.toml"


def spoil(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_demo_event_has_the_source_events_mix(demo_event_file: Path) -> None:
    event = load_event(demo_event_file)
    participants = event.with_role(Role.PARTICIPANT)
    biomed = [p for p in participants if p.background is Background.BIOMED]
    assert (len(event.challenge), len(event.team), len(participants)) == (4, 8, 50)
    assert 0.3 < len(biomed) / len(participants) < 0.37
    assert [len(event.with_role(role)) for role in (Role.MENTOR, Role.JUROR, Role.ORGANISER)] == [20, 3, 2]
    assert all(5 <= len(event.members(team.id)) <= 7 for team in event.team)


def test_every_team_has_both_backgrounds_and_both_mentors(demo_event_file: Path) -> None:
    event = load_event(demo_event_file)
    for team in event.team:
        assert {p.background for p in event.members(team.id)} == {Background.BIOMED, Background.ENGINEERING}
        assert {p.background for p in event.mentors(team.id)} >= {
            Background.CLINICIAN,
            Background.DATA_SCIENCE,
        }


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        # unknown names get the nearest known one
        ("event.toml", "min_cell_count", "min_cel_count", 'Did you mean "min_cell_count"?'),
        ("event.toml", 'clinician = "dana"', 'clinician = "danna"', 'Did you mean "dana"?'),
        ("event.toml", 'challenge = "bsi"', 'challenge = "bsii"', 'Did you mean "bsi"?'),
        ("event.toml", 'deployment = "embedded"', 'deployment = "embeded"', 'Did you mean "embedded"?'),
        ("people.csv", "participant,biomed", "participnt,biomed", 'Did you mean "participant"?'),
        ("people.csv", ",stork", ",storck", 'Did you mean "stork"?'),
        ("people.csv", "name,email", "nam,email", 'unknown column "nam"'),
        ("people.csv", "Noa Levi", '"Noa Levi', 'has a quotation mark (") without its partner'),
        # values out of bounds
        ("event.toml", "pass_mark = 0.7", "pass_mark = 7", "7 must be 1 or less"),
        ("event.toml", "Asia/Jerusalem", "Asia/Jerusalm", "is no time zone"),
        ("event.toml", "opens = 2027-02-28", "opens = 2026-02-28", "opens before the phase above it"),
        ("event.toml", "honest_band = [364, 391]", "honest_band = [391, 364]", "the smaller one first"),
        ("event.toml", "honest_band = [364, 391]", "honest_band = [-364, 391]", "a mean absolute error, 0 or more"),
        ("event.toml", "honest_band = [0.66, 0.70]", "honest_band = [66, 70]", "an AUROC, from 0 to 1"),
        # things that stand twice
        ("event.toml", 'id = "cradle"', 'id = "stork"', "stands twice"),
        ("people.csv", "noa@example.org", "tal@example.org", "stands on line"),
    ],
)
def test_a_wrong_event_names_what_and_where(event_file: Path, file: str, before: str, after: str, said: str) -> None:
    spoil(event_file.with_name(file), before, after)
    with pytest.raises(EventError) as caught:
        load_event(event_file)
    line = next(line for line in str(caught.value).split("\n") if said in line)
    assert line.strip().startswith(f"{file}:")


def test_all_problems_of_both_files_are_reported_at_once(event_file: Path) -> None:
    spoil(event_file, "min_cell_count", "min_cel_count")
    spoil(event_file, 'clinician = "dana"', 'clinician = "danna"')
    spoil(event_file.with_name("people.csv"), ",stork", ",storck")
    _, problems = read_event(event_file)
    assert {problem.key for problem in problems} == {"policy.min_cel_count", "team.0.clinician", "team"}


def test_a_syntax_error_names_its_line(event_file: Path) -> None:
    spoil(event_file, 'title = "Rounds demo datathon"', "title = Rounds")
    _, problems = read_event(event_file)
    assert [(p.file, p.line) for p in problems] == [
        ("event.toml", find_line(event_file.read_text(), ("event", "title")))
    ]


def test_a_missing_event_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EventError, match="no such file"):
        load_event(tmp_path / "event.toml")


def test_a_draft_changes_nothing_until_it_is_stored_whole(event_file: Path, tmp_path: Path) -> None:
    applied = AppliedEvent(tmp_path / "state")
    store_event(event_file, tmp_path / "state")
    before = applied.current()
    spoil(event_file, 'clinician = "dana"', 'clinician = "danna"')
    with pytest.raises(EventError):
        store_event(event_file, tmp_path / "state")
    assert applied.current() == before
    spoil(event_file, 'clinician = "danna"', 'clinician = "ruth"')
    store_event(event_file, tmp_path / "state")
    assert applied.current().team_by_id["stork"].clinician == "ruth"


def test_a_folder_is_no_event_file_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(EventError, match=r"is a folder\. Name the file in it"):
        load_event(tmp_path)


@pytest.mark.parametrize(
    "people", [None, b"", b"name;email\n", b"name,email,role,background\nDana \xe9,d@x.org,mentor,clinician\n"]
)
def test_an_unreadable_people_file_is_one_problem_and_not_one_for_each_team(
    event_file: Path, people: bytes | None
) -> None:
    file = event_file.parent / "people.csv"
    file.unlink()
    if people is not None:
        file.write_bytes(people)
    with pytest.raises(EventError) as caught:
        load_event(event_file)
    assert "team.0" not in str(caught.value)
    assert ("people.csv:2: is not UTF-8" in str(caught.value)) == (people is not None and b"\xe9" in people)


@pytest.mark.parametrize("phases", ["", "phase = []\n"], ids=["no phase", "an empty list"])
def test_an_event_without_phases_is_told_the_lines_to_write(event_file: Path, phases: str) -> None:
    text = event_file.read_text(encoding="utf-8")
    without = re.sub(r"(?ms)^\[\[phase\]\].*?(?=^\[\[challenge)", "", text).replace("measure = true", "measure = false")
    event_file.write_text(phases + without, encoding="utf-8")
    with pytest.raises(EventError) as said:
        load_event(event_file)
    assert "phase: there is no [[phase]]; add these lines" in str(said.value)
    lines = "\n".join(line.strip() for line in str(said.value).split("\n")[2:])
    event_file.write_text(without + "\n" + lines + "\n", encoding="utf-8")
    assert [phase.id for phase in load_event(event_file).phase] == ["setup"]


def test_an_empty_event_file_is_told_every_section(event_file: Path) -> None:
    event_file.write_text("", encoding="utf-8")
    with pytest.raises(EventError) as said:
        load_event(event_file)
    text = str(said.value)
    assert all(f"there is no {head}; add these lines" in text for head in ("[event]", "[[phase]]", "[[challenge]]"))
    written = "\n".join(line.strip() for line in text.split("\n") if line.startswith("      "))
    event_file.write_text(written + "\n", encoding="utf-8")
    assert [problem for problem in read_event(event_file)[1] if problem.key.startswith(("event", "phase"))] == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('second = ""', 'is needed with measure = true; the phase that opens the second test: second = "closed"'),
        ('second = "closd"', 'no phase "closd". Did you mean "closed"?'),
        ('second = "setup"', "is the first phase: the first test, before the lessons, would never be open"),
        (
            'second = "closed"\nconsent = "words.txt"',
            'no file "words.txt" beside it; write the consent of the event there',
        ),
    ],
)
def test_what_does_not_fit_in_the_tests_of_knowledge_is_named(event_file: Path, line: str, says: str) -> None:
    text = event_file.read_text(encoding="utf-8").replace('consent = ""', "" if "consent" in line else 'consent = ""')
    event_file.write_text(re.sub(r'(?m)^second = "closed".*$', line, text), encoding="utf-8")
    with pytest.raises(EventError) as said:
        load_event(event_file)
    assert says in str(said.value)


def test_the_events_own_words_of_consent_come_along(event_file: Path, tmp_path: Path) -> None:
    event_file.with_name("words.txt").write_text("Our own words.", encoding="utf-8")
    text = event_file.read_text(encoding="utf-8").replace('consent = ""', 'consent = "words.txt"')
    event_file.write_text(text, encoding="utf-8")
    assert store_event(event_file, tmp_path / "applied").consent == "Our own words."
    assert AppliedEvent(tmp_path / "applied").current().consent == "Our own words."
