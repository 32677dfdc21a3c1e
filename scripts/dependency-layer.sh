#!/usr/bin/env bash
# Replays the container's dependency layer without a container engine: the files that it copies, then its commands, but of all
# dependencies only the smallest is checked. A missing manifest, source of a target or lock file fails just so. The target folder
# is one of its own: in that of the project placeholders would be taken for the crates themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
layer=$(mktemp -d)
trap 'rm -rf "$layer"' EXIT
stage=$(sed -n '/ AS dependencies$/,/^FROM dependencies/p' Dockerfile)
while read -r -a words; do
  into=${words[-1]}
  for path in "${words[@]:1:${#words[@]}-2}"; do
    mkdir -p "$layer/$into"
    cp "$path" "$layer/$into"
  done
done < <(grep '^COPY' <<< "$stage")
commands=$(sed -n '/^RUN/,$p' <<< "$stage" | sed '/^FROM/d; s/^RUN //; s/cargo build --release/cargo check --quiet --package itoa/')
cd "$layer"
CARGO_TARGET_DIR=$layer/target bash -euo pipefail -c "$commands"
echo "the dependency layer has every manifest and target"
