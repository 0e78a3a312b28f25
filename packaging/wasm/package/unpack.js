// The module comes packed: a small one, which makes the linter of what it holds (packaging/wasm/packed). So less goes over the wire than
// compression on the way would leave; but the linter has to be compiled once more.

/** The linter's module. One that is not packed is left as it is: it comes from the linter of another thread, or from `plain`. */
export async function unpacked(module) {
  const bytes = await held(module);
  return bytes === undefined ? module : WebAssembly.compile(bytes);
}

/** The bytes of the linter's module. */
export async function plain(module) {
  const bytes = await held(module);
  if (bytes === undefined) {
    throw new TypeError("this module is not packed");
  }
  return bytes.slice();
}

/** What a module holds, in the memory of the one that has unpacked it; nothing where it is not packed. */
async function held(module) {
  const [section] = WebAssembly.Module.customSections(module, "packed");
  if (section === undefined) {
    return undefined;
  }
  const { memory, room, unpack } = (await WebAssembly.instantiate(module)).exports;
  const at = room(section.byteLength);
  new Uint8Array(memory.buffer).set(new Uint8Array(section), at);
  const found = unpack(at, section.byteLength);
  if (found === 0) {
    throw new Error("plimsoll.wasm is broken: what it holds cannot be unpacked");
  }
  // Memory may have grown, and then has another buffer.
  const [from, length] = new Uint32Array(memory.buffer, found, 2);
  return new Uint8Array(memory.buffer, from, length);
}
