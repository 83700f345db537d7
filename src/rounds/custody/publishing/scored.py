"""What makes a hold-out one that predictions are scored against: features for the teams, outcomes for the custodian."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rounds.custody.publishing.parts import Whole, select
from rounds.custody.scoring.features import build_features
from rounds.custody.scoring.held import Held, draw_answers
from rounds.custody.scoring.task import Task
from rounds.data.package import DataPackage
from rounds.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

HOLD_OUT = "hold-out"


@dataclass(frozen=True)
class Scored:
    """The features of a hold-out as a package of its own, its tables, and the outcomes of its units."""

    task: Task
    package: DataPackage
    frames: dict[str, pd.DataFrame]
    answers: pd.DataFrame


def build_scored(whole: Whole, groups: np.ndarray, task: Task) -> Scored:
    """Divide the hold-out's rows into what teams get and what is scored."""
    if not len(groups):
        raise DataError("Nobody is held out, so nothing can be scored. Publish with a hold-out, such as --hold-out 0.2")
    frames = select(whole, groups)
    inside = {name: of[of.isin(groups)].reset_index(drop=True) for name, of in whole.groups.items()}
    held = Held(whole.dataset.package, frames, inside)
    answers = draw_answers(held, task, secrets.randbits(63))
    package, features = build_features(held, task, answers)
    return Scored(task, package, features, answers)
