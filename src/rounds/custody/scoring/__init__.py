"""Scoring against the hold-out: what a team gets of it, what it hands in, and the figures that come back.

The team gets the hold-out's features and never an outcome; it hands in one prediction for each row; a process of its
own, outside every room, reads the outcomes and returns a few rounded figures, each with an interval.
"""
