"""Sign a report with the custodian's key (Ed25519), and tell whether a report is what was signed.

The key file is made on first use, for its owner alone.  Who verifies needs the public key only, and should know its
fingerprint from the custodian, not from the report.
"""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.errors import DataError
from rounds.store.manifest import canonical

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALGORITHM = "Ed25519"
MODE = 0o600


def load_signing_key(path: Path) -> Ed25519PrivateKey:
    """Read the custodian's signing key; make it when the file is not there yet."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not path.exists():
        return _make_key(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{path}: this is no signing key of Rounds. Name another file, or a new one.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise DataError(f"{path}: this key is not of the kind {ALGORITHM}. Name another file, or a new one.")
    return key


def fingerprint(key: Ed25519PrivateKey) -> str:
    """Return the fingerprint of a key's public half."""
    return _fingerprint(_public(key))


def sign(entry: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """Return the signature of a JSON value in its one canonical form."""
    public = _public(key)
    return {
        "algorithm": ALGORITHM,
        "public_key": base64.b64encode(public).decode(),
        "fingerprint": _fingerprint(public),
        "value": base64.b64encode(key.sign(canonical(entry))).decode(),
    }


def check_signature(entry: dict[str, Any], signature: dict[str, Any], expected: str = "") -> str:
    """Raise when the entry is not what was signed, or was signed by another key; return the key's fingerprint."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        public = base64.b64decode(signature["public_key"], validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature["value"]), canonical(entry))
    except InvalidSignature:
        raise DataError("The signature does not fit: the report was changed after it was signed.") from None
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"The signature cannot be read ({error}).") from error
    found = _fingerprint(public)
    if expected and found != expected.lower():
        raise DataError(f"The report was signed with the key {found}, not with {expected}. Ask the custodian.")
    return found


def _make_key(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as file:
        file.write(pem)
    return key


def _public(key: Ed25519PrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _fingerprint(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:32]
