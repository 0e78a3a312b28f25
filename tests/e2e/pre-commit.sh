#!/usr/bin/env bash
# Runs the hooks with the real pre-commit over files of many names: `tests/e2e/pre-commit.sh`. tests/e2e/mirror.sh does so with those of the mirror.
#
# Needs git, cargo and pre-commit (`pipx install pre-commit`), and crates.io, since pre-commit builds the hook with
# `cargo install`. It tests the commit that is checked out, not what is not committed yet.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
revision=$(git -C "$repository" rev-parse HEAD)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PRE_COMMIT_HOME="$scratch/cache"
# The hook is tested, not its speed.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16

ours=(
    Dockerfile dockerfile Dockerfile.dev Dockerfile_dev svc/Dockerfile-prod svc/api.dockerfile svc/Api.Dockerfile
    Containerfile Containerfile.x .devcontainer/Dockerfile '--config=x/Dockerfile' 'with space/Dockerfile'
    docker-compose.yml svc/compose.yaml svc/docker-compose.prod.yaml
    host/daemon.json host/prod.daemon.json host/docker.service host/docker.socket host/docker.service.d/10-flags.conf
)
others=(
    Dockerfile.dockerignore .dockerignore Containerfile.containerignore Dockerfile.j2 Dockerfile.bak Dockerfile~
    Dockerfile.md Dockerfile.tmpl mycompose.yaml values.yaml stack.yml note.md Dockerfiles/note.txt compose-theme.yaml
    host/nginx.service host/nginx.service.d/10.conf host/package.json other/daemon.json
)

mkdir "$scratch/project" && cd "$scratch/project"
git init --quiet
for file in "${ours[@]}" "${others[@]}"; do
    mkdir -p "./$(dirname -- "$file")"
    case $file in
    # Those of other programs, which have the name in common with ours.
    compose-theme.yaml) printf 'theme: dark\n' >"./$file" ;;
    other/daemon.json) printf '{"port": 80}\n' >"./$file" ;;
    *.json) printf '{"icc": false}\n' >"./$file" ;;
    *.service | *.conf) printf '[Service]\nExecStart=\n' >"./$file" ;;
    *.socket) printf '[Socket]\nSocketMode=0660\n' >"./$file" ;;
    *compose*) printf 'services:\n  web:\n    image: nginx:1.27\n' >"./$file" ;;
    *) printf 'FROM scratch\n' >"./$file" ;;
    esac
done
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $repository
    rev: $revision
    hooks:
      - id: plimsoll
        args: [--verbose, --select=privileged-service, --]
YAML
git add --all

fail() {
    printf '%s\n' "$output" "FAILED: $1" >&2
    exit 1
}

# What is checked is what the names say, by one process, and a clean project passes.
output=$(pre-commit run --all-files --verbose 2>&1) || fail 'a clean project does not pass'
checked=$(sed -n 's/^info: checking \(.*\) (.*)$/\1/p' <<<"$output" | LC_ALL=C sort)
expected=$(printf '%s\n' "${ours[@]}" | LC_ALL=C sort)
[ "$checked" = "$expected" ] || fail "checked:
$checked
expected:
$expected"
[ "$(grep -c 'files checked\.$' <<<"$output")" = 1 ] || fail 'more than one process ran'

# A finding fails the commit.
printf '    privileged: true\n' >>svc/compose.yaml
git add --all
output=$(pre-commit run 2>&1) && fail 'a finding passes'
grep -q 'exit code: 1' <<<"$output" || fail 'not exit code 1'
grep -q 'privileged-service' <<<"$output" || fail 'the finding is not shown'

# The hook as it comes, without arguments of the user's.
sed -i.orig '/args:/d' .pre-commit-config.yaml
printf 'services:\n  web:\n    privileged: true\n' >svc/compose.yaml
git add --all
output=$(pre-commit run --files ./--config=x/Dockerfile svc/compose.yaml 2>&1) && fail 'a finding passes by default'
grep -q 'exit code: 1' <<<"$output" || fail 'not exit code 1 by default'

# The other hook mends, fails for having changed a file, and passes once that is added.
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $repository
    rev: $revision
    hooks:
      - id: plimsoll-fix
        args: [--select=obsolete-version, --]
YAML
printf 'version: "3"\nservices:\n  web:\n    image: a\n' >svc/compose.yaml
git add --all
output=$(pre-commit run --all-files 2>&1) && fail 'a changed file passes'
grep -q 'files were modified by this hook' <<<"$output" || fail 'nothing was modified'
[ "$(cat svc/compose.yaml)" = "$(printf 'services:\n  web:\n    image: a\n')" ] || fail "not mended: $(cat svc/compose.yaml)"
[ "$(git diff --name-only)" = svc/compose.yaml ] || fail "other files changed: $(git diff --name-only)"
git add --all
output=$(pre-commit run --all-files 2>&1) || fail 'what is mended does not pass'

echo "pre-commit: ${#ours[@]} files checked, ${#others[@]} passed by, a finding fails the commit, and the other hook mends it"
