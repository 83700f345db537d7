"""A full disk signs nobody out: that somebody was active is written down where it can be, and else forgotten.

JupyterHub writes it in the middle of finding out who asks.  When that fails it takes the asker for nobody and answers
403; the rooms then close the person's pages and take the sign-in away, and what is typed after that is lost.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from jupyterhub.handlers import BaseHandler
from sqlalchemy.exc import SQLAlchemyError

MARK = "_rounds_outlives_a_full_disk"


def keep_signed_in(handler_class: type[BaseHandler] = BaseHandler) -> None:
    """Let the hub's handlers note activity without an error; doing it twice is as once."""
    original = handler_class._record_activity
    if hasattr(original, MARK):
        return

    @wraps(original)
    def record_activity(self: Any, obj: Any, timestamp: Any = None) -> bool:
        if not original(self, obj, timestamp):
            return False
        try:
            self.db.commit()
        except SQLAlchemyError as error:
            self.log.warning("The activity of %s could not be written: %s", type(obj).__name__, error)
            self.db.rollback()
            return False
        return True

    setattr(record_activity, MARK, True)
    handler_class._record_activity = record_activity
