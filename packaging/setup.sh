#!/usr/bin/env bash
# Sets up one checkout: system libraries (where we may), a virtual environment, the locked packages, the project itself.
#   packaging/setup.sh VENV LOCK [dev]
set -euo pipefail
venv=$1 lock=$2 dev=${3:-}

# What PySide6 needs to draw without a screen, what reads papers back, and (for tests) what watches the program's syncs.
packages=(libglib2.0-0 libgl1 libegl1 libfontconfig1 libxkbcommon0 libdbus-1-3 poppler-utils)
# A window on X11 needs more, which even desktops lack.
[ -z "${DISPLAY:-}" ] || packages+=(libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxkbcommon-x11-0)
[ -z "$dev" ] || packages+=(strace openssl chromium)

python=python3
for candidate in python3.11 python3.12 python3.13 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
done
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "Python 3.11 or newer is needed. Where the system's is older, this line may bring it; then try again:"
  echo "  sudo apt-get install -y python3.11 python3.11-venv"
  exit 4
}
# Debian's Python makes no environment of its own without this package.
"$python" -c 'import ensurepip, venv' 2>/dev/null || packages+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")

# Ubuntu 24.04 calls some of them NAMEt64; apt finds them by either name.
is_installed() { { dpkg-query -W -f='${Status}\n' "$1" "$1t64" 2>/dev/null || true; } | grep -q 'install ok installed'; }
missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
fi
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ]; then
    echo "installing ${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null
  else
    echo "This machine lacks some libraries. Run this line once, then try again:"
    echo "  sudo apt-get install -y ${missing[*]}"
    exit 4
  fi
fi

"$venv/bin/python" -m pip --version >/dev/null 2>&1 || { echo "making $venv"; "$python" -m venv --clear "$venv"; }
echo "installing packages (about a minute the first time)"
"$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar on -q --require-hashes -r "$lock"
"$venv/bin/python" -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
"$venv/bin/python" -m compileall -q cbt_station
