#!/usr/bin/env bash
# Breaks the program on purpose and writes one line for each probe into docs/evidence.md. Takes about twenty minutes; the full
# disk needs root, the power cuts `cc` and glibc, and the busy neighbours an idle machine. A probe that fails stands there as
# FAILED, and so does this script.
set -uo pipefail
cd "$(dirname "$0")/.."
page=docs/evidence.md
failed=0

TINGXIN_TEST_POSTGRES=$(scripts/postgres.sh start) || exit 1
export TINGXIN_TEST_POSTGRES CI=true
trap 'scripts/postgres.sh stop' EXIT
cargo build --locked --release || exit 1
cargo test --locked --test it --no-run || exit 1

{
    echo "# Evidence"
    echo
    echo "What \`make resilience\` saw when it last broke the program on purpose: $(date -u +%F), $(nproc) cores,"
    echo "commit $(git rev-parse --short HEAD). The probes are tests and scripts of this project; \`scripts/resilience.sh\` names them."
    echo
    echo "| probe | outcome |"
    echo "|---|---|"
} > "$page.new"

# probe NAME COMMAND…: its last line that begins with `evidence:`, else the summary of the tests, else its last line.
probe() {
    local name=$1 said status
    shift
    said=$("$@" 2>&1)
    status=$?
    line=$(grep -o 'evidence: .*' <<< "$said" | tail -1 | cut -c11-)
    [ -n "$line" ] || line=$(sed -n 's/^test result: \(ok\|FAILED\)\. \([0-9]* passed; [0-9]* failed\).*/\2/p' <<< "$said" | tail -1)
    [ -n "$line" ] || line=$(grep -v '^ *$' <<< "$said" | tail -1)
    if [ $status -ne 0 ] || grep -q '^0 passed' <<< "$line"; then
        line="FAILED: $line"
        failed=1
        echo "$said" >&2
    fi
    echo "| $name | $line |" | tee -a "$page.new"
}

tests() { cargo test --locked --test it -- --nocapture "$@"; }

probe "kill -9 while contacts come in, SQLite" env TINGXIN_TEST_KILLS=60 cargo test --locked --test it -- --nocapture crash::twenty
probe "kill -9 while contacts come in, PostgreSQL" env TINGXIN_TEST_KILLS=15 cargo test --locked --test it -- --nocapture crash::kills
probe "power cuts while contacts come in, SQLite" python3 scripts/power_cuts.py target/release/tingxin
probe "PostgreSQL gone without a word, reset, slow" tests waits::
probe "the database away, seen from a real Prometheus" tests monitoring::
probe "crashes of PostgreSQL while contacts come in" \
    python3 scripts/database_restarts.py target/release/tingxin "$TINGXIN_TEST_POSTGRES"
probe "strangers that send half of everything" tests strangers::
probe "contacts of two megabytes" tests giants::
probe "crash loops and innocents" tests store_suspects::
probe "a second service on one file, keys after a kill" tests shutdown:: store_accounts::
probe "erased sentences in files and backups" tests privacy::
if [ "$(id -u)" = 0 ]; then
    probe "full disks" python3 scripts/full_disk.py target/release/tingxin --disks 8
else
    echo "| full disks | not run: needs root |" >> "$page.new"
fi
probe "busy neighbours" python3 scripts/neighbours.py target/release/tingxin
mv "$page.new" "$page"
exit $failed
