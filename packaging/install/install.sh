#!/bin/sh
# Installs Plimsoll @VERSION@: downloads the archive of this platform, compares it with the checksum written below, and puts the program into a directory.
#
#   curl -fsSL @REPOSITORY@/releases/download/v@VERSION@/plimsoll-install.sh | sh
#
# PLIMSOLL_INSTALL_DIR  where the program goes; ~/.local/bin without it
# PLIMSOLL_BASE_URL     where the archives are, for a mirror
# PLIMSOLL_TARGET       the platform, where it is not this one's
#
# The checksums are part of this script: an archive that was replaced does not pass. Where GitHub's `gh` is there, `gh attestation verify` tells who built
# the archive; docs/install.md says how.
set -eu

version='@VERSION@'
base=${PLIMSOLL_BASE_URL:-@REPOSITORY@/releases/download/v$version}

sums() {
    cat <<'SUMS'
@SUMS@
SUMS
}

fail() {
    echo "error: $1" >&2
    exit 1
}

target() {
    case $(uname -m) in
    x86_64 | amd64) processor=x86_64 ;;
    aarch64 | arm64) processor=aarch64 ;;
    *) fail "there is no program for $(uname -m); \`cargo install plimsoll\` builds one" ;;
    esac
    case $(uname -s) in
    # One static program for every Linux.
    Linux) echo "$processor-unknown-linux-musl" ;;
    Darwin) echo "$processor-apple-darwin" ;;
    *) fail "there is no program for $(uname -s); on Windows, use the installer for PowerShell" ;;
    esac
}

download() {
    if command -v curl >/dev/null 2>&1; then
        curl --proto '=https,file' --tlsv1.2 -fsSL -o "$2" "$1"
    elif command -v wget >/dev/null 2>&1; then
        case $1 in
        file://*) cp "${1#file://}" "$2" ;;
        *) wget -q -O "$2" "$1" ;;
        esac
    else
        # A mirror on this machine needs neither.
        case $1 in
        file://*) cp "${1#file://}" "$2" ;;
        *) fail 'neither curl nor wget is installed' ;;
        esac
    fi
}

sha256() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum "$1"
    else
        shasum -a 256 "$1"
    fi | cut -d ' ' -f 1
}

# All of it is read before any of it runs: a download that ends early installs nothing.
main() {
    target=${PLIMSOLL_TARGET:-$(target)}
    archive=plimsoll-$target.tar.gz
    expected=$(sums | while read -r sum name; do [ "$name" != "$archive" ] || echo "$sum"; done)
    [ -n "$expected" ] || fail "this release has no program for $target"
    directory=${PLIMSOLL_INSTALL_DIR:-${HOME:?}/.local/bin}

    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    download "$base/$archive" "$scratch/$archive" || fail "cannot download $base/$archive"
    [ "$(sha256 "$scratch/$archive")" = "$expected" ] || fail "$archive is not what was released: its checksum is another one"
    tar -xzf "$scratch/$archive" -C "$scratch"

    mkdir -p "$directory"
    # Renamed into its place, so that a program that runs just then is not written over.
    cp "$scratch/plimsoll-$target/plimsoll" "$directory/.plimsoll.new"
    chmod 755 "$directory/.plimsoll.new"
    mv -f "$directory/.plimsoll.new" "$directory/plimsoll"
    echo "Installed $("$directory/plimsoll" --version) into $directory"
    case :${PATH:-}: in
    *":$directory:"*) ;;
    *) echo "It is not in PATH yet: export PATH=\"$directory:\$PATH\"" ;;
    esac
}

main
