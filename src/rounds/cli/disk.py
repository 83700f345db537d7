"""A disk that takes nothing more is one sentence, whichever command meets it and whichever library found out."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator

from rounds.errors import StartError, UserError

FULL = "is full. Free some space, then run the command again; what was there is as it was"
READ_ONLY = "cannot be written: it is read-only. Name a folder of your own: --state FOLDER"
NOT_ALLOWED = "cannot be opened by this account. Name a folder of your own, or give this account the right to it"
LARGE = "would be larger than this account may write (ulimit -f). Raise the limit, then run the command again"
SENTENCES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: LARGE,
    errno.EROFS: READ_ONLY,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
}
OF_SQLITE = {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_READONLY: READ_ONLY, sqlite3.SQLITE_IOERR: FULL}
IN_WORDS = {"No space left on device": FULL, "File too large": LARGE, "Read-only file system": READ_ONLY}


def find_disk_error(error: BaseException) -> UserError | None:
    """Return the sentence for an error that a disk caused, also below another error; None for any other."""
    for cause in _chain(error):
        if said := _sentence(cause):
            return StartError(f"{_place(cause)} {said}.")
    return None


def _place(cause: BaseException) -> str:
    """Return what could not be written; of a copy or a renaming the second name."""
    return str(getattr(cause, "filename2", None) or getattr(cause, "filename", None) or "The disk of the state folder")


def _sentence(cause: BaseException) -> str | None:
    if isinstance(cause, OSError) and cause.errno in SENTENCES:
        return SENTENCES[cause.errno]
    if isinstance(cause, sqlite3.Error):
        return OF_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    # Arrow and DuckDB say it in words only
    return next((said for words, said in IN_WORDS.items() if words in str(cause)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what caused it, the nearest first; SQLAlchemy keeps the driver's own in `orig`."""
    seen: set[int] = set()
    queue: list[BaseException | None] = [error]
    while queue:
        one = queue.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        queue += [getattr(one, "orig", None), one.__cause__, one.__context__]
