#!/usr/bin/env bash
# Builds the wheel, installs it with its locked packages into an empty environment outside the checkout, and runs it:
# fonts, icons, banks and words must have travelled with it.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"$here/.venv/bin/python" -m pip wheel -q --no-deps --no-build-isolation -w "$room" "$here"
python3 -m venv "$room/venv"
"$room/venv/bin/python" -m pip install --disable-pip-version-check -q --require-hashes -r "$here/packaging/requirements.lock"
"$room/venv/bin/python" -m pip install --disable-pip-version-check -q --no-deps "$room"/*.whl
cd "$room"
"$room/venv/bin/cbt-station" --version
QT_QPA_PLATFORM=offscreen "$room/venv/bin/cbt-station" demo --headless --candidates 2 --out "$room/demo"
ls -sh "$room"/*.whl
