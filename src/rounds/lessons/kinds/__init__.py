"""Kinds of answers beside code and plain numbers, each with its rungs.

``quantity``: a number with its unit, in any unit that measures the same.  ``order``: steps to put in order, any order
in which each step has what it needs.  A picture, an interval, a sorting into groups
or a result of SQL comes here with the first lesson that asks for one.
"""
