#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the assignment's image: the kit in a virtual
# environment of its own, with PyTorch's CPU build.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"

python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python=python3.11  # what Ubuntu 22.04 has beside its python3, which is too old
fi
apt-get update -qq
apt-get install -y -qq "$python" "$python-venv"

"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --quiet --no-cache-dir \
    --extra-index-url https://download.pytorch.org/whl/cpu -e "$root/source/kit"
