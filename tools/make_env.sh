#!/bin/sh
# Creates or completes a virtual environment with this project in it, editable.
#
#   tools/make_env.sh FOLDER            base dependencies: predict and serve
#   tools/make_env.sh FOLDER train,postgres,hospital dev  extras and a dependency group as well
#
# PYTHON chooses the interpreter; otherwise the first that is new enough and runs.
set -eu
cd "$(dirname "$0")/.."

folder=$1
extra=${2:-}
group=${3:-}

runs() { # is it Python 3.11 or newer, and can it make environments?
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    # A version manager's stand-in may be on the path and yet not run, so each one is tried.
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if runs "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer with the module venv is needed; none was found" \
        "(tried: ${PYTHON:-python3 python3.13 python3.12 python3.11 python})." \
        "Install it (Debian, Ubuntu: python3 and python3-venv) or name one:" \
        "make PYTHON=/path/to/python3.12 ..." >&2
    exit 1
}

if ! runs "$folder/bin/python"; then
    python=$(find_python)
    echo "Creating $folder with $("$python" --version) ..." >&2
    "$python" -m venv --clear "$folder"
fi

echo "Installing into $folder (the first time this takes a minute or more) ..." >&2
set -- -qq --editable ".${extra:+[$extra]}"
if [ -n "$group" ]; then
    # Dependency groups are known to pip from 25.1 on.
    "$folder/bin/python" -m pip install -qq --upgrade "pip>=25.1"
    set -- "$@" --group "$group"
fi
"$folder/bin/python" -m pip install "$@"
