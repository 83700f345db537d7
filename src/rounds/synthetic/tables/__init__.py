"""Synthetic teaching tables: seeded, no real row, with errors planted on purpose."""
