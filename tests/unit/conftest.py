"""Fixtures of the unit tests: forked kernels."""

from tests.unit.warm_kernels import keeper, kernel, template, warm

__all__ = ["keeper", "kernel", "template", "warm"]
