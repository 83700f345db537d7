"""Where the event listens and under which addresses its hub and its rooms are found: the `[hosting]` section.

Users' code runs in the pages of rooms and dashboards.  Were those pages of the hub's origin, a script in one of them
could act as whoever looks at it.  So the hub and the desk have one host, and users' code has another that is no child
of it (docs/explanation/origins.md has the attacks that were tried on each layout).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from ipaddress import ip_address

from pydantic import field_validator

from rounds.event.section import Section

LOOPBACK = "127.0.0.1"
LOCAL_NAME = "localhost"
LONGEST_LABEL = 63  # of a host's name between two dots, RFC 1035
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"\d*|0x[0-9a-f]*")  # browsers read 3232235786 and 192.168.001.10 as addresses, too

Wrong = tuple[str, str]


class Rooms(StrEnum):
    """Under which addresses rooms and dashboards are found."""

    NAMES = "names"
    LOCALHOST = "localhost"
    PORTS = "ports"
    HOST = "host"
    DOMAIN = "domain"
    SAME = "same"


class Hosting(Section):
    """The `[hosting]` section.

    `listen` is the address that is listened on; `hub_host` is the host that people write; `room_ports` are the first
    and the last port of ``rooms = "ports"``.  `certificate` and `key` are PEM files beside the event file.
    """

    listen: str = LOOPBACK
    hub_host: str = LOOPBACK
    rooms: Rooms = Rooms.NAMES
    rooms_host: str = ""
    room_ports: tuple[int, ...] = ()
    certificate: str = ""
    key: str = ""

    @field_validator("listen")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not _is_ip(value):
            raise ValueError('is no address of this machine; an example: listen = "0.0.0.0", which is all of them')
        return value

    @field_validator("hub_host", "rooms_host")
    @classmethod
    def _is_host(cls, value: str) -> str:
        host = value.lower()
        if value and not _is_ip(host) and (not _HOST.fullmatch(host) or _NUMBER.fullmatch(host.rpartition(".")[2])):
            raise ValueError('is no host: write a name or an IP address alone, such as "rounds.lan"')
        if _is_ip(host) and ip_address(host).is_unspecified:
            raise ValueError('is no address that anybody types; an example: hub_host = "rounds.lan"')
        return host

    @field_validator("room_ports")
    @classmethod
    def _are_two_ports(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if value and (len(value) != 2 or not 1024 <= value[0] <= value[1] <= 65535):
            raise ValueError("takes the first and the last port, from 1024 to 65535; an example: [8201, 8300]")
        return value

    @property
    def is_local(self) -> bool:
        """Whether only browsers of this machine reach it."""
        return ip_address(self.listen).is_loopback

    @property
    def scheme(self) -> str:
        """The scheme of every address."""
        return "https" if self.certificate else "http"

    @property
    def host_of_rooms(self) -> str:
        """The host of rooms; with names or a domain, each account's is a child of it."""
        chosen = {Rooms.NAMES: LOCAL_NAME, Rooms.LOCALHOST: LOCAL_NAME, Rooms.SAME: self.hub_host}
        return chosen.get(self.rooms) or self.rooms_host or self.hub_host


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _site(host: str) -> str:
    """Return what browsers share cookies over, at the most: the last two parts of a name, an address as it is."""
    return host if _is_ip(host) else ".".join(host.split(".")[-2:])


def find_wrong_hosting(hosting: Hosting, accounts: frozenset[str]) -> Iterator[Wrong]:
    """Yield each key of the section that does not fit the others or the event's hub accounts, with a sentence."""
    yield from _wrong_addresses(hosting)
    yield from _wrong_rooms(hosting, accounts)
    for given, missing in (("certificate", "key"), ("key", "certificate")):
        if getattr(hosting, given) and not getattr(hosting, missing):
            yield missing, f'is needed with hosting.{given}; an example: {missing} = "{missing}.pem"'


def _wrong_addresses(hosting: Hosting) -> Iterator[Wrong]:
    if not hosting.hub_host:
        yield "hub_host", 'is empty; the name or address that people type: hub_host = "rounds.lan"'
        return
    if hosting.is_local and hosting.hub_host not in (LOOPBACK, LOCAL_NAME):
        yield (
            "listen",
            f'only this machine reaches {hosting.listen}; to be found as {hosting.hub_host}: listen = "0.0.0.0"',
        )
    if not hosting.is_local and hosting.hub_host in (LOOPBACK, LOCAL_NAME):
        yield (
            "hub_host",
            'on a network people type a name or an address of the machine; hub_host = "rounds.lan"',
        )
    if not hosting.is_local and hosting.rooms in (Rooms.NAMES, Rooms.LOCALHOST):
        example = 'rooms = "ports", with rooms_host = "192.168.1.10" and room_ports = [8201, 8300]'
        yield "rooms", f'"{hosting.rooms}" works on this machine alone; on a network: {example}'
    if hosting.rooms is Rooms.LOCALHOST and hosting.hub_host == LOCAL_NAME:
        yield "hub_host", f'is the rooms\' host already; hub_host = "{LOOPBACK}"'


def _wrong_rooms(hosting: Hosting, accounts: frozenset[str]) -> Iterator[Wrong]:
    example = {Rooms.HOST: "192.168.1.10", Rooms.DOMAIN: "rooms-example.net"}.get(hosting.rooms)
    if example and (not hosting.rooms_host or hosting.rooms_host == hosting.hub_host):
        yield "rooms_host", f'is needed for rooms = "{hosting.rooms}", another than hub_host; rooms_host = "{example}"'
    if hosting.rooms is Rooms.DOMAIN and hosting.rooms_host and _is_ip(hosting.rooms_host):
        yield "rooms_host", 'is an address, which has no names below it; write a domain, or: rooms = "ports"'
    if hosting.rooms is Rooms.PORTS:
        yield from _wrong_ports(hosting.room_ports, len(accounts))
    for account in sorted(accounts) if hosting.rooms in (Rooms.NAMES, Rooms.DOMAIN) else ():
        if len(account) > LONGEST_LABEL:
            yield (
                "rooms",
                f'"{account}" is too long for the name of a host ({LONGEST_LABEL} characters): shorten the username',
            )


def _wrong_ports(ports: tuple[int, ...], needed: int) -> Iterator[Wrong]:
    if not ports:
        yield "room_ports", f'is needed for rooms = "ports"; room_ports = [8201, {8200 + needed + 20}]'
    elif ports[1] - ports[0] + 1 < needed:
        last = min(65535, ports[0] + needed + 19)
        yield "room_ports", f"are fewer than the {needed} people and rooms; room_ports = [{ports[0]}, {last}]"


def say_what_does_not_hold(hosting: Hosting) -> str:
    """Return one sentence on what the chosen addresses do not keep apart; empty when nothing is to be said."""
    hub, rooms, chosen = hosting.hub_host, hosting.host_of_rooms, f'hosting.rooms = "{hosting.rooms}"'
    if hosting.rooms is Rooms.SAME:
        return (
            f"{chosen}: rooms and dashboards are of the hub's own origin, so a script in one of them can act as "
            "whoever looks at it, an organiser too; use it only where everybody may do everything."
        )
    if hosting.rooms in (Rooms.LOCALHOST, Rooms.HOST):
        return (
            f"{chosen}: hub and desk are safe from the code of rooms, but all rooms are of one origin, so a script in "
            "one room or dashboard can act as its viewer in the viewer's other rooms."
        )
    flood = "a room can flood the browser with cookies and so sign people out"
    if hosting.rooms is Rooms.PORTS and rooms == hub:
        return f"{chosen} on the hub's own host: {flood}; another rooms_host, such as the machine's address, ends that."
    if rooms != LOCAL_NAME and _site(rooms) == _site(hub):
        return f"hosting.rooms_host: {rooms} and {hub} are of one site, so {flood}; another domain for rooms ends that."
    return ""
