"""Warm starts: one template process has imported what everyone imports; kernels and servers are forked from it.

``keeper`` keeps a template running, ``template`` forks on request, ``client`` asks it, ``provisioner`` and
``extension`` offer it to Jupyter.  What is safe to do before a fork and what is not: docs/explanation/warm-start.md.
"""

from __future__ import annotations


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Name the module that jupyter_server loads."""
    return [{"module": "rounds.warm.extension"}]
