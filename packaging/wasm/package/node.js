// For Node.js: the module is read from beside this file.
import { readFile } from "node:fs/promises";

import { made } from "./session.js";
import { plain as plainOf, unpacked } from "./unpack.js";

/** What there is to read about the rules. Nothing is found differently without it. */
const pages = () => import("./pages.js").then((loaded) => loaded.default, () => undefined);

export { PlimsollError, applyEdits } from "./session.js";

/** The compiled module, once for all who ask for the one beside this file. */
let own;

export async function load(source) {
  if (source !== undefined) {
    return linter(compiled(await source));
  }
  own ??= compiled(new URL("./plimsoll.wasm", import.meta.url));
  return linter(own);
}

export async function plain(source = new URL("./plimsoll.wasm", import.meta.url)) {
  return plainOf(await asItCame(await source));
}

async function linter(module) {
  return made(...(await Promise.all([module, pages()])));
}

/** The compiled module of what a caller has. */
async function compiled(source) {
  return unpacked(await asItCame(source));
}

async function asItCame(source) {
  if (source instanceof WebAssembly.Module) {
    return source;
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return WebAssembly.compile(source);
  }
  if (typeof Response === "function" && source instanceof Response) {
    return WebAssembly.compile(await source.arrayBuffer());
  }
  const url = source instanceof URL ? source : /^[a-z][a-z0-9+.-]+:/i.test(source) ? new URL(source) : source;
  if (url instanceof URL && url.protocol !== "file:") {
    throw new Error(`${url}: nothing is fetched here; pass its bytes, or a path`);
  }
  return WebAssembly.compile(await readFile(url));
}
