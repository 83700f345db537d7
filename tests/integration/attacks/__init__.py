"""Attacks from inside a room, each a small function that returns its evidence when it succeeded."""
