#!/usr/bin/env bash
# The npm package @plimsoll/wasm: packaging/wasm/build.sh OUT [--quick]
# Needs Rust with the target wasm32-unknown-unknown (rustup target add wasm32-unknown-unknown), Node.js and npm. --quick compiles in a
# fraction of the time, for a module that is twice as large.
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
quick=${2:-}
cd "$(dirname "$0")/../.."
tools=packaging/wasm
target=${CARGO_TARGET_DIR:-target}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

[ -d "$tools/node_modules" ] || npm ci --prefix "$tools" --no-audit --no-fund

if [ "$quick" = --quick ]; then
    export CARGO_PROFILE_WASM_LTO=off CARGO_PROFILE_WASM_CODEGEN_UNITS=16 CARGO_PROFILE_WASM_OPT_LEVEL=1
fi
cargo build --locked --package lint-wasm --profile wasm --target wasm32-unknown-unknown
# The compiler of the module may be one that makes nothing for this machine's own programs.
env -u RUSTC cargo run --locked --quiet --manifest-path "$tools/bindgen/Cargo.toml" --target-dir "$target/bindgen" -- \
    "$target/wasm32-unknown-unknown/wasm/lint_wasm.wasm" "$scratch"

cp "$tools"/package/{package.json,README.md,index.d.cts,session.js,unpack.js,web.js,node.js} LICENSE-MIT LICENSE-APACHE "$out/"
# What wasm-bindgen has made is wrapped: each call is a module of its own, with a memory of its own.
{
    echo '// Made by wasm-bindgen and packaging/wasm/build.sh.'
    echo 'export function instantiate(module, plimsollPanicked) {'
    cat "$scratch/core.js"
    echo '  wasm_bindgen.initSync({ module });'
    echo '  return wasm_bindgen;'
    echo '}'
} >"$out/core.js"
node "$tools/pages.mjs" "$out/core.js" "$scratch/core_bg.wasm" "$out/pages.js"

# What counts is what goes over the wire. To optimise for the size of the module makes it smaller, and what can be made of it by packing
# larger (measured: -Oz 8% fewer bytes, 9% more packed), since functions are put into one another and then no longer look like their kin.
# So only small ones are, of those that one other calls; what is there twice or for nothing is taken away; and functions that have a name in
# common stand side by side (4%). Alignment is a hint, which is the same everywhere where nobody gives it.
features=(--enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals --enable-multivalue --enable-reference-types)
passes=(-ol 2 -s 2 -aimfs 0 -fimfs 0 -pii 0 -ocimfs 20 --duplicate-function-elimination --rse --code-folding --vacuum --inlining --merge-blocks
    --remove-unused-brs --simplify-locals-nostructure --reorder-locals --optimize-instructions --vacuum --dealign --duplicate-function-elimination
    --remove-unused-module-elements --reorder-functions-by-name)
optimized() { "$tools/node_modules/.bin/wasm-opt" "${features[@]}" "${@:3}" --strip-debug --strip-producers "$1" -o "$2"; }
optimized "$scratch/core_bg.wasm" "$scratch/plain.wasm" "${passes[@]}"

# What is shipped unpacks itself, and is a third less than what gzip makes of the module (packaging/wasm/packed).
cargo build --locked --package packed-module --lib --no-default-features --profile wasm --target wasm32-unknown-unknown
optimized "$target/wasm32-unknown-unknown/wasm/packed_module.wasm" "$scratch/unpacker.wasm" -Oz
env -u RUSTC cargo run --locked --quiet --package packed-module --profile wasm -- "$scratch/plain.wasm" "$scratch/unpacker.wasm" "$out/plimsoll.wasm"

cp "$out/index.d.cts" "$out/index.d.ts"
"$tools/node_modules/.bin/esbuild" "$out/node.js" --bundle --platform=node --target=node18 --format=cjs --external:./pages.js --log-level=warning --outfile="$out/node.cjs" \
    --define:import.meta.url=here --banner:js="const here = require('node:url').pathToFileURL(__filename).href;"

bytes=$(wc -c <"$scratch/plain.wasm")
packed=$(gzip -9 -c "$out/plimsoll.wasm" | wc -c)
echo "$out: the linter has $bytes bytes; plimsoll.wasm, which unpacks it, $packed gzipped"
if [ "$quick" != --quick ] && [ "$packed" -gt 1048576 ]; then
    echo "that is more than anybody should download" >&2
    exit 1
fi
