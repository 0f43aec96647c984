#!/bin/sh
# Makes the private Python environment and installs one pinned list of packages into it.
#
#   tools/dev/make_venv.sh VENV LIST     LIST: test or bench, of tools/dev/requirements
#
# Every package is checked against the hash in the list; nothing outside VENV changes.
set -eu
venv=$1
list=$2
here=$(dirname "$0")

if ! [ -x "$venv/bin/python" ] || ! "$venv/bin/python" -c '' 2>/dev/null; then
  rm -rf "$venv"
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Lancer's tests need Python 3.11 or newer, with venv; this is $(python3 -V)" >&2
    exit 1
  }
  python3 -m venv "$venv"
fi
echo "Installing Python packages into $venv ($list)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
  --require-hashes -r "$here/requirements/$list.txt"
touch "$venv/.installed-$list"
