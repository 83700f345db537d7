"""Kinds of answers beside code and plain numbers, each with its rungs.

``quantity``: a number with its unit, in any unit that measures the same.  ``order``: steps to put in order, any order
in which each step has what it needs.  ``sorting``: items to put into groups.  ``several``: some of a few options.
``interval``: a range.  ``choice``: one of a few options; a picture is chosen by its name.  ``result``: the text of a
query, whose result is compared.  Each has a form over its box (`rounds.lessons.view.forms`), so that nobody needs to
type it.
"""
