"""What may be asked of the grading service: a closed list of messages, each with its fields.

A room's server passes them on for the code in the room; who asks is what the hub says of the token, never a field.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from rounds.slugs import is_slug

MOST_TEXT = 1_000_000  # characters; what is too long for a request is refused in a sentence before
LARGEST = 40_000_000  # bytes of one message: 20 MB of files, in base64, and their names


def _check_slug(name: str) -> str:
    if not is_slug(name):
        raise ValueError("is no name of a lesson or an exercise")
    return name


Name = Annotated[str, Field(max_length=60), AfterValidator(_check_slug)]


class Message(BaseModel):
    """One message; a field that is not in the list is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class JudgeAnswer(Message):
    """Have the answer of one exercise judged; `value` is what `rounds.grading.values` makes of it, in base64."""

    kind: Literal["judge"]
    lesson: Name
    exercise: Name
    value: str = Field(max_length=LARGEST)


class HandInLesson(Message):
    """Hand in a lesson: the content of each file, in base64, by its path below the lesson's folder."""

    kind: Literal["hand-in"]
    lesson: Name
    files: dict[str, str]


class ListAttempts(Message):
    """List the own attempts, of one lesson where it is named."""

    kind: Literal["attempts"]
    lesson: Name | Literal[""] = ""


class ReadFeedback(Message):
    """Read the feedback on one own attempt."""

    kind: Literal["feedback"]
    lesson: Name
    time: str = Field(max_length=60)


class AskForHelp(Message):
    """Ask a mentor for help; `cell`, the text of the box, counts only with the tick.

    `member` is the signed-in person in a team's room, where the room's server knows it.
    """

    kind: Literal["help"]
    lesson: Name | Literal[""] = ""
    exercise: Name | Literal[""] = ""
    with_cell: bool = False
    cell: str | None = Field(None, max_length=MOST_TEXT)
    words: str = Field(max_length=MOST_TEXT)
    member: Name | Literal[""] = ""


class ListHelp(Message):
    """List the own requests for help, with their answers."""

    kind: Literal["help-list"]
    member: Name | Literal[""] = ""


HelpMessage = AskForHelp | ListHelp
GradingMessage = JudgeAnswer | HandInLesson | ListAttempts | ReadFeedback
ServiceMessage = Annotated[GradingMessage | HelpMessage, Field(discriminator="kind")]
MESSAGES: TypeAdapter[ServiceMessage] = TypeAdapter(ServiceMessage)
