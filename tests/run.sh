#!/usr/bin/env bash
# All tests, or those that are named. Installs the test packages, and Chromium from Debian when root and missing.
# All tests run in three parts beside each other: those of a real event mostly wait for it, so they leave the two
# processors to notebooks and widgets, and to all that needs neither. What two parts need is made once (tests/made.py).
set -euo pipefail
BIN=$1
ROAD="tests/unit/custody tests/unit/test_road_*.py tests/unit/test_scoring_*.py tests/unit/test_publish_*.py"
declare -A BESIDE=([event]="tests/integration" [notebook]="tests/content tests/widgets $ROAD")
# shellcheck disable=SC2086 # the patterns are words
PLAIN=(tests/unit tests/spec tests/project $(printf -- '--ignore=%s ' $ROAD))
SLOWEST=--durations=20

"$BIN/pip" install -q --disable-pip-version-check -e '.[test]'
if ! command -v chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Rounds: installing Chromium for the browser tests" >&2
  (apt-get update -qq && apt-get install -y -qq chromium) >/dev/null
fi
[ $# = 1 ] || exec "$BIN/python" -m pytest "${@:2}"

own=$(mktemp -d) # each part's own place for sockets: the account's template of kernels is not shared
mkdir -p test-artifacts
declare -A process=()
end() {
  for part in "${!process[@]}"; do
    kill -INT -- "-${process[$part]}" 2>/dev/null && wait "${process[$part]}" || true
  done
  rm -rf "$own"
}
trap end EXIT
set -m # a process group for each part, so that an interrupt reaches it as it reaches this one
for part in "${!BESIDE[@]}"; do
  mkdir "$own/$part"
  # shellcheck disable=SC2086 # the folders are words
  XDG_RUNTIME_DIR=$own/$part "$BIN/python" -m pytest $SLOWEST ${BESIDE[$part]} >"test-artifacts/$part-tests.txt" 2>&1 &
  process[$part]=$!
  echo "Rounds: ${BESIDE[$part]} run beside these; see test-artifacts/$part-tests.txt"
done
set +m
failed=0
mkdir "$own/plain"
XDG_RUNTIME_DIR=$own/plain "$BIN/python" -m pytest $SLOWEST "${PLAIN[@]}" 2>&1 | tee test-artifacts/plain-tests.txt || failed=$?
[ "$failed" = 0 ] || echo "Rounds: of ${PLAIN[*]} some failed"
for part in "${!BESIDE[@]}"; do
  echo "Rounds: waiting for ${BESIDE[$part]}"
  its=0
  wait "${process[$part]}" || its=$?
  unset "process[$part]"
  cat "test-artifacts/$part-tests.txt"
  [ "$its" = 0 ] || { echo "Rounds: of ${BESIDE[$part]} some failed" && failed=$its; }
done
# The last lines are all that a reader of a long log sees: they name what failed.
[ "$failed" = 0 ] || grep -hE '^(FAILED|ERROR|INTERNALERROR)' test-artifacts/*-tests.txt | tail -40
exit "$failed"
