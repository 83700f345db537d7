"""Put the images that a notebook's text shows into the notebook, so that a published copy has them."""

from __future__ import annotations

import base64
import mimetypes
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from rounds.errors import PublishError

IN_TEXT = (
    re.compile(r"(!\[[^\]]*\]\()\s*<?([^)\s>]+)>?"),
    re.compile(r"""(<img\b[^>]*?\bsrc\s*=\s*["'])([^"']+)""", re.IGNORECASE),
)
ELSEWHERE = re.compile(r"^([a-z][a-z0-9+.-]*:|//|#)", re.IGNORECASE)  # an address, an attachment, data


def embed_images(cell: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return a Markdown cell whose local images, looked for from `folder`, are its attachments."""
    text, attached = "".join(cell.get("source", "")), dict(cell.get("attachments", {}))

    def attach(match: re.Match[str]) -> str:
        before, address = match[1], match[2]
        if ELSEWHERE.match(address):
            return match[0]
        name = f"{len(attached)}-{Path(unquote(address)).name}".replace(" ", "-")
        attached[name] = _read(folder / unquote(address), address)
        return f"{before}attachment:{name}"

    for pattern in IN_TEXT:
        text = pattern.sub(attach, text)
    return {**cell, "source": text, **({"attachments": attached} if attached else {})}


def _read(path: Path, address: str) -> dict[str, str]:
    kind = mimetypes.guess_type(path.name)[0] or ""
    if not path.is_file() or not kind.startswith("image/"):
        raise PublishError(
            f'Not published: its text shows "{address}", and there is no such image beside the notebook.'
        )
    return {kind: base64.b64encode(path.read_bytes()).decode()}
