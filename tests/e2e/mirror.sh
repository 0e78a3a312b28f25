#!/usr/bin/env bash
# Builds the wheel of packaging/pypi, installs it, runs it, and has the real pre-commit run the mirror of packaging/pre-commit-mirror with it:
# `tests/e2e/mirror.sh`, or `tests/e2e/mirror.sh --wheel` for the wheel alone.
#
# Needs cargo, python3, maturin, and for the mirror git, pre-commit and setuptools from PyPI (`pipx install maturin pre-commit`). The wheel is built
# without optimisation, of what is there, committed or not.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$repository/Cargo.toml")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
wheels="$scratch/wheels"
unset PLIMSOLL_CONFIG "${!PLIMSOLL_@}"

fail() {
    printf '%s\n' "${output-}" "FAILED: $1" >&2
    exit 1
}

# The package's own table says which manifest it is of, so it must be found from its own directory.
output=$(cd "$repository/packaging/pypi" && maturin build --profile dev --out "$wheels" 2>&1) || fail 'the wheel is not built'
wheel=$(echo "$wheels"/plimsoll_lint-"$version"-py3-none-*.whl)
[ -f "$wheel" ] || fail "no wheel of version $version: $(ls "$wheels")"

# Installed from the wheel alone, the program runs under its own name.
python3 -m venv "$scratch/venv"
output=$("$scratch/venv/bin/pip" install --quiet --no-index --find-links "$wheels" "plimsoll-lint==$version" 2>&1) || fail 'the wheel is not installed'
output=$("$scratch/venv/bin/plimsoll" --version)
[ "$output" = "plimsoll $version" ] || fail 'another version runs'
mkdir "$scratch/empty" && cd "$scratch/empty"
printf 'services:\n  web:\n    image: a\n    privileged: true\n' >compose.yaml
output=$("$scratch/venv/bin/plimsoll" check --output-format concise 2>&1) && fail 'a finding passes'
grep -q '^compose.yaml:4:17: error: .*\[privileged-service\]$' <<<"$output" || fail 'the finding is not told'
output=$("$scratch/venv/bin/pip" show --verbose plimsoll-lint 2>&1)
for line in "Version: $version" 'License.*MIT' 'Source, https://'; do
    grep -q "$line" <<<"$output" || fail "no $line"
done
echo "wheel: $(basename "$wheel") is installed and runs"
[ "${1-}" != --wheel ] || exit 0

# The mirror as a repository of its own, whose only source of packages is a directory: the wheel, and what builds the mirror's package.
cp -R "$repository/packaging/pre-commit-mirror" "$scratch/mirror"
output=$("$scratch/venv/bin/pip" download --quiet --dest "$wheels" 'setuptools>=61' wheel 2>&1) || fail 'no setuptools'
git_of() { git -C "$1" -c user.name=e2e -c user.email=e2e@localhost "${@:2}"; }
git_of "$scratch/mirror" init --quiet
git_of "$scratch/mirror" add --all
git_of "$scratch/mirror" commit --quiet --message "$version"
git_of "$scratch/mirror" tag "v$version"

mkdir "$scratch/project" && cd "$scratch/project"
git init --quiet
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $scratch/mirror
    rev: v$version
    hooks:
      - id: plimsoll
YAML
printf 'FROM scratch\nUSER 1000\nENTRYPOINT ["/app"]\n' >Dockerfile
printf 'services:\n  web:\n    image: a\n    privileged: true\n' >compose.yaml
git add --all
export PRE_COMMIT_HOME="$scratch/cache" PIP_NO_INDEX=1 PIP_FIND_LINKS="$wheels"
# No Rust: the mirror is for those who have none.
path=$(dirname "$(command -v git)"):$(dirname "$(command -v python3)"):$(dirname "$(command -v pre-commit)"):/usr/bin:/bin
output=$(PATH=$path pre-commit run --all-files 2>&1) && fail 'a finding passes'
grep -q 'exit code: 1' <<<"$output" || fail 'the finding does not fail the hook'
grep -q 'privileged-service' <<<"$output" || fail 'the finding is not told'
output=$(PATH=$path pre-commit run --files Dockerfile 2>&1) || fail 'a clean file does not pass'

# The other hook mends, and fails for having changed a file; once that is added, it passes.
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $scratch/mirror
    rev: v$version
    hooks:
      - id: plimsoll-fix
        args: [--select=obsolete-version, --]
YAML
printf 'version: "3"\nservices:\n  web:\n    image: a\n' >compose.yaml
git add --all
output=$(PATH=$path pre-commit run --files compose.yaml 2>&1) && fail 'a changed file passes'
grep -q 'files were modified by this hook' <<<"$output" || fail 'nothing was modified'
[ "$(cat compose.yaml)" = "$(printf 'services:\n  web:\n    image: a\n')" ] || fail "not mended: $(cat compose.yaml)"
git add --all
output=$(PATH=$path pre-commit run --files compose.yaml 2>&1) || fail 'what is mended does not pass'

echo "mirror: pre-commit runs both hooks from the wheel, without Rust"
