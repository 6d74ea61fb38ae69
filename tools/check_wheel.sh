#!/bin/sh
# Builds the wheel, installs it with the base dependencies alone, and asks the server a question.
# Shows that serving needs neither TensorFlow nor the source tree. Uses and removes a folder of its
# own; PYTHON chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
server=""
finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT INT TERM

fail() {
    echo "check_wheel: $*" >&2
    exit 1
}

"${PYTHON:-python3}" -m venv "$folder/env"
"$folder/env/bin/python" -m pip --quiet wheel --no-deps --wheel-dir "$folder/dist" .
"$folder/env/bin/python" -m pip --quiet install "$folder"/dist/cancerapy-*.whl
cd "$folder" # away from the sources

for heavy in tensorflow keras sklearn matplotlib; do
    if env/bin/python -c "import $heavy" 2>/dev/null; then
        fail "the base install must not bring $heavy, and does"
    fi
done

env/bin/cancerapy serve --port 0 >log 2>&1 &
server=$!
for _ in $(seq 60); do
    line=$(grep -m1 '^ *curl ' log || true)
    if [ -n "$line" ]; then
        break
    fi
    kill -0 "$server" 2>/dev/null || fail "the server ended: $(cat log)"
    sleep 0.5
done
[ -n "$line" ] || fail "the server printed no curl line: $(cat log)"
answer=$(sh -c "$line --silent --show-error --retry 20 --retry-connrefused --retry-delay 1")
case $answer in
*'"predicted_class"'*) echo "check_wheel: served from the wheel: $answer" | cut -c1-300 ;;
*) fail "the answer is no prediction: $answer" ;;
esac
