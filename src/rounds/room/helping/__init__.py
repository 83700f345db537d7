"""Asking a mentor from a page of a room."""
