#!/usr/bin/env bash
# Runs every fuzz target, or those that are named, for FUZZ_SECONDS (60) each. Needs cargo-fuzz (`cargo install --locked cargo-fuzz`)
# and takes a nightly compiler where there is one; else the pinned one is told to accept the flags of fuzzing.
# What was found grows in target/fuzz-corpus; an input that breaks something is kept in fuzz/artifacts and becomes a test.
# Without a sanitizer: the code is safe Rust, and its own assertions are what is looked for.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-60}
export CARGO_TARGET_DIR=$PWD/target/fuzz
compiler=()
if rustup toolchain list 2> /dev/null | grep -q ^nightly; then compiler=(+nightly); else export RUSTC_BOOTSTRAP=1; fi
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(sed -n 's/^name = "\(.*\)"$/\1/p' fuzz/Cargo.toml | grep -v tingxin-fuzz)
failed=()
for target in "${targets[@]}"; do
    corpus=target/fuzz-corpus/$target
    mkdir -p "$corpus"
    seeds=(tests/fixtures/forms tests/fixtures/ingest samples/hotline samples/chat)
    echo "== $target"
    cargo "${compiler[@]}" fuzz run -s none "$target" "$corpus" "${seeds[@]}" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -max_len=65536 -print_final_stats=1 || failed+=("$target")
done
[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}"; exit 1; }
