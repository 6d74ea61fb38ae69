#!/bin/sh
# Runs the light tests with the oldest versions of the base dependencies that pyproject.toml
# permits, on the oldest Python. PYTHON chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

"${PYTHON:-python3.11}" -m venv "$folder/env"
python="$folder/env/bin/python"
"$python" - >"$folder/oldest.txt" <<'PYTHON'
import tomllib
from pathlib import Path

for requirement in tomllib.loads(Path("pyproject.toml").read_text())["project"]["dependencies"]:
    print(requirement.replace(">=", "=="))
PYTHON
"$python" -m pip install -qq --upgrade "pip>=25.1"
"$python" -m pip install -qq --requirement "$folder/oldest.txt" --group test
"$python" -m pip install --quiet --no-deps --editable .
"$python" -m pytest tests/test_architecture.py tests/contract tests/cancers tests/readers \
    tests/preprocess tests/phantoms tests/runtime tests/bundle tests/api tests/server
