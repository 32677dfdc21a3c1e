#!/usr/bin/env bash
# Makes an empty source file for every target that the manifests below the current folder name, so that the dependencies alone
# can be built. The container's first layer and scripts/test.sh run it.
set -euo pipefail

for manifest in Cargo.toml crates/*/Cargo.toml; do
  folder=$(dirname "$manifest")
  mkdir -p "$folder/src"
  touch "$folder/src/lib.rs"
done
echo 'fn main() {}' > src/main.rs
# Tests and benches of the root have their paths in the manifest, or their names under [[bench]].
sed -n 's/^path = "\(.*\.rs\)"$/\1/p' Cargo.toml | while read -r path; do
  [ -e "$path" ] || { mkdir -p "$(dirname "$path")"; echo 'fn main() {}' > "$path"; }
done
mkdir -p benches
sed -n '/^\[\[bench\]\]/{n;s/^name = "\(.*\)"$/\1/p}' Cargo.toml | while read -r name; do
  echo 'fn main() {}' > "benches/$name.rs"
done
