// For pages, workers and bundlers: the module lies beside this file.
import { made } from "./session.js";
import { plain as plainOf, unpacked } from "./unpack.js";

/** What there is to read about the rules. Nothing is found differently without it. */
const pages = () => import("./pages.js").then((loaded) => loaded.default, () => undefined);

export { PlimsollError, applyEdits } from "./session.js";

/** The compiled module, once for all who ask for the one beside this file. */
let own;

export async function load(source) {
  if (source !== undefined) {
    return linter(compiled(source));
  }
  own ??= compiled(new URL("./plimsoll.wasm", import.meta.url)).catch((error) => {
    // Whoever was offline may try again.
    own = undefined;
    throw error;
  });
  return linter(own);
}

export async function plain(source = new URL("./plimsoll.wasm", import.meta.url)) {
  return plainOf(await asItCame(source));
}

async function linter(module) {
  return made(...(await Promise.all([module, pages()])));
}

/** The compiled module of what a caller has. */
async function compiled(source) {
  return unpacked(await asItCame(source));
}

async function asItCame(source) {
  source = await source;
  if (source instanceof WebAssembly.Module) {
    return source;
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return WebAssembly.compile(source);
  }
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) {
    throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
  }
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("application/wasm")) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
