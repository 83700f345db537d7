"""The scoring process: ``python -m rounds.custody.scoring``, one order on its input, one answer on its output.

It runs outside every room, with no variable of the hub, with limited memory and time.  Only it opens a hold-out's
outcomes; what it answers is a score, or one sentence about the file.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from rounds.errors import DataError

MEMORY_BYTES, PROCESSOR_S = 8 << 30, 300


def main() -> int:
    """Read the order, score, and print the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
    from rounds.custody.scoring.hold_out import open_hold_out
    from rounds.custody.scoring.score import score_file

    order = json.load(sys.stdin)
    try:
        hold_out = open_hold_out(Path(order["hold_out"]), order["hash"])
        earlier = {int(number): hash_ for number, hash_ in order["earlier"].items()}
        score = score_file(hold_out, Path(order["file"]), order["team"], earlier, order["least"])
    except DataError as error:
        answer: dict[str, Any] = {"refused": str(error)}
    else:
        answer = {"score": score.as_json()}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
