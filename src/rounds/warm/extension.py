"""The server extension: kernels are warm by default, small messages do not wait, an idle server gives memory back."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory

from rounds.warm.provisioner import NAME
from rounds.warm.trim import trim_when_idle
from rounds.warm.wire import send_at_once

ORDINARY = "local-provisioner"


def _load_jupyter_server_extension(server: Any) -> None:
    """Make forked kernels the default, send at once, trim when idle; `server` is a `ServerApp`."""
    send_at_once()
    trim_when_idle()
    if sys.platform == "linux":
        factory = KernelProvisionerFactory.instance(parent=server)
        if factory.default_provisioner_name == ORDINARY:
            factory.default_provisioner_name = NAME
