"""Whether the organiser's certificate and key are there, belong together, and cover the event's addresses."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509

from rounds.errors import EventError
from rounds.event.hosting import Hosting, Rooms, Wrong
from rounds.event.model import Event
from rounds.event.problems import Problem, find_line


def check_certificate(file: Path, event: Event) -> None:
    """Raise `EventError` with all that bars the certificate of an event file; one without a certificate is fine.

    Not a part of reading an event: a running event must stay readable on the day on which its certificate ends.
    """
    if not event.hosting.certificate:
        return
    text = file.read_text(encoding="utf-8")
    found = find_wrong_certificate(file.parent, event.hosting)
    problems = [Problem(file.name, find_line(text, ("hosting", key)), f"hosting.{key}", said) for key, said in found]
    if problems:
        raise EventError("\n".join(map(str, problems)))


def find_wrong_certificate(folder: Path, hosting: Hosting, now: datetime | None = None) -> Iterator[Wrong]:
    """Yield what bars the certificate and the key that lie in `folder`, each with its key of `[hosting]`."""
    missing = [key for key in ("certificate", "key") if not (folder / getattr(hosting, key)).is_file()]
    for key in missing:
        yield key, f'no file "{getattr(hosting, key)}" beside the event file; put it there, in PEM'
    if missing:
        return
    try:
        _load(folder, hosting)
        first = x509.load_pem_x509_certificates((folder / hosting.certificate).read_bytes())[0]
    except (ssl.SSLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", "") or str(error)
        yield "certificate", f"does not go with hosting.key, or one of both is no plain PEM file ({reason})"
        return
    if first.not_valid_after_utc <= (now or datetime.now(UTC)):
        yield "certificate", f"ended on {first.not_valid_after_utc:%Y-%m-%d}; renew it"
    covered = _covered(first)
    for host in sorted(_needed(hosting)):
        if host not in covered and f"*.{host.partition('.')[2]}" not in covered:
            yield "certificate", f'does not name "{host}"; ask for one that does'


def _load(folder: Path, hosting: Hosting) -> None:
    """Raise `ssl.SSLError` when the two do not belong together; a key under a password is not asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / hosting.certificate, folder / hosting.key, password=lambda: "")


def _needed(hosting: Hosting) -> set[str]:
    below = {Rooms.NAMES: "*.", Rooms.DOMAIN: "*."}.get(hosting.rooms, "")
    return {hosting.hub_host, below + hosting.host_of_rooms}


def _covered(certificate: x509.Certificate) -> set[str]:
    """Return the names and addresses that a certificate is for."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    hosts = {name.lower() for name in names.get_values_for_type(x509.DNSName)}
    return hosts | {str(ip_address(str(ip))) for ip in names.get_values_for_type(x509.IPAddress)}
