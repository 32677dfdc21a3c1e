#!/usr/bin/env bash
# Installs the library that the feature `rust-bert` links: PyTorch's C++ part for x86-64 processors, from
# PyPI, into target/libtorch (or the folder named as argument). Needs python3, a C compiler and binutils.
# Safe to repeat; does nothing when all is there. Prints on standard output what to export:
#
#   eval "$(scripts/setup-libtorch.sh)"
#   cargo build --release --features rust-bert
#
# Downloads 140 MB where the package index answers range requests, elsewhere 797 MB with pip; leaves 430 MB.
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
target=$(realpath -m "${1:-$root/target/libtorch}")
cd "$root"
# The version that tch 0.17 fits; its wheel's checksums are in libtorch_wheel.py.
version=2.4.0

fail() { printf 'setup-libtorch: %s\n' "$*" >&2; exit 1; }
say() { printf 'setup-libtorch: %s\n' "$*" >&2; }

install() {
  [ "$(uname -sm)" = "Linux x86_64" ] || fail "only Linux on x86-64 is supported; everything else builds without the feature rust-bert"
  for tool in python3 cc objdump strip; do
    command -v "$tool" >/dev/null || fail "$tool is missing; on Debian: apt-get install python3 gcc binutils"
  done

  mkdir -p "$(dirname "$target")"
  work=$(mktemp -d "$target.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  say "fetching PyTorch $version from the package index"
  python3 scripts/libtorch_wheel.py "$work/new"
  cd "$work/new"

  # tch asks for -ltorch. The wheel's own libtorch.so needs the library for graphics cards; everything
  # for the processor is in libtorch_cpu.so.
  echo 'INPUT(libtorch_cpu.so)' > lib/libtorch.so

  # libtorch_cpu.so asks for two NVIDIA libraries to watch graphics cards with. Stand-ins that answer
  # every call with the error «unknown» keep those out of the installation.
  for name in cudart cupti; do
    stub "$name"
  done
  strip --strip-unneeded lib/libtorch_cpu.so
  # Last, for this file says that all is there.
  echo "$version" > build-version

  rm -rf "$target"
  mv "$work/new" "$target"
  cd "$OLDPWD"
}

# stub NAME: a library libNAME.so.12 with what libtorch_cpu.so wants of it.
stub() {
  local library=lib$1.so.12 symbols
  symbols=$(objdump -T lib/libtorch_cpu.so | awk -v version="$library" '/\*UND\*/ && index($0, version) { print $NF }' | sort -u)
  [ -n "$symbols" ] || fail "libtorch_cpu.so wants nothing of $library: another wheel than expected"
  awk '{ print "int " $1 "(void) { return 999; }" }' <<<"$symbols" > "$work/$1.c"
  echo "$library { global: *; };" > "$work/$1.map"
  cc -shared -fPIC -s -o "lib/$library" "$work/$1.c" -Wl,-soname,"$library" -Wl,--version-script="$work/$1.map"
}

if [ "$(cat "$target/build-version" 2>/dev/null)" = "$version" ]; then
  say "$target is there already"
else
  install
  say "installed $(du -sh "$target" | cut -f1) in $target"
fi
# Wheels of this age were built with the old layout of C++ strings.
printf 'export LIBTORCH=%q\nexport LIBTORCH_CXX11_ABI=0\n' "$target"
