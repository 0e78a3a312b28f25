#!/usr/bin/env bash
# Installs what a release consists of in a fresh Debian without Rust and without a network, by each of the ways, and runs the README's first example with each:
# `tests/e2e/install.sh DIST`, where DIST is what packaging/release/all.sh has made.
#
# Needs root and debootstrap; or a directory with a Debian that has python3-venv and nodejs, named by PLIMSOLL_E2E_ROOT. Needs npm outside of it, for a copy of npm.
set -euo pipefail

dist=$(realpath "${1:?a directory with the packages}")
repository=$(cd "$(dirname "$0")/../.." && pwd)
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$repository/Cargo.toml")
scratch=$(mktemp -d)
root=${PLIMSOLL_E2E_ROOT:-$scratch/root}
trap 'rm -rf "$scratch"' EXIT

fail() {
    printf '%s\n' "${output-}" "FAILED: $1" >&2
    exit 1
}

if [ ! -x "$root/usr/bin/python3" ]; then
    debootstrap --variant=minbase --include=python3,python3-venv,nodejs bookworm "$root" >"$scratch/debootstrap.log" 2>&1 ||
        fail "no Debian: $(tail -3 "$scratch/debootstrap.log")"
fi
[ ! -e "$root/usr/bin/cargo" ] || fail 'there is a Rust in there'

# What the README shows comes from a directory of the repository; npm is a package like others.
rm -rf "$root/e2e"
mkdir -p "$root/e2e/dist" "$root/e2e/src/fixtures/projects"
find "$dist" -maxdepth 1 -type f -exec cp {} "$root/e2e/dist/" \;
cp -R "$repository/fixtures/projects/quickstart" "$root/e2e/src/fixtures/projects/"
(cd "$scratch" && npm pack --silent npm@10 >/dev/null) || fail 'no npm'
tar -xzf "$scratch"/npm-*.tgz -C "$root/e2e" --transform 's,^package,npm,'
# The first block of the README that shows a run, without the line that was typed.
awk '/^```console$/ { block = 1; next } /^```$/ { if (block) exit } block' "$repository/README.md" >"$scratch/shown"
head -1 "$scratch/shown" | grep -q '^\$ .*fixtures/projects/quickstart$' || fail 'the README does not begin with the example'
tail -n +2 "$scratch/shown" | sed 's/[[:space:]]*$//' >"$root/e2e/expected"

# In there: no network, and nothing of this machine's but its kernel.
inside() {
    unshare --net --mount --pid --fork chroot "$root" /usr/bin/env -i HOME=/root LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c "mount -t proc proc /proc 2>/dev/null; cd /e2e/src && $1"
}

# Runs the example with a program and compares what it prints with the README.
example() {
    output=$(inside "$2 fixtures/projects/quickstart" 2>&1) && fail "$1: the example passes"
    # Lines are as long as the terminal; there is none here, so only the words are compared.
    words() { tr -s ' \n' '  '; }
    [ "$(words <"$root/e2e/expected")" = "$(words <<<"$output")" ] || fail "$1 does not print what the README shows"
    [ "$(inside "$2 --version")" = "plimsoll $version" ] || fail "$1: another version runs"
    echo "$1: runs the first example of the README"
}

# The archive, by its installer.
output=$(inside "PLIMSOLL_BASE_URL=file:///e2e/dist PLIMSOLL_INSTALL_DIR=/opt/plimsoll sh /e2e/dist/plimsoll-install.sh" 2>&1) || fail 'the installer fails'
example 'archive and installer' /opt/plimsoll/plimsoll
archive=$(basename "$root"/e2e/dist/plimsoll-*-linux-musl.tar.gz)
output=$(tar -tzf "$root/e2e/dist/$archive")
for file in completions/_plimsoll man/plimsoll-check.1 LICENSE-MIT LICENSE-APACHE; do
    grep -q "/$file\$" <<<"$output" || fail "the archive has no $file"
done
mkdir "$root/e2e/bad" && cp "$root/e2e/dist/$archive" "$root/e2e/bad/" && printf x >>"$root/e2e/bad/$archive"
output=$(inside "PLIMSOLL_BASE_URL=file:///e2e/bad PLIMSOLL_INSTALL_DIR=/opt/bad sh /e2e/dist/plimsoll-install.sh" 2>&1) && fail 'another archive is installed'
grep -q 'checksum' <<<"$output" || fail 'the installer does not say what is wrong'
[ ! -e "$root/opt/bad/plimsoll" ] || fail 'something was installed'

# The wheel, in a virtual environment, by each of its names.
output=$(inside "python3 -m venv /opt/venv && /opt/venv/bin/pip install -q --no-index --find-links /e2e/dist plimsoll-lint==$version" 2>&1) || fail 'the wheel is not installed'
example wheel /opt/venv/bin/plimsoll
example 'wheel, by its other name' /opt/venv/bin/plimsoll-lint
example 'wheel, as a module' '/opt/venv/bin/python -m plimsoll_lint'
output=$(inside '/opt/venv/bin/pip check && /opt/venv/bin/pip uninstall -q -y plimsoll-lint && test ! -e /opt/venv/bin/plimsoll' 2>&1) || fail 'the wheel does not go'

# The npm packages: the one for this platform, and without it.
npm='node /e2e/npm/bin/npm-cli.js --offline --no-audit --no-fund --loglevel=error'
platform=$(cd "$root/e2e/dist" && echo plimsoll-cli-linux-*-"$version".tgz)
output=$(inside "mkdir -p /opt/npm && cd /opt/npm && echo '{\"private\":true}' >package.json && $npm install /e2e/dist/plimsoll-$version.tgz /e2e/dist/$platform" 2>&1) ||
    fail 'the npm package is not installed'
example npm /opt/npm/node_modules/.bin/plimsoll
output=$(inside "mkdir -p /opt/alone && cd /opt/alone && echo '{\"private\":true}' >package.json && $npm install --omit=optional /e2e/dist/plimsoll-$version.tgz" 2>&1) ||
    fail 'the npm package alone is not installed'
output=$(inside '/opt/alone/node_modules/.bin/plimsoll' 2>&1) && fail 'without a program something runs'
grep -q 'optional dependency' <<<"$output" || fail 'what is missing is not said'

# The Debian package.
output=$(inside "dpkg -i /e2e/dist/plimsoll_$version-1_*.deb" 2>&1) || fail 'the Debian package is not installed'
example 'Debian package' /usr/bin/plimsoll
output=$(inside "/usr/libexec/docker/cli-plugins/docker-plimsoll docker-cli-plugin-metadata" 2>&1) || fail 'no plug-in for docker'
output=$(inside 'dpkg --verify plimsoll && dpkg -r plimsoll && test ! -e /usr/bin/plimsoll' 2>&1) || fail 'the Debian package does not go'

# The file system of the image, with nothing else, as its user and on a mount that is read-only.
image=$scratch/image
mkdir "$image" && tar -xf "$dist"/plimsoll-image-*.tar -C "$image"
[ "$(find "$image" -type f -perm /111 | wc -l)" = 1 ] || fail 'there is more than one program in the image'
cp -R "$root/e2e/src/." "$image/src/"
output=$(unshare --net --mount --pid --fork sh -c "mount --bind '$image' '$image' && mount -o remount,bind,ro '$image' && cd '$image/src' &&
    exec chroot --userspec=10001:10001 '$image' /usr/local/bin/plimsoll check /src/fixtures/projects/quickstart" 2>&1) && fail 'image: the example passes'
grep -q 'privileged-service' <<<"$output" || fail 'image: the example is not told'
grep -q 'Found 2 problems (1 critical, 1 high)' <<<"$output" || fail 'image: the example is told otherwise'
echo 'image: runs the first example of the README from scratch, as nobody, read-only'
echo "all ways to install $version work"
