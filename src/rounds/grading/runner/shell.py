"""The shell that runs a submission's cells: IPython's own, so that magics and displays work as in a kernel."""

from __future__ import annotations

import sys
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from rounds.grading.runner.capture import Hook, Outputs, Publisher, Stream
from rounds.lessons.values.encode import name_of

QUIET = {"HistoryManager": {"enabled": False}, "IPKernelApp": {}}  # some packages ask whether a notebook shows them


class CellShell(InteractiveShell):
    """IPython without a terminal, a history or a front end."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def begin(self, outputs: Outputs) -> None:
        """Send all that is shown to these outputs."""
        self.outputs = outputs
        self.displayhook.outputs = self.display_pub.outputs = outputs  # type: ignore[attr-defined]
        self.troubled: tuple[str, int] = ("", 0)
        sys.stdout, sys.stderr = Stream(outputs, "stdout"), Stream(outputs, "stderr")
        self.autoindent = False
        self.InteractiveTB.set_mode("Plain")  # 10 ms; the coloured one takes 170 in a new process

    def enable_gui(self, gui: object = None) -> None:
        """Draw inline: there is no screen."""

    def ask_exit(self) -> None:
        """Go on: `exit` in a box ends nothing."""

    def init_virtualenv(self) -> None:
        """Look for no other environment, as a kernel does not."""

    def run(self, source: str) -> tuple[str, int]:
        """Run a cell; return the name of the error that it stopped with and the line, nothing when it did not."""
        self.outputs.begin()
        self.troubled = ("", 0)
        result = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not self.troubled[0]:  # a learner may have turned off what shows an error
            CellShell._showtraceback(self, type(error), error, [f"{name_of(type(error))}: shown by nothing"])
        return self.troubled

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.troubled = (name_of(etype), self._line_of(evalue))
        try:
            said = str(evalue)
        except Exception:  # an error of the learner's may fail at anything
            said = ""
        error = {"ename": name_of(etype), "evalue": said[:2000], "traceback": [str(line) for line in stb][:200]}
        self.outputs.show({"output_type": "error", **error})

    def _line_of(self, error: BaseException) -> int:
        """Return the line of the cell in which an error came up, 0 when it is in none."""
        if isinstance(error, SyntaxError):
            return int(error.lineno or 0)
        line, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_globals is self.user_global_ns and not line:
                line = trace.tb_lineno
            trace = trace.tb_next
        return line


def open_shell() -> CellShell:
    """Return the one shell of this process."""
    shell: Any = CellShell.instance(config=Config(QUIET))
    shell.begin(Outputs())
    made: CellShell = shell
    return made
