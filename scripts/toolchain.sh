#!/usr/bin/env bash
# One compiler for everybody. Fails when the files that name its version disagree; else prints the
# name under which rustup has it, for RUSTUP_TOOLCHAIN.
set -euo pipefail
cd "$(dirname "$0")/.."

pinned=$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)
least=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
image=$(sed -n 's/^FROM rust:\([^- ]*\).*/\1/p' Dockerfile | sort -u)
if ! [[ $pinned =~ ^[0-9]+\.[0-9]+\.[0-9]+$ && $least = "$pinned" && $image = "$pinned" ]]; then
  echo "Name one exact version of Rust in all three files, such as 1.95.0: rust-toolchain.toml has" \
    "'$pinned', rust-version in Cargo.toml '$least', FROM in the Dockerfile '${image//$'\n'/ and }'." >&2
  exit 1
fi

is_pinned() { [[ $("$@" --version 2>/dev/null) = "rustc $pinned "* ]]; }

if ! command -v rustup >/dev/null; then
  is_pinned rustc || { echo "This project is built with Rust $pinned, not with $(rustc --version)." >&2; exit 1; }
  echo "$pinned"
  exit
fi
name=$pinned
if ! rustup toolchain list | grep -q "^$pinned\b"; then
  # Without a network the same compiler may be there under another name, such as `stable`.
  while read -r installed _; do
    if is_pinned rustup run "$installed" rustc; then name=$installed; break; fi
  done < <(rustup toolchain list)
fi
echo "$name"
