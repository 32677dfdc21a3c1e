#!/usr/bin/env bash
# Compares the running program with docs/openapi.json: requests that fit the description and such that do not, from a fixed seed.
# Needs PyPI once. TINGXIN_BINARY names a program that is built already; further arguments go to scripts/contract.py.
set -euo pipefail
cd "$(dirname "$0")/.."
tools="$PWD/target/tools/contract"
if [ ! -x "$tools/bin/schemathesis" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5
fi
if [ -z "${TINGXIN_BINARY:-}" ]; then
  RUSTUP_TOOLCHAIN=$(scripts/toolchain.sh)
  export RUSTUP_TOOLCHAIN
  cargo build --locked --release --bin tingxin
  TINGXIN_BINARY=target/release/tingxin
fi
exec "$tools/bin/python" scripts/contract.py --binary "$TINGXIN_BINARY" "$@"
