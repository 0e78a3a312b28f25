#!/usr/bin/env bash
# The playground, for `packaging/site/build.py --playground OUT`: packaging/wasm/playground/build.sh PACKAGE OUT
# PACKAGE is what packaging/wasm/build.sh made. Needs Node.js and npm.
set -euo pipefail
package=$(cd "$1" && pwd)
out=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$(dirname "$0")"
tools=..
[ -d "$tools/node_modules" ] || npm ci --prefix "$tools" --no-audit --no-fund
for page in main:playground worker:worker; do
    "$tools/node_modules/.bin/esbuild" "${page%%:*}.js" --bundle --format=esm --target=es2022 --minify --legal-comments=eof --log-level=warning \
        "--alias:@plimsoll/wasm=$package/web.js" "--outfile=$out/${page##*:}.js"
done
cp index.html playground.css "$out/"
cp "$package/plimsoll.wasm" "$out/"
# Another version is another cache.
version=$(cat "$out/playground.js" "$out/worker.js" "$out/plimsoll.wasm" index.html playground.css | sha256sum | cut -c 1-16)
sed "s/@VERSION@/$version/" sw.js >"$out/sw.js"
