#!/usr/bin/env bash
# Writes what the binary is made of as CycloneDX 1.5: target/package/tingxin.cdx.json. Needs crates.io once, for the tool.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=cargo-cyclonedx
version=0.5.9
if [ ! -x "target/tools/cargo/bin/$tool" ]; then
    cargo install --locked --quiet --root target/tools/cargo "$tool" --version "$version"
fi
PATH="$PWD/target/tools/cargo/bin:$PATH" cargo cyclonedx --manifest-path Cargo.toml --format json --spec-version 1.5 \
    --target x86_64-unknown-linux-gnu --override-filename tingxin.cdx
mkdir -p target/package
mv tingxin.cdx.json target/package/
# One is written beside every member; the binary's names them all.
rm -f crates/*/tingxin.cdx.json
python3 - target/package/tingxin.cdx.json <<'CHECK'
import json, sys
parts = json.load(open(sys.argv[1]))["components"]
assert {"actix-web", "sqlx"} <= {part["name"] for part in parts}, "the list lacks what is linked"
print(f"{sys.argv[1]}: {len(parts)} components")
CHECK
