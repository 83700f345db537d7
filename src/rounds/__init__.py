"""Rounds: a Jupyter teaching ward for clinical datathons."""
