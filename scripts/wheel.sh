#!/usr/bin/env bash
# Builds the Python package as one wheel for every Python from 3.10 on: target/wheels/tingxin-*.whl. With `test` it is also put into
# an environment of its own, where its tests run: the same bytes as the binary, the types, and the notebook, whose outputs must be
# what they were; UPDATE_DOCS=1 writes them anew. Needs PyPI once. WHEEL_PROFILE=dev builds sooner what computes slower.
set -euo pipefail
cd "$(dirname "$0")/.."
profile=${WHEEL_PROFILE:-release}
tools="$PWD/target/tools/wheel"
RUSTUP_TOOLCHAIN=$(scripts/toolchain.sh)
export RUSTUP_TOOLCHAIN

[ -x "$tools/bin/python" ] || python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check -r crates/python/tools.txt
rm -f target/wheels/tingxin-*.whl
(cd crates/python && "$tools/bin/maturin" build --locked --profile "$profile" --out ../../target/wheels)
[ "${1:-}" = test ] || exit 0

"$tools/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps target/wheels/tingxin-*.whl
if [ -z "${TINGXIN_BINARY:-}" ]; then
  cargo build --locked --profile "$profile" --bin tingxin
  TINGXIN_BINARY=$PWD/target/$([ "$profile" = dev ] && echo debug || echo "$profile")/tingxin
fi
export TINGXIN_BINARY
# From the folder of the tests: beside the sources Python would find those instead of what was installed.
cd crates/python/tests
"$tools/bin/python" -m pytest --quiet -p no:cacheprovider .
"$tools/bin/mypy" --config-file ../pyproject.toml --cache-dir ../../../target/tools/wheel-mypy-cache -p tingxin
"$tools/bin/mypy" --config-file ../pyproject.toml --cache-dir ../../../target/tools/wheel-mypy-cache typed.py
