"""Widgets of the lessons for pairs."""
