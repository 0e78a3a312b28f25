#!/usr/bin/env bash
# Runs the hook with the real pre-commit over files of many names: `tests/e2e/pre-commit.sh`.
#
# Needs git, cargo and pre-commit (`pipx install pre-commit`), and crates.io, since pre-commit builds the hook with
# `cargo install`. It tests the commit that is checked out, not what is not committed yet.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
revision=$(git -C "$repository" rev-parse HEAD)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PRE_COMMIT_HOME="$scratch/cache"

ours=(
    Dockerfile dockerfile Dockerfile.dev Dockerfile_dev svc/Dockerfile-prod svc/api.dockerfile svc/Api.Dockerfile
    Containerfile Containerfile.x .devcontainer/Dockerfile '--config=x/Dockerfile' 'with space/Dockerfile'
    docker-compose.yml svc/compose.yaml svc/docker-compose.prod.yaml
)
others=(
    Dockerfile.dockerignore .dockerignore Containerfile.containerignore Dockerfile.j2 Dockerfile.bak Dockerfile~
    Dockerfile.md Dockerfile.tmpl mycompose.yaml values.yaml stack.yml note.md Dockerfiles/note.txt
)

mkdir "$scratch/project" && cd "$scratch/project"
git init --quiet
for file in "${ours[@]}" "${others[@]}"; do
    mkdir -p "./$(dirname -- "$file")"
    case $file in
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

echo "pre-commit: ${#ours[@]} files checked, ${#others[@]} passed by, a finding fails the commit"
