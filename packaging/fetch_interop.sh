#!/bin/sh
# Fetches the peer of tests/sealing/test_age_peers.py, npm's age-encryption, and axe-core, which looks at the centre's pages
# in tests/server/test_pages.py, into build/interop (never tracked).
# Does nothing if it is there; without node, npm or network it says so and the tests skip: exit code 0 either way.
set -eu
cd "$(dirname "$0")/.."
version=0.3.1
axe=4.14.1
into=build/interop
if grep -qs "\"version\": \"$version\"" "$into/node_modules/age-encryption/package.json" &&
    grep -qs "\"version\": \"$axe\"" "$into/node_modules/axe-core/package.json"; then
    exit 0
fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "fetch_interop: no node or npm here; the tests against age-encryption and axe will skip" >&2
    exit 0
fi
mkdir -p "$into"
if ! npm install --prefix "$into" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error \
    "age-encryption@$version" "axe-core@$axe" >"$into/npm.log" 2>&1; then
    echo "fetch_interop: npm could not fetch age-encryption $version and axe-core $axe ($into/npm.log); their tests will skip" >&2
fi
