"""What a module draws at its import to name its process is drawn anew in each fork."""

from __future__ import annotations

import subprocess
import sys

from rounds.warm.own import NAMED_AT_IMPORT, reseed

FIND = """
import re, sys
from rounds.warm.preload import KERNEL, SERVER, import_all
import_all([*KERNEL, *SERVER])
drawn = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{64}")
for name, module in sorted(sys.modules.items()):
    if any(isinstance(value, str) and drawn.fullmatch(value) for value in list(vars(module).values())):
        print(name)
"""


def test_nothing_else_in_a_template_names_a_process() -> None:
    found = subprocess.run([sys.executable, "-c", FIND], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(found) == sorted(NAMED_AT_IMPORT)


def test_a_fork_has_a_name_of_its_own() -> None:
    from jupyter_server_ydoc import handlers, utils

    before = handlers.SERVER_SESSION
    reseed()
    assert handlers.SERVER_SESSION == utils.SERVER_SESSION != before
