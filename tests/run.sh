#!/usr/bin/env bash
# All tests. Installs the test packages, and Chromium from Debian when root and missing.
set -euo pipefail
BIN=$1
"$BIN/pip" install -q --disable-pip-version-check -e '.[test]'
if ! command -v chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Rounds: installing Chromium for the browser tests" >&2
  (apt-get update -qq && apt-get install -y -qq chromium) >/dev/null
fi
exec "$BIN/python" -m pytest "${@:2}"
