#!/usr/bin/env bash
# Make .venv-oracles: pycanon and acro with the old pandas that they pin, apart from Rounds' own environment.
set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHON=${PYTHON:-python3.11}
ENVIRONMENT=${ORACLES:-.venv-oracles}
[ -x "$ENVIRONMENT/bin/python" ] || "$PYTHON" -m venv "$ENVIRONMENT"
echo "*" > "$ENVIRONMENT/.gitignore"
"$ENVIRONMENT/bin/pip" install -q --disable-pip-version-check pycanon==1.3.6 acro==1.0.2 pyarrow
"$ENVIRONMENT/bin/python" -c "import acro, pycanon.anonymity, pyarrow; print('The oracles are ready.')"
