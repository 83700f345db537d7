"""What stands around a server: its configuration, its team's kernel, its doors, its dashboards."""

from rounds.room.publish import publish_dashboard

__all__ = ["publish_dashboard"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell jupyter_server which module of this package is a server extension."""
    return [{"module": "rounds.room.extension"}]
