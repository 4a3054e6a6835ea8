#!/bin/sh
# Says in one sentence what is missing on this machine, if anything is.
python=$1
if ! command -v "$python" >/dev/null 2>&1; then
    echo "There is no $python: install Python 3.11, 3.12 or 3.13, or say which: make PYTHON=/path/to/python3." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; then
    echo "$("$python" --version) is not supported: 3.11, 3.12 or 3.13 is, as in make PYTHON=python3.12." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python cannot make virtual environments: on Debian or Ubuntu, install the package python3-venv." >&2
    exit 1
fi
