"""A checklist beside a paper: the pair presses the sentence that reports each item, or says that none does."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from rounds.errors import DataError
from rounds_widgets.shared.view_files import load_script, load_style

INVENTED = Path(__file__).with_name("invented_paper.toml")
MOST_SENTENCES, MOST_ITEMS = 60, 20


class PaperChecklist(anywidget.AnyWidget):
    """Let a pair look for what a paper reports, after a guess, and see what of it was done well.

    Parameters
    ----------
    paper
        A TOML file with a ``title``, ``[[part]]`` tables of sentences, and ``[[item]]`` tables: which sentences report
        the item (counted from 1 through all parts; none where the paper is silent), whether what they say holds, and
        why.  Without it, a paper about returns after a stay for heart failure that nobody wrote.

    Examples
    --------
    >>> checklist = PaperChecklist()
    >>> checklist.reported, checklist.holds, checklist.items
    (9, 4, 10)
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    found = traitlets.Unicode("").tag(sync=True)  # what was pressed for each item, as "0:1 9:0"; 0 is "nowhere"
    item = traitlets.Int(0, min=0).tag(sync=True)
    _paper = traitlets.Dict().tag(sync=True)

    def __init__(self, paper: str | Path = INVENTED, **traits: Any) -> None:
        super().__init__(_paper=read_paper(Path(paper)), **traits)

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self._paper["items"])

    @property
    def reported(self) -> int:
        """How many items the paper reports."""
        return sum(bool(item["tells"]) for item in self._paper["items"])

    @property
    def holds(self) -> int:
        """How many of these were done so that one can trust them."""
        return sum(item["holds"] for item in self._paper["items"])

    @traitlets.validate("found")
    def _are_found(self, proposal: Any) -> str:
        sentences = sum(len(part["sentences"]) for part in self._paper["parts"])
        kept = dict(_pairs(proposal.value))
        return " ".join(f"{i}:{s}" for i, s in sorted(kept.items()) if i < self.items and s <= sentences)

    @traitlets.validate("item")
    def _is_item(self, proposal: Any) -> int:
        return min(int(proposal.value), self.items - 1)

    def __repr__(self) -> str:
        right = sum(_is_right(self._paper["items"][i], s) for i, s in _pairs(self.found))
        return (
            f"Paper checklist, “{self._paper['title']}”: {len(_pairs(self.found))} of {self.items} items looked for, "
            f"{right} found. The paper reports {self.reported} of {self.items}; {self.holds} of them hold."
        )


def read_paper(file: Path) -> dict[str, Any]:
    """Return a paper and its checklist; raise `DataError` with the line to mend.

    Raises
    ------
    DataError
        When the file is missing or no TOML, a part lacks, or an item names a sentence that is not there.
    """
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError:
        raise DataError(f"PaperChecklist: there is no file {file}.") from None
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"PaperChecklist: {file.name} is no TOML: {error}.") from None
    parts = [{"name": p["name"], "sentences": list(p["sentences"])} for p in said.get("part", [])]
    count = sum(len(part["sentences"]) for part in parts)
    items = [_read_item(item, count, file) for item in said.get("item", [])]
    if not 0 < count <= MOST_SENTENCES or not 0 < len(items) <= MOST_ITEMS:
        most = f"at most {MOST_SENTENCES} sentences and {MOST_ITEMS} items"
        raise DataError(f"PaperChecklist: {file.name} needs [[part]] with sentences and [[item]], {most}.")
    return {"title": str(said.get("title", file.stem)), "parts": parts, "items": items}


def _read_item(item: dict[str, Any], sentences: int, file: Path) -> dict[str, Any]:
    missing = [key for key in ("name", "tells", "holds", "why") if key not in item]
    if missing:
        raise DataError(f"PaperChecklist: {file.name}: an [[item]] has no {missing[0]}. Write: {missing[0]} = ...")
    lost = [number for number in item["tells"] if not 1 <= number <= sentences]
    if lost:
        raise DataError(f'PaperChecklist: {file.name}: "{item["name"]}" names sentence {lost[0]} of {sentences}.')
    return {key: item[key] for key in ("name", "tells", "holds", "why")}


def _pairs(found: str) -> list[tuple[int, int]]:
    """Return items and sentences of a kept state; what is no pair of numbers is passed over."""
    words = (word.partition(":") for word in found.split())
    return [(int(item), int(sentence)) for item, _, sentence in words if item.isdigit() and sentence.isdigit()]


def _is_right(item: dict[str, Any], sentence: int) -> bool:
    return sentence in item["tells"] if sentence else not item["tells"]
