#!/usr/bin/env bash
# Runs the tests and looks for their key in everything that they left: what was printed, files, recordings, errors,
# events, logs and spans. Ends in the test runner's summary.
set -uo pipefail
cd "$(dirname "$0")/.."

remains=$(mktemp -d "${TMPDIR:-/tmp}/turnout-remains-XXXXXX")
mkdir "$remains/tmp"
trap 'rm -rf "$remains"' EXIT

# All at once, tests that compute would keep others from their turn for longer than a program or a server may take.
TURNOUT_TEST_REMAINS="$remains" TMPDIR="$remains/tmp" SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 \
  ${SWIFT:-swift} test --skip-build "$@" 2>&1 | tee "$remains/printed.txt"
status=$?

key=$(sed -n 's/.*static let key = "\(.*\)"/\1/p' Tests/TestSupport/Remains.swift)
[ -n "$key" ] || { echo "the key of the tests is not known" >&2; exit 1; }
if found=$(grep -rlaF -- "$key" "$remains"); then
  echo "the key of the tests was told in:" >&2
  printf '%s\n' "$found" >&2
  exit 1
fi
exit "$status"
