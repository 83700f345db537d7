"""What stands in for a thing that is no data: an object of another type's name, an error of another process's name."""

from __future__ import annotations

import builtins
import re
from functools import cache

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


class StandIn:
    """An object of a type that is no data; its type bears the name that the type had."""

    def __repr__(self) -> str:
        """Return what may be shown of it."""
        return f"<{type(self).__name__}>"


def plain_name(text: object) -> str:
    """Return a name that came from elsewhere if it is one, `object` where it is anything else."""
    return text if isinstance(text, str) and _NAME.fullmatch(text) else "object"


def stand_in_for(name: object) -> StandIn:
    """Return a stand-in for an object of a type of this name."""
    made: StandIn = type(plain_name(name), (StandIn,), {})()
    return made


class ForeignError(Exception):
    """An error like one that was raised in another process; `meant` is what was said there of its meaning."""

    meant: str = ""


def foreign_error(name: object, said: str, meant: str = "") -> Exception:
    """Return an error of the name of one of another process, below Python's own of that name."""
    error = _error_type(plain_name(name))()
    error.args, error.meant = (said,), meant
    return error


@cache
def _error_type(name: str) -> type[ForeignError]:
    known = getattr(builtins, name, None)
    base = known if isinstance(known, type) and issubclass(known, Exception) else Exception
    base = Exception if issubclass(base, UnicodeError | BaseExceptionGroup) else base  # these take more than a text
    bases = (ForeignError,) if base is Exception else (ForeignError, base)
    return type(name, bases, {"__str__": lambda self: str(self.args[0]) if self.args else ""})
