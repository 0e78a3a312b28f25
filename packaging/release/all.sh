#!/usr/bin/env bash
# Every package that follows from programs that have been built: `packaging/release/all.sh PROGRAMS DIST`, where PROGRAMS holds a directory for each target.
# Archives that are in DIST already are kept. Needs Python 3, cargo for the list of what is compiled in, and rpmbuild for RPM packages.
set -euo pipefail

programs=$(realpath "${1:?a directory of programs}")
mkdir -p "${2:?a directory for packages}"
dist=$(realpath "$2")
cd "$(dirname "$0")/../.."
release() { python3 packaging/release/release.py "$@"; }

# Completions and manual pages are the same everywhere; the program of this machine writes them.
HOST_PROGRAM=$programs/$(uname -m)-unknown-linux-musl/plimsoll
export HOST_PROGRAM
npm=() image=()
for directory in "$programs"/*/; do
    target=$(basename "$directory")
    program=$(echo "$directory"plimsoll*)
    chmod 755 "$program"
    [ -e "$dist/plimsoll-$target.tar.gz" ] || [ -e "$dist/plimsoll-$target.zip" ] || release archive "$target" "$program" "$dist"
    case $target in
    *-linux-gnu) continue ;;
    *-linux-musl)
        image+=("$target=$program")
        release deb "$target" "$program" "$dist"
        if command -v rpmbuild >/dev/null; then
            release rpm "$target" "$program" "$dist"
        else
            echo 'no RPM package: rpmbuild is not installed' >&2
        fi
        ;;
    esac
    npm+=("$target=$program")
    release wheel "$target" "$program" "$dist"
done
release npm "$dist" "${npm[@]}"
release image "$dist" "${image[@]}"
release sbom "$dist"
release sums "$dist"
# Manifests name the archives of every platform; on one machine alone there are not all of them.
if [ "${#npm[@]}" -ge 6 ]; then
    release manifests "$dist" "$dist/manifests"
    tar -czf "$dist/plimsoll-manifests.tar.gz" -C "$dist/manifests" .
else
    echo 'no manifests: not every platform was built' >&2
    release installers "$dist"
fi
release sums "$dist"
