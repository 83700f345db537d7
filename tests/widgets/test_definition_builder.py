"""The definition builder counts as the challenge does, says why a record is a case, sends counts and no row."""

import json
from dataclasses import replace

import pytest
import traitlets
from tests import made

from rounds.errors import DataError
from rounds.evaluation.case_definition import (
    LIKE_NHSN,
    STRICTEST,
    WIDEST,
    Definition,
    list_definitions,
    name_definition,
)
from rounds.lessons.view.kept import is_kept
from rounds_widgets import DefinitionBuilder
from rounds_widgets.teaching.clinic_for_engineers.definition_builder import MOST_TRIED
from rounds_widgets.teaching.clinic_for_engineers.definition_builder_records import RECORDS, judge

PAIR = {"commensal": "two draws", "days": "next day", "germ": "same germ", "fever": "commensals"}


@pytest.fixture(scope="module")
def hospital():
    return made.ward("bsi")


@pytest.fixture
def builder(hospital):
    return DefinitionBuilder(hospital)


def test_the_widest_stands_first_and_counts_every_stay_in_which_something_grew(builder, hospital):
    sql = "SELECT count(DISTINCT encounter_id) FROM micro JOIN encounter USING (encounter_id) WHERE site = 'A'"
    ((grew,),) = hospital.connect().sql(f"{sql} AND organism IS NOT NULL").fetchall()
    assert (builder.prediction, builder.tried, builder.definition()) == (None, "", WIDEST)
    assert builder.cases() == grew < builder.stays


def test_the_strictest_is_the_smallest_of_all_and_the_widest_the_largest(builder):
    counts = builder._counts
    assert len(counts) == len(list_definitions()) == 41
    builder.commensal, builder.fever = "never", "every germ"
    assert builder.definition() == STRICTEST
    assert builder.cases() == min(counts.values()) < max(counts.values())
    builder.commensal, builder.fever = "one bottle", "no fever"
    assert builder.cases() == max(counts.values())


def test_a_lesson_keeps_what_was_chosen(builder):
    builder.prediction, builder.tried = 30, "two draws|next day|same germ|commensals"
    assert all(is_kept(getattr(builder, name)) for name in ("prediction", "tried", *PAIR))


def test_the_browser_gets_counts_and_made_up_records_and_nobodys_row(builder, hospital):
    state = builder.get_state()
    sent = json.dumps({name: state[name] for name in ("_counts", "_records", "_facts")})
    ((somebody, draw),) = hospital.connect().sql("SELECT encounter_id, set_id FROM micro LIMIT 1").fetchall()
    assert somebody not in sent
    assert draw not in sent
    assert len(sent) < 16_000


# each sentence of the definition turns one record or more
@pytest.mark.parametrize(
    ("definition", "cases"),
    [
        (WIDEST, [1, 2, 3, 4]),
        (Definition(fever="commensals"), [1, 2, 4]),
        (Definition("two bottles"), [1, 2, 3, 4]),
        (Definition("two draws"), [2, 3, 4]),
        (Definition("two draws", "next day"), [3, 4]),
        (Definition("two draws", germ="same germ"), [2, 4]),
        (LIKE_NHSN, [4]),
        (Definition("never"), [4]),
        (STRICTEST, []),
    ],
)
def test_records_turn_with_the_definition(definition, cases):
    assert [at for at, record in enumerate(RECORDS, 1) if judge(record, definition)[0]] == cases


@pytest.mark.parametrize(
    ("number", "definition", "says"),
    [
        (1, Definition("two draws"), "both are of one draw"),
        (2, Definition("two draws", "next day"), "too far apart"),
        (3, Definition("two draws", germ="same germ"), "not of the same germ"),
        (3, Definition("two draws", fever="commensals"), "nobody charted a fever near them"),
        (3, Definition("never"), "they never count"),
        (4, STRICTEST, "nobody charted a fever near it"),
        (4, LIKE_NHSN, "one bottle is enough"),
        # other germs on one day: the germ is what fails, however near the days must be
        (3, Definition("two bottles", germ="same germ"), "not of the same germ"),
        (3, Definition("two bottles", "same day", "same germ"), "not of the same germ"),
        (3, Definition("two bottles", "same day", "same germ", "commensals"), "not of the same germ"),
    ],
)
def test_the_reason_is_what_the_record_lacks(number, definition, says):
    assert says in judge(RECORDS[number - 1], definition)[1]


WITHOUT = {  # what each reason blames, and the definition without it, as long as what stands before it holds
    "two are asked": {"commensal": "one bottle"},
    "both are of one draw": {"commensal": "two bottles"},
    "same germ": {"germ": "any germ"},
    "too far apart": {"days": "any time"},
    "nobody charted": {"fever": "no fever"},
    "never count": {"commensal": "one bottle"},
}
ORDER = ("commensal", "germ", "days", "fever")


def widen(definition, part):
    """Return the definition with nothing asked after a part, for the parts are asked in their order."""
    later = ORDER[ORDER.index(part) + 1 :]
    return replace(definition, **{name: getattr(WIDEST, name) for name in later})


@pytest.mark.parametrize("definition", list_definitions(), ids=name_definition)
@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_reason_blames_the_first_condition_that_fails_and_no_other(record, definition):
    is_case, reason = judge(record, definition)
    if not is_case:
        (mended,) = (parts for blame, parts in WITHOUT.items() if blame in reason)
        (part,) = mended
        asked = widen(definition, part)
        assert not judge(record, asked)[0]
        assert judge(record, replace(asked, **mended))[0]


@pytest.mark.parametrize("part", PAIR)
def test_what_the_browser_sends_is_checked(builder, part):
    with pytest.raises(traitlets.TraitError, match=f'{part} is one of .*, not "sometimes"'):
        setattr(builder, part, "sometimes")


def test_only_known_definitions_count_as_tried_and_not_too_many(builder):
    builder.tried = ";".join(["<b>", *builder._counts, "never"])
    assert builder.tried.split(";") == [*builder._counts][:MOST_TRIED]


def test_a_guess_is_of_100(builder):
    builder.prediction = 250
    assert builder.prediction == 100


def test_text_stands_in_where_no_browser_draws(builder):
    for name, value in PAIR.items():
        setattr(builder, name, value)
    text = builder._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(builder)
    assert "a skin germ counts in two draws, next day, same germ; fever: commensals" in text
    assert "Record 3 is not, Record 4 is one" in text


@pytest.mark.parametrize(
    ("name", "site", "says"), [("bsi", "C", 'no hospital "C"'), ("covid", "A", r'no table "micro". Write: Definition')]
)
def test_wrong_arguments_are_one_sentence(name, site, says):
    with pytest.raises(DataError, match=says):
        DefinitionBuilder(made.sample(name), site)
