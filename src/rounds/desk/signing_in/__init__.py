"""Signing in at the desk through the hub: the OAuth exchange and the sessions that come of it."""
