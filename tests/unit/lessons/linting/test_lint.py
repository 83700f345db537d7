"""Every rule of a tutorial is broken once, and the lint names it."""

from pathlib import Path

import pytest

from rounds.lessons.linting.lint import find_problems
from rounds.lessons.source import read_source

A3 = Path(__file__).parents[4] / "tutorials" / "ml_for_clinicians" / "a3_report_card" / "lesson.py"

BROKEN = [
    # what is written in the source, what replaces it, what the lint says
    ("**Synthetic data.** A computer", "A computer", "synthetic"),
    ("# 3. **Read**", "# - **Read**", "2 objectives"),
    ("**should**", "later", "must, should and could"),
    ('check.ask("s2")', 'check.button("f1")', "1 questions"),
    ("from rounds_widgets import", "from elsewhere import", "no widget"),
    ("(must, 5 minutes)", "(5 minutes)", "is not headed"),
    ("(must, 7 minutes)", "(must, 17 minutes)", "27 minutes"),
    ('check.button("e4")', "pass", "3 check buttons"),
    ("You may have thought", "Careful", "misconception box"),
    ("# 3. The ward chooses", "# The ward chooses", "2 lines"),
    ("Take it to your challenge (bloodstream infection)", "Next", "transfer question"),
    ("days[columns].head(4)", "\n".join(["days"] * 13), "14 lines"),
    ("days[columns].head(4)", "import sys; sys.path.append('.')", "sys.path"),
    ("days[columns].head(4)", "# !pip install x\n!pip install x", "!pip"),
    ("days[columns].head(4)", "open('/tmp/x')", "absolute path"),
    ("Count people: four", "![](x.png) Count people: four", "no alt text"),
    ("Count people: four", "![the four boxes](x.png) Count people: four", "no image x.png"),
    ("{term}`prevalence`", "{term}`prevalense`", "not in the glossary"),
    ('tags=["part:ward"]', "", "missing: ['ward']"),
    ("prevalence = 0.105", "prevalence = 0.206", "shows the answer 20.6%"),
    ("(1 - spec) * (1 - prev)", "TP / (TP + FP)", 'define("ppv") shows the answer TP/(TP+FP)'),
]


@pytest.mark.parametrize(("old", "new", "says"), BROKEN, ids=[says for _, _, says in BROKEN])
def test_broken_rule_is_named(tmp_path, old, new, says):
    text = A3.read_text()
    assert old in text
    path = tmp_path / A3.name
    path.write_text(text.replace(old, new, 1))
    problems = find_problems(read_source(path), tmp_path)
    assert any(says in problem for problem in problems), problems
