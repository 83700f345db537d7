"""The gate of `hosting.rooms = "ports"`: which account has which port, and how the gate is started."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from rounds.errors import StartError
from rounds.event import Event
from rounds.event.hosting import LOOPBACK, Rooms
from rounds.hub.running_event import Ward
from rounds.store.folders import Folders, make_folder
from rounds.store.whole import write_whole


def keep_room_ports(event: Event, folders: Folders) -> dict[str, int]:
    """Give every account of the event a port and keep it; raise `StartError` when there are too few.

    An account that has one keeps it: open pages go on, and no browser's cookies of one account meet another's code.
    The port of an account that left is given away last.
    """
    if event.hosting.rooms is not Rooms.PORTS:
        return {}
    first, last = event.hosting.room_ports
    file = _ports_file(folders)
    known: dict[str, int] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    kept = {name: port for name, port in known.items() if name in event.accounts and first <= port <= last}
    left = sorted(set(range(first, last + 1)) - set(kept.values()), key=lambda port: (port in known.values(), port))
    new = sorted(event.accounts - set(kept))
    if len(new) > len(left):
        raise StartError(f"hosting.room_ports: {len(event.accounts)} accounts need as many ports. Write a wider range.")
    table = {**kept, **dict(zip(new, left, strict=False))}
    write_whole(file, json.dumps(table, indent=1))
    return table


def gate_command(ward: Ward, node: str) -> list[str]:
    """Write the gate's settings and return the command that starts it."""
    folder = make_folder(ward.folders.hub)
    settings = folder / "gate.json"
    write_whole(settings, json.dumps(_settings(ward), indent=1))
    return [node, str(files("rounds.hub.hosting") / "gate.mjs"), str(settings)]


def _settings(ward: Ward) -> dict[str, Any]:
    hosting = ward.addresses.hosting
    first, last = hosting.room_ports
    keys = dict(zip(("certificate", "key"), map(str, ward.certificate), strict=True)) if hosting.certificate else {}
    return {
        "listen": hosting.listen,
        "port": ward.ports.public,
        "hubHost": hosting.hub_host,
        "roomsHost": hosting.host_of_rooms,
        "firstPort": first,
        "lastPort": last,
        "accounts": str(_ports_file(ward.folders)),
        "proxy": str(ward.bin.parent / "lib" / "node_modules" / "configurable-http-proxy"),
        "target": f"http://{LOOPBACK}:{ward.ports.proxy}",
        **keys,
    }


def _ports_file(folders: Folders) -> Path:
    return make_folder(folders.hub) / "room-ports.json"
