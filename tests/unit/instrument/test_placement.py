"""Ten questions place a person, and the placement makes a path that keeps to its minutes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.courses import FOLDERS

from rounds.event.model import Background
from rounds.instrument.placement import (
    LETTERS,
    Answers,
    LearningPath,
    PathLesson,
    Placement,
    Track,
    build_path,
    find_placement,
    load_items,
)
from rounds.lessons.placing import index_lesson

ALL = ("a0", "a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "j1", "j2", "j3", "j4", "j5", "j6", "j7", "j8")


def lessons(minutes: int = 35, without: Iterable[str] = ()) -> list[PathLesson]:
    return [PathLesson(name, f"{name}-topic", name.upper(), minutes) for name in ALL if name not in without]


def answers_knowing(known: Iterable[str]) -> Answers:
    chosen = set(known)
    return {item.lesson: item.options.index(item.right) if item.lesson in chosen else None for item in load_items()}


def names(path: LearningPath) -> tuple[list[str], list[str], list[str], list[str]]:
    parts = (path.before.lessons, path.before.known, path.event.lessons, path.reference)
    return tuple([lesson.id for lesson in part] for part in parts)  # type: ignore[return-value]


def test_there_are_ten_questions_each_for_a_lesson_of_before_the_event_with_one_right_option() -> None:
    items = load_items()
    assert sorted(item.lesson for item in items) == ["a0", "a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "j2"]
    assert all(len(set(item.options)) == 3 and item.right in item.options for item in items)
    places = [item.options.index(item.right) for item in items]
    assert {places.count(place) for place in range(3)} <= {3, 4}  # no place is right more often
    assert [item.lesson[0] for item in items][:8] == ["a", "b"] * 4  # either profession meets its own in turn


def test_no_question_stands_in_its_lesson() -> None:
    for item in load_items():
        if item.lesson in FOLDERS:
            texts = [FOLDERS[item.lesson].file(name).read_text() for name in ("lesson.py", "checks.py")]
            assert not any(item.text.lower() in text.lower() for text in texts)


@pytest.mark.parametrize(
    ("known", "background", "track"),
    [
        ({"b1", "b2", "b3"}, Background.ENGINEERING, Track.CLINICIANS),  # 0 of 5 and 3 of 4
        ({"a0", "a1", "a2"}, Background.BIOMED, Track.ENGINEERS),
        ({"a0", "b1"}, Background.BIOMED, Track.CLINICIANS),  # 1 of 5 is less than 1 of 4
        (set(), Background.BIOMED, Track.CLINICIANS),  # as little of either: the other profession's language
        (set(), Background.ENGINEERING, Track.ENGINEERS),
        (set(ALL), Background.CLINICIAN, Track.CLINICIANS),
        (set(ALL), Background.DATA_SCIENCE, Track.ENGINEERS),
    ],
)
def test_the_track_is_the_language_that_is_known_less(known: set[str], background: Background, track: Track) -> None:
    assert find_placement(answers_knowing(known), background).track is track


def test_a_wrong_option_and_one_that_is_none_are_not_known() -> None:
    item = load_items()[0]
    wrong = next(number for number, option in enumerate(item.options) if option != item.right)
    for chosen in (wrong, None, -1, len(item.options)):
        assert item.lesson not in find_placement({item.lesson: chosen}, Background.BIOMED).known


def test_a_path_keeps_to_its_minutes_and_loses_no_lesson() -> None:
    path = build_path(Placement(Track.CLINICIANS, frozenset({"a1"})), lessons(), "bsi")
    assert names(path) == (
        ["a0", "a2", "a3", "a4", "j2"],
        ["a1"],
        ["j1", "j3", "j4"],
        ["b1", "b2", "b3", "b4", "j5", "j6", "j7", "j8"],
    )
    assert (path.before.minutes, path.event.minutes) == (175, 105)
    assert path.order == tuple(f"{name}-topic" for name in ("a0", "a2", "a3", "a4", "j2", "j1", "j3", "j4"))


@pytest.mark.parametrize("minutes", [10, 20, 35, 60, 181])
@pytest.mark.parametrize("challenge", ["", "bsi", "heart-failure", "covid", "birthweight", "one of one's own"])
@pytest.mark.parametrize("track", Track)
def test_every_path_holds_each_lesson_once_and_at_most_three_hours_and_two(
    track: Track, challenge: str, minutes: int
) -> None:
    path = build_path(Placement(track, frozenset()), lessons(minutes), challenge)
    assert sorted(name for part in names(path) for name in part) == sorted(ALL)
    assert path.before.minutes <= 180
    assert path.event.minutes <= 120


def test_what_did_not_fit_before_the_event_comes_into_it_where_minutes_are_left() -> None:
    path = build_path(Placement(Track.CLINICIANS, frozenset()), lessons(without=("j3", "j6", "j8")))
    assert names(path)[0] == ["a0", "a1", "a2", "a3", "a4"]
    assert names(path)[2] == ["j1", "j2"]


def test_a_drawn_order_is_the_persons_own_and_stays() -> None:
    placement = Placement(Track.CLINICIANS, frozenset({"a1"}))
    paths = {name: build_path(placement, lessons(), draw=f"demo {name}") for name in ("noa", "roni", "tal", "karim")}
    assert len({path.order for path in paths.values()}) > 1
    assert all(sorted(names(path)[0]) == ["a0", "a2", "a3", "a4", "j2"] for path in paths.values())
    assert build_path(placement, lessons(), draw="demo noa") == paths["noa"]


def test_a_board_of_two_lessons_makes_a_path_of_two() -> None:
    path = build_path(Placement(Track.ENGINEERS, frozenset()), lessons(without=set(ALL) - {"b2", "j1"}))
    assert names(path) == (["b2"], [], ["j1"], [])


def test_the_minutes_of_a_path_are_those_of_the_shipped_lessons() -> None:
    indexed = {name: index_lesson(folder).must_minutes for name, folder in FOLDERS.items()}
    assert all(15 <= minutes <= 60 for minutes in indexed.values()), indexed
    shipped = [PathLesson(name, name, name, minutes) for name, minutes in indexed.items()]
    for track, letter in LETTERS.items():
        own = [one for one in build_path(Placement(track, frozenset()), shipped).before.lessons if one.id[0] == letter]
        assert [one.id for one in own] == sorted(name for name in indexed if name[0] == letter)  # all of the track fit
