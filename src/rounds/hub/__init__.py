"""The only code that knows JupyterHub: one `apply_<concern>` each, and what must stay inside the hub's process."""

from rounds.hub.apply import apply_event
from rounds.hub.running_event import Ward, load_ward

__all__ = ["Ward", "apply_event", "load_ward"]
