#!/bin/sh
# Makes the virtual environment: environment.sh FOLDER run|dev
# Reads the locked requirements beside this file; needs Python 3.11 or newer and its venv module, nothing else.
set -eu

folder=$1
kind=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
checkout=$(dirname -- "$here")

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    echo "error: netproof needs Python 3.11 or newer, found $(python3 --version 2>/dev/null || echo none)" >&2
    echo "hint: install it (Debian 12: apt-get install python3 python3-venv), or run make PYTHON=/path/to/python3.11" >&2
    exit 1
}

if ! is_new_enough "$folder/bin/python"; then
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            apt-get update --quiet >&2 && apt-get install --yes --quiet python3-venv >&2
        else
            echo "error: $python has no venv module, so no environment can be made" >&2
            echo "hint: apt-get install python3-venv" >&2
            exit 1
        fi
    fi
    echo "making $folder with $("$python" --version)" >&2
    "$python" -m venv "$folder"
fi

pip="$folder/bin/python -m pip --disable-pip-version-check --quiet"
echo "installing the locked requirements ($kind.txt) into $folder" >&2
$pip install --require-hashes --requirement "$here/$kind.txt" >&2
$pip install --no-deps --no-build-isolation --editable "$checkout" >&2

# What is in dev.txt includes run.txt, so one stamp may stand for both.
touch "$folder/.installed-run"
if [ "$kind" = dev ]; then
    touch "$folder/.installed-dev"
fi
