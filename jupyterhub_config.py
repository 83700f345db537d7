"""The hub of Rounds: load the applied event, apply it, load the escape hatch."""

import os
from pathlib import Path

from rounds.hub import apply_event, load_ward

c = get_config()  # noqa: F821
ward = load_ward(os.environ)
apply_event(c, ward)

hatch = Path(os.environ.get("ROUNDS_HATCH", "")) if os.environ.get("ROUNDS_HATCH") else None
if hatch and hatch.is_file():
    load_subconfig(str(hatch))  # noqa: F821
