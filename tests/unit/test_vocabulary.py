"""The glossary is whole, and every word of either profession finds its term."""

import pytest

from rounds.errors import LessonError
from rounds.vocabulary import RELATIONS, define, load_glossary, look_up, parse_glossary, search
from rounds.vocabulary.term import render_html, render_text

TERM = """
terms:
- {id: case, clinical_term: case, ml_term: positive row, relation: near, clinical_definition: a,
   ml_definition: b, where_they_differ: c, formula: '', challenge: bsi, example: e,
   source: textbook, false_friend: true}
"""


def test_glossary_has_at_least_116_terms_and_over_30_false_friends_as_j1_says():
    terms = load_glossary().values()
    assert len(terms) >= 116
    assert 30 < sum(term.false_friend for term in terms) < 100


@pytest.mark.parametrize("term", load_glossary().values(), ids=lambda term: term.id)
def test_every_field_of_every_term_is_filled(term):
    filled = {name: value for name, value in vars(term).items() if name not in {"formula", "false_friend"}}
    assert all(isinstance(value, str) and value.strip() for value in filled.values())
    assert isinstance(term.formula, str)
    assert term.relation in RELATIONS
    assert term.challenge in {"birthweight", "bsi", "heart_failure", "covid"}


@pytest.mark.parametrize(
    ("word", "term_id"),
    [
        ("sensitivity", "sensitivity"),  # an id
        ("recall", "sensitivity"),  # the engineer's word
        ("Recall", "sensitivity"),  # in any case
        ("PPV", "ppv"),  # a word in brackets
        ("true negative rate", "specificity"),
        ("de identification", "de-identification"),  # with or without the hyphen
        ("decision threshold", "cutoff"),
    ],
)
def test_word_of_either_profession_finds_the_term(word, term_id):
    assert look_up(word).id == term_id


def test_misspelled_word_is_answered_with_the_line_to_paste():
    with pytest.raises(LessonError, match=r'define\("sensitivity"\)'):
        look_up("sensitvity")


def test_word_far_from_all_is_answered_with_the_list():
    with pytest.raises(LessonError, match=r"list\(load_glossary\(\)\)"):
        look_up("xxqqzz")


def test_search_puts_the_term_of_that_name_first():
    assert search("prevalence")[0].id == "prevalence"
    assert {"cutoff", "sensitivity"} <= {term.id for term in search("threshold")}
    assert search("no such words here") == ()


def test_text_and_html_show_both_definitions_and_the_difference():
    term = define("sensitivity")
    for part in (term.clinical_definition, term.where_they_differ, term.example):
        assert part in render_text(term)
    assert "TP / (TP + FN)" in term._repr_html_()
    assert 'scope="row"' in render_html(term)


def test_html_escapes_signs_of_the_text():
    with_sign = next(term for term in load_glossary().values() if "<" in term.example)
    assert with_sign.example not in render_html(with_sign)
    assert with_sign.example in render_text(with_sign)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("id: case, ", ""), "a term without id"),
        (("relation: near", "relation: nearly"), 'Did you mean "near"'),
        (("clinical_term", "clincal_term"), 'Did you mean "clinical_term"'),
    ],
)
def test_broken_glossary_is_refused_with_the_place(change, message):
    with pytest.raises(LessonError, match=message):
        parse_glossary(TERM.replace(*change))


def test_repeated_term_is_refused():
    with pytest.raises(LessonError, match='"case" stands there twice'):
        parse_glossary(TERM + TERM.split("terms:\n")[1])
