"""Turn the applied event into JupyterHub's configuration: one function per concern; applying twice is as once."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from rounds.event.hosting import LOOPBACK
from rounds.hub.accounts import groups_of, roles_of
from rounds.hub.hosting.own_pages import own_pages
from rounds.hub.hosting.own_proxy import OwnProxy, proxy_command
from rounds.hub.running_event import Ward
from rounds.hub.services import apply_services
from rounds.hub.sign_in import InvitationAuthenticator
from rounds.hub.signing_in.full_disk import keep_signed_in
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
    """Listen where the event says, on loopback unless it asks for more; hub and rooms on hosts of their own."""
    hosting, addresses = ward.addresses.hosting, ward.addresses
    behind_gate = addresses.needs_gate
    scheme, listen = ("http", LOOPBACK) if behind_gate else (hosting.scheme, hosting.listen)
    c.JupyterHub.bind_url = f"{scheme}://{listen}:{ward.ports.proxy}"
    if hosting.certificate and not behind_gate:
        c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = map(str, ward.certificate)
    if addresses.by_host:
        c.JupyterHub.subdomain_host = addresses.hub_url
        c.JupyterHub.subdomain_hook = addresses.hook
    c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{ward.ports.hub}"
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{ward.ports.proxy_api}"
    c.JupyterHub.proxy_class = OwnProxy
    c.ConfigurableHTTPProxy.command = proxy_command(ward.bin / "configurable-http-proxy")
    c.ConfigurableHTTPProxy.pid_file = str(make_folder(ward.folders.hub) / "proxy.pid")
    c.ConfigurableHTTPProxy.check_running_interval = 3


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
    keep_signed_in()
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
    no_confirm = {"service-desk", *(f"jupyterhub-user-{account}" for account in event.accounts)}
    c.JupyterHub.tornado_settings = {"oauth_no_confirm_list": no_confirm, **_page_settings(ward)}


def _page_settings(ward: Ward) -> dict[str, Any]:
    """Return how the hub keeps its cookies and pages to itself.

    `samesite` stands twice because `xsrf_cookie_kwargs` take the place of `cookie_options`.  No script of the hub's
    pages reads its own `_xsrf`; JupyterLab must read its room's.
    """
    lax: dict[str, Any] = {"samesite": "Lax"}
    if ward.addresses.hosting.scheme == "https":
        lax["secure"] = True
    return {
        "cookie_options": lax,
        "xsrf_cookie_kwargs": {"httponly": True, **lax},
        "headers": {"Cross-Origin-Opener-Policy": "same-origin"},
        **own_pages(ward.public_url, ward.ports.hub),
    }


def apply_servers(c: Any, ward: Ward) -> None:
    """Start each account's server as the room that it is."""
    c.JupyterHub.spawner_class = RoomSpawner
    c.RoomSpawner.ward = ward
    c.Spawner.http_timeout = 120
    c.Spawner.poll_interval = 5  # the usual 30 s are 30 s in which a server that was killed is believed to run
    c.Spawner.start_timeout = 900  # the wait in line counts
    c.Spawner.default_url = "/lab"
    c.JupyterHub.allow_named_servers = False
    c.JupyterHub.concurrent_spawn_limit = 0


def apply_pages(c: Any, ward: Ward) -> None:
    """Lead everybody to the desk, in the look of Rounds."""
    pages = str(files("rounds.hub") / "templates")
    c.JupyterHub.template_paths = [pages]
    c.JupyterHub.default_url = ward.desk_prefix
    # whole, because the page of a server that does not answer stands at the room's own address, where there is no desk
    desk_url = f"{ward.public_url}{ward.desk_prefix}"
    c.JupyterHub.template_vars = {"event_title": ward.event.event.title, "desk_url": desk_url}
