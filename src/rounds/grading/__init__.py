"""The nbgrader course of an event: release, hand in, autograde, read the marks.

nbgrader's formats and gradebook are the record; nothing here keeps marks of its own.
"""
