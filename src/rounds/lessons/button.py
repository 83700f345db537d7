"""The widgets of a check: a button, a question, and the sentence that answers them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
import traitlets

from rounds.lessons.exercise import Question

if TYPE_CHECKING:
    from rounds.lessons.reply import Reply

_STATIC = files("rounds.lessons") / "static"


class Sentence(anywidget.AnyWidget):
    """A sentence that a screen reader announces when it changes, with help to unfold."""

    _esm = (_STATIC / "sentence.js").read_text(encoding="utf-8")
    _css = (_STATIC / "sentence.css").read_text(encoding="utf-8")
    text = traitlets.Unicode().tag(sync=True)
    passed = traitlets.Bool(False).tag(sync=True)
    help_title = traitlets.Unicode().tag(sync=True)
    help_text = traitlets.Unicode().tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)  # tells two equal answers apart

    def say(self, passed: bool, text: str, help_title: str = "", help_text: str = "") -> None:
        """Replace the sentence."""
        with self.hold_sync():
            self.passed, self.text = passed, text
            self.help_title, self.help_text = help_title, help_text
            self.count += 1


def build_button(label: str, reply: Callable[[], Reply]) -> ipywidgets.VBox:
    """Return a button that says what ``reply`` returns, each time it is pressed."""
    sentence = Sentence()
    button = _button(label)

    def press(_: Any) -> None:
        said = reply()
        sentence.say(said.passed, said.sentence, said.help_title, said.help_text)

    button.on_click(press)
    return ipywidgets.VBox([button, sentence])


def build_question(question: Question, answer: Callable[[int | None], tuple[bool, str]]) -> ipywidgets.VBox:
    """Return a question with radio buttons; `answer` is told the chosen option's number, and says what is shown."""
    layout = ipywidgets.Layout(width="auto")
    choice = ipywidgets.RadioButtons(options=question.options, value=None, layout=layout)
    choice.add_class("rounds-question")
    sentence, button = Sentence(), _button("Check my choice")

    def press(_: Any) -> None:
        sentence.say(*answer(choice.index))

    button.on_click(press)
    heading = ipywidgets.HTML(f"<strong>{escape(question.text)}</strong>")
    return ipywidgets.VBox([heading, choice, button, sentence])


def _button(label: str) -> ipywidgets.Button:
    layout = ipywidgets.Layout(width="auto")
    button = ipywidgets.Button(description=label, icon="check", layout=layout)
    button.add_class("rounds-check")
    return button
