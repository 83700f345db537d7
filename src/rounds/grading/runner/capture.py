"""What a cell shows, collected as a notebook keeps it and cut off where it grows too long."""

from __future__ import annotations

import io
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

MOST_LETTERS = 1_000_000  # of one cell's streams
MOST_SHOWN = 8_000_000  # letters of what one cell displays
CUT = "\n... the rest is left out: a box may show a million letters.\n"


class Outputs:
    """The outputs of the cell that runs now."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start anew, for the next cell."""
        self.items: list[dict[str, Any]] = []
        self._letters = self._shown = 0

    def write(self, name: str, text: str) -> None:
        """Add to a stream; what comes after the limit is left out."""
        if not text or self._letters > MOST_LETTERS:
            return
        kept = text[: MOST_LETTERS - self._letters]
        self._letters += len(text)
        kept += CUT if self._letters > MOST_LETTERS else ""
        if self.items and self.items[-1].get("name") == name:
            self.items[-1]["parts"].append(kept)
        else:
            self.items.append({"output_type": "stream", "name": name, "parts": [kept]})

    def show(self, output: dict[str, Any]) -> None:
        """Add a display, a result or an error."""
        self._shown += sum(len(part) for part in output.get("data", {}).values() if isinstance(part, str | bytes))
        if self._shown <= MOST_SHOWN:
            self.items.append(output)

    def replace(self, display_id: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Show something else where something was displayed under this id."""
        for item in self.items:
            if item.get("id") == display_id:
                item.update(data=data, metadata=metadata)

    def finished(self) -> list[dict[str, Any]]:
        """Return the outputs as a notebook keeps them."""
        return [_plain(item) for item in self.items]


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in item.items() if name not in ("parts", "id")}
    return {**kept, "text": "".join(item["parts"])} if "parts" in item else kept


class Stream(io.TextIOBase):
    """A standard stream of the cell that runs now."""

    encoding = "utf-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs, self.name = outputs, name

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Add a text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.write(self.name, text)
        return len(text)


class Publisher(DisplayPublisher):
    """What `display(...)` reaches."""

    outputs: Outputs

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: object = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Add a display, or show something else in the place of one."""
        display_id = str((transient or {}).get("display_id", ""))
        if update:
            self.outputs.replace(display_id, data, metadata or {})
        else:
            kept = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
            self.outputs.show({**kept, "id": display_id} if display_id else kept)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what this cell has shown so far."""
        self.outputs.begin()


class Hook(DisplayHook):
    """What the value of a cell's last line reaches."""

    outputs: Outputs

    def write_output_prompt(self) -> None:
        """Show no prompt."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Add the result."""
        number = {"execution_count": self.prompt_count}
        self.outputs.show({"output_type": "execute_result", "data": format_dict, "metadata": md_dict or {}, **number})
