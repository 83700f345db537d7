"""The desk's own static files, read once, under an address that changes when one of them changes."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from importlib.resources import files

from rounds.room.pages import find_tokens

OWN = ("frame.css", "desk.css", "desk.js", "live.js", "htmx.min.js", "rounds.svg")


@dataclass(frozen=True)
class Assets:
    """Every static file by name, and the version of them all."""

    content: dict[str, bytes]
    version: str

    def media_type(self, name: str) -> str:
        """Return a file's media type."""
        return mimetypes.guess_type(name)[0] or "application/octet-stream"


def load_assets() -> Assets:
    """Read the desk's files and the tokens that every page of Rounds shares."""
    own = files("rounds.desk") / "static"
    content = {name: (own / name).read_bytes() for name in OWN}
    content["tokens.css"] = find_tokens().read_bytes()
    digest = hashlib.sha256(b"".join(content[name] for name in sorted(content)))
    return Assets(content, digest.hexdigest()[:12])
