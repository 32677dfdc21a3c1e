#!/usr/bin/env bash
# Runs the benches and writes their table into docs/performance.md, with the machine it was measured on.
#   scripts/bench.sh            criterion benches, end-to-end run, service
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked
cargo bench --locked --bench pipeline -- --noplot >&2
python3 scripts/bench_table.py --binary target/release/tingxin --criterion target/criterion --write docs/performance.md
