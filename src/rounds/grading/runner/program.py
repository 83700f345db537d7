"""The process of one submission: it runs cells, gives values, and calls functions with the judge's inputs.

    python -m rounds.grading.runner.program

Its standard input is a socket.  From the first cell on, a learner's code may change anything here: nobody believes
what this process says, beyond that these are the values of that submission.
"""

from __future__ import annotations

import os
import signal
import socket
from typing import Any

from ipykernel.jsonutil import encode_images, json_clean

from rounds.grading.frames import FrameSocket, LineEndedError
from rounds.grading.runner.calling import call_here
from rounds.grading.runner.shell import CellShell, open_shell
from rounds.lessons.values.encode import encode_value
from rounds.lessons.values.message import MessageError, Packet


def main() -> None:
    """Answer until the other side ends."""
    line = take_line()
    shell = open_shell()
    kept: dict[str, Any] = {}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            asked = line.receive()
        except LineEndedError:
            return
        answer = _answer(shell, kept, asked)
        try:
            line.send(answer.head, *answer.parts)
        except MessageError as error:
            line.send({"refused": str(error)})


def take_line() -> FrameSocket:
    """Return the line, and leave nothing to be read at standard input."""
    line = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    return FrameSocket(line)


def _answer(shell: CellShell, kept: dict[str, Any], asked: Packet) -> Packet:
    do = asked.head["do"]
    if do == "run":
        return _run(shell, asked.head["source"])
    if do == "value":
        return _give(shell, kept, asked.head)
    return call_here(kept[asked.head["exercise"]], asked.parts)


def _run(shell: CellShell, source: str) -> Packet:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        name, line = shell.run(source)
    except KeyboardInterrupt:
        name, line = "KeyboardInterrupt", 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return Packet({"outputs": _clean(shell.outputs.finished()), "error": name, "line": line})


def _clean(outputs: list[dict[str, Any]]) -> Any:
    """Return outputs that JSON can hold: pictures as text, odd objects as what they call themselves."""
    for output in outputs:
        if "data" in output:
            output["data"] = encode_images(output["data"])  # type: ignore[no-untyped-call]
    try:
        return json_clean(outputs)  # type: ignore[no-untyped-call]
    except Exception:  # what a learner's object displays may be anything
        return [output for output in outputs if output["output_type"] == "stream"]


def _give(shell: CellShell, kept: dict[str, Any], head: dict[str, Any]) -> Packet:
    """Return the value of a name, and keep it for a later call."""
    names = shell.user_ns
    if head["name"] not in names:
        return Packet({"has": False})
    value = kept[head["exercise"]] = names[head["name"]]
    try:
        return Packet({"has": True}, (encode_value(value),))
    except MessageError as error:
        return Packet({"refused": str(error)})
    except Exception as error:  # a learner's object may fail at anything
        return Packet({"refused": f"Its value cannot be read ({type(error).__name__})."})


if __name__ == "__main__":
    main()
