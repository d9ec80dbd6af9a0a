#!/bin/sh
# Fetches what some tests compare us with, into build/interop (never tracked): npm's age-encryption, the peer of
# tests/sealing/test_age_peers.py; axe-core, which looks at the centre's pages in tests/server/test_pages.py; and a QTI 3
# player with jsdom to run it in, which reads our packages in tests/banks/test_qti3_peer.py. The player is under the GPL:
# a program that runs beside ours in a test, of which nothing is copied, linked or shipped.
# Does nothing if it is there; without node, npm or network it says so and the tests skip: exit code 0 either way.
set -eu
cd "$(dirname "$0")/.."
into=build/interop
wanted="age-encryption@0.3.1 axe-core@4.14.1 @citolab/qti-components@7.27.4 jsdom@29.1.1"

is_there() {
    grep -qs "\"version\": \"${1##*@}\"" "$into/node_modules/${1%@*}/package.json"
}

missing=
for one in $wanted; do
    is_there "$one" || missing="$missing $one"
done
[ -n "$missing" ] || exit 0
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "fetch_interop: no node or npm here; the tests against$missing will skip" >&2
    exit 0
fi
mkdir -p "$into"
# shellcheck disable=SC2086 # a list of names
if ! npm install --prefix "$into" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error \
    $wanted >"$into/npm.log" 2>&1; then
    echo "fetch_interop: npm could not fetch$missing ($into/npm.log); their tests will skip" >&2
fi
