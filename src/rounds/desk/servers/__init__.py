"""Opening a server from the desk: what is asked of the hub, and the page that waits."""
