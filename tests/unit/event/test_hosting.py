"""The `[hosting]` section: what fits together, what does not hold, and whether a certificate is the right one."""

from __future__ import annotations

import re
import shutil
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rounds.errors import EventError
from rounds.event import load_event, store_event
from rounds.event.certificate import check_certificate, find_wrong_certificate
from rounds.event.hosting import Hosting, Rooms, find_wrong_hosting, say_what_does_not_hold

NOW = datetime(2027, 2, 1, tzinfo=UTC)
ACCOUNTS = frozenset({"noa", "roni", "team-stork", "dash-stork"})
HALL = {"listen": "0.0.0.0", "hub_host": "rounds.lan", "rooms": "ports", "rooms_host": "192.0.2.2"}

SIBLINGS = {**HALL, "hub_host": "hub.example.org", "rooms": "domain", "rooms_host": "rooms.example.org"}
NO_HOSTS = ["http://rounds.lan", "rounds.lan:8000", "rounds lan", "-rounds", "rounds..lan"]
NUMBERS = ["3232235786", "192.168.001.10", "192.168.1.300", "0.0.0.0", "::"]


def write_certificate(folder: Path, hosts: list[str], ends: datetime = NOW + timedelta(days=90)) -> None:
    """Write a self-signed certificate for `hosts` and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Rounds test")])
    names = [x509.IPAddress(ip_address(h)) if h[0].isdigit() else x509.DNSName(h) for h in hosts]
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(NOW - timedelta(days=400)).not_valid_after(ends)
    signed = built.add_extension(x509.SubjectAlternativeName(names), False).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(signed.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def with_hosting(demo_event_file: Path, folder: Path, *lines: str) -> Path:
    """Return a copy of the demo's event file with a `[hosting]` section of these lines."""
    shutil.copytree(demo_event_file.parent, folder, dirs_exist_ok=True)
    file = folder / "event.toml"
    own = "\n".join(["[hosting]", *lines, "", "[[limits]]"])
    text, count = re.subn(r"(?s)\[hosting\].*?\[\[limits\]\]", own, file.read_text(encoding="utf-8"), count=1)
    assert count == 1
    file.write_text(text, encoding="utf-8")
    return file


def test_without_the_section_only_this_machine_is_served_and_each_room_has_its_own_host() -> None:
    hosting = Hosting()
    assert hosting.is_local
    assert (hosting.hub_host, hosting.rooms, hosting.host_of_rooms) == ("127.0.0.1", Rooms.NAMES, "localhost")
    assert list(find_wrong_hosting(hosting, ACCOUNTS)) == []
    assert say_what_does_not_hold(hosting) == ""


@pytest.mark.parametrize(
    ("given", "key", "said"),
    [
        ({"listen": "0.0.0.0"}, "hub_host", "on a network people type a name"),
        ({"listen": "0.0.0.0", "hub_host": "rounds.lan"}, "rooms", '"names" works on this machine alone'),
        ({"hub_host": "rounds.lan"}, "listen", "only this machine reaches 127.0.0.1"),
        ({"rooms": "localhost", "hub_host": "localhost"}, "hub_host", "is the rooms' host already"),
        ({"hub_host": ""}, "hub_host", "is empty"),
        ({"rooms": "host"}, "rooms_host", 'another than hub_host; rooms_host = "192.168.1.10"'),
        ({"rooms": "domain", "rooms_host": "192.0.2.2"}, "rooms_host", "has no names below it"),
        ({"rooms": "ports"}, "room_ports", "room_ports = [8201, 8224]"),
        ({"rooms": "ports", "room_ports": (8201, 8203)}, "room_ports", "are fewer than the 4 people and rooms"),
        ({"certificate": "cert.pem"}, "key", "is needed with hosting.certificate"),
    ],
)
def test_what_does_not_fit_is_said_with_the_line_to_write(given: dict[str, object], key: str, said: str) -> None:
    found = dict(find_wrong_hosting(Hosting.model_validate(given), ACCOUNTS))
    assert said in found[key]


def test_a_username_that_is_too_long_for_a_host_is_named() -> None:
    ((key, said),) = find_wrong_hosting(Hosting(), ACCOUNTS | {"n" * 64})
    assert key == "rooms"
    assert "shorten the username" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rooms": "same"}, "whoever looks at it, an organiser too"),
        ({"rooms": "localhost"}, "in the viewer's other rooms"),
        (HALL | {"rooms": "host"}, "in the viewer's other rooms"),
        (HALL | {"rooms_host": "", "room_ports": (8201, 8300)}, "sign people out"),
        (HALL | {"rooms": "domain", "rooms_host": "rooms.rounds.lan"}, "are of one site"),
        (
            HALL | {"hub_host": "hub.example.org", "rooms": "domain", "rooms_host": "rooms.example.org"},
            "are of one site",
        ),
        (HALL | {"room_ports": (8201, 8300)}, ""),
        (HALL | {"rooms": "domain", "rooms_host": "rooms-example.net"}, ""),
    ],
)
def test_one_sentence_says_what_the_addresses_do_not_keep_apart(given: dict[str, object], said: str) -> None:
    sentence = say_what_does_not_hold(Hosting.model_validate(given))
    assert said in sentence
    assert bool(sentence) == bool(said)


def test_a_problem_stands_with_its_line(demo_event_file: Path, tmp_path: Path) -> None:
    file = with_hosting(demo_event_file, tmp_path, 'listen = "0.0.0.0"', 'hub_host = "rounds.lan"')
    with pytest.raises(EventError, match=r"event\.toml:\d+: hosting\.rooms: \"names\" works on this machine alone"):
        load_event(file)


@pytest.mark.parametrize("value", ["rounds", "http://0.0.0.0", "0.0.0.0:8000"])
def test_listen_takes_an_address(value: str) -> None:
    with pytest.raises(ValueError, match="is no address of this machine"):
        Hosting(listen=value)


@pytest.mark.parametrize(
    "value",
    [
        "http://rounds.lan",
        "rounds.lan:8000",
        "rounds lan",
        "-rounds",
        "rounds..lan",
        "3232235786",
        "192.168.001.10",
        "192.168.1.300",
        "0.0.0.0",
        "::",
    ],
)
def test_a_host_is_a_name_alone(value: str) -> None:
    with pytest.raises(ValueError, match=r"is no (host|address that anybody types)"):
        Hosting(hub_host=value)


def test_the_right_certificate_is_taken(tmp_path: Path) -> None:
    write_certificate(tmp_path, ["rounds.lan", "192.0.2.2"])
    hosting = Hosting.model_validate(HALL | {"certificate": "cert.pem", "key": "key.pem"})
    assert list(find_wrong_certificate(tmp_path, hosting, NOW)) == []
    wildcard = hosting.model_copy(
        update={"rooms": Rooms.DOMAIN, "rooms_host": "rooms.example", "hub_host": "hub.example"}
    )
    write_certificate(tmp_path, ["*.example", "*.rooms.example"])
    assert list(find_wrong_certificate(tmp_path, wildcard, NOW)) == []


def test_what_is_wrong_with_a_certificate_is_said(tmp_path: Path) -> None:
    hosting = Hosting.model_validate(HALL | {"certificate": "cert.pem", "key": "key.pem"})
    assert [key for key, _ in find_wrong_certificate(tmp_path, hosting, NOW)] == ["certificate", "key"]
    write_certificate(tmp_path, ["rounds.lan"], ends=NOW - timedelta(days=1))
    said = [sentence for _, sentence in find_wrong_certificate(tmp_path, hosting, NOW)]
    assert said == ["ended on 2027-01-31; renew it", 'does not name "192.0.2.2"; ask for one that does']
    first = (tmp_path / "key.pem").read_bytes()
    write_certificate(tmp_path, ["rounds.lan", "192.0.2.2"])
    (tmp_path / "key.pem").write_bytes(first)
    ((_, sentence),) = find_wrong_certificate(tmp_path, hosting, NOW)
    assert "does not go with hosting.key" in sentence


def test_a_certificate_is_taken_over_with_the_event_and_its_key_is_its_owners_alone(
    demo_event_file: Path, tmp_path: Path
) -> None:
    lines = ['certificate = "cert.pem"', 'key = "key.pem"']
    file = with_hosting(demo_event_file, tmp_path / "event", *lines)
    with pytest.raises(EventError, match=r'event\.toml:\d+: hosting\.certificate: no file "cert\.pem"'):
        check_certificate(file, load_event(file))
    write_certificate(file.parent, ["127.0.0.1", "*.localhost"], ends=datetime.now(UTC) + timedelta(days=9))
    store_event(file, tmp_path / "applied")
    kept = tmp_path / "applied" / "current" / "key.pem"
    assert kept.read_bytes() == (file.parent / "key.pem").read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_running_event_stays_readable_when_its_certificate_has_ended(demo_event_file: Path, tmp_path: Path) -> None:
    file = with_hosting(demo_event_file, tmp_path, 'certificate = "cert.pem"', 'key = "key.pem"')
    write_certificate(tmp_path, ["127.0.0.1"], ends=NOW - timedelta(days=300))
    assert load_event(file).hosting.scheme == "https"
