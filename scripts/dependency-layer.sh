#!/usr/bin/env bash
# Replays the container's dependency layer without a container engine: the files that it copies, the commands that it runs, but
# `check` for `build`, in the target folder at hand. Fails when a manifest, a target or a feature is missing there.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
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
commands=$(sed -n '/^RUN/,$p' <<< "$stage" | sed '/^FROM/d; s/^RUN //; s/cargo build --release/cargo check/')
cd "$layer"
CARGO_TARGET_DIR=$target bash -euo pipefail -c "$commands"
