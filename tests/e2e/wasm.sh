#!/usr/bin/env bash
# All that runs in a browser: builds the package, the playground and the site, and tests them. tests/e2e/wasm.sh [FOLDER...]
# Folders of real projects are linted by the module and by the program, besides the fixtures. Needs Rust with the target
# wasm32-unknown-unknown, Node.js with npm, Python 3 and Chromium. A machine that is busy sets SLOW=1: times are told then, and not judged.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# The program is this machine's, whatever compiles the module.
env -u RUSTC cargo build --locked
packaging/wasm/build.sh "$scratch/package"
packaging/wasm/playground/build.sh "$scratch/package" "$scratch/playground"
python3 packaging/site/build.py --program target/debug/plimsoll --playground "$scratch/playground" "$scratch/site"
node tests/e2e/wasm/same.mjs "$scratch/package" target/debug/plimsoll "$@"
node tests/e2e/wasm/docs.mjs "$scratch/package" "$scratch/site"
node tests/e2e/wasm/panics.mjs "$scratch/package"
node tests/e2e/wasm/package.mjs "$scratch/package"
[ -d editors/vscode/node_modules ] || npm ci --prefix editors/vscode --no-audit --no-fund
node tests/e2e/wasm/vscode.mjs "$scratch/package"
PACKAGE=$scratch/package node tests/e2e/wasm/playground.mjs "$scratch/site"
