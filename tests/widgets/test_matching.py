"""The word match shows one side at a time and every word has one right meaning."""

import pytest

from rounds.errors import DataError, LessonError
from rounds.vocabulary import look_up
from rounds_widgets import WordMatch


def test_each_round_holds_the_right_meaning_once_among_three():
    for card in WordMatch()._deck:
        right = card["options"][card["right"]]
        assert len(set(card["options"])) == 3
        assert right == card["engineer" if card["tells"] == "clinician" else "clinic"]


def test_sides_take_turns():
    tells = [card["tells"] for card in WordMatch()._deck]
    assert tells == ["clinician", "engineer"] * 4


def test_same_seed_gives_the_same_cards_and_another_seed_others():
    assert WordMatch(seed=2)._deck == WordMatch(seed=2)._deck
    assert WordMatch(seed=2)._deck != WordMatch(seed=3)._deck


def test_default_words_are_false_friends():
    words = [look_up(card["word"]) for card in WordMatch()._deck if card["word"] != "validation"]
    assert all(term.false_friend for term in words)


def test_own_words_make_the_deck():
    assert WordMatch(["bias", "recall", "PPV"]).rounds == 3


def test_unknown_word_and_short_deck_are_refused():
    with pytest.raises(LessonError, match='Did you mean: define\\("bias"\\)'):
        WordMatch(["bias", "risk", "biass"])
    with pytest.raises(DataError, match="three words"):
        WordMatch(["bias"])


def test_text_stands_in_where_no_browser_draws():
    text = WordMatch()._repr_mimebundle_()[0]["text/plain"]
    assert text.startswith("8 words with two meanings")
    assert "bias: clinic:" in text
