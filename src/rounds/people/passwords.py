"""Passwords: what is accepted, how it is kept, and how it is compared."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from rounds.errors import SignInError

SHORTEST = 10
LONGEST = 256


def check_password(password: str, username: str, repeated: str) -> None:
    """Raise `SignInError` when `password` may not be set.

    The length bounds follow NIST SP 800-63B: length counts, rules on character kinds do not.
    """
    if password != repeated:
        raise SignInError("The two passwords differ; type the same one twice.")
    if not SHORTEST <= len(password) <= LONGEST:
        raise SignInError(f"Take a password of {SHORTEST} to {LONGEST} characters; a short sentence is good.")
    if username in password.lower():
        raise SignInError("Take a password that does not contain your user name.")
    if len(set(password)) < 5:
        raise SignInError("Take a password with at least 5 different characters.")


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`."""
    return _hasher().hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Return whether `password` belongs to `password_hash`; as slow for nobody's account as for a real one."""
    if len(password) > LONGEST:
        return False
    try:
        matches = _hasher().verify(password_hash or _nobody(), password)
    except VerificationError:
        return False
    return matches and password_hash is not None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return hash_password("the password of an account that does not exist")
