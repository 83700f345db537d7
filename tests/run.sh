#!/usr/bin/env bash
# All tests, or those that are named. Installs the test packages, and Chromium from Debian when root and missing.
# All tests run in two halves beside each other, for those with a hub, a browser or a kernel mostly wait.
set -euo pipefail
BIN=$1
PLAIN=(tests/unit tests/spec tests/project)
ROOMS=(tests/integration tests/widgets tests/content) # a hub, a browser, a notebook's kernel
SAID=test-artifacts/room-tests.txt

"$BIN/pip" install -q --disable-pip-version-check -e '.[test]'
if ! command -v chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Rounds: installing Chromium for the browser tests" >&2
  (apt-get update -qq && apt-get install -y -qq chromium) >/dev/null
fi
[ $# = 1 ] || exec "$BIN/python" -m pytest "${@:2}"

own=$(mktemp -d) # the second half's own place for sockets: the account's template of kernels is not shared
mkdir -p test-artifacts
set -m # a process group of its own, so that an interrupt reaches it as it reaches this half
XDG_RUNTIME_DIR=$own "$BIN/python" -m pytest "${ROOMS[@]}" >"$SAID" 2>&1 &
beside=$!
set +m
end() {
  kill -INT -- "-$beside" 2>/dev/null && wait "$beside" || true
  rm -rf "$own"
}
trap end EXIT
echo "Rounds: the tests of ${ROOMS[*]} run beside these; see $SAID"
mine=0 its=0
"$BIN/python" -m pytest "${PLAIN[@]}" || mine=$?
echo "Rounds: waiting for the tests of ${ROOMS[*]}"
wait "$beside" || its=$?
cat "$SAID"
[ "$mine" = 0 ] || echo "Rounds: tests of the first half failed (above the line \"waiting for\")"
exit $((mine ? mine : its))
