#!/usr/bin/env bash
# Puts the package beside mobile/src/main.py, where `flet build` takes it from. Safe to run again.
#
#   tools/make_mobile.sh                 without models: the app fetches them, or a server answers
#   tools/make_mobile.sh --with-models   with them (34 MB), to answer without any server
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf mobile/src/cancerapy
cp -R src/cancerapy mobile/src/cancerapy
cp LICENSE NOTICE mobile/src/cancerapy/ # the app shows them
[ "${1:-}" = "--with-models" ] || rm -rf mobile/src/cancerapy/bundles
find mobile/src/cancerapy -name __pycache__ -type d -prune -exec rm -rf {} +
echo "ready: cd mobile && flet build apk"
