"""The seal: what a process of a room may reach, enforced by the operating system before user code runs.

``value`` says what may be reached, ``machine`` what this machine can enforce, ``entering`` does it: namespaces
(``namespaces``, ``mounts``, ``first``), then rights (``capabilities``), files and ports (``landlock``), and system
calls (``refusals`` in ``bpf``, installed by ``seccomp``).  ``plan`` is a room's seals over time.
"""

from rounds.warm.seal.value import Seal, Serves

__all__ = ["Seal", "Serves"]
