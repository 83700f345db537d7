"""What the desk is told when it starts: where the hub is, who the desk is, where the event lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rounds.errors import StartError
from rounds.store.folders import Folders

NEEDED = (
    "JUPYTERHUB_API_URL",
    "JUPYTERHUB_API_TOKEN",
    "JUPYTERHUB_CLIENT_ID",
    "JUPYTERHUB_SERVICE_PREFIX",
    "JUPYTERHUB_SERVICE_URL",
)


@dataclass(frozen=True)
class Settings:
    """The desk's place beside one hub; `prefix` and `base_url` begin and end with a slash.

    `public_url` is the hub's address as people write it, scheme and host only; empty when it was not said.
    `form_targets` is where rooms are found, as a source of a content security policy.
    """

    state: Path
    api_url: str
    api_token: str = field(repr=False)
    client_id: str
    prefix: str
    service_url: str
    base_url: str = "/"
    hub_host: str = ""
    callback_url: str = ""
    public_url: str = ""
    form_targets: str = ""

    @property
    def folders(self) -> Folders:
        """The event's folders."""
        return Folders(self.state)

    @property
    def address(self) -> tuple[str, int]:
        """The host and the port to listen on."""
        parts = urlsplit(self.service_url)
        return parts.hostname or "127.0.0.1", parts.port or 80

    @property
    def hub_url(self) -> str:
        """Where a browser finds the hub's own pages; ends with a slash."""
        return f"{self.hub_host}{self.base_url}hub/"


def read_settings(environ: Mapping[str, str], state: Path) -> Settings:
    """Return the settings that the hub wrote into the environment of its service."""
    missing = [key for key in NEEDED if not environ.get(key)]
    if missing:
        raise StartError(
            f"The desk needs {', '.join(missing)} in its environment. "
            "The hub sets them: start the hub, and it starts the desk."
        )
    prefix = _slashed(environ["JUPYTERHUB_SERVICE_PREFIX"])
    return Settings(
        state=state,
        api_url=environ["JUPYTERHUB_API_URL"].rstrip("/"),
        api_token=environ["JUPYTERHUB_API_TOKEN"],
        client_id=environ["JUPYTERHUB_CLIENT_ID"],
        prefix=prefix,
        service_url=environ["JUPYTERHUB_SERVICE_URL"],
        base_url=_slashed(environ.get("JUPYTERHUB_BASE_URL", "/")),
        hub_host=environ.get("JUPYTERHUB_HOST", "").rstrip("/"),
        callback_url=environ.get("JUPYTERHUB_OAUTH_CALLBACK_URL") or f"{prefix}oauth_callback",
        public_url=environ.get("ROUNDS_PUBLIC_URL", "").rstrip("/"),
        form_targets=environ.get("ROUNDS_FORM_TARGETS", ""),
    )


def _slashed(path: str) -> str:
    stripped = path.strip("/")
    return f"/{stripped}/" if stripped else "/"
