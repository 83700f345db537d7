#!/usr/bin/env bash
# Make .venv-upstream: Rounds with what ipykernel's and jupyter_client's own tests need, and the two suites' sources.
set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHON=${PYTHON:-python3.11}
ENVIRONMENT=.venv-upstream
[ -x "$ENVIRONMENT/bin/python" ] || "$PYTHON" -m venv "$ENVIRONMENT"
echo "*" > "$ENVIRONMENT/.gitignore"
PIP="$ENVIRONMENT/bin/pip --disable-pip-version-check -q"
$PIP install -e . flaky hatchling msgpack pytest pytest-asyncio "pytest-jupyter[client]" pytest-timeout trio
mkdir -p "$ENVIRONMENT/suites"
for name in ipykernel jupyter_client; do
  version=$("$ENVIRONMENT/bin/python" -c "from importlib.metadata import version; print(version('$name'))")
  [ -d "$ENVIRONMENT/suites/$name-$version" ] && continue
  $PIP download --no-deps --no-binary :all: --no-build-isolation -d "$ENVIRONMENT/suites" "$name==$version"
  tar xzf "$ENVIRONMENT/suites/$name-$version.tar.gz" -C "$ENVIRONMENT/suites"
done
