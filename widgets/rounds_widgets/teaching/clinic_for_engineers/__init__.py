"""Widgets of the lessons for engineers."""
