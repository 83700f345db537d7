"""Widgets of the lessons for clinicians."""
