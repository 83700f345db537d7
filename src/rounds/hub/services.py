"""The services beside the hub: the desk, the idle culler, and the right to apply an event."""

from __future__ import annotations

import sys
from typing import Any

from rounds.hub.hosting.gate import gate_command
from rounds.hub.hosting.own_proxy import find_node
from rounds.hub.running_event import Ward
from rounds.room.sockets import warm_socket
from rounds.warm.client import SOCKET
from rounds.warm.preload import KERNEL, SERVER

CULL_EVERY_S = 60

# What the desk may ask the hub with its own token: who is signed in and which servers run; nothing it can change.
DESK_SCOPES = ("list:users", "read:users:name", "read:users:activity", "read:servers", "read:users:groups")

# What a person lends the desk: start and see the servers that the person may enter anyway.
DESK_LENT_SCOPES = (
    "read:users:name!user",
    "read:users:groups!user",
    "start:servers",
    "read:servers",
    "access:servers",
)

# What every account may do alone: see the own name, start, stop and enter the own server; and what its server may do
# with the account's rights: say that it is in use, without which the culler would stop it.
OWN_SCOPES = (
    "read:users:name!user",
    "read:users:groups!user",
    "servers!user",
    "access:servers!user",
    "users:activity!user",
)

# What `rounds event apply` needs to add, move and remove people.
APPLY_SCOPES = (
    "admin:users",
    "admin:groups",
    "admin:servers",
    "tokens",
    "list:users",
    "list:groups",
    "read:hub",
)

# What warming servers needs: see which run, start them, and count them as used for a while.
WARM_SCOPES = ("list:users", "read:servers", "start:servers", "users:activity")

CULLER_SCOPES = ("list:users", "read:users:activity", "read:servers", "delete:servers")


def apply_services(c: Any, ward: Ward) -> None:
    """Declare the services and give each the least that it needs."""
    apply = {"name": "apply", "api_token": ward.apply_token}
    gate = [_gate(ward)] if ward.addresses.needs_gate else []
    c.JupyterHub.services = [*gate, _warm(ward), _desk(ward), _grading(ward), _culler(ward), _timeline(ward), apply]
    wanted = {"desk": DESK_SCOPES, "culler": CULLER_SCOPES, "apply": APPLY_SCOPES, "timeline": WARM_SCOPES}
    c.JupyterHub.load_roles = [
        *c.JupyterHub.load_roles,
        *({"name": f"service-{name}", "scopes": list(s), "services": [name]} for name, s in wanted.items()),
        _role_of_desk_visitors(),
    ]


def _desk(ward: Ward) -> dict[str, Any]:
    return {
        "name": "desk",
        "url": f"http://127.0.0.1:{ward.ports.desk}",
        "command": [sys.executable, "-m", "rounds.desk", "--state", str(ward.folders.root)],
        "environment": {
            "ROUNDS_PUBLIC_URL": ward.public_url,
            "ROUNDS_FORM_TARGETS": ward.addresses.form_targets,
            "ROUNDS_SOURCE": str(ward.source),
        },
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": list(DESK_LENT_SCOPES),
        "display": False,
    }


def _grading(ward: Ward) -> dict[str, Any]:
    """Return the service that takes what is handed in and grades it; only rooms' servers ask it, with their tokens."""
    command = [sys.executable, "-m", "rounds.grading.service", "--state", str(ward.folders.root)]
    own = {SOCKET: str(warm_socket(ward.folders))}  # its judges and runners are forked from the event's own template
    command += ["--port", str(ward.ports.grading)]
    return {"name": "grading", "command": command, "environment": own, "display": False}


def _gate(ward: Ward) -> dict[str, Any]:
    """Return the gate, which listens for everybody where accounts have ports of their own."""
    return {"name": "gate", "command": gate_command(ward, find_node()), "display": False}


def _warm(ward: Ward) -> dict[str, Any]:
    """Return the keeper of the template process; the hub starts it again when it ends."""
    command = [sys.executable, "-m", "rounds.warm.keeper", "--socket", str(warm_socket(ward.folders))]
    return {"name": "warm", "command": [*command, "--modules", ",".join((*KERNEL, *SERVER))], "display": False}


def _timeline(ward: Ward) -> dict[str, Any]:
    """Return the service that warms servers before a phase opens."""
    command = [sys.executable, "-m", "rounds.hub.timeline", "--state", str(ward.folders.root)]
    return {"name": "timeline", "command": command, "display": False}


def _culler(ward: Ward) -> dict[str, Any]:
    timeout = round(ward.event.policy.idle_server_min * 60)
    every = max(1, min(CULL_EVERY_S, timeout // 2))
    return {
        "name": "culler",
        "command": [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            f"--timeout={timeout}",
            f"--cull-every={every}",
        ],
        "display": False,
    }


def _role_of_desk_visitors() -> dict[str, Any]:
    """Let every signed-in person visit the desk, which itself decides what each may see there, and use the own server.

    JupyterHub's own `self` would let a person make tokens, and so a script that acts as the person.
    """
    return {
        "name": "user",
        "description": "Everybody who has signed in",
        "scopes": [*OWN_SCOPES, "access:services!service=desk"],
    }
