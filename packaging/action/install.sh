#!/bin/sh
# What action.yml runs to install: takes VERSION, SHA256, RUNNER_TEMP, RUNNER_TOOL_CACHE, RUNNER_OS and RUNNER_ARCH, and says on GITHUB_OUTPUT where the program is.
# PLIMSOLL_BASE_URL is for tests and mirrors. A program that is kept from an earlier run is compared anew.
set -eu

fail() {
    echo "::error title=Plimsoll::$1" >&2
    exit 2
}

case $VERSION in
*[!0-9.]* | '') fail "version: \`$VERSION\` is none; write it as 0.1.0" ;;
esac
case $RUNNER_ARCH in
X64) processor=x86_64 ;;
ARM64) processor=aarch64 ;;
*) fail "there is no program for $RUNNER_ARCH" ;;
esac
case $RUNNER_OS in
Linux) archive=plimsoll-$processor-unknown-linux-musl.tar.gz ;;
macOS) archive=plimsoll-$processor-apple-darwin.tar.gz ;;
Windows) archive=plimsoll-$processor-pc-windows-msvc.zip ;;
*) fail "there is no program for $RUNNER_OS" ;;
esac
name=${archive%.tar.gz}
name=${name%.zip}
base=${PLIMSOLL_BASE_URL:-https://github.com/plimsoll-lint/plimsoll/releases/download/v$VERSION}
cache=${RUNNER_TOOL_CACHE:-$RUNNER_TEMP}/plimsoll/$VERSION/$RUNNER_ARCH
download() { curl --proto '=https,file' --tlsv1.2 --retry 3 -fsSL -o "$2" "$1"; }
sha256() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

mkdir -p "$cache"
expected=${SHA256:-}
if [ -z "$expected" ]; then
    download "$base/SHA256SUMS" "$RUNNER_TEMP/plimsoll-sums" || fail "cannot download the checksums of $VERSION"
    expected=$(sed -n "s/^\([0-9a-f]\{64\}\)  $archive\$/\1/p" "$RUNNER_TEMP/plimsoll-sums")
    [ -n "$expected" ] || fail "version $VERSION has no $archive"
fi
if [ ! -f "$cache/$archive" ] || [ "$(sha256 "$cache/$archive")" != "$expected" ]; then
    download "$base/$archive" "$cache/$archive.new" || fail "cannot download $base/$archive"
    [ "$(sha256 "$cache/$archive.new")" = "$expected" ] || fail "$archive is not what was released: its checksum is another one"
    # Who built it, where GitHub's own tool is there to tell; a checksum that was given says more.
    if [ -z "${SHA256:-}" ] && [ -n "${GH_TOKEN:-}" ] && [ -z "${PLIMSOLL_BASE_URL:-}" ] && command -v gh >/dev/null; then
        gh attestation verify "$cache/$archive.new" --repo plimsoll-lint/plimsoll \
            --signer-workflow plimsoll-lint/plimsoll/.github/workflows/release.yml >/dev/null ||
            fail "$archive was not built by the release workflow of plimsoll-lint/plimsoll"
    fi
    mv "$cache/$archive.new" "$cache/$archive"
fi
directory=$RUNNER_TEMP/plimsoll
rm -rf "$directory"
mkdir -p "$directory"
case $archive in
*.zip) unzip -q "$cache/$archive" -d "$directory" ;;
*) tar -xzf "$cache/$archive" -C "$directory" ;;
esac
program=$directory/$name/plimsoll
[ ! -f "$program.exe" ] || program=$program.exe
"$program" --version
echo "binary=$program" >>"$GITHUB_OUTPUT"
