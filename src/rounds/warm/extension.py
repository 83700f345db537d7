"""The server extension: kernels are warm by default, and small messages do not wait on the wire."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory

from rounds.warm.provisioner import NAME
from rounds.warm.wire import send_at_once

ORDINARY = "local-provisioner"


def _load_jupyter_server_extension(server: Any) -> None:
    """Make the template's provisioner the default, and send at once; `server` is jupyter_server's `ServerApp`."""
    send_at_once()
    if sys.platform == "linux":
        factory = KernelProvisionerFactory.instance(parent=server)
        if factory.default_provisioner_name == ORDINARY:
            factory.default_provisioner_name = NAME
