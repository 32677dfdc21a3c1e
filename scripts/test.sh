#!/usr/bin/env bash
# Everything that must hold before a change is merged, from a bare machine. `make test` and CI run this.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step "tools"
scripts/test-tools.sh

step "format"
cargo fmt --check

step "lints"
cargo clippy --locked --all-targets -- -D warnings
cargo clippy --locked --features swagger-ui -- -D warnings

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items --quiet

step "container and deployment files"
target/tools/hadolint/bin/hadolint Dockerfile
bash -n scripts/*.sh .ci/run

step "corpus"
python3 models/corpus/check.py

step "tests"
# A missing database, browser or promtool is an error here, never a skipped test.
export CI=${CI:-true}
TINGXIN_TEST_POSTGRES=$(scripts/postgres.sh start)
export TINGXIN_TEST_POSTGRES
trap 'scripts/postgres.sh stop' EXIT
cargo test --locked

step "second engine"
# After everything else and in the same folder: most of what it links has been built by now.
libtorch=$(scripts/setup-libtorch.sh)
eval "$libtorch"
cargo clippy --locked --all-targets --features rust-bert -- -D warnings
cargo test --locked --features rust-bert --test it rust_bert
