#!/usr/bin/env bash
# Everything that must hold before a change is merged, from a bare machine. `make test` and CI run this.
set -euo pipefail
cd "$(dirname "$0")/.."

# Names what comes, and says how long the step before it took.
step() {
    [ -z "${began:-}" ] || printf '(%d s)\n' $((SECONDS - began))
    began=$SECONDS
    printf '\n== %s\n' "$*"
}

step "toolchain"
RUSTUP_TOOLCHAIN=$(scripts/toolchain.sh)
export RUSTUP_TOOLCHAIN

step "tools"
scripts/test-tools.sh

step "format"
cargo fmt --check

step "lints"
cargo clippy --locked --workspace --all-targets -- -D warnings
cargo clippy --locked --features swagger-ui -- -D warnings

step "dependencies"
target/tools/checks/bin/cargo-shear --locked
deny=target/tools/checks/bin/cargo-deny
"$deny" --locked --log-level error check licenses bans sources
# Known weaknesses: with a fresh database where there is a network, else with the last copy, whose date is told.
timeout 60 "$deny" --locked --log-level off fetch db > target/tools/advisories.log 2>&1 || true
database=$(find "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs" -mindepth 2 -maxdepth 2 -name .git 2> target/tools/advisories.log | head -1 || true)
if [ -n "$database" ]; then
    echo "advisories: database of $(git --git-dir "$database" log -1 --format=%cs)"
    "$deny" --locked --log-level error check --disable-fetch advisories
else
    echo "advisories: no network and no copy of the database on this machine, nothing looked up"
fi

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --document-private-items --quiet

step "container and deployment files"
target/tools/hadolint/bin/hadolint Dockerfile
bash -n scripts/*.sh .ci/run
scripts/dependency-layer.sh

step "Python"
target/tools/checks/bin/ruff check --quiet --no-cache models scripts
target/tools/checks/bin/mypy
python3 -m unittest discover --start-directory models/train

step "corpus"
python3 models/corpus/check.py

step "tests"
# A missing database, browser or promtool is an error here, never a skipped test.
export CI=${CI:-true}
TINGXIN_TEST_POSTGRES=$(scripts/postgres.sh start)
export TINGXIN_TEST_POSTGRES
trap 'scripts/postgres.sh stop' EXIT
cargo test --locked --workspace

step "stories on PostgreSQL"
# The same people on the other database; barriers are of pages, which no database changes.
TINGXIN_STORIES_POSTGRES=$TINGXIN_TEST_POSTGRES cargo test --locked --test browser -- --skip barriers

step "second engine, brokers, traces"
# After everything else and in the same folder: most of what it links has been built by now.
libtorch=$(scripts/setup-libtorch.sh)
eval "$libtorch"
# One compile for all of them. TINGXIN_TEST_MESSAGES is how many contacts go through the broker that is killed.
cargo clippy --locked --workspace --all-targets --features rust-bert,nats,kafka,otel -- -D warnings
cargo test --locked --features rust-bert,nats,kafka,otel --test it -- rust_bert sources traces

step "cost"
# Processor time of everything above; from a bare machine it shall stay below the budget.
budget=55
mkdir -p target && times > target/times
awk -v budget="$budget" 'NR == 2 { split($0, t, /[ms ]+/); printf "%.0f processor-minutes of %d\n", t[1] + t[2] / 60 + t[3] + t[4] / 60, budget }' target/times
