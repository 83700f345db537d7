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
    state = traitlets.Enum(("right", "waiting", "not yet"), "not yet").tag(sync=True)
    help_title = traitlets.Unicode().tag(sync=True)
    help_text = traitlets.Unicode().tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)  # tells two equal answers apart
    same = traitlets.Int(1).tag(sync=True)  # how many times in a row it was the same

    def say(self, reply: Reply) -> None:
        """Replace the sentence; one that is said again says how often."""
        again = self.count > 0 and (reply.state, reply.sentence) == (self.state, self.text)
        with self.hold_sync():
            self.same = self.same + 1 if again else 1
            self.state, self.text = reply.state, reply.sentence
            self.help_title, self.help_text = reply.help_title, reply.help_text
            self.count += 1


def build_button(label: str, reply: Callable[[], Reply]) -> ipywidgets.VBox:
    """Return a button that says what ``reply`` returns, each time it is pressed."""
    sentence = Sentence()
    button = _button(label)

    def press(_: Any) -> None:
        sentence.say(reply())

    button.on_click(press)
    return ipywidgets.VBox([button, sentence])


def build_question(question: Question, answer: Callable[[int | None], Reply]) -> ipywidgets.VBox:
    """Return a question with radio buttons; `answer` is told the chosen option's number, and says what is shown."""
    layout = ipywidgets.Layout(width="auto")
    choice = ipywidgets.RadioButtons(options=question.options, value=None, layout=layout)
    choice.add_class("rounds-question")
    sentence, button = Sentence(), _button("Check my choice")

    def press(_: Any) -> None:
        sentence.say(answer(choice.index))

    button.on_click(press)
    heading = ipywidgets.HTML(f"<strong>{escape(question.text)}</strong>")
    return ipywidgets.VBox([heading, choice, button, sentence])


def _button(label: str) -> ipywidgets.Button:
    layout = ipywidgets.Layout(width="auto")
    button = ipywidgets.Button(description=label, icon="check", layout=layout)
    button.add_class("rounds-check")
    return button
