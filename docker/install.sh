#!/usr/bin/env bash
# Make the virtual environment of Rounds: Python packages from PyPI, the proxy from npm by PyPI's own Node.
set -euo pipefail
PYTHON=${PYTHON:-python3}
VENV=${VENV:-.venv}
say() { printf 'Rounds: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  || stop "Python 3.11 or newer is needed. Install it: apt-get install python3.11 python3.11-venv"
free_mb=$(($(df -Pk . | awk 'NR==2 {print $4}') / 1024))
[ "$free_mb" -ge 2500 ] || stop "$PWD has $free_mb MB free, 2500 MB are needed. Free some space first."
if ! "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
  version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing python$version-venv"
    apt-get install -y -qq "python$version-venv" >/dev/null || { apt-get update -qq && apt-get install -y -qq "python$version-venv" >/dev/null; }
  else
    stop "This Python has no venv module. Install it: apt-get install python$version-venv"
  fi
fi

say "1/3 virtual environment in $VENV"
"$PYTHON" -m venv "$VENV"
say "2/3 Python packages (about two minutes)"
if ! "$VENV/bin/pip" install --disable-pip-version-check --progress-bar on --prefer-binary -e . >"$VENV/install.log" 2>&1; then
  if grep -qE "error: command .*(gcc|cc)|No such file or directory: '(gcc|cc)'|Python\.h" "$VENV/install.log"; then
    stop "A package has no ready build for this machine and needs a compiler. Install one: apt-get install gcc python3-dev"
  fi
  grep -E '^ERROR' "$VENV/install.log" >&2 || tail -5 "$VENV/install.log" >&2
  stop "The packages could not be installed; the whole log is $VENV/install.log"
fi
say "3/3 the hub's proxy (configurable-http-proxy)"
PATH="$PWD/$VENV/bin:$PATH" "$VENV/bin/npm" install --global --prefix "$VENV" --no-fund --no-audit --loglevel=error \
  "configurable-http-proxy@^5" >>"$VENV/install.log" 2>&1 \
  || stop "The proxy could not be installed; the whole log is $VENV/install.log"
say "ready"
