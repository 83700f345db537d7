"""What words in notes predict: the notes of each stay as one text, a bag of words, and its score on unseen stays.

Nothing here knows which notes may be read; whoever joins them says until when.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

WORD = r"(?u)\b[a-z]{2,}\b"  # numbers are left out: ages and weights are no words
FEWEST_STAYS, FOLDS = 5, 5  # stays in which a word must stand; parts of the cross-validation


def join_notes(notes: pd.DataFrame, stays: pd.DataFrame, until: str | None = None) -> pd.Series:
    """Return all notes of each stay as one text, in the order in which they were written.

    ``until`` names a column of ``stays`` with a time: what was written later is left out.  A stay without a note has
    an empty text.
    """
    table = notes.merge(stays[["encounter_id", *([until] if until else [])]], on="encounter_id")
    if until:
        table = table[table["written_ts"] <= table[until]]
    ordered = table.sort_values(["written_ts", "note_id"], kind="stable")
    joined: pd.Series = ordered.groupby("encounter_id")["text"].agg(" ".join)
    return joined.reindex(stays["encounter_id"], fill_value="")


def score_words(text: Sequence[str], outcome: Sequence[int], together: Sequence[Any]) -> float:
    """Return the AUROC of a bag of words: TF-IDF and logistic regression, cross-validated in five parts.

    What has the same value in ``together`` stays on one side of each split.
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    texts, truth = np.asarray(text, dtype=object), np.asarray(outcome, dtype=int)
    risk = np.zeros(len(truth))
    for train, test in GroupKFold(FOLDS).split(texts, truth, np.asarray(together)):
        risk[test] = _bag_of_words().fit(texts[train], truth[train]).predict_proba(texts[test])[:, 1]
    return float(roc_auc_score(truth, risk))


def weigh_words(text: Sequence[str], outcome: Sequence[int]) -> pd.Series:
    """Return the weight of each word in a model of all stays, the greatest first; above 0 it speaks for the outcome."""
    import pandas as pd

    model = _bag_of_words().fit(np.asarray(text, dtype=object), np.asarray(outcome, dtype=int))
    names = model[0].get_feature_names_out()
    return pd.Series(model[-1].coef_[0], names, name="weight").sort_values(ascending=False)


def find_word(notes: pd.DataFrame, word: str) -> pd.DataFrame:
    """Return the notes in which a word stands, capitals aside; it is searched as it is, never as a pattern."""
    pattern = rf"(?<!\w){re.escape(word)}(?!\w)"
    return notes[notes["text"].str.contains(pattern, case=False, regex=True)]


def _bag_of_words() -> Pipeline:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(TfidfVectorizer(token_pattern=WORD, min_df=FEWEST_STAYS), LogisticRegression(max_iter=500))
