#!/usr/bin/env bash
# Builds the program for one target: `packaging/release/build.sh TARGET`. For musl the allocator needs musl-gcc (Debian's musl-tools). The same sources and the same Rust give the same bytes, wherever the sources lie.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=${1:?a target, such as x86_64-unknown-linux-musl}
rustup target add "$target"
flags="--remap-path-prefix=$PWD=/plimsoll --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
case $target in
*-linux-musl) flags="$flags -C target-feature=+crt-static" ;;
*-windows-msvc) flags="$flags -C target-feature=+crt-static -C link-arg=/Brepro" ;;
*-apple-darwin) export MACOSX_DEPLOYMENT_TARGET=${MACOSX_DEPLOYMENT_TARGET:-11.0} ;;
esac
RUSTFLAGS=$flags cargo build --release --locked --target "$target"
