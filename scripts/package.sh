#!/usr/bin/env bash
# Builds what is given to people without Rust: an archive and a Debian package in target/package. The default model is inside the
# program, so both hold one binary, the settings, the service file and the papers.
#
#   scripts/package.sh             with link-time optimisation, as released (profile dist)
#   scripts/package.sh release     the profile that is built already
set -euo pipefail
cd "$(dirname "$0")/.."
profile=${1:-dist}
cargo build --locked --profile "$profile"
binary=target/$profile/tingxin
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
machine=$(uname -m)
out=target/package
rm -rf "$out"
mkdir -p "$out"

name=tingxin-$version-$machine-linux
root=$out/$name
install -D -m 755 "$binary" "$root/tingxin"
install -D -m 644 deploy/systemd/tingxin.service config/default.toml LICENSE README.md CHANGELOG.md -t "$root"
tar -C "$out" --owner=0 --group=0 --sort=name -czf "$out/$name.tar.gz" "$name"

deb=$out/deb
install -D -m 755 "$binary" "$deb/usr/bin/tingxin"
install -D -m 644 config/default.toml "$deb/etc/tingxin/tingxin.toml"
install -D -m 644 LICENSE "$deb/usr/share/doc/tingxin/copyright"
mkdir -p "$deb/usr/lib/systemd/system" "$deb/DEBIAN"
sed 's#/usr/local/bin/#/usr/bin/#' deploy/systemd/tingxin.service > "$deb/usr/lib/systemd/system/tingxin.service"
echo /etc/tingxin/tingxin.toml > "$deb/DEBIAN/conffiles"
cat > "$deb/DEBIAN/control" <<CONTROL
Package: tingxin
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: The Tingxin authors <tingxin@example.invalid>
Section: net
Priority: optional
Depends: libc6 (>= 2.36)
Installed-Size: $(du -sk "$deb/usr" | cut -f1)
Description: Emotion and quality analysis of customer contacts, in Chinese, offline
 Reads every contact between customers and staff of a telecom operator, redacts it, scores the
 emotion of every utterance and says which contacts deserve a second look.
CONTROL
dpkg-deb --root-owner-group --build "$deb" "$out/tingxin_${version}_$(dpkg --print-architecture).deb" > /dev/null
rm -rf "$deb" "$root"

# What was packed works by itself: unpacked elsewhere, without the models folder beside it.
trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
tar -C "$trial" -xzf "$out/$name.tar.gz"
printf '客服：您好请讲\n客户：你们凭什么多扣我三十块\n' > "$trial/call.txt"
(cd "$trial" && "$name/tingxin" analyze --quiet call.txt) | grep '"model":"tingxin-emotion' > /dev/null
dpkg-deb --contents "$out"/*.deb | grep ' ./usr/bin/tingxin$' > /dev/null
ls -l "$out"
